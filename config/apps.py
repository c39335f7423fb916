"""The Django project itself: settings, addresses, system checks and the commands that span rooms."""

from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.db import connections
from django.db.models.signals import post_migrate


class ConfigConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        from config import checks  # noqa: F401  registers the abarona.E0xx checks

        # Sent once for each app with models, after all tables are there: audit's stands for all.
        post_migrate.connect(_give_rights, sender=apps.get_app_config("audit"))


def _give_rights(using: str, **kwargs: Any) -> None:
    """New tables come without rights: after each migration the program's role is given its own."""
    from config import roles

    # "flush" sends the signal too, without a plan; it makes no tables.
    if using == "default" and settings.DATABASE_APP_ROLE and "plan" in kwargs:
        roles.give(connections[using], settings.DATABASE_APP_ROLE)
