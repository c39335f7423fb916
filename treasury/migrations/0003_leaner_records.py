from django.db import migrations

from audit.leaner import LeanerRecords


class Migration(migrations.Migration):
    dependencies = [("treasury", "0002_books_in_depth")]

    operations = [LeanerRecords()]
