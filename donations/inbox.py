"""Following Stripe's hints: store first, answer, then look at the object itself."""

import datetime
import logging
from collections.abc import Callable

from django.db import IntegrityError, transaction
from django.utils import timezone

from audit.actors import WORKER, Actor
from donations import looking, mandates, paid_together, payouts
from donations.looking import observe
from donations.models import Attempt, Hint
from donations.models.gifts import BOOKED
from donations.stripe_answers import EventHint
from donations.stripe_gateway import Gateway, GatewayError

__all__ = ["drain", "follow", "is_followed", "observe", "store"]

log = logging.getLogger("donations.inbox")
# As many hints are looked at together: enough to share the work, few enough that the lock is held briefly.
AT_ONCE = 40
SESSIONS = ("checkout.session.",)
# A page that was paid, in most cases; others lead to the same and are looked at one by one.
PAID = ("checkout.session.completed", "checkout.session.async_payment_succeeded")
CHARGES = ("charge.succeeded", "charge.updated", "charge.failed", "charge.refunded")
# Once a gift is booked, these say nothing more about it.
NO_NEWS = ("charge.succeeded", "charge.updated")
REFUNDS = ("refund.", "charge.refund.")
DISPUTES = ("charge.dispute.",)
PAYOUTS = ("payout.",)
INVOICES = ("invoice.",)
SUBSCRIPTIONS = ("customer.subscription.",)
FOLLOWED = (*SESSIONS, *REFUNDS, *DISPUTES, *PAYOUTS, *INVOICES, *SUBSCRIPTIONS)


def is_followed(kind: str) -> bool:
    """Whether an event of this type leads to something we look at."""
    return kind.startswith(FOLLOWED) or kind in CHARGES


def store(hint: EventHint, *, at: datetime.datetime) -> bool:
    """Keep a hint; false when it was kept before. Once this returns, nothing can lose it."""
    state = Hint.State.NEW if is_followed(hint.type) else Hint.State.IGNORED
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
    """Follow every waiting hint, oldest first; how many were followed. One that fails waits for later.

    Gifts that are plainly paid are fetched side by side and booked some at a time; all else one by one.
    """
    followed = 0
    waiting = list(Hint.objects.waiting())
    for start in range(0, len(waiting), AT_ONCE):
        some = waiting[start : start + AT_ONCE]
        done = paid_together.follow([h for h in some if h.type in PAID], gateway, at=clock(), by=by)
        followed += Hint.objects.filter(pk__in=done).update(state=Hint.State.DONE) if done else 0
        for hint in some:
            if hint.pk not in done:
                followed += _follow(hint, gateway, at=clock(), by=by)
    return followed


def follow(hint_id: str, gateway: Gateway, *, at: datetime.datetime, by: Actor = WORKER) -> bool:
    """Look at the object a hint names. A crash anywhere in here leaves the hint waiting."""
    return _follow(Hint.objects.get(pk=hint_id), gateway, at=at, by=by)


def _follow(hint: Hint, gateway: Gateway, *, at: datetime.datetime, by: Actor) -> bool:
    try:
        ours = _look(hint, gateway, at=at, by=by)
    except GatewayError as error:
        Hint.objects.filter(pk=hint.pk).update(tries=hint.tries + 1, last_error=type(error).__name__)
        return False
    Hint.objects.filter(pk=hint.pk).update(state=Hint.State.DONE if ours else Hint.State.IGNORED)
    return True


def _look(hint: Hint, gateway: Gateway, *, at: datetime.datetime, by: Actor) -> bool:
    """Look at what the hint names; false when it is nothing of ours."""
    kind = hint.type
    if kind.startswith(PAYOUTS):
        return payouts.look(hint.object_id, gateway, at=at, by=by)
    if kind.startswith(INVOICES):
        return mandates.look_at_invoice(hint.object_id, gateway, at=at, by=by)
    if kind.startswith(SUBSCRIPTIONS):
        return mandates.look_at_subscription(hint.object_id, gateway, at=at, by=by)
    attempt = _attempt_of(hint, gateway)
    if attempt is None:
        return False
    if kind in NO_NEWS and attempt.donation.status in BOOKED:
        return True
    observe(attempt, gateway, at=at, by=by, deep=kind.startswith((*REFUNDS, *DISPUTES)))
    return True


def _attempt_of(hint: Hint, gateway: Gateway) -> Attempt | None:
    if hint.type.startswith(SESSIONS):
        return looking.attempt_of_session(hint.object_id, gateway)
    if hint.type.startswith(DISPUTES):
        return looking.attempt_of_payment(gateway.fetch_dispute(hint.object_id).payment_intent_id)
    if hint.type.startswith(REFUNDS):
        return looking.attempt_of_payment(gateway.fetch_refund(hint.object_id).payment_intent_id)
    known = looking.ATTEMPTS.filter(charge_id=hint.object_id).first()
    if known is not None:
        return known
    return looking.attempt_of_payment(gateway.payment_intent_of_charge(hint.object_id))
