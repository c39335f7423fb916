"""What readers get: a snapshot, and its PDF, XLSX, CSV and JSON."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"
    default_auto_field = "django.db.models.BigAutoField"
