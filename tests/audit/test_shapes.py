"""A migration of a recorded table is an event, and verify stays whole across it; by real operations."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, migrations, models
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from accounts.models import RoleGrant
from audit import guards
from audit.checkpoints.models import TableShape
from audit.models import Event
from audit.proof import reading, registry, shapes
from tests import people
from tests.plugins.roles import as_owner
from tests.plugins.tampering import tamper

TABLES = ("accounts_rolegrant", "accounts_historicalrolegrant")


def changes() -> list[dict[str, Any]]:
    kept = Event.objects.filter(kind="schema.changed").order_by("seq")
    return [json.loads(event.body)["facts"]["tables"] for event in kept]


class Migrated:
    """Applies operations to RoleGrant and its history as ``migrate`` would, and can take them back."""

    def __init__(self) -> None:
        self.state = ProjectState.from_apps(apps)
        self.done: list[tuple[Operation, ProjectState, ProjectState]] = []

    def apply(self, make: Any) -> None:
        for name in ("rolegrant", "historicalrolegrant"):
            operation, after = make(name), self.state.clone()
            operation.state_forwards("accounts", after)
            with as_owner(connection), connection.schema_editor() as editor:
                operation.database_forwards("accounts", editor, self.state, after)
            self.done.append((operation, self.state, after))
            self.state = after
        shapes.note_shapes(self.state.apps)

    def undo(self) -> None:
        while self.done:
            operation, before, after = self.done.pop()
            with as_owner(connection), connection.schema_editor() as editor:
                operation.database_backwards("accounts", editor, after, before)


@pytest.fixture
def migrated() -> Iterator[Migrated]:
    made = Migrated()
    yield made
    made.undo()


def broken(current: Any, monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """What verify finds when the running program has the migrated models."""
    monkeypatch.setattr(shapes, "current_apps", current)
    return {named.name: lines for named in registry.proofs() if (lines := list(named.proof()))}


@pytest.mark.django_db(transaction=True)
def test_verify_stays_whole_across_added_altered_and_removed_fields(
    migrated: Migrated, monkeypatch: pytest.MonkeyPatch
) -> None:
    people.coordinator()
    size = len(changes())
    migrated.apply(
        lambda model: migrations.AddField(model, "shelf", models.CharField(max_length=9, null=True))
    )
    assert broken(migrated.state.apps, monkeypatch) == {}
    people.second_officer()  # the program of before writes on
    migrated.apply(
        lambda model: migrations.AlterField(model, "shelf", models.CharField(max_length=12, null=True))
    )
    assert broken(migrated.state.apps, monkeypatch) == {}
    migrated.apply(lambda model: migrations.RemoveField(model, "shelf"))
    assert broken(migrated.state.apps, monkeypatch) == {}
    added, altered, removed = changes()[size:]
    assert set(added) == {"accounts_historicalrolegrant"}, "current rows are bound through their history"
    (told,) = added.values()
    assert [field for field in told["new"] if field not in told["old"]] == [["shelf", "CharField(9) null"]]
    (told,) = altered.values()
    assert ["shelf", "CharField(9) null"] in told["old"]
    assert ["shelf", "CharField(12) null"] in told["new"]
    (told,) = removed.values()
    assert told["new"] == next(iter(added.values()))["old"]
    assert guards.missing(connection) == []


@pytest.mark.django_db(transaction=True)
def test_a_column_added_behind_the_systems_back_is_named(
    migrated: Migrated, monkeypatch: pytest.MonkeyPatch
) -> None:
    people.coordinator()
    monkeypatch.setattr(shapes, "note_shapes", lambda apps: None)
    migrated.apply(
        lambda model: migrations.AddField(model, "shelf", models.CharField(max_length=9, null=True))
    )
    found = list(shapes.problems())
    assert found == [
        "accounts_historicalrolegrant: the database has other columns than the last migration stated"
    ]
    monkeypatch.setattr(shapes, "current_apps", migrated.state.apps)
    assert "accounts_historicalrolegrant: its fields are not those that the last migration stated" in list(
        shapes.problems()
    )


@pytest.mark.django_db
def test_a_record_holds_the_fields_of_its_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """A column that is younger than the record is not in it; one that was dropped is in it alone."""
    people.coordinator()
    row = RoleGrant.history.values().get()
    assert reading.columns_match(row)
    assert reading.columns_match({**row, "shelf": "new"})
    assert reading.columns_match({name: value for name, value in row.items() if name != "role"})
    assert not reading.columns_match({**row, "role": "auditor"})


@pytest.mark.django_db
def test_shapes_of_a_new_system_need_no_event_and_later_ones_do() -> None:
    with guards.lifted(connection, {"audit_tableshape"}):
        TableShape.objects.all().delete()
    shapes.note_shapes(apps)
    kept = TableShape.objects.count()
    assert kept > 50
    assert changes() == []
    shapes.note_shapes(apps)
    assert TableShape.objects.count() == kept
    people.coordinator()
    # A system from before this was kept: everything is stated once.
    with guards.lifted(connection, {"audit_tableshape"}):
        TableShape.objects.all().delete()
    shapes.note_shapes(apps)
    (stated,) = changes()
    assert len(stated) == kept
    assert all(told["old"] is None for told in stated.values())
    assert list(shapes.problems()) == []


@pytest.mark.django_db
def test_shapes_that_no_event_states_are_named() -> None:
    people.coordinator()
    with guards.lifted(connection, {"audit_tableshape"}):
        TableShape.objects.all().delete()
    shapes.note_shapes(apps)
    tamper("update audit_tableshape set fields = '[]' where \"table\" = 'accounts_historicaluser'")
    found = list(shapes.problems())
    assert "audit_tableshape accounts_historicaluser 1: no event states it" in found
    assert len(found) == 3
