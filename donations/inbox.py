"""Following Stripe's hints: store first, answer, then look at the object itself."""

import datetime
import logging
import uuid
from collections.abc import Callable

from django.db import IntegrityError, transaction
from django.utils import timezone

from audit.actors import WORKER, Actor
from donations.actions.giving import record_opened
from donations.actions.payments import observe_payment
from donations.models import Attempt, Donation, Hint
from donations.stripe_answers import EventHint
from donations.stripe_gateway import Gateway, GatewayError

log = logging.getLogger("donations.inbox")
SESSION_EVENTS = ("checkout.session.",)
CHARGE_EVENTS = ("charge.succeeded", "charge.updated", "charge.failed")


def store(hint: EventHint, *, at: datetime.datetime) -> bool:
    """Keep a hint; false when it was kept before. Once this returns, nothing can lose it."""
    followed = hint.type.startswith(SESSION_EVENTS) or hint.type in CHARGE_EVENTS
    state = Hint.State.NEW if followed else Hint.State.IGNORED
    try:
        with transaction.atomic():
            Hint.objects.create(
                id=hint.id, type=hint.type, object_id=hint.object_id, received_at=at, state=state
            )
    except IntegrityError:
        return False
    return True


def drain(
    gateway: Gateway, *, clock: Callable[[], datetime.datetime] = timezone.now, by: Actor = WORKER
) -> int:
    """Follow every waiting hint, oldest first; how many were followed. One that fails waits for later."""
    followed = 0
    for hint_id in list(Hint.objects.waiting().values_list("id", flat=True)):
        followed += follow(hint_id, gateway, at=clock(), by=by)
    return followed


def follow(hint_id: str, gateway: Gateway, *, at: datetime.datetime, by: Actor = WORKER) -> bool:
    """Look at the object a hint names. A crash anywhere in here leaves the hint waiting."""
    hint = Hint.objects.get(pk=hint_id)
    try:
        attempt = _attempt_of(hint, gateway)
        if attempt is not None:
            observe(attempt, gateway, at=at, by=by)
    except GatewayError as error:
        Hint.objects.filter(pk=hint_id).update(tries=hint.tries + 1, last_error=type(error).__name__)
        return False
    state = Hint.State.DONE if attempt is not None else Hint.State.IGNORED
    Hint.objects.filter(pk=hint_id).update(state=state)
    return True


def observe(attempt: Attempt, gateway: Gateway, *, at: datetime.datetime, by: Actor = WORKER) -> Donation:
    """Fetch the attempt's session and payment, then record what they show."""
    if attempt.session_id is None:
        raise ValueError("an attempt that Stripe never answered has nothing to look at")
    session = gateway.fetch_checkout(attempt.session_id)
    payment = gateway.fetch_payment(session.payment_intent_id) if session.payment_intent_id else None
    attempt.refresh_from_db()
    return observe_payment(attempt=attempt, session=session, payment=payment, by=by, at=at)


def _attempt_of(hint: Hint, gateway: Gateway) -> Attempt | None:
    if hint.type.startswith(SESSION_EVENTS):
        return _by_session(hint.object_id, gateway)
    intent = gateway.payment_intent_of_charge(hint.object_id)
    return Attempt.objects.filter(payment_intent_id=intent).first() if intent else None


def _by_session(session_id: str, gateway: Gateway) -> Attempt | None:
    known = Attempt.objects.filter(session_id=session_id).first()
    if known is not None:
        return known
    # We may have crashed between Stripe's answer and storing its id: the reference leads back.
    session = gateway.fetch_checkout(session_id)
    reference = _uuid(session.client_reference)
    lost = Attempt.objects.filter(donation=reference, session_id=None).first() if reference else None
    if lost is None:
        return None
    record_opened(attempt=lost, session=session, by=WORKER, at=session.created_at)
    return lost


def _uuid(text: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return None
