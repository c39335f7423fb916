"""Who writes readings and who seals them must not overtake each other."""

from typing import Any

from django.db import connection

# Any number will do, as long as nobody else's lock has it.
_READINGS = 5_271_001
_SIGNING = 5_271_002


def share_readings() -> None:
    """Taken by each writer of readings, to the end of its transaction.

    PostgreSQL hands out ids before it commits: without this a row could come to light behind a seal.
    SQLite has one writer at a time.
    """
    _lock("pg_advisory_xact_lock_shared", _READINGS)


def hold_readings() -> None:
    """Taken by the one that seals: waits until readings under way are committed."""
    _lock("pg_advisory_xact_lock", _READINGS)


def sign_alone() -> None:
    """Two checkpoints at once would be one too many."""
    _lock("pg_advisory_xact_lock", _SIGNING)


def _lock(function: str, number: int) -> None:
    at: Any = connection
    if at.vendor == "postgresql":  # on PostgreSQL only
        with at.cursor() as cursor:
            cursor.execute(f"select {function}(%s)", [number])
