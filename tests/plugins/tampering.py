"""What somebody could do who owns the tables: guards down, rows changed, guards up again.

Only the tables that a statement names lose their guards: putting up those of all tables takes a quarter of a
second on PostgreSQL.
"""

import re
from functools import cache

from django.db import connection


def tamper(*statements: str, values: tuple[object, ...] = ()) -> None:
    """Run these as the owner, past the guards of the tables they name."""
    from audit import guards

    with guards.lifted(connection, named_in(*statements)), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement, values or None)


def take_down_guards(*statements: str) -> None:
    """Those of the tables that are named here, until the test's rollback brings them back."""
    from audit import guards

    guards.remove(connection, named_in(*statements))


def named_in(*statements: str) -> set[str]:
    """Tables with guards that are named in these statements."""
    words = {word for statement in statements for word in re.findall(r"\w+", statement)}
    return words & _guarded()


@cache
def _guarded() -> set[str]:
    from audit import guards

    return {guard.table for guard in guards.expected(connection)}
