"""Refunds as the API is asked for them; what becomes of them is in `refunding.py`."""

from stripe.params import RefundCreateParams, RefundListParams, RefundRetrieveParams, RefundUpdateParams

from donations.sandbox import refunding
from donations.sandbox.endpoints import LIST_PARAMETERS, Endpoint, listing, retrieve, same, update_metadata
from donations.sandbox.refusals import Json, Refused, not_found
from donations.sandbox.world import World

PATH = "/v1/refunds"


def create(world: World, key: str, given: Json) -> Json:
    """Give money back; Stripe keeps its fee. Raises Refused beyond what is left."""
    charge = _charge(world, given)
    return refunding.refund(
        world,
        charge,
        amount=given.get("amount"),
        reason=given.get("reason"),
        metadata=given.get("metadata") or {},
    )


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
        listing("refund", PATH, same("charge", "payment_intent")),
        LIST_PARAMETERS | {"charge", "payment_intent"},
    ),
    Endpoint("GET", PATH + "/{id}", RefundRetrieveParams, retrieve("refund", "refund", "refund")),
    Endpoint(
        "POST",
        PATH + "/{id}",
        RefundUpdateParams,
        update_metadata("refund", "refund", "refund.updated"),
        frozenset({"metadata"}),
    ),
]
