from django.db import migrations

from audit.leaner import LeanerRecords


class Migration(migrations.Migration):
    dependencies = [("donations", "0002_gifts_in_depth")]

    operations = [LeanerRecords()]
