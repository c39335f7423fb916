"""Room for a bench's million rows: indexes and references go before, and are built and checked after."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def lighter(connection: Any, *tables: str) -> Iterator[None]:
    """Write rows into these tables without upkeep; then each index and each reference is built and proved.

    As the tables' owner. What refers to nothing fails at the end, so the rows are as real ones would be.
    """
    sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        if sqlite:
            for word in ("foreign_keys = off", "synchronous = off", "cache_size = -400000"):
                cursor.execute(f"pragma {word}")
        again = _without(cursor, tables, sqlite=sqlite)
    yield
    with connection.cursor() as cursor:
        for statement in again:
            cursor.execute(statement)
        if sqlite:
            for table in tables:
                cursor.execute(f"pragma foreign_key_check({table})")
                assert cursor.fetchall() == []
            cursor.execute("pragma foreign_keys = on")
        cursor.execute("analyze")


def _without(cursor: Any, tables: tuple[str, ...], *, sqlite: bool) -> list[str]:
    """Drop what slows writing down; the statements that bring it back."""
    again = []
    for table in tables:
        for drop, make in _of_sqlite(cursor, table) if sqlite else _of_postgresql(cursor, table):
            cursor.execute(drop)
            again.append(make)
    return again


def _of_sqlite(cursor: Any, table: str) -> list[tuple[str, str]]:
    cursor.execute(
        "select name, sql from sqlite_master where type = 'index' and sql is not null and tbl_name = %s",
        [table],
    )
    return [(f'drop index "{name}"', sql) for name, sql in cursor.fetchall()]


def _of_postgresql(cursor: Any, table: str) -> list[tuple[str, str]]:
    cursor.execute(
        "select conname, pg_get_constraintdef(oid) from pg_constraint"
        " where contype = 'f' and conrelid = %s::regclass",
        [table],
    )
    found = [
        (
            f'alter table {table} drop constraint "{name}"',
            f'alter table {table} add constraint "{name}" {text}',
        )
        for name, text in cursor.fetchall()
    ]
    cursor.execute(
        "select c.relname, pg_get_indexdef(c.oid) from pg_index i join pg_class c on c.oid = i.indexrelid"
        " where i.indrelid = %s::regclass and not i.indisunique",
        [table],
    )
    return found + [(f'drop index "{name}"', text) for name, text in cursor.fetchall()]
