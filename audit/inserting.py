"""Writing rows as plain statements: every action does it several times, and building them anew is dear."""

import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper

Row = Mapping[str, Any]
Statement = tuple[str, list[Any]]
Prepare = Callable[[Any, BaseDatabaseWrapper], Any]

# Below the least limit of parameters in one statement that either engine has in use.
MOST_PARAMETERS = 900

# A value of just this type goes from a field of just this class to the database as it is; asking is dear.
_AS_HELD: dict[type[Any], type[Any]] = {
    models.BigIntegerField: int,
    models.CharField: str,
    models.IntegerField: int,
    models.PositiveIntegerField: int,
    models.PositiveSmallIntegerField: int,
    models.SmallIntegerField: int,
    models.TextField: str,
}


@functools.cache
def _fields(model: type[models.Model], names: tuple[str, ...]) -> list[Any]:
    by_name = {field.attname: field for field in model._meta.concrete_fields}
    return [by_name[name] for name in names]


@functools.cache
def _preparing(
    model: type[models.Model], names: tuple[str, ...]
) -> list[tuple[str, type[Any] | None, Prepare]]:
    fields = _fields(model, names)
    return [(each.attname, _AS_HELD.get(type(each)), each.get_db_prep_save) for each in fields]


def _prepared(
    real: BaseDatabaseWrapper, model: type[models.Model], names: tuple[str, ...], row: Row
) -> list[Any]:
    return [
        row[name] if type(row[name]) is held else prepare(row[name], real)
        for name, held, prepare in _preparing(model, names)
    ]


@functools.cache
def _opening(model: type[models.Model], names: tuple[str, ...]) -> tuple[str, str]:
    quote = connections[DEFAULT_DB_ALIAS].ops.quote_name
    columns = ", ".join(quote(field.column) for field in _fields(model, names))
    places = ", ".join(["%s"] * len(names))
    return f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ", f"({places})"  # noqa: S608  our own names


def insert_and_run(parts: Sequence[tuple[type[models.Model], Sequence[Row]]], last: Statement) -> None:
    """Insert rows (each with the same attributes as its table's first), then run one statement.

    Values are as the models hold them. All of it is one round trip where the engine can do that:
    PostgreSQL runs inserts in front of a statement (``WITH``) and checks constraints at its end.
    """
    # The proxy ``django.db.connection`` looks its thread up at each attribute: dear in a loop.
    real = connections[DEFAULT_DB_ALIAS]
    filled = [(model, rows) for model, rows in parts if rows]
    total = sum(len(rows) * len(rows[0]) for _, rows in filled)
    with real.cursor() as cursor:
        if real.vendor == "postgresql" and total <= MOST_PARAMETERS:  # on PostgreSQL only
            cursor.execute(*_together([_statement(real, model, rows) for model, rows in filled], last))
            return
        for model, rows in filled:
            for part in _parts(rows):
                cursor.execute(*_statement(real, model, part))
        cursor.execute(*last)


def update_unless_newer(
    model: type[models.Model], values: Mapping[str, Any], key: Any, version: int, using: str | None
) -> bool:
    """Write these attributes of the row that has this key and still this version; whether it was there.

    Values are as the models hold them, never expressions.
    """
    real = connections[using or DEFAULT_DB_ALIAS]
    names = tuple(values)
    row = _prepared(real, model, names, values)
    with real.cursor() as cursor:
        key = model._meta.pk.get_db_prep_value(key, real)
        cursor.execute(_update(model, names), [*row, key, version])
        return bool(cursor.rowcount)


@functools.cache
def _update(model: type[models.Model], names: tuple[str, ...]) -> str:
    quote = connections[DEFAULT_DB_ALIAS].ops.quote_name
    columns = ", ".join(f"{quote(field.column)} = %s" for field in _fields(model, names))
    table, key = quote(model._meta.db_table), quote(str(model._meta.pk.column))
    return f"UPDATE {table} SET {columns} WHERE {key} = %s AND version = %s"  # noqa: S608  our own names


def _together(made: Sequence[Statement], last: Statement) -> Statement:  # on PostgreSQL only
    before = ", ".join(f"part{number} AS ({sql})" for number, (sql, _) in enumerate(made))
    return f"WITH {before} {last[0]}", [value for _, values in (*made, last) for value in values]


def _statement(real: BaseDatabaseWrapper, model: type[models.Model], rows: Sequence[Row]) -> Statement:
    names = tuple(rows[0])
    opening, place = _opening(model, names)
    values = [value for row in rows for value in _prepared(real, model, names, row)]
    return opening + ", ".join([place] * len(rows)), values


def _parts(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    size = max(1, MOST_PARAMETERS // max(1, len(rows[0]))) if rows else 1
    for start in range(0, len(rows), size):
        yield rows[start : start + size]
