"""Looking at things at Stripe and recording what is there. Network first, then one action.

Every hint and every sweep ends here, so it cannot matter which of them came first, twice or not at all.
"""

import datetime

from audit.actors import WORKER, Actor
from donations.actions.giving import record_opened
from donations.actions.payments import RISK_COUNTRIES, observe_payment, tells_news
from donations.models import Attempt, Donation, RecurringDonation
from donations.references import read_uuid
from donations.shown import Seen
from donations.stripe_answers import Payment
from donations.stripe_gateway import Gateway

ATTEMPTS = Attempt.objects.select_related("donation__fund", "donation__recurring")


def observe(
    attempt: Attempt,
    gateway: Gateway,
    *,
    at: datetime.datetime,
    by: Actor = WORKER,
    deep: bool = False,
) -> Donation:
    """Fetch what an attempt led to and record what is new. ``deep`` looks for refunds and disputes too,

    which a payment does not name once they are over. Raises GatewayError.
    """
    seen = _fetch(attempt, gateway, deep=deep)
    if tells_news(attempt, seen):
        observe_payment(
            attempt=attempt,
            session=seen.session,
            payment=seen.payment,
            refunds=seen.refunds,
            disputes=seen.disputes,
            invoice=seen.invoice,
            by=by,
            at=at,
        )
    _mind_mandate(attempt, seen, gateway, at=at, by=by)
    return attempt.donation


def _fetch(attempt: Attempt, gateway: Gateway, *, deep: bool) -> Seen:
    session = payment = invoice = None
    if attempt.session_id is not None:
        session, payment = gateway.fetch_paid_checkout(attempt.session_id)
    invoice_id = (session and session.invoice_id) or attempt.invoice_id
    if invoice_id:
        invoice = gateway.fetch_invoice(invoice_id)
        payment = gateway.fetch_payment(invoice.payment_intent_id) if invoice.payment_intent_id else None
    if session is None and invoice is None:
        raise ValueError("an attempt that Stripe never answered has nothing to look at")
    return Seen(session, payment, *_after(payment, gateway, deep=deep), invoice)


def _after(payment: Payment | None, gateway: Gateway, *, deep: bool) -> tuple[tuple, tuple]:  # type: ignore[type-arg]
    """Refunds and disputes of a payment: asked for only where there may be any."""
    if payment is None or payment.status != "succeeded":
        return (), ()
    refunds = gateway.list_refunds(payment.id) if deep or payment.refunded_minor else []
    disputes = gateway.list_disputes(payment.id) if deep or payment.disputed else []
    return tuple(refunds), tuple(disputes)


def _mind_mandate(
    attempt: Attempt, seen: Seen, gateway: Gateway, *, at: datetime.datetime, by: Actor
) -> None:
    """The mandate behind a payment: confirmed by its page, stopped at once for a card of a risk country."""
    from donations import mandates

    if attempt.donation.recurring_id is None:
        return
    mandate = RecurringDonation.objects.get(pk=attempt.donation.recurring_id)
    if seen.session is not None and seen.session.subscription_id:
        mandates.look(mandate, seen.session.subscription_id, gateway, at=at, by=by)
    if seen.payment is not None and seen.payment.card_country in RISK_COUNTRIES:
        mandates.stop(mandate, RecurringDonation.StopReason.RISK_COUNTRY, gateway, at=at, by=by)


def attempt_of_session(session_id: str, gateway: Gateway) -> Attempt | None:
    """The attempt behind a payment page; one whose answer was lost is found by its reference."""
    known = ATTEMPTS.filter(session_id=session_id).first()
    if known is not None:
        return known
    # We may have crashed between Stripe's answer and storing its id: the reference leads back.
    session = gateway.fetch_checkout(session_id)
    reference = read_uuid(session.client_reference)
    lost = (
        ATTEMPTS.filter(donation=reference, session_id=None, invoice_id=None).first() if reference else None
    )
    if lost is None:
        return None
    record_opened(attempt=lost, session=session, by=WORKER, at=session.created_at)
    return lost


def attempt_of_payment(payment_intent_id: str | None) -> Attempt | None:
    """The attempt behind a payment that we have seen before."""
    if not payment_intent_id:
        return None
    return ATTEMPTS.filter(payment_intent_id=payment_intent_id).first()


def find_attempt(payment_intent_id: str | None, gateway: Gateway) -> Attempt | None:
    """The attempt behind a payment we never heard of: Stripe knows which page took it."""
    if not payment_intent_id:
        return None
    session = gateway.checkout_of_payment(payment_intent_id)
    return attempt_of_session(session.id, gateway) if session is not None else None
