"""Money that had gone back to a giver and came back to us: a refund that failed, a dispute we won."""

import datetime
from typing import Any

from django.db.models import Sum

from audit.actions import action, fact, touch
from audit.actors import Actor
from treasury import books, chart
from treasury.actions.gifts import GiftUnknown, batch_of
from treasury.books import Entry
from treasury.kinds import AccountKind, Category, JournalKind
from treasury.models import Fund, Journal, Transfer


@action("money.return_booked")
def book_return(
    *,
    source_id: str,
    gift_source_id: str,
    amount_minor: int,
    fee_minor: int = 0,
    disputed: bool = False,
    loss_source_id: str = "",
    on: datetime.date | None = None,
    by: Actor,
    at: datetime.datetime,
) -> Journal:
    """Book money that came back, from its balance transaction.

    ``loss_source_id`` is the transaction that had taken it: who covered that loss, normally the reserve, is
    paid back first. Then what of the fund's losses nobody has covered yet is made good; the rest goes to the
    gift's own batch. ``fee_minor`` is a fee given back. Raises AlreadyBooked, GiftUnknown.
    """
    books.lock()
    batch = batch_of(gift_source_id)
    if batch is None:
        raise GiftUnknown()
    fund = batch.fund
    category = Category.DISPUTE if disputed else Category.REFUND
    stripe, control = chart.clearing(), chart.funds_control()
    refunds = chart.account(AccountKind.REFUNDS, "disputes" if disputed else "refunds")
    entries = [Entry(stripe, refunds, amount_minor, category, fund=fund, batch=batch)]
    if fee_minor:
        fees = chart.account(AccountKind.FEES, "stripe")
        entries.append(Entry(stripe, fees, fee_minor, Category.PROCESSING_FEE, fund=fund, batch=batch))
    left = amount_minor + fee_minor
    paid_back = _to_who_covered(loss_source_id, left, category)
    left -= sum(entry.amount_minor for entry in paid_back)
    entries += paid_back
    made_good = min(left, _uncovered_of(fund))
    if made_good:
        losses = chart.account(AccountKind.UNCOVERED)
        entries.append(Entry(control, losses, made_good, category, fund=fund))
    if left > made_good:
        entries.append(Entry(control, chart.fund(fund), left - made_good, category, fund=fund, batch=batch))
    touch(fund.id)
    fact(source=source_id, amount_minor=amount_minor, made_good_minor=made_good)
    return books.write(JournalKind.RETURNED, f"returned:{source_id}", entries, by=by, at=at, on=on)


def _to_who_covered(loss_source_id: str, at_most_minor: int, category: Category) -> list[Entry]:
    """What a fund paid to cover this loss, back into the batches it came from, last first."""
    if not loss_source_id:
        return []
    covered = Transfer.objects.filter(
        journal__kind=JournalKind.COVER, journal__key__startswith=f"cover:{loss_source_id}:"
    ).select_related("debit", "fund", "batch")
    entries, left = [], at_most_minor
    for transfer in covered.order_by("-journal__number", "-line"):
        part = min(left, transfer.amount_minor)
        about: Any = {"fund": transfer.fund, "batch": transfer.batch}
        entries.append(Entry(chart.funds_control(), transfer.debit, part, category, **about))
        left -= part
    return [entry for entry in entries if entry.amount_minor]


def _uncovered_of(fund: Fund) -> int:
    """What of this fund's losses is still uncovered: never more than is uncovered in all."""
    losses = chart.account(AccountKind.UNCOVERED)
    moved = Transfer.objects.filter(fund=fund)
    lost = moved.filter(debit=losses).aggregate(total=Sum("amount_minor"))["total"] or 0
    back = moved.filter(credit=losses).aggregate(total=Sum("amount_minor"))["total"] or 0
    return max(0, min(lost - back, -losses.balance.posted_minor))
