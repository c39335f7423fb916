"""What a fund loses by a fact from outside, and how much of it the fund can bear."""

from treasury import batches, chart
from treasury.books import Entry
from treasury.kinds import AccountKind, Category
from treasury.models import Batch, Fund


def charge(
    fund: Fund, amount_minor: int, category: Category, first: Batch | None = None, freed_minor: int = 0
) -> list[Entry]:
    """Entries that take the amount from what is free in the fund; the rest is uncovered.

    The batch ``first`` pays before the others, which pay oldest first. ``freed_minor`` was held, and is let
    go by entries of the same journal before these.
    """
    account = chart.fund(fund)
    free = account.balance.free_minor + freed_minor
    lots = sorted(batches.lots_of(fund), key=lambda lot: lot.batch_id != (first.id if first else None))
    entries = []
    left = amount_minor
    for lot in lots:
        part = min(left, lot.remaining_minor, free)
        if part > 0:
            entries.append(Entry(account, chart.funds_control(), part, category, fund=fund, batch=lot.batch))
            left, free = left - part, free - part
    if left:
        losses = chart.account(AccountKind.UNCOVERED)
        entries.append(Entry(losses, chart.funds_control(), left, category, fund=fund))
    return entries


def uncovered(entries: list[Entry]) -> int:
    """How much of the entries no fund covers."""
    return sum(entry.amount_minor for entry in entries if entry.debit.kind == AccountKind.UNCOVERED)
