"""Payouts and other movements of the Stripe balance that belong to no single gift."""

import datetime
import logging
from collections.abc import Collection, Iterable, Sequence

from audit.actions import action, fact, touch
from audit.actors import Actor
from donations.models import Alarm, Donation, Fact, Movement, Payout, PayoutEntry
from donations.noting import Notes, raise_alarm
from donations.stripe_answers import BalanceTransaction
from donations.stripe_answers import Payout as PayoutSeen
from treasury import chart
from treasury.actions import clearing
from treasury.books import AlreadyBooked

log = logging.getLogger("donations.payouts")
BookedAs, State = Movement.BookedAs, Payout.State
_STATES = {"paid": State.PAID, "failed": State.FAILED, "canceled": State.FAILED}
_OWN = ("payout", "payout_failure", "payout_cancel")


@action("payout.observed")
def observe_payout(
    *,
    seen: PayoutSeen,
    entries: Sequence[BalanceTransaction],
    own: Sequence[BalanceTransaction],
    by: Actor,
    at: datetime.datetime,
) -> Payout:
    """Record a payout, what it pays (``entries``) and its own movements (``own``: out, back if it failed).

    What is known already changes nothing. A payout that is not the sum of its entries raises an alarm.
    """
    payout = _row(seen)
    touch(payout.pk)
    fact(payout=seen.id, amount_minor=seen.amount_minor)
    for entry in own:
        _book_own(seen, entry, by, at)
    _name_entries(payout, entries)
    if entries and payout.entries_minor != payout.amount_minor:
        log.warning("payout %s is not the sum of its transactions", seen.id)
        difference = abs(payout.amount_minor - (payout.entries_minor or 0))
        raise_alarm(
            Alarm.Kind.PAYOUT_DIFFERS, seen.id, at=at, amount_minor=difference, currency=seen.currency
        )
    if payout.state == State.FAILED:
        raise_alarm(
            Alarm.Kind.PAYOUT_FAILED, seen.id, at=at, amount_minor=seen.amount_minor, currency=seen.currency
        )
    return payout


def _row(seen: PayoutSeen) -> Payout:
    state = _STATES.get(seen.status, State.ON_THE_WAY)
    row = Payout.objects.select_for_update().filter(payout_id=seen.id).first()
    if row is None:
        return Payout.objects.create(
            payout_id=seen.id,
            amount_minor=seen.amount_minor,
            currency=seen.currency,
            state=state,
            created_at=seen.created_at,
            arrives_on=seen.arrives_on,
        )
    # A payout may fail after it was paid, never the other way round.
    if row.state != State.FAILED and (row.state, row.arrives_on) != (state, seen.arrives_on):
        if not (row.state == State.PAID and state == State.ON_THE_WAY):
            row.state = state
        row.arrives_on = seen.arrives_on
        row.save()
    return row


def _book_own(seen: PayoutSeen, entry: BalanceTransaction, by: Actor, at: datetime.datetime) -> None:
    back = entry.net_minor > 0
    booked_as = BookedAs.PAYOUT_FAILED if back else BookedAs.PAYOUT
    if seen.currency != chart.base_currency():
        booked_as = BookedAs.NOTHING
    if not _keep(entry, booked_as) or booked_as == BookedAs.NOTHING:
        return
    book = clearing.book_payout_failed if back else clearing.book_payout_sent
    # Named after the payout, so that the bank room knows which one arrived and which came back.
    book(source_id=seen.id, amount_minor=abs(entry.gross_minor), by=by, at=at)
    if entry.fee_minor:
        clearing.book_processor_fee(source_id=entry.id, amount_minor=entry.fee_minor, by=by, at=at)


def _keep(entry: BalanceTransaction, booked_as: str) -> bool:
    """Store a movement; false when it is known."""
    if Movement.objects.filter(pk=entry.id).exists():
        return False
    Movement(
        id=entry.id,
        kind=entry.kind,
        source_id=entry.source_id or "",
        gross_minor=entry.gross_minor,
        fee_minor=entry.fee_minor,
        net_minor=entry.net_minor,
        currency=entry.currency,
        created_at=entry.created_at,
        booked_as=booked_as,
    ).save()
    return True


def _name_entries(payout: Payout, entries: Iterable[BalanceTransaction]) -> None:
    known = set(payout.lines.values_list("transaction_id", flat=True))
    fresh = [entry for entry in entries if entry.id not in known]
    if not fresh:
        return
    PayoutEntry.insert_many(
        [
            PayoutEntry(
                id=f"{payout.payout_id}:{entry.id}",
                payout=payout,
                transaction_id=entry.id,
                kind=entry.kind,
                net_minor=entry.net_minor,
            )
            for entry in fresh
        ]
    )
    payout.entries = len(known) + len(fresh)
    payout.entries_minor = (payout.entries_minor or 0) + sum(entry.net_minor for entry in fresh)
    payout.save()


@action("gifts.paid_out")
def mark_paid_out(*, payout: Payout, transactions: Collection[str], by: Actor, at: datetime.datetime) -> int:
    """Note on gifts, named by the transactions that settled them, that this payout took them along.

    One that failed is noted as such too. How many gifts changed.
    """
    settled = Fact.objects.filter(kind=Fact.Kind.SETTLED, object_id__in=transactions)
    of_gift: dict[object, list[str]] = {}
    for donation_id, transaction_id in settled.order_by().values_list("donation_id", "object_id"):
        of_gift.setdefault(donation_id, []).append(transaction_id)
    changed = 0
    for donation in Donation.objects.select_for_update().filter(pk__in=list(of_gift)).order_by("pk"):
        notes = Notes(donation, at)
        for transaction_id in of_gift[donation.pk]:
            mark = f"{payout.payout_id}:{transaction_id}"
            notes.add(Fact.Kind.PAID_OUT, mark)
            if payout.state == State.FAILED:
                notes.add(Fact.Kind.PAYOUT_FAILED, mark)
        changed += notes.write()
    touch(payout.pk)
    fact(gifts=changed)
    return changed


@action("movement.booked")
def book_movement(*, entry: BalanceTransaction, known_fee: bool, by: Actor, at: datetime.datetime) -> bool:
    """Book a movement that belongs to no gift and no payout; false when it was booked before.

    A known fee is borne by the general fund; anything else waits in suspense for a human.
    """
    fact(source=entry.id, kind=entry.kind)
    foreign = entry.currency != chart.base_currency()
    booked_as = BookedAs.NOTHING if foreign else BookedAs.FEE if known_fee else BookedAs.SUSPENSE
    if not entry.net_minor:
        booked_as = BookedAs.NOTHING
    if not _keep(entry, booked_as):
        return False
    try:
        if booked_as == BookedAs.FEE:
            clearing.book_processor_fee(source_id=entry.id, amount_minor=-entry.net_minor, by=by, at=at)
        elif booked_as == BookedAs.SUSPENSE:
            clearing.book_suspense(source_id=entry.id, amount_minor=entry.net_minor, by=by, at=at)
    except AlreadyBooked:
        return False
    if booked_as == BookedAs.SUSPENSE or foreign:
        log.warning("movement %s of kind %s waits for a human", entry.id, entry.kind)
        kind = Alarm.Kind.FOREIGN if foreign else Alarm.Kind.UNKNOWN
        if entry.kind in ("charge", "payment"):
            kind = Alarm.Kind.STRAY
        raise_alarm(kind, entry.id, at=at, amount_minor=abs(entry.net_minor), currency=entry.currency)
    return True
