"""What happened: actions, history, the log, readings."""

from typing import Any

from django.apps import AppConfig, apps
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
        post_migrate.connect(_after_migrations, sender=self)
        register(checks.guards_stand, "database")
        register(checks.no_samples_are_taken, "database")
        register(checks.models_are_tracked)


def _after_migrations(using: str, **kwargs: Any) -> None:
    from audit import guards
    from audit.proof import shapes
    from vault import samples

    samples.stop_taking(using)
    if using == "default":
        guards.install(connections[using])
        if "audit_tableshape" in connections[using].introspection.table_names():
            shapes.note_shapes(kwargs.get("apps") or apps)
