"""Migrations leave a trace: an event states the old and the new fields of each recorded table.

Hashes are taken over stored texts, so they outlive every migration; what a migration may do to a table
unseen is to add, drop or alter a column. The shapes of all recorded tables are kept and compared.
"""

import json
from collections.abc import Iterator
from typing import Any

from django.apps import apps as current_apps
from django.db import connection
from django.utils import timezone

from audit.actions import action, current, fact
from audit.actors import Actor, Machine
from audit.canonical import canonical
from audit.checkpoints.models import TableShape
from audit.models import Event
from audit.proof.records import recorded_models

MIGRATION = Machine("system:migrate")
Shape = list[list[str]]  # [column, type], sorted


def note_shapes(apps: Any) -> None:
    """After a migration: an event for the tables whose fields changed, none when nothing did.

    A system with an empty log has nothing to tell: its first shapes are kept without an event.
    """
    changed = {table: (old, new) for table, new in _shapes(apps).items() if (old := _last(table)) != new}
    if not changed:
        return
    if Event.objects.exists():
        change_schema(changed=changed, by=MIGRATION, at=timezone.now())
    else:
        _keep(changed, None)


@action("schema.changed")
def change_schema(*, changed: dict[str, tuple[Shape | None, Shape]], by: Actor, at: Any) -> None:
    """State the old and the new fields of tables that a migration changed."""
    fact(tables={table: {"old": old, "new": new} for table, (old, new) in changed.items()})
    _keep(changed, current().id)


def problems() -> Iterator[str]:
    """Tables whose fields are not those of the last shape, and shapes that no event states."""
    now = _shapes(current_apps)
    kept: dict[str, Shape] = {}
    for row in TableShape.objects.order_by("table", "number"):
        if not _stated(row, kept.get(row.table)):
            yield f"audit_tableshape {row.table} {row.number}: no event states it"
        kept[row.table] = json.loads(row.fields)
    for table, shape in kept.items():
        if table in now and now[table] != shape:
            yield f"{table}: its fields are not those that the last migration stated"
    there = _columns(list(kept))
    for table, shape in kept.items():
        if there.get(table) != {column for column, _type in shape}:
            yield f"{table}: the database has other columns than the last migration stated"


def _stated(row: TableShape, before: Shape | None) -> bool:
    if row.action_id is None:
        return True  # of a system whose log was empty
    event = Event.objects.filter(action_id=row.action_id, kind="schema.changed").first()
    said = json.loads(event.body)["facts"]["tables"].get(row.table) if event else None
    return bool(said == {"old": before, "new": json.loads(row.fields)})


def _shapes(apps: Any) -> dict[str, Shape]:
    wanted = {model._meta.db_table for model in recorded_models()}
    found = {}
    for model in apps.get_models(include_auto_created=True):
        if model._meta.db_table in wanted:
            fields = [[field.column, _type(field)] for field in model._meta.concrete_fields if field.column]
            found[model._meta.db_table] = sorted(fields)
    return found


def _type(field: Any) -> str:
    # The kind and the length; what the engine makes of it may differ between engines.
    length = f"({field.max_length})" if field.max_length else ""
    return f"{field.get_internal_type()}{length}{' null' if field.null else ''}"


def _last(table: str) -> Shape | None:
    row = TableShape.objects.filter(table=table).order_by("-number").first()
    return json.loads(row.fields) if row else None


def _keep(changed: dict[str, tuple[Shape | None, Shape]], action_id: Any) -> None:
    numbers = {table: TableShape.objects.filter(table=table).count() + 1 for table in changed}
    TableShape.objects.bulk_create(
        TableShape(table=table, number=numbers[table], fields=canonical(new), action_id=action_id)
        for table, (_old, new) in sorted(changed.items())
    )


def _columns(tables: list[str]) -> dict[str, set[str]]:
    # Django describes one table at a time, and reads all constraints of SQLite's for it.
    asked = {
        "sqlite": "select m.name, c.name from sqlite_master m join pragma_table_info(m.name) c"
        " where m.type = 'table'",
        "postgresql": "select table_name, column_name from information_schema.columns"
        " where table_schema = current_schema()",
    }
    found: dict[str, set[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(asked[connection.vendor])
        for table, column in cursor.fetchall():
            found.setdefault(table, set()).add(column)
    return {table: found[table] for table in tables if table in found}
