"""One moment for all that is read: others go on writing, and nothing of it is seen.

Without it a proof that reads events first and the tree's nodes later takes what was added between the two
for a falsification.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction


@contextmanager
def one_moment() -> Iterator[None]:
    """Read only, from one snapshot, keeping nobody waiting. Inside a transaction already: as that one reads.

    Whatever is written inside is refused by the database (django.db.Error).
    """
    if connection.in_atomic_block:
        yield
        return
    with _snapshot[connection.vendor]():
        yield


@contextmanager
def _of_the_file() -> Iterator[None]:  # on SQLite only
    """A transaction that takes no lock for writing; its first statement fixes what it sees."""
    engine: Any = connection
    engine.ensure_connection()
    usual, engine.transaction_mode = engine.transaction_mode, "DEFERRED"
    _only_read("on")
    try:
        with transaction.atomic():
            yield
    finally:
        _only_read("off")
        engine.transaction_mode = usual


def _only_read(switch: str) -> None:  # on SQLite only
    with connection.cursor() as cursor:
        cursor.execute(f"pragma query_only = {switch}")


@contextmanager
def _of_the_server() -> Iterator[None]:  # on PostgreSQL only
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("set transaction isolation level repeatable read, read only")
        yield


_snapshot = {"sqlite": _of_the_file, "postgresql": _of_the_server}
