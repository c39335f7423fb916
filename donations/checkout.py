"""Sending a giver to the payment page: store the key, ask Stripe, store the answer."""

import datetime
from collections.abc import Callable

from django.utils import timezone

from audit.actors import PUBLIC
from donations.actions.giving import begin_attempt, record_opened
from donations.models import Attempt, Donation
from donations.stripe_answers import CheckoutSession
from donations.stripe_gateway import Gateway

# What banks and Stripe see; it says nothing about whom the gift is for.
PRODUCT_NAME = "Gift"
MONTHLY_NAME = "Monthly gift"


def open_payment_page(
    donation: Donation,
    *,
    gateway: Gateway,
    thanks_url: str,
    back_url: str,
    at: datetime.datetime,
    clock: Callable[[], datetime.datetime] = timezone.now,
) -> str:
    """The address of a payment page for this gift. Raises GatewayUnavailable, GatewayRefused."""
    attempt = begin_attempt(donation=donation, by=PUBLIC, at=at)
    session = ask(attempt, gateway=gateway, thanks_url=thanks_url, back_url=back_url)
    record_opened(attempt=attempt, session=session, by=PUBLIC, at=clock())
    if session.url is None:
        raise RuntimeError("an open session without an address")
    return session.url


def ask(attempt: Attempt, *, gateway: Gateway, thanks_url: str, back_url: str) -> CheckoutSession:
    """Ask Stripe for the page of this attempt; asking again with the same attempt gives the same page."""
    mandate = attempt.donation.recurring
    if mandate is not None:
        return gateway.create_recurring_checkout(
            amount_minor=mandate.amount_minor,
            currency=mandate.currency,
            product_name=MONTHLY_NAME,
            success_url=thanks_url,
            cancel_url=back_url,
            client_reference=str(attempt.donation_id),
            subscription_reference=str(mandate.pk),
            idempotency_key=attempt.idempotency_key,
            expires_at=attempt.expires_at,
        )
    return gateway.create_checkout(
        amount_minor=attempt.donation.amount_minor,
        currency=attempt.donation.currency,
        product_name=PRODUCT_NAME,
        success_url=thanks_url,
        cancel_url=back_url,
        client_reference=str(attempt.donation_id),
        idempotency_key=attempt.idempotency_key,
        expires_at=attempt.expires_at,
    )
