"""Money that had gone back to a giver and came back to us: a refund that failed, a dispute we won."""

import datetime

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
    on: datetime.date | None = None,
    by: Actor,
    at: datetime.datetime,
) -> Journal:
    """Book money that came back, from its balance transaction.

    What of the fund's losses nobody has covered yet is made good first; the rest goes to the gift's own
    batch. ``fee_minor`` is a fee given back. Raises AlreadyBooked, GiftUnknown.
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
    total = amount_minor + fee_minor
    made_good = min(total, _uncovered_of(fund))
    if made_good:
        losses = chart.account(AccountKind.UNCOVERED)
        entries.append(Entry(control, losses, made_good, category, fund=fund))
    if total > made_good:
        entries.append(Entry(control, chart.fund(fund), total - made_good, category, fund=fund, batch=batch))
    touch(fund.id)
    fact(source=source_id, amount_minor=amount_minor, made_good_minor=made_good)
    return books.write(JournalKind.RETURNED, f"returned:{source_id}", entries, by=by, at=at, on=on)


def _uncovered_of(fund: Fund) -> int:
    """What of this fund's losses is still uncovered: never more than is uncovered in all."""
    losses = chart.account(AccountKind.UNCOVERED)
    moved = Transfer.objects.filter(fund=fund)
    lost = moved.filter(debit=losses).aggregate(total=Sum("amount_minor"))["total"] or 0
    back = moved.filter(credit=losses).aggregate(total=Sum("amount_minor"))["total"] or 0
    return max(0, min(lost - back, -losses.balance.posted_minor))
