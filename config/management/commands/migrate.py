"""Django's ``migrate``, which may begin on a database whose triggers are missing: it puts them up.

A new database gets its tables from the models at once, and all migrations are noted as applied: Django
renders every model's state for each step, which takes a minute for the same tables. That they are the same
is proved by ``tests/config/test_migrations.py``; ``--each-step`` goes the long way.
"""

from typing import Any

from django.apps import apps
from django.core.management.base import CommandParser
from django.core.management.commands import migrate
from django.core.management.sql import emit_post_migrate_signal, emit_pre_migrate_signal
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from audit import checks

_ASKED_FOR_MORE = ("app_label", "plan", "check_unapplied", "fake", "fake_initial", "prune", "each_step")


class Command(migrate.Command):
    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--each-step", action="store_true", help="apply every migration, to a new database too"
        )

    def check(self, *args: Any, **options: Any) -> None:
        """All checks but the one whose answer is to run this command."""
        with checks.putting_up():
            super().check(*args, **options)

    def handle(self, *args: Any, **options: Any) -> None:
        connection = connections[options["database"]]
        recorder = MigrationRecorder(connection)
        if any(options[name] for name in _ASKED_FOR_MORE) or recorder.applied_migrations():
            super().handle(*args, **options)
            return
        recorder.ensure_schema()  # now, because rights are given once all tables are there
        self._make_from_models(connection, options["verbosity"], options["interactive"])
        # If this ends before, nothing is noted, and the next run makes what is missing in the same way.
        for app, name in MigrationLoader(None, ignore_no_migrations=True).disk_migrations:
            recorder.record_applied(app, name)

    def _make_from_models(self, connection: BaseDatabaseWrapper, verbosity: int, interactive: bool) -> None:
        self.verbosity, self.interactive = verbosity, interactive
        told: dict[str, Any] = {"stdout": self.stdout, "apps": apps, "plan": []}
        connection.prepare_database()
        emit_pre_migrate_signal(verbosity, interactive, connection.alias, **told)
        self.sync_apps(connection, {each.label for each in apps.get_app_configs()})
        emit_post_migrate_signal(verbosity, interactive, connection.alias, **told)
