"""What PostgreSQL's planner must never learn: values that are to go with their person.

ANALYZE, which the server runs by itself, copies values of each column into ``pg_statistic`` to estimate from.
No deletion reaches them there, and no sweep of the table either. So these columns are left out of it.
"""

from typing import Any

from django.db import connections

from vault.models import IndexEntry, SubjectKey

_COLUMNS = (
    (SubjectKey._meta.db_table, "wrapped"),
    (IndexEntry._meta.db_table, "digest"),
    (IndexEntry._meta.db_table, "subject_id"),
)
_MAY_BE = """
select format_type(atttypid, atttypmod) from pg_attribute
where attrelid = to_regclass(%s) and attname = %s and coalesce(attstattarget, -1) <> 0
"""
_ARE = "select 1 from pg_stats where schemaname = current_schema() and tablename = %s and attname = %s"


def taken(alias: str) -> list[str]:
    """Columns of this database of which samples may be taken, as table and column; none on SQLite."""
    connection = connections[alias]
    if connection.vendor == "sqlite":  # on SQLite only
        return []
    with connection.cursor() as cursor:  # on PostgreSQL only
        return [f"{table}.{column}" for table, column in _COLUMNS if _type_if_sampled(cursor, table, column)]


def stop_taking(alias: str) -> None:
    """Let no more samples be taken, and forget those that were; by the tables' owner, after ``migrate``."""
    connection = connections[alias]
    if connection.vendor == "sqlite":  # on SQLite only
        return
    with connection.cursor() as cursor:  # on PostgreSQL only
        forgotten = [_forget(cursor, table, column) for table, column in _COLUMNS]
        if any(forgotten) and not connection.in_atomic_block:
            cursor.execute("vacuum (full) pg_statistic")  # else the bytes stay in the catalogue's file


def _type_if_sampled(cursor: Any, table: str, column: str) -> str:  # on PostgreSQL only
    cursor.execute(_MAY_BE, [table, column])
    return "".join(kind for (kind,) in cursor.fetchall())


def _forget(cursor: Any, table: str, column: str) -> bool:  # on PostgreSQL only
    """Whether there were samples; turning a column into what it is drops them."""
    kind = _type_if_sampled(cursor, table, column)
    if not kind:
        return False
    cursor.execute(_ARE, [table, column])
    there = cursor.fetchone() is not None
    cursor.execute(f'alter table "{table}" alter column "{column}" set statistics 0')
    if there:
        cursor.execute(f'alter table "{table}" alter column "{column}" type {kind}')
    return there
