"""What readers get: a snapshot, and its PDF, XLSX, CSV and JSON."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from audit.proof import registry
        from reports import retention, verification
        from reports.double_funding import finding
        from treasury import laws

        registry.register("issued reports", verification.problems)
        retention.register()
        laws.register("one-funder-each", finding.difference)
