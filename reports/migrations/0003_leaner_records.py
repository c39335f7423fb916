from django.db import migrations

from audit.leaner import LeanerRecords


class Migration(migrations.Migration):
    dependencies = [("reports", "0002_auditors_room")]

    operations = [LeanerRecords()]
