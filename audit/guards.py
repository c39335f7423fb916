"""Triggers that keep append-only tables append-only, on both engines, from one declaration per table.

A model says ``append_only = True``; other rooms register triggers of their own (the money guards). They
are put up after each migration and compared at start with what should be there. A model whose rows end
by retention says ``deletable_when``: an SQL condition over ``old`` under which a row may be deleted.
"""

import hashlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import Model, UniqueConstraint

from audit import standing

# PostgreSQL's "restrict_violation": Django turns class 23 into IntegrityError, as SQLite's ABORT.
_REFUSE = """create or replace function abarona_append_only() returns trigger language plpgsql as
$$ begin raise exception 'append-only: %', tg_table_name using errcode = '23001'; end $$"""


@dataclass(frozen=True)
class Guard:
    """Named triggers on one table. ``before`` are statements the triggers need (functions)."""

    table: str
    triggers: dict[str, str]
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = field(default=())


_registered: dict[str, list[dict[str, Guard]]] = {}


def register(name: str, *, sqlite: Guard, postgresql: Guard) -> None:
    """Add a room's own triggers; called from its ``AppConfig.ready``. Names of triggers are unique."""
    _registered[name] = [{"sqlite": sqlite, "postgresql": postgresql}]


def expected(connection: Any, tables: Collection[str] | None = None) -> list[Guard]:
    """The guards of every table that exists in this database, or of these."""
    there = set(connection.introspection.table_names() if tables is None else tables)
    found = []
    for model in apps.get_models(include_auto_created=True):
        if getattr(model, "append_only", False) and model._meta.db_table in there:
            found.append(_append_only(connection.vendor, model))  # noqa: PERF401  reads better so
    for variants in _registered.values():
        found += [v[connection.vendor] for v in variants if v[connection.vendor].table in there]
    return found


def install(connection: Any, tables: Collection[str] | None = None) -> None:
    """Put up every guard anew, or those of these tables."""
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        _settle(connection)
        for guard in expected(connection, tables):
            _drop(connection.vendor, cursor, guard)
            for statement in (*guard.before, *guard.triggers.values(), *guard.after):
                cursor.execute(statement)


def remove(connection: Any, tables: Collection[str] | None = None) -> None:
    """Take every guard down, or those of these tables: for tests that empty tables, for drills on a copy."""
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        _settle(connection)
        for guard in expected(connection, tables):
            _drop(connection.vendor, cursor, guard)


@contextmanager
def lifted(connection: Any, tables: Collection[str] | None = None) -> Iterator[None]:
    """Guards down inside the block, up again after it: all, or those of these tables."""
    remove(connection, tables)
    try:
        yield
    finally:
        install(connection, tables)


def missing(connection: Any) -> list[str]:
    """Triggers that should be there and are not, or do something else, as ``table.trigger``.

    On PostgreSQL the functions behind them are compared too, and count as their triggers.
    """
    vendor = connection.vendor
    there, bodies = standing.triggers(connection), standing.functions(connection)
    found = set()
    for guard in expected(connection):
        wanted = standing.wanted_functions(guard.before) if vendor == "postgresql" else {}
        changed = any(bodies.get(name) != function for name, function in wanted.items())
        for name, text in guard.triggers.items():
            stands = there.get((guard.table, standing.name_of(vendor, name)))
            if changed or not standing.same(vendor, stands, text):
                found.add(f"{guard.table}.{name}")
    return sorted(found)


def _settle(connection: Any) -> None:
    # PostgreSQL alters no table whose foreign keys are still to be checked.
    if connection.vendor == "postgresql":  # on PostgreSQL only
        connection.check_constraints()


def _drop(vendor: str, cursor: Any, guard: Guard) -> None:
    for name in guard.triggers:
        on_table = "" if vendor == "sqlite" else f' on "{guard.table}"'
        cursor.execute(f'drop trigger if exists "{name}"{on_table}')


def _append_only(vendor: str, model: type[Model]) -> Guard:
    table = model._meta.db_table
    ended: str | None = getattr(model, "deletable_when", None)
    if vendor == "postgresql":
        return _postgresql_guard(table, ended)
    return _sqlite_guard(table, _unique_keys(model), ended)


def _unique_keys(model: type[Model]) -> list[list[str | None]]:
    """Every set of columns by which INSERT OR REPLACE would find a row to throw out."""
    meta = model._meta
    keys = [[field.column for field in meta.pk_fields]]
    keys += [[field.column] for field in meta.concrete_fields if field.unique and not field.primary_key]
    columns = {field.name: field.column for field in meta.concrete_fields}
    keys += [
        [columns[name] for name in constraint.fields]
        for constraint in meta.constraints
        if isinstance(constraint, UniqueConstraint) and constraint.fields
    ]
    return keys


def _sqlite_guard(table: str, keys: list[list[str | None]], ended: str | None) -> Guard:
    refuse = f"begin select raise(abort, 'append-only: {table}'); end"
    same = " or ".join(
        "(" + " and ".join(f'"{column}" = new."{column}"' for column in key) + ")" for key in keys
    )
    kept = f"when not ({ended}) " if ended else ""
    # INSERT OR REPLACE deletes without a delete trigger unless recursive_triggers is on.
    triggers = {
        f"{table}_no_update": f'create trigger "{table}_no_update" before update on "{table}" {refuse}',
        f"{table}_no_delete": f'create trigger "{table}_no_delete" before delete on "{table}" {kept}{refuse}',
        f"{table}_no_replace": f'create trigger "{table}_no_replace" before insert on "{table}"'
        f' when exists (select 1 from "{table}" where {same}) {refuse}',
    }
    return Guard(table, triggers)


def _postgresql_guard(table: str, ended: str | None) -> Guard:
    row, whole = _short(f"{table}_ao_row"), _short(f"{table}_ao_all")
    rows = "abarona_append_only"
    made: tuple[str, ...] = (_REFUSE,)
    if ended:
        rows = _short(f"{table}_ended")
        made = (_REFUSE, _refuse_unless(rows, ended))
    # Row triggers do not see TRUNCATE; ALWAYS keeps them on for replication roles.
    return Guard(
        table,
        {
            row: f'create trigger "{row}" before update or delete on "{table}"'
            f" for each row execute function {rows}()",
            whole: f'create trigger "{whole}" before truncate on "{table}"'
            " for each statement execute function abarona_append_only()",
        },
        before=made,
        after=(
            f'alter table "{table}" enable always trigger "{row}"',
            f'alter table "{table}" enable always trigger "{whole}"',
        ),
    )


def _refuse_unless(name: str, ended: str) -> str:
    return (
        f"create or replace function {name}() returns trigger language plpgsql as $$ begin"
        f" if tg_op = 'DELETE' then if {ended} then return old; end if; end if;"
        " raise exception 'append-only: %', tg_table_name using errcode = '23001'; end $$"
    )


def _short(name: str) -> str:
    """A name that PostgreSQL does not cut: two cut ones could be the same."""
    if len(name) <= standing.LONGEST_NAME:
        return name
    return f"{name[: standing.LONGEST_NAME - 9]}_{hashlib.sha256(name.encode()).hexdigest()[:8]}"
