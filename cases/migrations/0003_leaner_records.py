from django.db import migrations

from audit.leaner import LeanerRecords


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_counsel_in_depth")]

    operations = [LeanerRecords()]
