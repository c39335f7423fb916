"""Checkout sessions: create, retrieve, expire, list."""

import stripe
from stripe.params.checkout import (
    SessionCreateParams,
    SessionExpireParams,
    SessionListParams,
    SessionRetrieveParams,
)

from donations.sandbox.endpoints import LIST_PARAMETERS, Endpoint, listing, retrieve, same
from donations.sandbox.parameters import missing
from donations.sandbox.refusals import Json, Refused, not_found, not_modelled
from donations.sandbox.resources import checkout_rules as rules
from donations.sandbox.resources.catalog import inline_price
from donations.sandbox.shapes import shaped
from donations.sandbox.world import World

Session = stripe.checkout.Session
KIND = "checkout.session"
LINE_PARTS = {"price", "price_data", "quantity"}
PRICE_PARTS = {"currency", "unit_amount", "product", "product_data", "recurring"}
CREATE_PARAMETERS = frozenset(
    {
        "adaptive_pricing",
        "allowed_payment_method_types",
        "billing_address_collection",
        "cancel_url",
        "client_reference_id",
        "currency",
        "customer",
        "customer_email",
        "customer_creation",
        "expires_at",
        "line_items",
        "locale",
        "metadata",
        "mode",
        "payment_intent_data",
        "payment_method_collection",
        "submit_type",
        "subscription_data",
        "success_url",
        "ui_mode",
        "wallet_options",
    }
)


def create(world: World, key: str, given: Json) -> Json:
    """A new open session for one payment, or for a subscription that begins with it."""
    rules.check_mode(given)
    rules.check_addresses(given)
    rules.check_texts(given)
    rules.check_customer(world, given)
    monthly = given["mode"] == "subscription"
    items = [_line(world, item, f"line_items[{i}]") for i, item in enumerate(given["line_items"])]
    rules.check_prices(items, given["mode"])
    currency, total = rules.total(items, given)
    now = world.now()
    session_id = world.new_id("cs_test_", 58)
    world.store.put("intent_data", session_id, given.get("payment_intent_data", {}))
    world.store.put("subscription_data", session_id, given.get("subscription_data", {}))
    world.store.put("line_items", session_id, {"data": items})
    world.remind(rules.expiry(given, now), "session", session_id)
    return world.keep(
        shaped(
            Session,
            **_empty_parts(),
            id=session_id,
            adaptive_pricing=given.get("adaptive_pricing", {"enabled": True}),
            allowed_payment_method_types=given.get("allowed_payment_method_types"),
            amount_subtotal=total,
            amount_total=total,
            billing_address_collection=given.get("billing_address_collection"),
            cancel_url=given.get("cancel_url"),
            client_reference_id=given.get("client_reference_id"),
            created=now,
            currency=currency,
            customer=given.get("customer"),
            customer_creation=None if monthly else given.get("customer_creation", "if_required"),
            customer_email=given.get("customer_email"),
            expires_at=rules.expiry(given, now),
            locale=given.get("locale"),
            metadata=given.get("metadata", {}),
            mode=given["mode"],
            payment_method_collection="always" if monthly else "if_required",
            payment_method_types=rules.methods(given, currency),
            status="open",
            submit_type=given.get("submit_type"),
            success_url=given["success_url"],
            total_details={"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
            url=f"{world.base_url}/c/pay/{session_id}",
            wallet_options=given.get("wallet_options"),
        )
    )


def _empty_parts() -> Json:
    tax = shaped(Session.AutomaticTax, enabled=False)
    return {
        "automatic_tax": tax,
        "custom_fields": [],
        "custom_text": shaped(Session.CustomText),
        "livemode": False,
        "payment_method_options": {},
        "payment_status": "unpaid",
        "phone_number_collection": {"enabled": False},
        "shipping_options": [],
        "ui_mode": "hosted_page",
    }


def _line(world: World, item: Json, path: str) -> Json:
    if ("price" in item) == ("price_data" in item) or item.keys() - LINE_PARTS:
        raise not_modelled("line items other than price or price_data with a quantity", path)
    if "quantity" not in item:
        raise missing(f"{path}[quantity]")
    if item["quantity"] < 1:
        raise Refused(
            "This value must be greater than or equal to 1.", code="parameter_invalid_integer", param=path
        )
    price = _price(world, item, path)
    amount = price["unit_amount"] * item["quantity"]
    return shaped(
        stripe.LineItem,
        id=world.new_id("li_1"),
        amount_discount=0,
        amount_subtotal=amount,
        amount_tax=0,
        amount_total=amount,
        currency=price["currency"],
        description=world.need("product", price["product"])["name"],
        price=price,
        quantity=item["quantity"],
    )


def _price(world: World, item: Json, path: str) -> Json:
    if "price" in item:
        found = world.find("price", item["price"])
        if found is None:
            raise not_found("price", item["price"], f"{path}[price]")
        return found
    if item["price_data"].keys() - PRICE_PARTS:
        raise not_modelled("prices other than unit_amount", f"{path}[price_data]")
    return inline_price(world, item["price_data"], f"{path}[price_data]")


def expire(world: World, key: str, given: Json) -> Json:
    """Close an open session at once, as the donor's side would by waiting."""
    session = world.find(KIND, key)
    if session is None:
        raise not_found("checkout.session", key, "session")
    if session["status"] != "open":
        raise Refused(
            f'Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a '
            f"status of `{session['status']}`.",
        )
    return close(world, session)


def close(world: World, session: Json) -> Json:
    """Mark a session expired and say so by event."""
    closed = world.keep(session | {"status": "expired", "url": None})
    world.emit("checkout.session.expired", closed)
    return closed


def expire_due(world: World, key: str) -> None:
    """Close an open session whose time has passed."""
    session = world.need(KIND, key)
    if session["status"] == "open" and session["expires_at"] <= world.now():
        close(world, session)


FILTERS = ("customer", "payment_intent", "status", "subscription")
ENDPOINTS = [
    Endpoint("POST", "/v1/checkout/sessions", SessionCreateParams, create, CREATE_PARAMETERS),
    Endpoint(
        "GET",
        "/v1/checkout/sessions",
        SessionListParams,
        listing(KIND, "/v1/checkout/sessions", same(*FILTERS)),
        LIST_PARAMETERS | {*FILTERS},
    ),
    Endpoint("POST", "/v1/checkout/sessions/{id}/expire", SessionExpireParams, expire),
    Endpoint(
        "GET",
        "/v1/checkout/sessions/{id}",
        SessionRetrieveParams,
        retrieve(KIND, "checkout.session", "session"),
    ),
]
