"""Bytes that a deletion leaves behind in a database's own files, and getting rid of them.

SQLite: ``secure_delete`` has overwritten the pages, and the write-ahead log is emptied into the file.
PostgreSQL: a plain vacuum frees a dead row's place but leaves its bytes there until something is written over
them, so the table is written anew (``vacuum full``), which needs the owner or, from version 17 on, the right
``maintain``. It keeps each dead row that somebody may still see, and "somebody" is wider than this database:
the sweep's own snapshot reaches back to the oldest transaction that writes anywhere on the server. So the
sweep first waits for whatever was under way when it began. Archives of logs, standbys and freed blocks of the
disk are out of reach of either.
"""

import logging
import time
from typing import Any

from django.db import OperationalError, connections

log = logging.getLogger("vault.traces")
# Seconds; behind a backup or a long report the tick tries again later.
_PATIENCE = 5.0
_PAUSE = 0.05
# A role without the right gets a warning from "vacuum", no error.
_MAY = """
select pg_has_role(relowner, 'usage') or case when current_setting('server_version_num')::int >= 170000
then has_table_privilege(oid, 'maintain') else false end from pg_class where oid = %s::regclass
"""

# All that is deleted has a number below this one.
_NOW = "select pg_snapshot_xmax(pg_current_snapshot())::text"
# Writers anywhere on the server, prepared ones too; readers of this database; standbys.
_OLDER = """
select pg_snapshot_xmin(pg_current_snapshot()) < %(now)s::xid8
or exists (select 1 from pg_stat_activity where pid <> pg_backend_pid()
           and coalesce(datname, current_database()) = current_database()
           and age(backend_xmin) > age(%(now)s::xid8::xid))
or exists (select 1 from pg_replication_slots where age(xmin) > age(%(now)s::xid8::xid))
"""


def may_sweep(alias: str, table: str) -> bool:
    """Whether this role can ever sweep the table; if not, its owner has to."""
    connection = connections[alias]
    if connection.vendor == "sqlite":  # on SQLite only
        return True
    with connection.cursor() as cursor:  # on PostgreSQL only
        cursor.execute(_MAY, [table])
        return bool(cursor.fetchone()[0])


def swept(alias: str, table: str) -> bool:
    """Leave no deleted row of the table in the database's files; false when that is not possible now."""
    connection = connections[alias]
    if connection.in_atomic_block:
        return False  # neither engine sweeps inside a transaction
    sweep = _emptied if connection.vendor == "sqlite" else _written_anew
    try:
        if not may_sweep(alias, table):  # on PostgreSQL only
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
    if any(one.in_atomic_block for one in connections.all(initialized_only=True)):
        return False  # it would wait for a transaction of its own
    if not _all_older_ended(cursor):
        return False
    cursor.execute(f"set lock_timeout = '{_PATIENCE}s'")
    try:
        cursor.execute(f'vacuum (full) "{table}"')
    finally:
        cursor.execute("reset lock_timeout")
    return True


def _all_older_ended(cursor: Any) -> bool:  # on PostgreSQL only
    """Wait a while for the transactions that may still see what was deleted before this call."""
    cursor.execute(_NOW)
    now = cursor.fetchone()[0]
    end = time.monotonic() + _PATIENCE
    while True:
        cursor.execute(_OLDER, {"now": now})
        if not cursor.fetchone()[0]:
            return True
        if time.monotonic() > end:
            return False
        time.sleep(_PAUSE)
