"""Money from gifts. No donor appears here: a gift is its processor's transaction and its fund.

What the processor reports is a fact and is always booked. Where a fund no longer has the money, the loss
is ``uncovered`` until two people decide what covers it.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from audit.actions import DomainError, action, fact, touch
from audit.actors import Actor
from treasury import batches, books, chart, holding, losses
from treasury.books import Entry
from treasury.kinds import AccountKind, Category, JournalKind
from treasury.models import Account, Batch, Fund, Journal


class AmountsDiffer(DomainError):
    """Gross less fee is not net."""

    code = "amounts-differ"
    message = _("Gross less fee must be net. Fetch the balance transaction again.")


class GiftUnknown(DomainError):
    """No gift was booked from this transaction."""

    code = "gift-unknown"
    message = _("The gift this belongs to is not in the books. Book the gift first.")


@dataclass(frozen=True)
class Gift:
    """What a gift's balance transaction says, in minor units of the fund's currency."""

    source_id: str
    gross_minor: int
    fee_minor: int
    net_minor: int


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
    gift = Gift(source_id, gross_minor, fee_minor, net_minor)
    _refuse(gift)
    last = books.lock()
    entries = _places(fund, on or at.date()).entries(gift)
    touch(fund.id)
    fact(source=source_id, gross_minor=gross_minor, fee_minor=fee_minor)
    return books.write(JournalKind.GIFT, f"gift:{source_id}", entries, by=by, at=at, on=on, locked=last)


@action("money.gifts_booked")
def book_gifts(*, gifts: Sequence[tuple[Fund, Gift]], by: Actor, at: datetime.datetime) -> dict[str, Batch]:
    """Book several gifts, each in a journal of its own; their batches by ``source_id``.

    For gifts that bring something: net above zero. Raises AlreadyBooked, AmountsDiffer, PeriodClosed; then
    none of them is booked.
    """
    for _fund, gift in gifts:
        _refuse(gift)
        if gift.net_minor <= 0:
            raise AmountsDiffer()
    last = books.lock()
    places = {fund.pk: _places(fund, at.date()) for fund, _gift in gifts}
    keyed = [(f"gift:{gift.source_id}", places[fund.pk].entries(gift)) for fund, gift in gifts]
    books.write_many(JournalKind.GIFT, keyed, by=by, at=at, locked=last)
    touch(*places)
    fact(
        gifts=len(gifts),
        gross_minor=sum(gift.gross_minor for _fund, gift in gifts),
        fee_minor=sum(gift.fee_minor for _fund, gift in gifts),
    )
    return {gift.source_id: places[fund.pk].batch for fund, gift in gifts}


def _refuse(gift: Gift) -> None:
    if gift.gross_minor - gift.fee_minor != gift.net_minor or gift.gross_minor <= 0 or gift.fee_minor < 0:
        raise AmountsDiffer()


@dataclass(frozen=True)
class _Places:
    """Where the gifts of one fund are booked."""

    fund: Fund
    batch: Batch
    stripe: Account
    income: Account
    fees: Account
    control: Account
    account: Account

    def entries(self, gift: Gift) -> list[Entry]:
        """The transfers of one gift. Below zero, the fund bears what the fee is more than the gift."""
        about: Any = {"fund": self.fund, "batch": self.batch}
        entries = [Entry(self.stripe, self.income, gift.gross_minor, Category.GIFT, **about)]
        if gift.fee_minor:
            fee = Entry(self.fees, self.stripe, gift.fee_minor, Category.PROCESSING_FEE, **about)
            entries.append(fee)
        if gift.net_minor > 0:
            entries.append(Entry(self.control, self.account, gift.net_minor, Category.GIFT, **about))
        elif gift.net_minor < 0:
            entries += losses.charge(self.fund, -gift.net_minor, Category.PROCESSING_FEE)
        return entries


def _places(fund: Fund, on: datetime.date) -> _Places:
    batch = batches.gifts_batch(fund, on=on)
    found = chart.accounts(
        chart.place(AccountKind.CLEARING, "stripe"),
        chart.place(AccountKind.INCOME, "gifts"),
        chart.place(AccountKind.FEES, "stripe"),
        chart.place(AccountKind.FUNDS_CONTROL),
        chart.fund_place(fund),
    )
    return _Places(fund, batch, *found)


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

    What is held of the gift is let go for it. The gift's own batch pays first, then the fund's other money;
    what the fund cannot pay is uncovered.
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
    freed = holding.release_entries(gift_source_id, amount_minor + fee_minor)
    freed_minor = sum(entry.amount_minor for entry in freed)
    entries += freed
    entries += losses.charge(fund, amount_minor + fee_minor, category, first=batch, freed_minor=freed_minor)
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
