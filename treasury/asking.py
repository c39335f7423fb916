"""Questions to the database that are asked often and always alike: the money laws, after every test of money.

Django takes many times longer to build such a statement than the database takes to answer it. So it is
built once; the database is asked each time, and its answer gets the types that a query set would give it.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Expression, QuerySet
from django.db.models.sql import Query

Rows = QuerySet[Any, tuple[Any, ...]]
Question = Callable[..., Rows]


@dataclass(frozen=True)
class _Statement:
    """A question as the database reads it, and what its columns are."""

    query: Query
    sql: str
    params: tuple[Any, ...]
    columns: list[Expression]


def rows(question: Question, *given: Hashable) -> list[tuple[Any, ...]]:
    """What the database answers now; the question is a ``values_list`` made by a function of a module.

    Whatever is ``given`` is kept with the statement for ever: a currency or the code of a bank account, of
    which there are few; never an id or a day.
    """
    built = _built(question, connection.vendor, *given)
    with connection.cursor() as cursor:
        cursor.execute(built.sql, built.params)
        found = cursor.fetchall()
    compiler = built.query.get_compiler(connection=connection)
    return [tuple(row) for row in compiler.apply_converters(found, compiler.get_converters(built.columns))]


@cache
def _built(question: Question, _vendor: str, *given: Hashable) -> _Statement:
    """Keep nothing that belongs to one connection: another thread has one of its own."""
    query = question(*given).query
    compiler = query.get_compiler(connection=connection)
    sql, params = compiler.as_sql()
    return _Statement(query, sql, tuple(params), [column for column, _sql, _name in compiler.select])
