"""Copying a whole database out and in, on either engine."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.db import connections


class CannotCopy(Exception):
    """The database cannot be copied; the message says what is missing."""


class NotEmpty(Exception):
    """Something is there already, and a backup never goes over it."""


def copy_out(alias: str, target: Path) -> None:
    """A consistent copy of the database as of one moment, while others go on writing. Raises CannotCopy."""
    if connections[alias].vendor == "sqlite":
        # Not the pages but what they hold: nothing that was deleted comes along.
        with _sqlite(_place(alias)) as source:
            source.execute("vacuum into ?", [str(target)])
        target.chmod(0o600)
    else:
        options = ["--format=custom", "--no-owner", f"--file={target}"]
        _run(["pg_dump", *options, *_owner_address(alias)], alias)


def copy_in(alias: str, source: Path) -> None:
    """Fill an empty database from a copy. Raises CannotCopy, NotEmpty."""
    require_empty(alias)
    put_back(alias, source)


def put_back(alias: str, source: Path) -> None:
    """Make the database what the copy says, whatever it holds now. Raises CannotCopy."""
    connections[alias].close()
    if connections[alias].vendor == "sqlite":
        place = Path(_place(alias))
        for beside in ("-wal", "-shm"):
            place.with_name(f"{place.name}{beside}").unlink(missing_ok=True)
        fresh = place.with_name(f"{place.name}.new")
        shutil.copyfile(source, fresh)
        fresh.chmod(0o600)
        fresh.replace(place)
    else:
        _empty_schema(alias)
        options = ["--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error"]
        name = ["--dbname", connections[alias].settings_dict["NAME"]]
        _run(["pg_restore", *options, *_where(alias), *name, str(source)], alias)


def require_empty(alias: str) -> None:
    """Raises NotEmpty when the database has a single table."""
    if connections[alias].introspection.table_names():
        raise NotEmpty(f"the database {alias!r} is not empty: restore into an empty one")


def _empty_schema(alias: str) -> None:
    with connections[alias].cursor() as cursor:
        cursor.execute("drop schema public cascade")
        cursor.execute("create schema public")
    connections[alias].close()


def _place(alias: str) -> str:
    return str(connections[alias].settings_dict["NAME"])


def _sqlite(place: str) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{place}?mode=ro", uri=True, timeout=60, isolation_level=None)


def _where(alias: str) -> list[str]:
    account = connections[alias].settings_dict
    found = [("--host", account["HOST"]), ("--port", account["PORT"]), ("--username", account["USER"])]
    return [word for name, value in found if value for word in (name, str(value))]


def _owner_address(alias: str) -> list[str]:
    return [*_where(alias), connections[alias].settings_dict["NAME"]]


def _run(command: list[str], alias: str) -> None:
    program = shutil.which(command[0])
    if program is None:
        raise CannotCopy(
            f"{command[0]} is not installed: install PostgreSQL's client programs of the server's version"
        )
    environment: Mapping[str, Any] = {**os.environ, "PGPASSWORD": _password(alias)}
    done = subprocess.run(  # noqa: S603  our own words and the addresses of our own databases
        [program, *command[1:]], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        # Its words name tables, never rows.
        first = (done.stderr.strip().splitlines() or ["no words"])[0]
        raise CannotCopy(f"{command[0]} failed: {first[:200]}")


def _password(alias: str) -> str:
    return str(connections[alias].settings_dict["PASSWORD"] or "")
