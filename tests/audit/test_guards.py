"""Append-only tables stay so under raw SQL, on both engines, also across a migration that rebuilds them."""

import pytest
from django.apps import apps
from django.core.checks import run_checks
from django.db import IntegrityError, connection, migrations, models, transaction
from django.db.migrations.state import ProjectState

from audit import checks, guards
from audit.models import Event
from tests import people
from tests.plugins.roles import as_owner

pytestmark = pytest.mark.django_db
TABLES = ["audit_event", "audit_node", "audit_eventsubject", "accounts_historicaluser"]


def refused(sql: str) -> bool:
    try:
        # As the owner: the program's role has no right to it in the first place (tests/config/test_roles.py).
        with as_owner(connection), transaction.atomic(), connection.cursor() as cursor:
            connection.check_constraints()
            cursor.execute(sql)
    except IntegrityError:
        return True
    return False


def attempts(table: str) -> list[str]:
    column = guards_column(table)
    tries = [f'update "{table}" set "{column}" = "{column}"', f'delete from "{table}"']
    if connection.vendor == "sqlite":
        tries.append(f'insert or replace into "{table}" select * from "{table}" limit 1')
    else:
        tries.append(f'truncate "{table}" cascade')
    return tries


def guards_column(table: str) -> str:
    with connection.cursor() as cursor:
        return connection.introspection.get_table_description(cursor, table)[0].name


@pytest.mark.parametrize("table", TABLES)
def test_raw_sql_cannot_rewrite(table: str) -> None:
    people.coordinator()
    for sql in attempts(table):
        assert refused(sql), sql


@pytest.mark.parametrize("table", TABLES)
def test_the_mutant_without_triggers_can(table: str) -> None:
    people.coordinator()
    with guards.lifted(connection):
        assert not refused(attempts(table)[0])


def test_replacing_by_another_unique_column_is_refused() -> None:
    people.coordinator()
    if connection.vendor != "sqlite":
        pytest.skip("INSERT OR REPLACE is SQLite's")
    assert refused(
        "insert or replace into audit_event(seq, kind, actor_id, action_id, at, body)"
        " select 99, kind, actor_id, action_id, at, body from audit_event limit 1"
    )
    assert not Event.objects.filter(seq=99).exists()


def test_every_append_only_model_has_its_triggers() -> None:
    assert guards.missing(connection) == []
    names = {guard.table for guard in guards.expected(connection)}
    for model in apps.get_models():
        if getattr(model, "append_only", False):
            assert model._meta.db_table in names


def test_a_missing_trigger_is_an_error_at_start() -> None:
    guards.remove(connection)
    assert guards.missing(connection)
    found = checks.guards_stand(None, databases=["default"])
    assert {error.id for error in found} == {"abarona.E002"}
    guards.install(connection)
    assert checks.guards_stand(None, databases=["default"]) == []
    assert checks.guards_stand(None) == []


def test_models_without_history_are_named() -> None:
    assert [error for error in run_checks() if error.id == "abarona.E001"] == []
    excuse = checks.UNTRACKED.pop("audit.SpentKey")
    try:
        assert [error.id for error in checks.models_are_tracked(None)] == ["abarona.E001"]
    finally:
        checks.excuse("audit.SpentKey", excuse)


@pytest.mark.django_db(transaction=True)
def test_guards_survive_a_migration_that_rebuilds_the_table() -> None:
    people.coordinator()
    before = ProjectState.from_apps(apps)
    alter = migrations.AlterField("event", "kind", models.CharField(max_length=61, db_index=False))
    back = migrations.AlterField("event", "kind", models.CharField(max_length=60, db_index=True))
    after = before.clone()
    alter.state_forwards("audit", after)
    with as_owner(connection), connection.schema_editor() as editor:
        alter.database_forwards("audit", editor, before, after)
    try:
        assert guards.missing(connection) == []
        for sql in attempts("audit_event"):
            assert refused(sql), sql
    finally:
        with as_owner(connection), connection.schema_editor() as editor:
            back.database_forwards("audit", editor, after, before)
    assert guards.missing(connection) == []
