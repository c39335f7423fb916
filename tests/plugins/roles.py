"""On PostgreSQL the suite acts as the program's role; the owner makes, empties and breaks tables.

One connection serves both: it is the owner's, and ``SET SESSION AUTHORIZATION`` turns it into the program's,
so that a test may change sides inside its own transaction. ``tests/config/test_roles.py`` signs in for real.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from psycopg.pq import TransactionStatus

from tests.plugins.postgres import APP_ROLE

_OWNED = "default"
_acting = {"program": False}


def set_up_as_owner() -> None:
    """Let the connections of this process be the owner's; settings name the program's role."""
    from django.db import connections
    from django.db.backends.signals import connection_created

    from config.databases import database

    if owner := os.environ.get("MIGRATE_DATABASE_URL"):
        connections.settings[_OWNED].update({k: database(owner)[k] for k in ("USER", "PASSWORD")})
        connection_created.connect(_at_connect, dispatch_uid="tests.plugins.roles")


def act_as_program() -> None:
    """From here on every connection is the program's; called once the tables are there."""
    from django.db import connections

    _acting["program"] = True
    _become(connections[_OWNED], APP_ROLE)


def act_as_owner() -> None:
    """Back to the owner, who drops the database."""
    from django.db import connections

    owned = connections[_OWNED]
    # While a browser is open its loop counts as running, and Django keeps other connections for that; what a
    # test did there may have ended this one.
    if not owned.is_usable():
        owned.close()
    _become(owned, None)
    _acting["program"] = False


@contextmanager
def as_owner(connection: Any) -> Iterator[None]:
    """Act as the tables' owner in this block: to prove that a trigger, and no missing right, refuses."""
    if not _divided(connection) or _who(connection) != APP_ROLE:
        yield
        return
    _become(connection, None)
    try:
        yield
    finally:
        _become(connection, APP_ROLE)


def end_other_connections(connection: Any) -> None:
    """On PostgreSQL: end what threads of earlier tests left open; a copied or swept database is at rest."""
    if connection.vendor == "postgresql":
        with as_owner(connection), connection.cursor() as cursor:
            cursor.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity"
                " where datname = current_database() and pid <> pg_backend_pid()"
            )


def by_owner_from_here(work: Callable[..., None]) -> Callable[..., None]:
    """Taking guards down is the owner's; what follows shows what an owner could then do."""

    def run(connection: Any, *words: Any) -> None:
        _become(connection, None)
        work(connection, *words)

    return run


def by_owner_until_here(work: Callable[..., None]) -> Callable[..., None]:
    """Putting guards up is the owner's too; after that the program goes on."""

    def run(connection: Any, *words: Any) -> None:
        _become(connection, None)
        work(connection, *words)
        _become(connection, APP_ROLE)

    return run


def _divided(connection: Any) -> bool:
    return _acting["program"] and connection.alias == _OWNED and connection.vendor == "postgresql"


def _become(connection: Any, role: str | None) -> None:
    if not _divided(connection):
        return
    connection.ensure_connection()
    # In a broken transaction nothing can be said; its rollback brings back the role before it.
    if connection.connection.info.transaction_status != TransactionStatus.INERROR:
        _say(connection.connection, role)


def _say(raw: Any, role: str | None) -> None:
    raw.execute(f"SET SESSION AUTHORIZATION {role}" if role else "RESET SESSION AUTHORIZATION")


def _who(connection: Any) -> str:
    connection.ensure_connection()
    return str(connection.connection.execute("SELECT session_user").fetchone()[0])


def _at_connect(connection: Any, **kwargs: Any) -> None:
    if _divided(connection):
        _say(connection.connection, APP_ROLE)
