"""Whether a test touched money at all: laws over empty tables hold, and asking them all takes time.

That no law looks at a table beyond these is proved by ``tests/treasury/test_laws.py``.
"""

from functools import cache
from typing import Any

# Rows that hold money, or say how much there should be.
MONEY = (
    "donations.Donation", "donations.Fact", "donations.Movement", "donations.Payout", "donations.Refund",
    "treasury.Ceiling", "treasury.Claim", "treasury.Doubling", "treasury.Grant", "treasury.GrantLine",
    "treasury.Hold", "treasury.Instalment", "treasury.Journal", "treasury.Lot", "treasury.Match",
    "treasury.OpenLine", "treasury.Period", "treasury.Pledge", "treasury.Transfer",
)  # fmt: skip
# Rows that say nothing while those are missing, but for what stands in them.
STANDING = {
    "treasury.Balance": "debit_posted + debit_pending + credit_posted + credit_pending > 0",
    "treasury.Counter": "last_number > 0",
}


def nothing_in_the_books(connection: Any) -> bool:
    """Ask all of it in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_question())
        (found,) = cursor.fetchone()
    return not found


@cache
def _question() -> str:
    from django.apps import apps

    rows = {**dict.fromkeys(MONEY, ""), **STANDING}
    tables = {apps.get_model(name)._meta.db_table: where for name, where in rows.items()}
    parts = (f"exists(select 1 from {table}{where and ' where ' + where})" for table, where in tables.items())
    return f"select {' or '.join(parts)}"
