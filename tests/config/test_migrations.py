"""The migrations make the tables that the models ask for, which is what all other tests run on."""

import json
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection, connections

from config import env
from tests.config.schema_of import schema_of
from tests.plugins.roles import as_owner


def _beside(address: str, name: str) -> str:
    parts = urlsplit(address)
    return urlunsplit(parts._replace(path=f"/{name}"))


@pytest.fixture
def empty(child_env: dict[str, str], tmp_path: Path) -> dict[str, str]:
    """The environment of a process with databases of its own that hold nothing yet."""
    from config.databases import database

    if connection.vendor == "sqlite":
        places = {
            "DATABASE_URL": tmp_path / "migrated.sqlite3",
            "KEY_DATABASE_URL": tmp_path / "keys.sqlite3",
        }
        return {**child_env, **{name: f"sqlite:///{place}" for name, place in places.items()}}
    owners = {
        "DATABASE_URL": child_env["MIGRATE_DATABASE_URL"],
        "KEY_DATABASE_URL": child_env["KEY_DATABASE_URL"],
    }
    made = {}
    with as_owner(connection), connection.cursor() as cursor:
        for name, address in owners.items():
            fresh = f"{database(address)['NAME']}_migrated"
            cursor.execute(f'drop database if exists "{fresh}"')
            cursor.execute(f'create database "{fresh}"')
            made[name] = _beside(address, fresh)
    child_env.pop("MIGRATE_DATABASE_URL")
    return {**child_env, **made}


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_the_migrations_make_what_the_models_ask_for(empty: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.config.schema_of"],
        env={**empty, "DJANGO_SETTINGS_MODULE": "config.settings"},
        cwd=env.ROOT,
        check=False,
        capture_output=True,
        text=True,
        timeout=500,
    )
    assert done.returncode == 0, done.stderr[-2_000:]
    migrated = json.loads(done.stdout)
    for each in connections.all():
        here = json.loads(json.dumps(schema_of(each)))
        there = migrated[each.alias]
        assert sorted(there) == sorted(here)
        for table, shape in here.items():
            assert there[table] == shape, table
