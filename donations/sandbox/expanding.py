"""The `expand` parameter: replace ids by the objects they name."""

from typing import Any

from donations.sandbox.refusals import Json, Refused
from donations.sandbox.world import World

MAX_DEPTH = 4
KINDS = {
    "payment_intent": "payment_intent",
    "latest_charge": "charge",
    "charge": "charge",
    "balance_transaction": "balance_transaction",
    "failure_balance_transaction": "balance_transaction",
    "customer": "customer",
    "default_payment_method": "payment_method",
    "invoice": "invoice",
    "latest_invoice": "invoice",
    "payment_method": "payment_method",
    "product": "product",
    "subscription": "subscription",
}
# Expandable in Stripe; here always null.
EMPTY = frozenset({"setup_intent", "payment_link"})
PREFIXES = {
    "ch_": "charge",
    "py_": "charge",
    "re_": "refund",
    "pyr_": "refund",
    "po_": "payout",
    "dp_": "dispute",
    "du_": "dispute",
}


def expanded(world: World, answer: Json, paths: list[str]) -> Json:
    """The answer with the named fields expanded; the stored objects stay as they are."""
    for path in paths:
        steps = path.split(".")
        if len(steps) > MAX_DEPTH + 1:
            raise Refused(
                f"You cannot expand more than {MAX_DEPTH} levels of a property ({path}).", param="expand"
            )
        answer = _walk(world, answer, steps, path)
    return answer


def _walk(world: World, thing: Json, steps: list[str], path: str) -> Json:
    if not steps:
        return thing
    name, rest = steps[0], steps[1:]
    if name == "data" and thing.get("object") == "list":
        return thing | {"data": [_walk(world, each, rest, path) for each in thing["data"]]}
    found = _field(world, thing, name, path)
    return thing | {name: _walk(world, found, rest, path) if isinstance(found, dict) else found}


def _field(world: World, thing: Json, name: str, path: str) -> Any:
    kind = thing.get("object")
    if kind == "checkout.session" and name == "line_items":
        return _line_items(world, thing)
    if kind == "invoice" and name == "payments":
        return _payments(world, thing)
    if name not in thing:
        raise Refused(f"This property cannot be expanded ({path}).", param="expand")
    value = thing[name]
    if isinstance(value, dict) or (value is None and (name in EMPTY or name in KINDS)):
        return value
    if name == "source" and kind == "balance_transaction":
        return world.need(next(k for prefix, k in PREFIXES.items() if value.startswith(prefix)), value)
    if name in KINDS:
        return world.need(KINDS[name], value)
    raise Refused(f"This property cannot be expanded ({path}).", param="expand")


def _payments(world: World, invoice: Json) -> Json:
    data = [world.need("invoice_payment", key) for key in world.linked("payments_of", invoice["id"])]
    return {"object": "list", "data": data, "has_more": False, "url": "/v1/invoice_payments"}


def _line_items(world: World, session: Json) -> Json:
    items = world.store.get("line_items", session["id"]) or {"data": []}
    url = f"/v1/checkout/sessions/{session['id']}/line_items"
    return {"object": "list", "data": items["data"], "has_more": False, "url": url}
