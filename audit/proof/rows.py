"""Rows by the million: as the driver gives them, in chunks, without models."""

import itertools
from collections.abc import Iterator
from typing import Any

from django.db import connection

_CHUNK = 5_000
_numbers = itertools.count()


def raw(statement: str) -> Iterator[tuple[Any, ...]]:
    """Rows of a statement of our own; on PostgreSQL through a cursor on the server."""
    if connection.vendor == "postgresql":
        connection.ensure_connection()
        driver: Any = connection.connection
        # Outside a transaction the server keeps a cursor only when it is told to.
        name, hold = f"verify_{next(_numbers)}", not connection.in_atomic_block
        with driver.cursor(name=name, withhold=hold) as cursor:
            cursor.execute(statement, binary=True)
            while rows := cursor.fetchmany(_CHUNK):
                yield from rows
        return
    with connection.cursor() as cursor:
        cursor.execute(statement)
        while rows := cursor.fetchmany(_CHUNK):
            yield from rows
