"""The treasury application."""

from django.apps import AppConfig


class TreasuryConfig(AppConfig):
    name = "treasury"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from audit.proof import registry
        from treasury import agreed_laws, erasing, laws, retention, tampering, triggers
        from treasury.bank.laws import LAWS

        triggers.register()
        for name, difference in (*LAWS.items(), *agreed_laws.LAWS.items()):
            laws.register(name, difference)
        erasing.register()
        registry.register("money laws", laws.broken)
        tampering.register()
        retention.register()
