"""Disputes as they are read and answered."""

from stripe.params import DisputeCloseParams, DisputeListParams, DisputeRetrieveParams, DisputeUpdateParams

from donations.sandbox import disputing
from donations.sandbox.endpoints import LIST_PARAMETERS, Endpoint, listing, merged, retrieve, same
from donations.sandbox.refusals import Json, Refused, not_found, not_modelled
from donations.sandbox.world import World

PATH = "/v1/disputes"
# Stripe's own test words: what the bank decides once the evidence is submitted.
VERDICTS = {"winning_evidence": "won", "losing_evidence": "lost"}


def update(world: World, key: str, given: Json) -> Json:
    """Evidence and metadata; `submit` (true unless said otherwise) sends the evidence to the bank."""
    made = _need(world, key)
    if made["status"] not in disputing.OPEN + disputing.OPEN_INQUIRY:
        raise Refused("This dispute is already closed", code="dispute_already_closed", param="id")
    evidence = given.get("evidence") or {}
    if "enhanced_evidence" in evidence:
        raise not_modelled("enhanced evidence", "evidence[enhanced_evidence]")
    details = made["evidence_details"] | {
        "has_evidence": bool(evidence) or made["evidence_details"]["has_evidence"]
    }
    made = world.keep(
        made
        | {
            "evidence": made["evidence"] | evidence,
            "evidence_details": details,
            "metadata": merged(made["metadata"], given.get("metadata") or {}),
        }
    )
    if not evidence or not given.get("submit", True):
        world.emit("charge.dispute.updated", made)
        return made
    made = disputing.submit(world, made)
    verdict = VERDICTS.get(evidence.get("uncategorized_text", ""))
    inquiry = made["status"] in disputing.OPEN_INQUIRY
    return made if verdict is None or inquiry else disputing.settle(world, made, verdict)


def close(world: World, key: str, given: Json) -> Json:
    """Accept the dispute as lost."""
    made = _need(world, key)
    if made["status"] not in disputing.OPEN:
        raise Refused("This dispute is already closed", code="dispute_already_closed", param="id")
    return disputing.settle(world, made, "lost")


def _need(world: World, key: str) -> Json:
    found = world.find("dispute", key)
    if found is None:
        raise not_found("dispute", key, "id")
    return found


ENDPOINTS = [
    Endpoint(
        "GET",
        PATH,
        DisputeListParams,
        listing("dispute", PATH, same("charge", "payment_intent")),
        LIST_PARAMETERS | {"charge", "payment_intent"},
    ),
    Endpoint("GET", PATH + "/{id}", DisputeRetrieveParams, retrieve("dispute", "dispute", "id")),
    Endpoint(
        "POST", PATH + "/{id}", DisputeUpdateParams, update, frozenset({"evidence", "metadata", "submit"})
    ),
    Endpoint("POST", PATH + "/{id}/close", DisputeCloseParams, close),
]
