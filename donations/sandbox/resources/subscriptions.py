"""Subscriptions as they are read, changed, paused and ended."""

from stripe.params import (
    SubscriptionCancelParams,
    SubscriptionListParams,
    SubscriptionRetrieveParams,
    SubscriptionUpdateParams,
)

from donations.sandbox import standing, subscribing
from donations.sandbox.endpoints import LIST_PARAMETERS, Endpoint, listing, merged, retrieve
from donations.sandbox.refusals import Json, Refused, not_found, not_modelled
from donations.sandbox.resources.catalog import inline_price
from donations.sandbox.world import World

PATH = "/v1/subscriptions"
UPDATE_PARAMETERS = frozenset(
    {
        "cancel_at",
        "cancel_at_period_end",
        "cancellation_details",
        "default_payment_method",
        "description",
        "items",
        "metadata",
        "pause_collection",
        "payment_behavior",
        "proration_behavior",
    }
)
ITEM_PARTS = {"id", "price", "price_data", "quantity"}


def update(world: World, key: str, given: Json) -> Json:
    """Change amount, pause, end or method. Raises Refused for an ended subscription."""
    made = _living(world, key)
    changes: Json = {}
    for name in ("description", "default_payment_method"):
        if name in given:
            changes[name] = given[name] or None
    if "metadata" in given:
        changes["metadata"] = merged(made["metadata"], given["metadata"] or {})
    if given.get("default_payment_method"):
        _check_method(world, made, given["default_payment_method"])
    if "pause_collection" in given:
        changes["pause_collection"] = _pause(world, given["pause_collection"])
    changes |= _ending(world, made, given)
    if "items" in given:
        changes["items"] = _items(world, made, given)
    made = standing.change(world, made, **changes)
    subscribing.remind(world, made)
    return made


def _living(world: World, key: str) -> Json:
    found = world.find("subscription", key)
    if found is None:
        raise not_found("subscription", key, "id")
    if found["status"] in standing.ENDED:
        raise Refused(
            "A canceled subscription can only update its cancellation_details and metadata.", param="id"
        )
    return found


def _check_method(world: World, made: Json, method_id: str) -> None:
    method = world.find("payment_method", method_id)
    if method is None or method["customer"] != made["customer"]:
        raise not_found("PaymentMethod", method_id, "default_payment_method")


def _pause(world: World, given: Json | str) -> Json | None:
    if not isinstance(given, dict):
        return None
    resumes_at = given.get("resumes_at")
    if resumes_at is not None and resumes_at <= world.now():
        raise Refused("`resumes_at` must be in the future.", param="pause_collection[resumes_at]")
    return {"behavior": given["behavior"], "resumes_at": resumes_at}


def _ending(world: World, made: Json, given: Json) -> Json:
    changes: Json = {}
    if "cancellation_details" in given:
        told = given["cancellation_details"] or {}
        changes["cancellation_details"] = made["cancellation_details"] | told
    if "cancel_at" not in given and "cancel_at_period_end" not in given:
        return changes
    at_end = given.get("cancel_at_period_end", False)
    moment = given.get("cancel_at") or None
    if at_end and moment is not None:
        raise Refused("You may only specify one of these parameters: cancel_at, cancel_at_period_end.")
    if moment is not None and (isinstance(moment, str) or moment <= world.now()):
        raise Refused("`cancel_at` must be a moment in the future.", param="cancel_at")
    if at_end:
        moment = made["items"]["data"][0]["current_period_end"]
    wanted = moment is not None
    details: Json = changes.get("cancellation_details") or made["cancellation_details"]
    return changes | {
        "cancel_at": moment,
        "cancel_at_period_end": at_end,
        "canceled_at": world.now() if wanted else None,
        "cancellation_details": details | {"reason": "cancellation_requested" if wanted else None},
    }


def _items(world: World, made: Json, given: Json) -> Json:
    if given.get("proration_behavior") != "none":
        raise not_modelled("prorations: give proration_behavior none", "proration_behavior")
    known = {each["id"]: each for each in made["items"]["data"]}
    for number, wanted in enumerate(given["items"]):
        path = f"items[{number}]"
        if wanted.get("id") not in known or wanted.keys() - ITEM_PARTS:
            raise not_modelled("items other than those of the subscription, by id", path)
        item = known[wanted["id"]]
        price = _price(world, made, wanted, path) or item["price"]
        changes = {"price": price, "plan": subscribing.plan_of(price)}
        known[item["id"]] = item | changes | {"quantity": wanted.get("quantity", item["quantity"])}
    items: Json = made["items"]
    return items | {"data": list(known.values())}


def _price(world: World, made: Json, wanted: Json, path: str) -> Json | None:
    if "price" in wanted:
        price = world.find("price", wanted["price"])
        if price is None:
            raise not_found("price", wanted["price"], f"{path}[price]")
    elif "price_data" in wanted:
        price = inline_price(world, wanted["price_data"], f"{path}[price_data]")
    else:
        return None
    if price["currency"] != made["currency"]:
        raise Refused("The price's currency is not that of the subscription.", param=path)
    old = made["items"]["data"][0]["price"]["recurring"]
    if not price["recurring"] or any(price["recurring"][n] != old[n] for n in ("interval", "interval_count")):
        raise not_modelled("another interval", path)
    return price


def cancel(world: World, key: str, given: Json) -> Json:
    """End now."""
    found = world.find("subscription", key)
    if found is None or found["status"] in standing.ENDED:
        raise not_found("subscription", key, "id")
    if given.get("invoice_now") or given.get("prorate"):
        raise not_modelled("a last invoice on cancelling", "invoice_now")
    details = given.get("cancellation_details") or {}
    found = found | {"cancellation_details": found["cancellation_details"] | details}
    return standing.end(world, found, "cancellation_requested")


def _filters(made: Json, given: Json) -> bool:
    status = given.get("status")
    if status is None and made["status"] in standing.ENDED:
        return False
    wanted = {"ended": standing.ENDED, "all": (made["status"],), None: (made["status"],)}
    if made["status"] not in wanted.get(status, (status,)):
        return False
    prices = {item["price"]["id"] for item in made["items"]["data"]}
    if "price" in given and given["price"] not in prices:
        return False
    return "customer" not in given or bool(made["customer"] == given["customer"])


ENDPOINTS = [
    Endpoint(
        "GET",
        PATH,
        SubscriptionListParams,
        listing("subscription", PATH, _filters),
        LIST_PARAMETERS | {"customer", "price", "status"},
    ),
    Endpoint(
        "GET", PATH + "/{id}", SubscriptionRetrieveParams, retrieve("subscription", "subscription", "id")
    ),
    Endpoint("POST", PATH + "/{id}", SubscriptionUpdateParams, update, UPDATE_PARAMETERS),
    Endpoint(
        "DELETE",
        PATH + "/{id}",
        SubscriptionCancelParams,
        cancel,
        frozenset({"cancellation_details", "invoice_now", "prorate"}),
    ),
]
