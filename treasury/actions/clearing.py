"""What the payment processor does with money besides gifts: payouts, fees, movements nobody knows yet.

All of these are facts from outside and are always booked. A payout is on its way from the moment the
processor lets go of it until the bank shows it.
"""

import datetime

from audit.actions import action, fact, touch
from audit.actors import Actor
from treasury import batches, books, chart, losses
from treasury.books import Entry
from treasury.kinds import AccountKind, Category, FundKind, JournalKind
from treasury.models import Account, Batch, Fund, Journal


def in_transit() -> Account:
    """Payouts that left the processor and have not reached the bank."""
    return chart.account(AccountKind.CLEARING, "transit")


@action("money.payout_sent")
def book_payout_sent(
    *, source_id: str, amount_minor: int, on: datetime.date | None = None, by: Actor, at: datetime.datetime
) -> Journal:
    """Book a payout that left the processor, from its balance transaction. Raises AlreadyBooked."""
    entry = Entry(in_transit(), chart.clearing(), amount_minor, Category.PAYOUT)
    fact(source=source_id, amount_minor=amount_minor)
    return books.write(JournalKind.PAYOUT, f"payout-sent:{source_id}", [entry], by=by, at=at, on=on)


@action("money.payout_failed")
def book_payout_failed(
    *, source_id: str, amount_minor: int, on: datetime.date | None = None, by: Actor, at: datetime.datetime
) -> Journal:
    """Book a payout that the bank sent back to the processor. Raises AlreadyBooked."""
    entry = Entry(chart.clearing(), in_transit(), amount_minor, Category.PAYOUT)
    fact(source=source_id, amount_minor=amount_minor)
    return books.write(JournalKind.PAYOUT, f"payout-failed:{source_id}", [entry], by=by, at=at, on=on)


@action("money.payout_arrived")
def book_payout_arrived(
    *,
    source_id: str,
    amount_minor: int,
    bank: str = "main",
    on: datetime.date | None = None,
    by: Actor,
    at: datetime.datetime,
) -> Journal:
    """Book a payout that the bank shows, from its statement's line. Raises AlreadyBooked."""
    entry = Entry(chart.bank(bank), in_transit(), amount_minor, Category.PAYOUT)
    fact(source=source_id, amount_minor=amount_minor)
    return books.write(JournalKind.PAYOUT, f"payout-arrived:{source_id}", [entry], by=by, at=at, on=on)


@action("money.processor_fee_booked")
def book_processor_fee(
    *, source_id: str, amount_minor: int, on: datetime.date | None = None, by: Actor, at: datetime.datetime
) -> Journal:
    """Book a fee of the processor that belongs to no gift: the general fund bears what it can.

    A negative amount is a fee given back. Raises AlreadyBooked.
    """
    books.lock()
    fees, stripe = chart.account(AccountKind.FEES, "stripe"), chart.clearing()
    fund = _general()
    fact(source=source_id, amount_minor=amount_minor)
    key = f"processor:{source_id}"
    if amount_minor < 0:
        back = [Entry(stripe, fees, -amount_minor, Category.PROCESSING_FEE, fund=fund)]
        back += _given(fund, -amount_minor, at.date())
        return books.write(JournalKind.PROCESSOR, key, back, by=by, at=at, on=on)
    entries = [Entry(fees, stripe, amount_minor, Category.PROCESSING_FEE, fund=fund)]
    entries += losses.charge(fund, amount_minor, Category.PROCESSING_FEE)
    touch(fund.id)
    return books.write(JournalKind.PROCESSOR, key, entries, by=by, at=at, on=on)


@action("money.held_in_suspense")
def book_suspense(
    *, source_id: str, amount_minor: int, on: datetime.date | None = None, by: Actor, at: datetime.datetime
) -> Journal:
    """Book a movement nobody knows the meaning of: negative when money left. No fund moves.

    Raises AlreadyBooked.
    """
    suspense, stripe = chart.account(AccountKind.SUSPENSE, "stripe"), chart.clearing()
    debit, credit = (stripe, suspense) if amount_minor > 0 else (suspense, stripe)
    fact(source=source_id, amount_minor=amount_minor)
    entry = Entry(debit, credit, abs(amount_minor), Category.PROCESSING_FEE)
    return books.write(JournalKind.PROCESSOR, f"suspense:{source_id}", [entry], by=by, at=at, on=on)


@action("money.suspense_settled")
def settle_suspense(
    *, source_id: str, amount_minor: int, fund: Fund, by: Actor, at: datetime.datetime
) -> Journal:
    """A human says that a movement in suspense was a fee (negative) or a gain of this fund.

    Raises AlreadyBooked.
    """
    books.lock()
    suspense = chart.account(AccountKind.SUSPENSE, "stripe")
    if amount_minor < 0:
        fees = chart.account(AccountKind.FEES, "stripe")
        entries = [Entry(fees, suspense, -amount_minor, Category.PROCESSING_FEE, fund=fund)]
        entries += losses.charge(fund, -amount_minor, Category.PROCESSING_FEE)
    else:
        income = chart.account(AccountKind.INCOME, "gifts")
        batch = batches.gifts_batch(fund, on=at.date())
        entries = [Entry(suspense, income, amount_minor, Category.GIFT, fund=fund, batch=batch)]
        entries += _given(fund, amount_minor, at.date(), batch, Category.GIFT)
    touch(fund.id)
    fact(source=source_id, amount_minor=amount_minor)
    return books.write(JournalKind.PROCESSOR, f"suspense-settled:{source_id}", entries, by=by, at=at)


@action("money.suspense_released")
def release_suspense(*, source_id: str, by: Actor, at: datetime.datetime) -> Journal:
    """Take a movement out of suspense again, because it is about to be booked as what it is.

    Raises AlreadyBooked; Journal.DoesNotExist for one that is not in suspense.
    """
    held = Journal.objects.get(key=f"suspense:{source_id}")
    entries = [
        Entry(transfer.credit, transfer.debit, transfer.amount_minor, Category.PROCESSING_FEE)
        for transfer in held.transfers.select_related("debit", "credit")
    ]
    fact(source=source_id)
    return books.write(JournalKind.PROCESSOR, f"suspense-released:{source_id}", entries, by=by, at=at)


def _general() -> Fund:
    """The fund that bears what belongs to no other; there is always one before money comes in."""
    return Fund.objects.filter(kind=FundKind.GENERAL).order_by("opened_on", "code")[0]


def _given(
    fund: Fund,
    amount_minor: int,
    on: datetime.date,
    batch: Batch | None = None,
    category: Category = Category.PROCESSING_FEE,
) -> list[Entry]:
    batch = batch or batches.gifts_batch(fund, on=on)
    return [Entry(chart.funds_control(), chart.fund(fund), amount_minor, category, fund=fund, batch=batch)]
