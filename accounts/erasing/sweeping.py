"""Bytes that an erasure leaves behind in both databases: the wrapped key, and digests of names."""

from django.utils.translation import gettext_lazy as _

from vault import traces
from vault.models import IndexEntry, SubjectKey
from vault.router import KEYS

_STORES = (
    (KEYS, SubjectKey._meta.db_table, _("wrapped keys")),
    ("default", IndexEntry._meta.db_table, _("digests of names")),
)


def unswept() -> list[str]:
    """What of an erased person stays in a table's file until its owner writes the table anew."""
    return [str(what) for alias, table, what in _STORES if not traces.may_sweep(alias, table)]


def sweep() -> bool:
    """Leave no deleted key or index value in either database's files; false when somebody still reads.

    What a log archive or a standby still holds is told by :func:`accounts.erasing.statement.statement`.
    """
    swept = [
        traces.swept(alias, table) for alias, table, _what in _STORES
    ]  # both, even when the first is busy
    return all(swept)
