"""What Stripe shows about a payment, turned into facts and bookings."""

import datetime
import logging
import uuid
from collections.abc import Sequence

from django.conf import settings

from audit.actions import action, fact, touch
from audit.actors import Actor
from donations import held, large
from donations.fallbacks import fund_now, wants_money_back
from donations.models import Alarm, Attempt, Donation, Fact, Refund
from donations.models.gifts import BOOKED
from donations.noting import Notes, raise_alarm
from donations.references import read_uuid
from donations.shown import Asked, Seen, Shown, facts_of
from donations.stripe_answers import BalanceTransaction, CheckoutSession, Dispute, Invoice, Payment
from donations.stripe_answers import Refund as RefundSeen
from treasury.actions.clearing import release_suspense
from treasury.actions.gifts import book_gift, book_refund
from treasury.actions.returns import book_return
from treasury.models import Transfer

log = logging.getLogger("donations.payments")
RISK_COUNTRIES: frozenset[str] = settings.RISK_COUNTRIES
Kind = Fact.Kind
_ENDED = (Kind.DISPUTE_WON, Kind.DISPUTE_LOST, Kind.INQUIRY_CLOSED)
_REFUND_STATES = {
    "succeeded": Refund.State.SUCCEEDED,
    "failed": Refund.State.FAILED,
    "canceled": Refund.State.FAILED,
}


def tells_news(attempt: Attempt, seen: Seen) -> bool:
    """Whether anything fetched is not recorded yet; facts only grow, so no lock is needed to ask."""
    donation = attempt.donation
    if seen.payment and seen.payment.balance_transaction and donation.status not in BOOKED:
        return True  # the common case: money came
    known = set(donation.facts.order_by().values_list("kind", "object_id"))
    shown = facts_of(seen, asked_of(donation), RISK_COUNTRIES)
    if any((each.kind, each.object_id) not in known for each in shown) or _ids_differ(attempt, seen):
        return True
    if not seen.refunds:
        return False
    states = dict(Refund.objects.filter(donation=donation).values_list("refund_id", "state"))
    return any(states.get(each.id) != _state_of(each) for each in seen.refunds)


def asked_of(donation: Donation) -> Asked:
    """What this gift asked for."""
    mandate = donation.recurring
    return Asked(
        reference=str(donation.pk),
        amount_minor=donation.amount_minor,
        currency=donation.currency,
        books=donation.fund.currency,
        or_minor=mandate.former_minor if mandate else 0,
    )


@action("gift.observed")
def observe_payment(
    *,
    attempt: Attempt,
    session: CheckoutSession | None,
    payment: Payment | None,
    refunds: Sequence[RefundSeen] = (),
    disputes: Sequence[Dispute] = (),
    invoice: Invoice | None = None,
    by: Actor,
    at: datetime.datetime,
) -> Donation:
    """Record all that was fetched about an attempt; what is known already changes nothing.

    Fetch first, then call this: no network happens while the gift's row is locked. Money is booked from
    balance transactions alone, each once.
    """
    seen = Seen(session, payment, tuple(refunds), tuple(disputes), invoice)
    locked = Donation.objects.select_for_update(of=("self",)).select_related("fund", "recurring")
    donation: Donation = locked.get(pk=attempt.donation_id)
    touch(donation.pk)
    fact(source=seen.key)
    know_ids(attempt, seen)
    notes = Notes(donation, at)
    settled = []
    for shown in facts_of(seen, asked_of(donation), RISK_COUNTRIES):
        if not notes.has(shown.kind, shown.object_id):
            _note(notes, shown, seen, by, at)
            settled += [shown.entry] if shown.kind == Kind.SETTLED and shown.entry else []
    notes.write()
    for each in seen.refunds:
        _follow_refund(donation, each, at)
    for entry in settled:
        large.look(donation, entry.gross_minor, by=by, at=at)
    held.keep_in_step(donation, by=by, at=at)
    return donation


def _ids_differ(attempt: Attempt, seen: Seen) -> bool:
    return any(getattr(attempt, name) != value for name, value in _ids(seen).items())


def _ids(seen: Seen) -> dict[str, str]:
    found = {}
    if seen.payment is not None:
        found["payment_intent_id"] = seen.payment.id
        if seen.payment.charge_id:
            found["charge_id"] = seen.payment.charge_id
    if seen.session is not None and seen.session.invoice_id:
        found["invoice_id"] = seen.session.invoice_id
    return found


def know_ids(attempt: Attempt, seen: Seen) -> None:
    """Inside an action: keep Stripe's ids of what was fetched, where they are new."""
    if _ids_differ(attempt, seen):
        for name, value in _ids(seen).items():
            setattr(attempt, name, value)
        attempt.save()


def _note(notes: Notes, shown: Shown, seen: Seen, by: Actor, at: datetime.datetime) -> None:
    """Book what moved, ask a human where one is needed, and note the fact."""
    money: dict[str, object] = {}
    if shown.entry is not None:
        money = amounts(shown.entry)
        if shown.kind != Kind.FOREIGN:
            money |= _book(notes.donation, shown, seen, by, at)
    elif shown.amount_minor is not None:
        money = {"gross_minor": shown.amount_minor, "currency": notes.donation.currency}
    notes.add(shown.kind, shown.object_id, **money)
    _alarm(notes.donation, shown, seen, at)


def amounts(entry: BalanceTransaction) -> dict[str, object]:
    """The columns of a fact about money."""
    return {
        "gross_minor": entry.gross_minor,
        "fee_minor": entry.fee_minor,
        "net_minor": entry.net_minor,
        "currency": entry.currency,
    }


def _book(
    donation: Donation, shown: Shown, seen: Seen, by: Actor, at: datetime.datetime
) -> dict[str, object]:
    entry = shown.entry
    if entry is None:
        return {}
    if shown.kind == Kind.SETTLED:
        _take_out_of_suspense(entry, by, at)
        journal = book_gift(
            source_id=entry.id,
            fund=fund_now(donation.fund, donation.fallback, at.date()),
            gross_minor=entry.gross_minor,
            fee_minor=entry.fee_minor,
            net_minor=entry.net_minor,
            by=by,
            at=at,
        )
        _alarm_ended(donation, entry, at)
        return {"batch_id": Transfer.objects.values_list("batch_id", flat=True).get(journal=journal, line=1)}
    disputed = shown.kind in (Kind.DISPUTE_TAKEN, Kind.DISPUTE_RETURNED)
    gift = _gift_source(seen)
    if entry.gross_minor < 0:
        journal = book_refund(
            source_id=entry.id,
            gift_source_id=gift,
            amount_minor=-entry.gross_minor,
            fee_minor=entry.fee_minor,
            disputed=disputed,
            by=by,
            at=at,
        )
        _alarm_loss(donation, shown, journal.pk, at)
    else:
        book_return(
            source_id=entry.id,
            gift_source_id=gift,
            amount_minor=entry.gross_minor,
            fee_minor=-entry.fee_minor,
            disputed=disputed,
            loss_source_id=_loss_source(seen, entry.id),
            by=by,
            at=at,
        )
    return {}


def _take_out_of_suspense(entry: BalanceTransaction, by: Actor, at: datetime.datetime) -> None:
    """A payment that seemed to belong to nobody turns out to be this gift's."""
    stray = Alarm.objects.open().filter(kind=Alarm.Kind.STRAY, object_id=entry.id).first()
    if stray is not None:
        release_suspense(source_id=entry.id, by=by, at=at)
        stray.decision, stray.decided_by, stray.decided_at = Alarm.Decision.KEEP, by.actor_id, at
        stray.save()


def _alarm_ended(donation: Donation, entry: BalanceTransaction, at: datetime.datetime) -> None:
    """Money after the end: of the fund, where the giver wanted it back, or of the mandate."""
    mandate = donation.recurring
    about = {"donation": donation, "amount_minor": entry.gross_minor, "currency": entry.currency}
    if wants_money_back(donation.fund, donation.fallback, at.date()):
        raise_alarm(Alarm.Kind.FUND_CLOSED, entry.id, at=at, **about)
    if mandate is not None and mandate.stop_asked_at is not None and entry.created_at > mandate.stop_asked_at:
        raise_alarm(Alarm.Kind.AFTER_STOP, entry.id, at=at, **about)


def _gift_source(seen: Seen) -> str:
    settled = seen.payment.balance_transaction if seen.payment else None
    return settled.id if settled else ""


def _loss_source(seen: Seen, returned_id: str) -> str:
    """The transaction that had taken what now came back: of the same refund or dispute."""
    for refund in seen.refunds:
        if refund.returned and refund.entry and refund.returned.id == returned_id:
            return refund.entry.id
    for dispute in seen.disputes:
        if any(entry.id == returned_id for entry in dispute.entries):
            return next((entry.id for entry in dispute.entries if entry.gross_minor < 0), "")
    return ""


def _alarm_loss(donation: Donation, shown: Shown, journal_id: uuid.UUID, at: datetime.datetime) -> None:
    """Money that went back after it was spent: two people decide what bears it."""
    losses = Transfer.objects.filter(journal=journal_id, debit__kind="uncovered")
    lost = sum(losses.values_list("amount_minor", flat=True))
    if lost:
        log.warning("gift %s: taken back after the money was spent", donation.pk)
        about = {"amount_minor": lost, "currency": donation.fund.currency}
        raise_alarm(Alarm.Kind.LOSS, shown.object_id, at=at, donation=donation, **about)


_ALARMS = {
    Kind.DIFFERS: Alarm.Kind.DIFFERS,
    Kind.RISK_COUNTRY: Alarm.Kind.RISK_COUNTRY,
    Kind.FOREIGN: Alarm.Kind.FOREIGN,
    Kind.DISPUTED: Alarm.Kind.DISPUTE,
    Kind.INQUIRY: Alarm.Kind.DISPUTE,
    Kind.REFUND_RETURNED: Alarm.Kind.REFUND_FAILED,
}


def _alarm(donation: Donation, shown: Shown, seen: Seen, at: datetime.datetime) -> None:
    if shown.kind in _ENDED:
        _close_dispute(shown.object_id, at)
    kind = _ALARMS.get(shown.kind)
    if kind is None:
        return
    log.warning("gift %s: %s; a human decides", donation.pk, shown.kind.value)
    amount = shown.entry.gross_minor if shown.entry else shown.amount_minor
    country = seen.payment.card_country if seen.payment and kind == Alarm.Kind.RISK_COUNTRY else ""
    raise_alarm(
        kind,
        shown.object_id,
        at=at,
        donation=donation,
        amount_minor=abs(amount or donation.amount_minor),
        currency=shown.entry.currency if shown.entry else donation.currency,
        country=country or "",
    )


def _close_dispute(dispute_id: str, at: datetime.datetime) -> None:
    alarm = Alarm.objects.open().filter(kind=Alarm.Kind.DISPUTE, object_id=dispute_id).first()
    if alarm is not None:
        alarm.decision, alarm.decided_by, alarm.decided_at = Alarm.Decision.SEEN, "system:worker", at
        alarm.save()


def _state_of(seen: RefundSeen) -> Refund.State:
    return _REFUND_STATES.get(seen.status, Refund.State.PENDING)


def _follow_refund(donation: Donation, seen: RefundSeen, at: datetime.datetime) -> None:
    """Keep our row of a refund in step: one we asked for is found by its reference, others are new."""
    ours = Refund.objects.filter(donation=donation)
    row = ours.filter(refund_id=seen.id).first()
    if row is None and (reference := read_uuid(seen.reference)) is not None:
        row = ours.filter(pk=reference, refund_id=None).first()
    if row is None:
        Refund.objects.create(
            donation=donation,
            amount_minor=seen.amount_minor,
            currency=seen.currency,
            state=_state_of(seen),
            refund_id=seen.id,
            idempotency_key=f"dashboard-{seen.id}"[:64],
            asked_at=at,
        )
    elif (row.refund_id, row.state) != (seen.id, _state_of(seen)):
        row.refund_id, row.state = seen.id, _state_of(seen)
        row.save()
