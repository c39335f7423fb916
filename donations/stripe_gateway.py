"""The only place where the app talks to Stripe.

In development the same client speaks to our sandbox (`base_url`). Nothing of a call's body is logged or put
into an error: errors carry Stripe's codes and the request's id, which Stripe's support can look up.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urlsplit

import requests
import stripe
from requests.adapters import HTTPAdapter
from stripe import _util as stripe_logging

from donations import stripe_reading as read
from donations.stripe_answers import (
    BalanceTransaction,
    CheckoutSession,
    Dispute,
    EventHint,
    Payment,
    Payout,
    Refund,
)
from donations.stripe_calls import Answer
from donations.stripe_recurring import RecurringCalls
from donations.stripe_webhooks import BadSignature, event_hint, verify_webhook

__all__ = [
    "BadSignature",
    "Gateway",
    "GatewayError",
    "GatewayRefused",
    "GatewayUnavailable",
    "verify_webhook",
]

# Telemetry would send the platform's name and a machine id kept in the home directory.
stripe.enable_telemetry = False
# STRIPE_LOG=debug would print the bodies of calls to stderr, the logger at DEBUG would write them.
stripe_logging.STRIPE_LOG = None
logging.getLogger("stripe").setLevel(logging.WARNING)

METHODS = ("card", "sepa_debit")
LOOPBACK = ("127.0.0.1", "localhost", "::1")
PAYMENT_PARTS = ["latest_charge.balance_transaction"]
SESSION_PARTS = ["payment_intent.latest_charge.balance_transaction"]
REFUND_PARTS = ["balance_transaction", "failure_balance_transaction"]


class GatewayError(Exception):
    """Base of everything that goes wrong with Stripe."""


class GatewayUnavailable(GatewayError):
    """No usable answer. Stripe may have acted: ask again with the same idempotency key, or look it up."""

    def __init__(self, reason: str, request_id: str | None = None) -> None:
        super().__init__(f"Stripe gave no usable answer ({reason}, request {request_id})")
        self.reason, self.request_id = reason, request_id


class GatewayRefused(GatewayError):
    """Stripe said no. Repeating the same call will not help; `code` is Stripe's, `param` what it names."""

    def __init__(self, code: str, *, param: str | None, status: int | None, request_id: str | None) -> None:
        super().__init__(f"Stripe refused the call ({code}, parameter {param}, request {request_id})")
        self.code, self.param, self.status, self.request_id = code, param, status, request_id


class _QuietSession(requests.Session):
    """Connections that do not describe this machine, its Python or the tools around it to Stripe."""

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        """Send without the SDK's description of its surroundings."""
        request.headers.pop("X-Stripe-Client-User-Agent", None)
        request.headers["User-Agent"] = f"Stripe/v1 PythonBindings/{stripe.VERSION}"
        return super().send(request, **kwargs)


class Gateway(RecurringCalls):
    """One connection pool to Stripe; make one per process and keep it. Safe to share between threads.

    `timeout` is in seconds, for connecting and for each read. Raises ValueError for a live key with a base
    address, and for a base address that is neither this machine nor https.
    """

    def __init__(
        self, api_key: str, base_url: str | None = None, timeout: float = 20.0, max_network_retries: int = 2
    ) -> None:
        _check_base(api_key, base_url)
        self._session = _session(local=base_url is not None)
        client = stripe.StripeClient(
            api_key,
            base_addresses={"api": base_url} if base_url else None,
            max_network_retries=max_network_retries,
            http_client=stripe.RequestsClient(timeout=timeout, session=self._session),
        )
        super().__init__(client, _ask)

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    # -- checkout --------------------------------------------------------------------------------------------

    def create_checkout(
        self,
        *,
        amount_minor: int,
        currency: str,
        product_name: str,
        success_url: str,
        cancel_url: str,
        client_reference: str,
        idempotency_key: str,
        expires_at: datetime,
        locale: str = "auto",
        methods: Sequence[str] = METHODS,
    ) -> CheckoutSession:
        """A payment page for one gift. Same key and same values: the same page, however often it is asked.

        Store all values with the key before the call, `expires_at` too (30 minutes to 24 hours ahead): a
        repeated call with a fresh one is refused as "idempotency_error".
        `success_url` may hold `{CHECKOUT_SESSION_ID}`. `client_reference` and `product_name` are seen by
        Stripe and banks: opaque and neutral. Raises GatewayUnavailable, GatewayRefused.
        """
        price: Any = {
            "currency": currency.lower(),
            "unit_amount": amount_minor,
            "product_data": {"name": product_name},
        }
        params: Any = {
            "mode": "payment",
            "ui_mode": "hosted_page",
            "submit_type": "donate",
            "line_items": [{"price_data": price, "quantity": 1}],
            "success_url": success_url,
            "cancel_url": cancel_url,
            "client_reference_id": client_reference,
            "expires_at": int(expires_at.timestamp()),
            "locale": locale,
            "allowed_payment_method_types": list(methods),
            "adaptive_pricing": {"enabled": False},
            # Link would keep the donor's address with Stripe for other shops.
            "wallet_options": {"link": {"display": "never"}},
        }
        sessions = self._client.v1.checkout.sessions
        return self._ask(lambda: read.checkout(sessions.create(params, {"idempotency_key": idempotency_key})))

    def fetch_checkout(self, session_id: str) -> CheckoutSession:
        """The session as it is now. Raises GatewayRefused ("resource_missing") for an unknown id."""
        return self._ask(lambda: read.checkout(self._client.v1.checkout.sessions.retrieve(session_id)))

    def fetch_paid_checkout(self, session_id: str) -> tuple[CheckoutSession, Payment | None]:
        """The session with its payment, charge and balance transaction, all of one moment, in one call."""

        def call() -> tuple[CheckoutSession, Payment | None]:
            found = self._client.v1.checkout.sessions.retrieve(session_id, {"expand": SESSION_PARTS})
            return read.checkout(found), read.payment(found.payment_intent) if found.payment_intent else None

        return self._ask(call)

    def expire_checkout(self, session_id: str) -> CheckoutSession:
        """Close an open session, so that it can no longer be paid."""
        return self._ask(lambda: read.checkout(self._client.v1.checkout.sessions.expire(session_id)))

    def list_checkouts(self, since: datetime) -> list[CheckoutSession]:
        """Sessions made since then, oldest first: how an attempt with an unknown outcome is found again."""
        sessions = self._client.v1.checkout.sessions
        params: Any = {"created": read.since(since), "limit": 100}
        return self._ask(lambda: [read.checkout(each) for each in sessions.list(params).auto_paging_iter()])[
            ::-1
        ]

    def checkout_of_payment(self, payment_intent_id: str) -> CheckoutSession | None:
        """The session that a payment was made on; None for a payment made elsewhere."""
        params: Any = {"payment_intent": payment_intent_id, "limit": 1}
        sessions = self._client.v1.checkout.sessions
        return self._ask(lambda: next((read.checkout(each) for each in sessions.list(params).data), None))

    # -- money -----------------------------------------------------------------------------------------------

    def fetch_payment(self, payment_intent_id: str) -> Payment:
        """The payment with its latest charge and balance transaction, in one call."""
        intents = self._client.v1.payment_intents
        return self._ask(lambda: read.payment(intents.retrieve(payment_intent_id, {"expand": PAYMENT_PARTS})))

    def payment_intent_of_charge(self, charge_id: str) -> str | None:
        """The payment a charge belongs to, for events that name only the charge."""
        return self._ask(lambda: read.id_of(self._client.v1.charges.retrieve(charge_id).payment_intent))

    def fetch_balance_transaction(self, transaction_id: str) -> BalanceTransaction:
        """One movement of the Stripe balance."""
        return self._ask(lambda: read.balance(self._client.v1.balance_transactions.retrieve(transaction_id)))

    def list_balance_transactions(
        self, *, since: datetime | None = None, payout_id: str | None = None, source_id: str | None = None
    ) -> list[BalanceTransaction]:
        """Movements of the balance, oldest first; by time, by automatic payout, or by charge or refund."""
        params: Any = {"limit": 100}
        if since is not None:
            params["created"] = read.since(since)
        if payout_id is not None:
            params["payout"] = payout_id
        if source_id is not None:
            params["source"] = source_id
        entries = self._client.v1.balance_transactions
        return self._ask(lambda: [read.balance(each) for each in entries.list(params).auto_paging_iter()])[
            ::-1
        ]

    def create_refund(
        self,
        *,
        payment_intent_id: str,
        amount_minor: int,
        idempotency_key: str,
        reference: str = "",
        reason: str = "requested_by_customer",
    ) -> Refund:
        """Give back part or all of a payment. Raises GatewayRefused beyond what is left of it.

        `reference` is opaque; it comes back with the refund, so that one whose answer was lost is found.
        """
        params: Any = {"payment_intent": payment_intent_id, "amount": amount_minor, "reason": reason}
        if reference:
            params["metadata"] = {"reference": reference}
        options: Any = {"idempotency_key": idempotency_key}
        return self._ask(lambda: read.refund(self._client.v1.refunds.create(params, options)))

    def fetch_refund(self, refund_id: str) -> Refund:
        """The refund as it is now."""
        return self._ask(lambda: read.refund(self._client.v1.refunds.retrieve(refund_id)))

    def list_refunds(self, payment_intent_id: str) -> list[Refund]:
        """All refunds of a payment with what they moved, oldest first."""
        expand = [f"data.{part}" for part in REFUND_PARTS]
        params: Any = {"payment_intent": payment_intent_id, "limit": 100, "expand": expand}
        refunds = self._client.v1.refunds
        return self._ask(lambda: [read.refund(each) for each in refunds.list(params).auto_paging_iter()])[
            ::-1
        ]

    def fetch_dispute(self, dispute_id: str) -> Dispute:
        """The dispute as it is now."""
        return self._ask(lambda: read.dispute(self._client.v1.disputes.retrieve(dispute_id)))

    def list_disputes(self, payment_intent_id: str) -> list[Dispute]:
        """All disputes of a payment, oldest first."""
        params: Any = {"payment_intent": payment_intent_id, "limit": 100}
        disputes = self._client.v1.disputes
        return self._ask(lambda: [read.dispute(each) for each in disputes.list(params).auto_paging_iter()])[
            ::-1
        ]

    def fetch_payout(self, payout_id: str) -> Payout:
        """The payout as it is now."""
        return self._ask(lambda: read.payout(self._client.v1.payouts.retrieve(payout_id)))

    def list_payouts(self, since: datetime) -> list[Payout]:
        """Payouts made since then, oldest first."""
        params: Any = {"created": read.since(since), "limit": 100}
        payouts = self._client.v1.payouts
        return self._ask(lambda: [read.payout(each) for each in payouts.list(params).auto_paging_iter()])[
            ::-1
        ]

    # -- events ----------------------------------------------------------------------------------------------

    def fetch_event(self, event_id: str) -> EventHint:
        """An event by id, not older than thirty days."""
        return self._ask(lambda: event_hint(self._client.v1.events.retrieve(event_id).to_dict()))

    def list_events(self, since: datetime, types: Sequence[str] = ()) -> list[EventHint]:
        """Events since then, oldest first, of these types (at most 20) or of all."""
        params: Any = {"created": read.since(since), "limit": 100}
        if types:
            params["types"] = list(types)
        events = self._client.v1.events
        return self._ask(
            lambda: [event_hint(each.to_dict()) for each in events.list(params).auto_paging_iter()]
        )[::-1]


def _check_base(api_key: str, base_url: str | None) -> None:
    if base_url is None:
        return
    if not api_key.startswith(("sk_test_", "rk_test_")):
        raise ValueError("Only a test key may be used with another address than Stripe's.")
    parts = urlsplit(base_url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        raise ValueError("The address in place of Stripe's must be on this machine or https.")


def _session(*, local: bool) -> requests.Session:
    session = _QuietSession()
    session.mount("https://", HTTPAdapter(pool_connections=2, pool_maxsize=16))
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    # Stripe's API does not redirect; whoever answers with a redirect does not get the key.
    session.max_redirects = 0
    # A proxy of the environment is for the world outside, and .netrc for nobody.
    session.trust_env = not local
    return session


def _ask(call: Callable[[], Answer]) -> Answer:
    try:
        return call()
    except stripe.StripeError as error:
        failure = _mapped(error)
    # Raised out here: the SDK's error holds the body, and would stay attached as context.
    raise failure


def _mapped(error: stripe.StripeError) -> GatewayError:
    final = (stripe.CardError, stripe.InvalidRequestError, stripe.AuthenticationError, stripe.PermissionError)
    if isinstance(error, stripe.IdempotencyError):
        return _refused(error, "idempotency_error")
    if isinstance(error, final):
        return _refused(error, error.code or type(error).__name__)
    reason = f"HTTP {error.http_status}" if error.http_status else "no connection"
    return GatewayUnavailable(reason, error.request_id)


def _refused(error: stripe.StripeError, code: str) -> GatewayRefused:
    param: str | None = getattr(error, "param", None)
    return GatewayRefused(code, param=param, status=error.http_status, request_id=error.request_id)
