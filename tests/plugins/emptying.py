"""Empty the tables after a transactional test: only those that hold rows, and only their guards lifted.

Django's own flush truncates every table and tells the program that it was migrated, which puts up all guards
and compares all shapes again: half a second a test, for a dozen rows.
"""

from typing import Any

# What the making of the database put there, and no test changes.
_STANDING = ("django_migrations", "django_content_type", "auth_permission")
# Shapes noted with the tables themselves; a test that migrates adds to them, always with an action.
_SHAPES = "audit_tableshape"


def empty(connection: Any) -> None:
    """Delete all rows that tests wrote. Foreign keys are deferred, so the order of tables does not matter."""
    from django.db import transaction

    from audit import guards

    written = _written(connection)
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        guards.remove(connection, written)
        for table, where in written.items():
            cursor.execute(f'delete from "{table}"{where}')
    with transaction.atomic(using=connection.alias):
        guards.install(connection, written)
    if guards.missing(connection):  # the test took some down
        guards.install(connection)


def _written(connection: Any) -> dict[str, str]:
    """The tables with rows of tests, each with the condition that finds them."""
    tables = dict.fromkeys(set(connection.introspection.table_names()) - set(_STANDING), "")
    if _SHAPES in tables:
        tables[_SHAPES] = " where action_id is not null"
    parts = (
        f"select '{name}' where exists (select 1 from \"{name}\"{where})" for name, where in tables.items()
    )
    with connection.cursor() as cursor:
        cursor.execute(" union all ".join(parts))
        found = {name for (name,) in cursor.fetchall()}
    return {name: where for name, where in tables.items() if name in found}
