"""Endpoints for machines."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "api"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from api import retention
        from audit.checks import excuse

        excuse(
            "api.Answer",
            "repeats an answer to the one who asked; the act itself is in the log; ends in a day",
        )
        retention.register()
