"""A new version of the program meets the old database: copy, migrate, check, or undo."""

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from config.backup import engines
from vault.router import KEYS

Say = Callable[[str], object]
STORES = ("default", KEYS)


class Undone(Exception):
    """The upgrade did not work and the databases are as they were; the message says what failed."""


def pending(alias: str) -> list[str]:
    """Migrations that this version has and the database lacks, as ``app.name``."""
    executor = MigrationExecutor(connections[alias])
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


def migrate_or_undo(say: Say) -> list[str]:
    """Migrate both stores and check them; the migrations that were run. Raises Undone.

    Nobody else may write meanwhile: stop the site, the workers and the clock first.
    """
    due = {alias: pending(alias) for alias in STORES}
    folder = Path(tempfile.mkdtemp(prefix="upgrade-", dir=settings.DATA_DIR))
    try:
        for alias in STORES:
            engines.copy_out(alias, folder / alias)
        try:
            _migrate(due, say)
        except Exception as failure:
            say("That did not work. Putting everything back")
            for alias in STORES:
                engines.put_back(alias, folder / alias)
            _give_rights()
            raise Undone(_words(failure)) from failure
    finally:
        shutil.rmtree(folder)
    return [name for names in due.values() for name in names]


def _migrate(due: dict[str, list[str]], say: Say) -> None:
    for alias in STORES:
        for name in due[alias]:
            say(f"  {name}")
        call_command("migrate", database=alias, verbosity=0)
    say("Checking")
    call_command("check", databases=list(STORES), verbosity=0)
    call_command("check_money", verbosity=0)


def _give_rights() -> None:
    from config import roles

    if settings.DATABASE_APP_ROLE:
        roles.give(connections["default"], settings.DATABASE_APP_ROLE)


def _words(failure: Exception) -> str:
    # A database's message may repeat a row; ours do not.
    return str(failure) if isinstance(failure, SystemCheckError | Undone) else type(failure).__name__
