from django.db import migrations

from audit.leaner import LeanerRecords


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_checkpoints_and_seals")]

    operations = [LeanerRecords({"Event": ["at"], "EventSubject": ["event"]})]
