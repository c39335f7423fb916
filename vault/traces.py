"""Bytes that a deletion leaves behind in a database's own files, and getting rid of them.

SQLite: ``secure_delete`` has overwritten the pages, and the write-ahead log is emptied into the file.
PostgreSQL: a plain vacuum frees a dead row's place but leaves its bytes there until something is written over
them, so the table is written anew (``vacuum full``), which needs the owner or, from version 17 on, the right
``maintain``. Archives of logs, standbys and freed blocks of the disk are out of reach of either.
"""

import logging
from typing import Any

from django.db import OperationalError, connections

log = logging.getLogger("vault.traces")
# Behind a backup or a long report the tick tries again later.
_PATIENCE = "5s"
# A role without the right gets a warning from "vacuum", no error.
_MAY = """
select pg_has_role(relowner, 'usage') or case when current_setting('server_version_num')::int >= 170000
then has_table_privilege(oid, 'maintain') else false end from pg_class where oid = %s::regclass
"""


_OTHERS_SEE = """
select exists (select 1 from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
and backend_type = 'client backend' and backend_xmin is not null)
"""


def may_sweep(alias: str, table: str) -> bool:
    """Whether this role can ever sweep the table; if not, its owner has to."""
    connection = connections[alias]
    if connection.vendor == "sqlite":
        return True
    with connection.cursor() as cursor:
        cursor.execute(_MAY, [table])
        return bool(cursor.fetchone()[0])


def swept(alias: str, table: str) -> bool:
    """Leave no deleted row of the table in the database's files; false when that is not possible now."""
    connection = connections[alias]
    if connection.in_atomic_block:
        return False  # neither engine sweeps inside a transaction
    sweep = _emptied if connection.vendor == "sqlite" else _written_anew
    try:
        if not may_sweep(alias, table):
            log.warning("%s: this role may not sweep it, its owner has to; see docs/postgresql.md", table)
            return True  # trying again changes nothing
        with connection.cursor() as cursor:
            return sweep(cursor, table)
    except OperationalError:  # another connection holds it
        return False


def _emptied(cursor: Any, _table: str) -> bool:  # on SQLite only
    cursor.execute("pragma wal_checkpoint(truncate)")
    busy, _frames, _moved = cursor.fetchone()
    return not busy


def _written_anew(cursor: Any, table: str) -> bool:  # on PostgreSQL only
    cursor.execute(_OTHERS_SEE)
    if cursor.fetchone()[0]:
        return False  # a transaction that began before the deletion still sees the rows, so they would stay
    cursor.execute(f"set lock_timeout = '{_PATIENCE}'")
    try:
        cursor.execute(f'vacuum (full) "{table}"')
    finally:
        cursor.execute("reset lock_timeout")
    return True
