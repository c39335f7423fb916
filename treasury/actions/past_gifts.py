"""Gifts taken over from an earlier system: many of one day in one journal."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from audit.actions import action, fact, touch
from audit.actors import Actor
from audit.canonical import digest
from treasury import batches, books, chart
from treasury.books import Entry
from treasury.kinds import AccountKind, Category, JournalKind
from treasury.models import Batch, Fund


@dataclass(frozen=True)
class Booked:
    """One gift: its number in the old system, gross and fee in minor units; the fee is below the gross."""

    source_id: str
    gross_minor: int
    fee_minor: int


@action("money.past_gifts_booked")
def book_past_gifts(
    *, fund: Fund, gifts: Sequence[Booked], on: datetime.date, by: Actor, at: datetime.datetime
) -> Batch:
    """Book gifts whose money lies in the bank already; the batch they went into.

    The same list again raises AlreadyBooked. Raises ValueError for a gift that its fee eats up.
    """
    if any(gift.fee_minor < 0 or gift.gross_minor <= gift.fee_minor for gift in gifts):
        raise ValueError("a gift needs a gross above its fee")
    books.lock()
    batch = batches.gifts_batch(fund, on=on)
    bank, income = chart.bank("main"), chart.account(AccountKind.INCOME, "gifts")
    fees, control, account = (
        chart.account(AccountKind.FEES, "stripe"),
        chart.funds_control(),
        chart.fund(fund),
    )
    entries = []
    for gift in gifts:
        net = gift.gross_minor - gift.fee_minor
        entries.append(Entry(bank, income, gift.gross_minor, Category.GIFT, fund=fund, batch=batch))
        if gift.fee_minor:
            entries.append(Entry(fees, bank, gift.fee_minor, Category.PROCESSING_FEE, fund=fund, batch=batch))
        entries.append(Entry(control, account, net, Category.GIFT, fund=fund, batch=batch))
    key = digest("|".join(gift.source_id for gift in gifts))[:40]
    books.write(JournalKind.GIFT, f"past:{key}", entries, by=by, at=at, on=on)
    touch(fund.id)
    fact(gifts=len(gifts))
    return batch
