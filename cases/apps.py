"""People defended: clients, court, counsel, costs of a case."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "cases"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts import budget
        from audit import checks
        from cases import forgetting, own_people, retention, triggers

        checks.excuse("cases.Counter", "the last number of a series; derived from the rows that carry them")
        checks.excuse("cases.NextHearing", "kept by triggers from the hearings; compared each night")
        triggers.register()
        budget.register_own(own_people.own_clients)
        own_people.register_reach()
        retention.register()
        forgetting.register()
