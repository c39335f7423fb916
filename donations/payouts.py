"""Payouts, and every movement of the Stripe balance: whose it is, and what the books make of it."""

import datetime
import logging
from collections.abc import Callable, Iterable

from audit.actors import WORKER, Actor
from donations import looking
from donations.actions import payouts as actions
from donations.models import Attempt, Fact, Movement, Payout, PayoutEntry
from donations.models.gifts import MOVED
from donations.stripe_answers import BalanceTransaction
from donations.stripe_gateway import Gateway, GatewayRefused

log = logging.getLogger("donations.payouts")
GIFTS = ("charge", "payment")
REFUNDS = ("refund", "payment_refund", "refund_failure", "payment_failure_refund")
DISPUTES = ("adjustment", "payment_reversal")
PAYOUTS = ("payout", "payout_failure", "payout_cancel")
FEES = ("stripe_fee", "stripe_fx_fee", "tax_fee")
AT_ONCE = 200


def look(payout_id: str, gateway: Gateway, *, at: datetime.datetime, by: Actor = WORKER) -> bool:
    """Fetch a payout and what it pays, and record both; its gifts are looked at first if we missed them."""
    seen = gateway.fetch_payout(payout_id)
    named = gateway.list_balance_transactions(payout_id=payout_id) if seen.automatic else []
    own_ids = [key for key in (seen.balance_transaction_id, seen.failure_transaction_id) if key]
    known = {entry.id: entry for entry in named}
    own = [known.get(key) or gateway.fetch_balance_transaction(key) for key in own_ids]
    entries = [entry for entry in named if entry.id not in own_ids]
    take_in(entries, gateway, at=at, by=by)
    payout = actions.observe_payout(seen=seen, entries=entries, own=own, by=by, at=at)
    mark(payout, at=at, by=by)
    return True


def mark(payout: Payout, *, at: datetime.datetime, by: Actor = WORKER) -> int:
    """Note the payout on its gifts, some at a time; what was noted before is left out."""
    waiting = _unmarked(payout)
    for start in range(0, len(waiting), AT_ONCE):
        actions.mark_paid_out(payout=payout, transactions=waiting[start : start + AT_ONCE], by=by, at=at)
    return len(waiting)


def _unmarked(payout: Payout) -> list[str]:
    kind = Fact.Kind.PAYOUT_FAILED if payout.state == Payout.State.FAILED else Fact.Kind.PAID_OUT
    begin = f"{payout.payout_id}:"
    noted = Fact.objects.filter(kind=kind, object_id__startswith=begin).values_list("object_id", flat=True)
    marked = {object_id.removeprefix(begin) for object_id in noted}
    return [key for key in sorted(_gifts_in(payout)) if key not in marked]


def _gifts_in(payout: Payout) -> set[str]:
    """Transactions of gifts that came with this payout, those of an earlier one that failed included."""
    found: set[str] = set()
    waiting, seen = [payout.payout_id], set()
    while waiting:
        current = waiting.pop()
        seen.add(current)
        lines = PayoutEntry.objects.filter(payout__payout_id=current)
        found.update(lines.filter(kind__in=GIFTS).values_list("transaction_id", flat=True))
        returned = lines.filter(kind__startswith="payout_").values("transaction_id")
        sources = Movement.objects.filter(pk__in=returned).values_list("source_id", flat=True)
        waiting += [source for source in sources if source not in seen]
    return found


def take_in(
    entries: Iterable[BalanceTransaction], gateway: Gateway, *, at: datetime.datetime, by: Actor = WORKER
) -> int:
    """See to it that each of these movements is in the books; how many were not. Raises GatewayError."""
    listed = list(entries)
    ids = [entry.id for entry in listed]
    known = set(Movement.objects.filter(pk__in=ids).values_list("pk", flat=True))
    kinds = [*MOVED, Fact.Kind.FOREIGN]
    known.update(Fact.objects.filter(kind__in=kinds, object_id__in=ids).values_list("object_id", flat=True))
    fresh = [entry for entry in listed if entry.id not in known]
    for entry in fresh:
        _take_in(entry, gateway, at=at, by=by)
    return len(fresh)


def _take_in(entry: BalanceTransaction, gateway: Gateway, *, at: datetime.datetime, by: Actor) -> None:
    if entry.kind in PAYOUTS and entry.source_id:
        look(entry.source_id, gateway, at=at, by=by)
        return
    attempt = _attempt_of(entry, gateway)
    if attempt is not None:
        looking.observe(attempt, gateway, at=at, by=by, deep=entry.kind not in GIFTS)
        if Fact.objects.filter(object_id=entry.id).exists():
            return
    actions.book_movement(entry=entry, known_fee=entry.kind in FEES, by=by, at=at)


def _attempt_of(entry: BalanceTransaction, gateway: Gateway) -> Attempt | None:
    """The attempt a movement belongs to, by what it names as its source."""
    if entry.source_id is None:
        return None
    if entry.kind in GIFTS:
        return _of_charge(entry.source_id, gateway)
    source = _SOURCES.get(entry.kind)
    if source is None:
        return None
    try:
        return _of_payment(source(gateway, entry.source_id), gateway)
    except GatewayRefused:
        return None  # an adjustment for something else than a dispute


def _of_charge(charge_id: str, gateway: Gateway) -> Attempt | None:
    """Known by its charge, or by its payment."""
    known = looking.ATTEMPTS.filter(charge_id=charge_id).first()
    if known is not None:
        return known
    return _of_payment(gateway.payment_intent_of_charge(charge_id), gateway)


def _of_payment(intent: str | None, gateway: Gateway) -> Attempt | None:
    """Known here, or found at Stripe by the page or invoice that took it.

    Nothing may have been heard of the gift before its refund or dispute: a movement booked for itself would
    be booked again with the gift.
    """
    return looking.attempt_of_payment(intent) or looking.find_attempt(intent, gateway)


_SOURCES: dict[str, Callable[[Gateway, str], str | None]] = {
    **dict.fromkeys(REFUNDS, lambda gateway, key: gateway.fetch_refund(key).payment_intent_id),
    **dict.fromkeys(DISPUTES, lambda gateway, key: gateway.fetch_dispute(key).payment_intent_id),
}
