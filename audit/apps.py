"""What happened: actions, history, the log, readings."""

from typing import Any

from django.apps import AppConfig
from django.core.checks import register
from django.db import connections
from django.db.models.signals import post_migrate

from vault import reading


class AuditConfig(AppConfig):
    name = "audit"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from audit import checks, reads

        reading.set_recorder(reads.record)
        post_migrate.connect(_guard_tables, sender=self)
        register(checks.guards_stand, "database")
        register(checks.models_are_tracked)


def _guard_tables(using: str, **kwargs: Any) -> None:
    from audit import guards

    if using == "default":
        guards.install(connections[using])
