"""The money guards: what the database itself enforces, on both engines, whatever writes to it.

Each engine's module gives the same guards, table by table; ``docs/books.md`` says the rules in words.
"""

from audit import checks, guards
from treasury.triggers import postgresql, sqlite

KEPT_BY_TRIGGERS = ("Balance", "Hold", "Lot", "Counter")


def register() -> None:
    """Hand the guards to audit, which puts them up after each migration."""
    on_sqlite = {guard.table: guard for guard in sqlite.GUARDS}
    on_postgresql = {guard.table: guard for guard in postgresql.GUARDS}
    for table, guard in on_sqlite.items():
        guards.register(f"money {table}", sqlite=guard, postgresql=on_postgresql[table])
    for name in KEPT_BY_TRIGGERS:
        checks.excuse(f"treasury.{name}", "kept by triggers from the transfers; verified against them")
