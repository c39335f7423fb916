"""Sending refunds to Stripe: after they are stored, once, however often we crash."""

import datetime
import logging

from audit.actors import SYSTEM, WORKER, Actor
from donations import looking
from donations.actions import refunds as actions
from donations.models import Refund
from donations.stripe_answers import Refund as RefundSeen
from donations.stripe_gateway import Gateway, GatewayError, GatewayRefused

log = logging.getLogger("donations.refunding")
# Stripe forgets a key after 24 hours; from then on the same call would give the money back twice.
KEY_LASTS = datetime.timedelta(hours=20)


def send(refund: Refund, gateway: Gateway, *, at: datetime.datetime, by: Actor = WORKER) -> Refund:
    """Ask Stripe for a stored refund, then look at what it did. Raises GatewayUnavailable: ask again later.

    The same key gives the same refund; when the key is too old, the refund is looked for by its reference.
    """
    payment_id = actions.payment_of(refund.donation)
    seen = None
    if at - refund.asked_at >= KEY_LASTS:
        seen = _find(refund, payment_id, gateway)
        if seen is None:
            refund = actions.renew_key(refund=refund, by=by, at=at)
    if seen is None:
        try:
            seen = gateway.create_refund(
                payment_intent_id=payment_id,
                amount_minor=refund.amount_minor,
                idempotency_key=refund.idempotency_key,
                reference=str(refund.pk),
            )
        except GatewayRefused as refused:
            log.warning("refund %s was refused: %s", refund.pk, refused)
    sent = actions.record_sent(refund=refund, seen=seen, by=by, at=at)
    for attempt in looking.ATTEMPTS.filter(donation=refund.donation_id, payment_intent_id=payment_id):
        looking.observe(attempt, gateway, at=at, by=by, deep=True)
    return sent


def _find(refund: Refund, payment_id: str, gateway: Gateway) -> RefundSeen | None:
    listed = gateway.list_refunds(payment_id)
    return next((seen for seen in listed if seen.reference == str(refund.pk)), None)


def send_waiting(gateway: Gateway, *, at: datetime.datetime) -> int:
    """Refunds that were stored and not sent, because we crashed or Stripe was away; how many are sent now."""
    sent = 0
    for refund in Refund.objects.unsent().select_related("donation"):
        try:
            send(refund, gateway, at=at, by=SYSTEM)
        except GatewayError as error:
            log.warning("refund %s waits: %s", refund.pk, error)
            continue
        sent += 1
    return sent
