"""Money from gifts. No donor appears here: a gift is its processor's transaction and its fund.

What the processor reports is a fact and is always booked. Where a fund no longer has the money, the loss
is ``uncovered`` until two people decide what covers it.
"""

import datetime

from django.utils.translation import gettext_lazy as _

from audit.actions import DomainError, action, fact, touch
from audit.actors import Actor
from treasury import batches, books, chart, losses
from treasury.books import Entry
from treasury.kinds import AccountKind, Category, JournalKind
from treasury.models import Batch, Fund, Journal


class AmountsDiffer(DomainError):
    """Gross less fee is not net."""

    code = "amounts-differ"
    message = _("Gross less fee must be net. Fetch the balance transaction again.")


class GiftUnknown(DomainError):
    """No gift was booked from this transaction."""

    code = "gift-unknown"
    message = _("The gift this belongs to is not in the books. Book the gift first.")


@action("money.gift_booked")
def book_gift(
    *,
    source_id: str,
    fund: Fund,
    gross_minor: int,
    fee_minor: int,
    net_minor: int,
    on: datetime.date | None = None,
    by: Actor,
    at: datetime.datetime,
) -> Journal:
    """Book one gift from its balance transaction; the fund is credited with the net.

    ``source_id`` is the balance transaction's id. Raises AlreadyBooked, AmountsDiffer, PeriodClosed.
    """
    if gross_minor - fee_minor != net_minor or gross_minor <= 0 or fee_minor < 0:
        raise AmountsDiffer()
    last = books.lock()
    batch = batches.gifts_batch(fund, on=on or at.date())
    stripe, income, fees, control, account = chart.accounts(
        chart.place(AccountKind.CLEARING, "stripe"),
        chart.place(AccountKind.INCOME, "gifts"),
        chart.place(AccountKind.FEES, "stripe"),
        chart.place(AccountKind.FUNDS_CONTROL),
        chart.fund_place(fund),
    )
    entries = [Entry(stripe, income, gross_minor, Category.GIFT, fund=fund, batch=batch)]
    if fee_minor:
        entries.append(Entry(fees, stripe, fee_minor, Category.PROCESSING_FEE, fund=fund, batch=batch))
    if net_minor > 0:
        entries.append(Entry(control, account, net_minor, Category.GIFT, fund=fund, batch=batch))
    elif net_minor < 0:
        entries += losses.charge(fund, -net_minor, Category.PROCESSING_FEE)
    touch(fund.id)
    fact(source=source_id, gross_minor=gross_minor, fee_minor=fee_minor)
    return books.write(JournalKind.GIFT, f"gift:{source_id}", entries, by=by, at=at, on=on, locked=last)


@action("money.refund_booked")
def book_refund(
    *,
    source_id: str,
    gift_source_id: str,
    amount_minor: int,
    fee_minor: int = 0,
    disputed: bool = False,
    on: datetime.date | None = None,
    by: Actor,
    at: datetime.datetime,
) -> Journal:
    """Book money that went back to a giver, from its balance transaction.

    The gift's own batch pays first, then the fund's other money; what the fund cannot pay is uncovered.
    Raises AlreadyBooked, GiftUnknown.
    """
    books.lock()
    batch = batch_of(gift_source_id)
    if batch is None:
        raise GiftUnknown()
    fund = batch.fund
    category = Category.DISPUTE if disputed else Category.REFUND
    stripe = chart.clearing()
    refunds = chart.account(AccountKind.REFUNDS, "disputes" if disputed else "refunds")
    entries = [Entry(refunds, stripe, amount_minor, category, fund=fund, batch=batch)]
    if fee_minor:
        fees = chart.account(AccountKind.FEES, "stripe")
        entries.append(Entry(fees, stripe, fee_minor, Category.PROCESSING_FEE, fund=fund, batch=batch))
    entries += losses.charge(fund, amount_minor + fee_minor, category, first=batch)
    touch(fund.id)
    fact(source=source_id, amount_minor=amount_minor, uncovered_minor=losses.uncovered(entries))
    kind = JournalKind.DISPUTE if disputed else JournalKind.REFUND
    return books.write(kind, f"{kind.value}:{source_id}", entries, by=by, at=at, on=on)


def batch_of(source_id: str) -> Batch | None:
    """The batch that a gift joined when it was booked; None if it is not in the books."""
    gifts = Batch.objects.select_related("fund")
    return gifts.filter(transfers__journal__key=f"gift:{source_id}", transfers__line=1).first()


@action("money.payout_booked")
def book_payout(
    *,
    source_id: str,
    amount_minor: int,
    bank: str = "main",
    on: datetime.date | None = None,
    by: Actor,
    at: datetime.datetime,
) -> Journal:
    """Book what the processor paid out to the bank. A payout that failed is reversed."""
    entry = Entry(chart.bank(bank), chart.clearing(), amount_minor, Category.PAYOUT)
    fact(source=source_id, amount_minor=amount_minor)
    return books.write(JournalKind.PAYOUT, f"payout:{source_id}", [entry], by=by, at=at, on=on)


@action("batches.closed")
def close_batches_due(*, by: Actor, at: datetime.datetime) -> int:
    """Close every batch of gifts that is large and old enough; how many were closed."""
    books.lock()
    due = [batch for batch in batches.open_gift_batches() if batches.is_due(batch, at.date())]
    for batch in due:
        batches.close(batch, on=at.date())
        touch(batch.id)
    fact(closed=len(due))
    return len(due)
