"""Refunds, whole or in part, of paid charges."""

import stripe
from stripe.params import RefundCreateParams, RefundListParams, RefundRetrieveParams

from donations.sandbox import balance
from donations.sandbox.endpoints import LIST_PARAMETERS, Endpoint, listing, retrieve
from donations.sandbox.refusals import Json, Refused, not_found
from donations.sandbox.shapes import shaped
from donations.sandbox.world import World

PATH = "/v1/refunds"


def create(world: World, key: str, given: Json) -> Json:
    """Give money back; Stripe keeps its fee. Raises Refused beyond what is left."""
    charge = _charge(world, given)
    left = charge["amount"] - charge["amount_refunded"]
    amount = int(given.get("amount", left))
    _check(charge, amount, left)
    refund = shaped(
        stripe.Refund,
        id=world.new_id("re_3" if charge["id"].startswith("ch_") else "pyr_1"),
        amount=amount,
        charge=charge["id"],
        created=world.now(),
        currency=charge["currency"],
        metadata=given.get("metadata", {}),
        payment_intent=charge["payment_intent"],
        reason=given.get("reason"),
        status="succeeded",
    )
    kind = "refund" if charge["id"].startswith("ch_") else "payment_refund"
    entry = balance.book(world, kind=kind, source=refund, amount=-amount, fee=0)
    refund = world.keep(refund | {"balance_transaction": entry["id"]})
    given_back = charge["amount_refunded"] + amount
    charge = world.keep(charge | {"amount_refunded": given_back, "refunded": given_back == charge["amount"]})
    world.emit("refund.created", refund)
    world.emit(
        "charge.refunded", charge, previous={"amount_refunded": given_back - amount, "refunded": False}
    )
    return refund


def _charge(world: World, given: Json) -> Json:
    if "payment_intent" in given and "charge" not in given:
        intent = world.find("payment_intent", given["payment_intent"])
        if intent is None:
            raise not_found("payment_intent", given["payment_intent"], "payment_intent")
        found = world.find("charge", intent["latest_charge"])
        if found is None:
            raise Refused(
                "This PaymentIntent does not have a successful charge to refund.", param="payment_intent"
            )
        return found
    if "charge" not in given:
        raise Refused(
            "One of the following params should be provided for this request: payment_intent or charge."
        )
    found = world.find("charge", given["charge"])
    if found is None:
        raise not_found("charge", given["charge"], "charge")
    return found


def _check(charge: Json, amount: int, left: int) -> None:
    if charge["status"] != "succeeded":
        raise Refused("This charge has not succeeded and cannot be refunded.", param="charge")
    if left == 0:
        raise Refused(f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded")
    if amount < 1:
        raise Refused("Invalid positive integer", code="parameter_invalid_integer", param="amount")
    if amount > left:
        raise Refused(
            f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})", param="amount"
        )


def _filters(refund: Json, given: Json) -> bool:
    return all(refund[name] == given[name] for name in ("charge", "payment_intent") if name in given)


ENDPOINTS = [
    Endpoint(
        "POST",
        PATH,
        RefundCreateParams,
        create,
        frozenset({"amount", "charge", "payment_intent", "reason", "metadata"}),
    ),
    Endpoint(
        "GET",
        PATH,
        RefundListParams,
        listing("refund", PATH, _filters),
        LIST_PARAMETERS | {"charge", "payment_intent"},
    ),
    Endpoint("GET", PATH + "/{id}", RefundRetrieveParams, retrieve("refund", "refund", "refund")),
]
