"""Holding a gift until a human has decided about it, and letting it go."""

import datetime

from audit.actions import action, fact, touch
from audit.actors import Actor
from treasury import books, chart, holding
from treasury.actions.gifts import GiftUnknown, batch_of
from treasury.books import Entry
from treasury.kinds import Category, JournalKind, TransferKind
from treasury.models import Journal


@action("money.gift_held")
def hold_gift(*, source_id: str, upto_minor: int, by: Actor, at: datetime.datetime) -> Journal | None:
    """Hold a gift in its fund until as much is held of it, as far as the money is still free.

    ``source_id`` is the balance transaction it was booked from. None when there is nothing to hold. Raises
    GiftUnknown, PeriodClosed.
    """
    books.lock()
    batch = batch_of(source_id)
    if batch is None:
        raise GiftUnknown()
    account = chart.fund(batch.fund)
    known = holding.holds(source_id)
    amount = min(upto_minor - sum(one.hold.remaining_minor for one in known), account.balance.free_minor)
    if amount <= 0:
        return None
    entry = Entry(
        account,
        chart.funds_control(),
        amount,
        Category.GIFT,
        kind=TransferKind.PEND,
        fund=batch.fund,
        batch=batch,
    )
    touch(batch.fund_id)
    fact(source=source_id, amount_minor=amount)
    key = holding.hold_key(source_id, len(known) + 1)
    return books.write(JournalKind.HELD, key, [entry], by=by, at=at)


@action("money.gift_let_go")
def let_gift_go(*, source_id: str, by: Actor, at: datetime.datetime) -> Journal | None:
    """Let go all that is held of a gift: it may be used. None when nothing is held. Raises PeriodClosed."""
    number = books.lock()
    entries = holding.release_entries(source_id, holding.held_minor(source_id))
    if not entries:
        return None
    touch(*{entry.fund.pk for entry in entries if entry.fund})
    fact(source=source_id, amount_minor=sum(entry.amount_minor for entry in entries))
    return books.write(JournalKind.LET_GO, f"let-go:{source_id}:{number + 1}", entries, by=by, at=at)
