from django.db import migrations

from audit.leaner import LeanerRecords


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_trust_in_depth")]

    operations = [LeanerRecords()]
