"""A copy of the database to do harm to, in place of the default connection for as long as it is needed."""

import sqlite3
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.utils import Error, load_backend


class CannotCopy(Exception):
    """No copy can be made here; the words say what would help."""


@contextmanager
def copied() -> Iterator[None]:
    """Inside the block ``connections["default"]`` is a copy; afterwards the copy is gone. Raises CannotCopy.

    For a command that is alone in its process: other threads keep their connections.
    """
    made = _sqlite() if connections[DEFAULT_DB_ALIAS].vendor == "sqlite" else _postgresql()
    with made as name:
        real: Any = connections[DEFAULT_DB_ALIAS]
        copy = _open(real, name)
        connections[DEFAULT_DB_ALIAS] = copy
        try:
            yield
        finally:
            connections[DEFAULT_DB_ALIAS] = real
            copy.close()


def _open(like: Any, name: str) -> Any:
    backend = load_backend(like.settings_dict["ENGINE"])
    return backend.DatabaseWrapper({**like.settings_dict, "NAME": name}, DEFAULT_DB_ALIAS)


@contextmanager
def _sqlite() -> Iterator[str]:  # on SQLite only
    source = Path(connections[DEFAULT_DB_ALIAS].settings_dict["NAME"])
    # Beside the data: a temporary directory of the machine may be readable by others, or small.
    with tempfile.TemporaryDirectory(prefix="drill-", dir=settings.DATA_DIR) as folder:
        target = Path(folder) / "copy.sqlite3"
        with (
            closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as real,
            closing(sqlite3.connect(target)) as copy,
        ):
            real.backup(copy)
        yield str(target)


@contextmanager
def _postgresql() -> Iterator[str]:  # on PostgreSQL only
    real: Any = connections[DEFAULT_DB_ALIAS]
    source, name = real.settings_dict["NAME"], f"abarona_drill_{uuid.uuid4().hex[:8]}"
    quote = real.ops.quote_name
    # A database that is copied may have no connection, not even ours.
    real.close()
    server = _open(real, "postgres")
    try:
        with server.cursor() as cursor:
            cursor.execute(f"create database {quote(name)} template {quote(source)}")
    except Error as error:
        server.close()
        raise CannotCopy(_words(error)) from None
    try:
        yield name
    finally:
        with server.cursor() as cursor:
            cursor.execute(f"drop database {quote(name)} with (force)")
        server.close()


def _words(error: Error) -> str:
    state = getattr(error.__cause__, "sqlstate", "")
    if state == "42501":
        return (
            "This role may not make databases. Run the drill on a restored backup, or let the server's"
            " administrator give the owner CREATEDB for it."
        )
    if state == "55006":
        return (
            "Others are connected, and PostgreSQL copies only a database at rest. Stop site and worker for a"
            " moment, or run the drill on a restored backup."
        )
    return f"PostgreSQL refused to copy the database ({state or type(error).__name__})."
