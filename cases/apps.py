"""People defended: clients, court, counsel, costs of a case."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "cases"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from audit import checks
        from cases import triggers

        checks.excuse("cases.Counter", "the last number of a series; derived from the rows that carry them")
        triggers.register()
