"""The gateway's calls for recurring gifts: subscriptions, their invoices, and the way to stop them."""

from datetime import datetime
from typing import Any

from donations import stripe_reading as read
from donations.stripe_answers import CheckoutSession, Invoice, Subscription
from donations.stripe_calls import StripeCalls

INVOICE_PARTS = ["payments"]
EVERY_MONTH = {"interval": "month"}


class RecurringCalls(StripeCalls):
    """What the gateway can do about recurring gifts; see donations/stripe_gateway.py."""

    def create_recurring_checkout(
        self,
        *,
        amount_minor: int,
        currency: str,
        product_name: str,
        success_url: str,
        cancel_url: str,
        client_reference: str,
        subscription_reference: str,
        idempotency_key: str,
        expires_at: datetime,
        methods: tuple[str, ...] = ("card", "sepa_debit"),
    ) -> CheckoutSession:
        """A payment page for a gift every month; else as ``create_checkout``.

        ``subscription_reference`` stays with the subscription and comes back with each invoice.
        """
        price: Any = {
            "currency": currency.lower(),
            "unit_amount": amount_minor,
            "product_data": {"name": product_name},
            "recurring": EVERY_MONTH,
        }
        params: Any = {
            "mode": "subscription",
            "ui_mode": "hosted_page",
            "line_items": [{"price_data": price, "quantity": 1}],
            "success_url": success_url,
            "cancel_url": cancel_url,
            "client_reference_id": client_reference,
            "expires_at": int(expires_at.timestamp()),
            "locale": "auto",
            "allowed_payment_method_types": list(methods),
            "adaptive_pricing": {"enabled": False},
            "wallet_options": {"link": {"display": "never"}},
            "subscription_data": {"metadata": {"reference": subscription_reference}},
        }
        sessions = self._client.v1.checkout.sessions
        options = {"idempotency_key": idempotency_key}
        return self._ask(lambda: read.checkout(sessions.create(params, options)))

    def fetch_subscription(self, subscription_id: str) -> Subscription:
        """The subscription as it is now."""
        return self._ask(lambda: read.subscription(self._client.v1.subscriptions.retrieve(subscription_id)))

    def list_subscriptions(self) -> list[Subscription]:
        """Every subscription that has not ended."""
        subscriptions = self._client.v1.subscriptions
        return self._ask(
            lambda: [
                read.subscription(each) for each in subscriptions.list({"limit": 100}).auto_paging_iter()
            ]
        )

    def change_amount(self, subscription: Subscription, amount_minor: int) -> Subscription:
        """Ask another amount from the next month on; what was paid stays as it is."""
        price: Any = {
            "currency": subscription.currency.lower(),
            "product": subscription.product_id,
            "unit_amount": amount_minor,
            "recurring": EVERY_MONTH,
        }
        params: Any = {
            "items": [{"id": subscription.item_id, "price_data": price}],
            "proration_behavior": "none",
        }
        return self._update(subscription.id, params)

    def pause(self, subscription_id: str, until: datetime | None = None) -> Subscription:
        """Collect nothing; months in between are void, not owed."""
        pause: Any = {"behavior": "void"}
        if until is not None:
            pause["resumes_at"] = int(until.timestamp())
        return self._update(subscription_id, {"pause_collection": pause})

    def resume(self, subscription_id: str) -> Subscription:
        """Collect again from the next month on."""
        return self._update(subscription_id, {"pause_collection": ""})

    def stop(self, subscription_id: str) -> Subscription:
        """End it now and for ever. Raises GatewayRefused ("resource_missing") when it is over already."""
        return self._ask(lambda: read.subscription(self._client.v1.subscriptions.cancel(subscription_id)))

    def fetch_invoice(self, invoice_id: str) -> Invoice:
        """The invoice with the payment that paid it."""
        invoices = self._client.v1.invoices
        return self._ask(lambda: read.invoice(invoices.retrieve(invoice_id, {"expand": INVOICE_PARTS})))

    def list_invoices(
        self, *, subscription_id: str | None = None, since: datetime | None = None
    ) -> list[Invoice]:
        """Invoices, oldest first; of one subscription, since a moment, or both."""
        params: Any = {"limit": 100, "expand": [f"data.{part}" for part in INVOICE_PARTS]}
        if subscription_id is not None:
            params["subscription"] = subscription_id
        if since is not None:
            params["created"] = read.since(since)
        invoices = self._client.v1.invoices
        return self._ask(lambda: [read.invoice(each) for each in invoices.list(params).auto_paging_iter()])[
            ::-1
        ]

    def _update(self, subscription_id: str, params: Any) -> Subscription:
        subscriptions = self._client.v1.subscriptions
        return self._ask(lambda: read.subscription(subscriptions.update(subscription_id, params)))
