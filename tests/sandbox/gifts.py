"""A gift on its way through the payment page."""

from datetime import UTC, datetime, timedelta
from typing import Any

from donations.stripe_answers import CheckoutSession
from donations.stripe_gateway import Gateway

# Fixed for the run: the same idempotency key must come with the same values.
EXPIRES = datetime.now(UTC) + timedelta(hours=2)


def open_checkout(gateway: Gateway, **changes: Any) -> CheckoutSession:
    """A session for a gift of 50 €, with anything changed."""
    wanted: dict[str, Any] = {
        "amount_minor": 5000,
        "currency": "EUR",
        "product_name": "Gift",
        "success_url": "http://127.0.0.1:9/thanks?s={CHECKOUT_SESSION_ID}",
        "cancel_url": "http://127.0.0.1:9/back",
        "client_reference": "opaque-1",
        "idempotency_key": "key-1",
        "expires_at": EXPIRES,
    }
    return gateway.create_checkout(**(wanted | changes))
