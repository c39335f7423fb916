"""Rows by the million: as the driver gives them, in chunks, without models."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

_CHUNK = 5_000
_numbers = itertools.count()


def raw(statement: str) -> Iterator[tuple[Any, ...]]:
    """Rows of a statement of our own; on PostgreSQL through a cursor on the server."""
    with _opened[connection.vendor](statement) as cursor:
        while rows := cursor.fetchmany(_CHUNK):
            yield from rows


@contextmanager
def _here(statement: str) -> Iterator[Any]:  # on SQLite only
    with connection.cursor() as cursor:
        cursor.execute(statement)
        yield cursor


@contextmanager
def _on_the_server(statement: str) -> Iterator[Any]:  # on PostgreSQL only
    connection.ensure_connection()
    driver: Any = connection.connection
    # Outside a transaction the server keeps a cursor only when it is told to.
    name, hold = f"verify_{next(_numbers)}", not connection.in_atomic_block
    with driver.cursor(name=name, withhold=hold) as cursor:
        cursor.execute(statement, binary=True)
        yield cursor


_opened = {"sqlite": _here, "postgresql": _on_the_server}
