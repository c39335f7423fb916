"""What Stripe checks when a Checkout session is created, beyond names and types of parameters."""

from urllib.parse import urlsplit

from donations.sandbox.parameters import missing
from donations.sandbox.refusals import Json, Refused, not_found, not_modelled
from donations.sandbox.world import World, text

# Stripe's least charge per currency, in minor units; other currencies are not modelled.
LEAST_MINOR = {"eur": 50, "usd": 50, "gbp": 30, "pln": 200}
MOST_MINOR = 99_999_999
SHORTEST, LONGEST = 30 * 60, 24 * 3600
# Stripe compares with its own clock after the request has travelled.
TRAVEL = 60
METHODS = ("card", "sepa_debit")
INTENT_PARTS = {"metadata", "description", "statement_descriptor", "statement_descriptor_suffix"}
SUBSCRIPTION_PARTS = {"metadata", "description"}


def check_mode(given: Json) -> None:
    """Refuse what is neither one payment nor a subscription on the hosted page."""
    if "mode" not in given:
        raise missing("mode")
    if given["mode"] == "setup":
        raise not_modelled("Checkout in setup mode", "mode")
    if given.get("ui_mode", "hosted_page") != "hosted_page":
        raise not_modelled(f"ui_mode {given['ui_mode']}", "ui_mode")
    for name in ("line_items", "success_url"):
        if not given.get(name):
            raise missing(name)
    monthly = given["mode"] == "subscription"
    for name in ("payment_intent_data", "customer_creation") if monthly else ("subscription_data",):
        if name in given:
            raise Refused(f"You can not pass `{name}` in `{given['mode']}` mode.", param=name)
    for name, parts in (("payment_intent_data", INTENT_PARTS), ("subscription_data", SUBSCRIPTION_PARTS)):
        unknown = given.get(name, {}).keys() - parts
        if unknown:
            raise not_modelled(f"{name} with {sorted(unknown)}", name)


def check_prices(items: list[Json], mode: str) -> None:
    """Refuse recurring prices in one mode, their absence or mixture in the other."""
    recurring = [item["price"]["recurring"] for item in items if item["price"]["recurring"]]
    if mode == "payment" and recurring:
        raise Refused(
            "You specified `payment` mode but passed a recurring price. Either switch to `subscription` mode "
            "or use only one-time prices.",
            param="line_items",
        )
    if mode == "subscription" and not recurring:
        raise Refused(
            "You must provide at least one recurring price in `subscription` mode when using prices.",
            param="line_items",
        )
    if recurring and (len(recurring) < len(items) or any(each != recurring[0] for each in recurring)):
        raise not_modelled("prices of several intervals in one subscription", "line_items")


def check_customer(world: World, given: Json) -> None:
    """Refuse a customer that does not exist, or one beside an address."""
    if "customer" in given and "customer_email" in given:
        raise Refused("You may only specify one of these parameters: customer, customer_email.")
    if "customer" in given and world.find("customer", given["customer"]) is None:
        raise not_found("customer", given["customer"], "customer")


def check_addresses(given: Json) -> None:
    """Refuse return addresses that are not web addresses."""
    for name in ("success_url", "cancel_url"):
        if name not in given:
            continue
        parts = urlsplit(given[name])
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise Refused("Not a valid URL", code="url_invalid", param=name)


def check_texts(given: Json) -> None:
    """Refuse references and metadata longer than Stripe takes."""
    if len(given.get("client_reference_id", "")) > 200:
        raise Refused("Invalid string: must be at most 200 characters", param="client_reference_id")
    metadata = given.get("metadata") or {}
    if len(metadata) > 50 or any(len(k) > 40 or len(v) > 500 for k, v in metadata.items()):
        raise Refused("Metadata can hold 50 keys of 40 characters with values of 500.", param="metadata")


def total(items: list[Json], given: Json) -> tuple[str, int]:
    """Currency and sum in minor units, within Stripe's least and most."""
    asked = {text(item, "currency") for item in items} | (
        {given["currency"]} if "currency" in given else set()
    )
    if len(asked) > 1:
        raise Refused("All line items must have the same currency.", param="line_items")
    currency = asked.pop()
    if currency not in LEAST_MINOR:
        raise Refused(
            f"Invalid currency: {currency}. The payment sandbox models {', '.join(LEAST_MINOR)}.",
            param="line_items[0][price_data][currency]",
        )
    total = sum(int(item["amount_total"]) for item in items)
    if total < LEAST_MINOR[currency]:
        raise Refused(
            "The Checkout Session's total amount due must add up to at least "
            f"{LEAST_MINOR[currency] / 100:.2f} {currency}",
            code="amount_too_small",
        )
    if total > MOST_MINOR:
        raise Refused("Amount must be no more than 999,999.99", code="amount_too_large")
    return currency, total


def expiry(given: Json, now: int) -> int:
    """Seconds since 1970, between 30 minutes and 24 hours from now."""
    asked = int(given.get("expires_at", now + LONGEST))
    if not now + SHORTEST - TRAVEL <= asked <= now + LONGEST + TRAVEL:
        raise Refused(
            "The `expires_at` timestamp must be between 30 minutes and 24 hours from Checkout Session "
            "creation.",
            param="expires_at",
        )
    return asked


def methods(given: Json, currency: str) -> list[str]:
    """The means of payment this session offers."""
    allowed = given.get("allowed_payment_method_types", METHODS)
    offered = [m for m in METHODS if m in allowed and (m != "sepa_debit" or currency == "eur")]
    if not offered:
        raise Refused(
            "None of the allowed payment methods can be used for this Checkout Session.",
            param="allowed_payment_method_types",
        )
    return offered
