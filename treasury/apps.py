"""The treasury application."""

from django.apps import AppConfig


class TreasuryConfig(AppConfig):
    name = "treasury"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from audit.proof import registry
        from treasury import laws, triggers

        triggers.register()
        registry.register("money laws", laws.broken)
