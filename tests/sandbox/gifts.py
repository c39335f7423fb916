"""A gift on its way through the payment page."""

from datetime import UTC, datetime, timedelta
from typing import Any

import requests
import stripe

from donations.sandbox.server import Sandbox
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


def open_monthly(sandbox: Sandbox, **changes: Any) -> stripe.checkout.Session:
    """A session for 20 € every month, with anything changed, by the SDK itself."""
    with requests.Session() as session:
        http = stripe.RequestsClient(timeout=5, session=session)
        sdk = stripe.StripeClient("sk_test_x", base_addresses={"api": sandbox.base_url}, http_client=http)
        price = {
            "currency": "eur",
            "unit_amount": 2000,
            "product_data": {"name": "Monthly gift"},
            "recurring": {"interval": "month"},
        }
        wanted: Any = {
            "mode": "subscription",
            "line_items": [{"price_data": price, "quantity": 1}],
            "success_url": "http://127.0.0.1:9/thanks",
            "subscription_data": {"metadata": {"gift": "opaque-1"}},
        }
        return sdk.v1.checkout.sessions.create(wanted | changes)
