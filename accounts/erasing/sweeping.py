"""Bytes that a deletion leaves behind: the write-ahead logs of SQLite, dead rows of PostgreSQL."""

from django.db import connections
from django.db.utils import OperationalError

from vault.models import IndexEntry, SubjectKey
from vault.router import KEYS


def sweep() -> bool:
    """Leave no deleted key or index value in either database's files; false when somebody still reads.

    SQLite: ``secure_delete`` has overwritten the pages, and the write-ahead log is emptied into the file.
    PostgreSQL: the dead rows are vacuumed; what a log archive or a standby still holds is told by
    :func:`accounts.erasing.statement.statement`.
    """
    stores = [(KEYS, SubjectKey._meta.db_table), ("default", IndexEntry._meta.db_table)]
    swept = [_swept(alias, table) for alias, table in stores]  # both, even when the first is busy
    return all(swept)


def _swept(alias: str, table: str) -> bool:
    connection = connections[alias]
    if connection.in_atomic_block:
        return False  # neither engine sweeps inside a transaction
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f'vacuum "{table}"')
            return True
        try:
            cursor.execute("pragma wal_checkpoint(truncate)")
        except OperationalError:  # another connection writes
            return False
        busy, _frames, _moved = cursor.fetchone()
        return not busy
