from django.db import migrations

from audit.leaner import LeanerRecords


class Migration(migrations.Migration):
    dependencies = [("lawyers", "0002_panel_in_depth")]

    operations = [LeanerRecords()]
