"""Bytes that an erasure leaves behind in both databases: the wrapped key, and digests of names."""

from vault import traces
from vault.models import IndexEntry, SubjectKey
from vault.router import KEYS


def sweep() -> bool:
    """Leave no deleted key or index value in either database's files; false when somebody still reads.

    What a log archive or a standby still holds is told by :func:`accounts.erasing.statement.statement`.
    """
    stores = [(KEYS, SubjectKey._meta.db_table), ("default", IndexEntry._meta.db_table)]
    swept = [traces.swept(alias, table) for alias, table in stores]  # both, even when the first is busy
    return all(swept)
