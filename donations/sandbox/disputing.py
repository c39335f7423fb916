"""A dispute's life: opened by the donor's bank, answered or not, closed; with its balance transactions."""

import stripe

from donations.sandbox import balance
from donations.sandbox.refusals import Json, Refused
from donations.sandbox.shapes import shaped
from donations.sandbox.world import World

DAYS_TO_ANSWER = 9
OPEN = ("needs_response", "under_review")
OPEN_INQUIRY = ("warning_needs_response", "warning_under_review")
Dispute = stripe.Dispute


def open_dispute(
    world: World,
    charge: Json,
    *,
    amount: int | None = None,
    kind: str = "chargeback",
    reason: str = "fraudulent",
) -> Json:
    """A bank takes `amount` back (all by default), or only asks (`kind` "inquiry": no money moves).

    A returned direct debit is lost from the start. Raises Refused for a charge that cannot be disputed.
    """
    wanted = int(charge["amount"]) if amount is None else int(amount)
    if not (charge["status"] == "succeeded" and 1 <= wanted <= charge["amount"]):
        raise Refused("Only a succeeded charge can be disputed, for at most its amount.", param="amount")
    if any(d["charge"] == charge["id"] and d["status"] in OPEN + OPEN_INQUIRY for d in every(world)):
        raise Refused("This charge is already disputed.", param="charge")
    debit = charge["payment_method_details"]["type"] == "sepa_debit"
    inquiry = kind == "inquiry" and not debit
    made = _new(world, charge, wanted, reason, "warning_needs_response" if inquiry else "needs_response")
    world.keep(charge | {"disputed": True})
    if inquiry:
        world.emit("charge.dispute.created", world.keep(made))
        return made
    made = _withdraw(world, made, debit=debit)
    world.emit("charge.dispute.created", made)
    world.emit("charge.dispute.funds_withdrawn", made)
    return _close(world, made, "lost") if debit else made


def every(world: World) -> list[Json]:
    """All disputes, oldest first."""
    return world.store.every("dispute")


def _new(world: World, charge: Json, amount: int, reason: str, status: str) -> Json:
    eligible = shaped(Dispute.EvidenceDetails.EnhancedEligibility)
    deadline = world.now() + DAYS_TO_ANSWER * balance.DAY
    details = charge["payment_method_details"]
    return shaped(
        Dispute,
        id=world.new_id("du_1" if details["type"] == "sepa_debit" else "dp_1"),
        amount=amount,
        balance_transactions=[],
        charge=charge["id"],
        created=world.now(),
        currency=charge["currency"],
        enhanced_eligibility_types=[],
        evidence=shaped(Dispute.Evidence, enhanced_evidence=shaped(Dispute.Evidence.EnhancedEvidence)),
        evidence_details=shaped(
            Dispute.EvidenceDetails,
            due_by=deadline,
            enhanced_eligibility=eligible,
            has_evidence=False,
            past_due=False,
            submission_count=0,
            submission_method="not_submitted",
        ),
        is_charge_refundable=status.startswith("warning"),
        livemode=False,
        metadata={},
        network_reason_code="10.4" if details["type"] == "card" else None,
        payment_intent=charge["payment_intent"],
        payment_method_details=_details(charge, status),
        reason=reason,
        status=status,
    )


def _details(charge: Json, status: str) -> Json | None:
    details = charge["payment_method_details"]
    if details["type"] != "card":
        return None
    kinds = Dispute.PaymentMethodDetails
    case = "inquiry" if status.startswith("warning") else "chargeback"
    brand = details["card"]["brand"]
    card = shaped(kinds.Card, brand=brand, case_type=case, network=brand, network_reason_code="10.4")
    return shaped(kinds, type="card", card=card)


def _withdraw(world: World, made: Json, *, debit: bool) -> Json:
    fee = world.fees.direct_debit_dispute_minor if debit else world.fees.dispute_minor
    return _move(world, made, -made["amount"], fee, "dispute")


def _move(world: World, made: Json, amount: int, fee: int, category: str) -> Json:
    currency, _rate = world.switches.kept_currency(made["currency"])
    fees = [balance.fee_part(fee, currency, "Dispute fee")] if fee else []
    named = made | {"description": f"Chargeback {made['reason']} for {made['charge']}"}
    entry = balance.book(world, kind="adjustment", source=named, amount=amount, fees=fees, category=category)
    return world.keep(made | {"balance_transactions": [*made["balance_transactions"], entry]})


def submit(world: World, made: Json) -> Json:
    """The organisation's answer is with the bank."""
    status = {"needs_response": "under_review", "warning_needs_response": "warning_under_review"}
    details = made["evidence_details"] | {"has_evidence": True, "submission_method": "manual"}
    details["submission_count"] += 1
    changes = {"status": status.get(made["status"], made["status"]), "evidence_details": details}
    sent = world.keep(made | changes)
    world.emit("charge.dispute.updated", sent, previous={"status": made["status"]})
    return sent


def settle(world: World, made: Json, outcome: str) -> Json:
    """The bank decides: `won`, `lost`; an inquiry is `closed` or becomes a chargeback (`escalated`).

    Raises Refused for an outcome that this dispute cannot have.
    """
    if made["status"] in OPEN and outcome in ("won", "lost"):
        return _win(world, made) if outcome == "won" else _close(world, made, "lost")
    if made["status"] in OPEN_INQUIRY and outcome == "closed":
        return _close(world, made, "warning_closed")
    if made["status"] in OPEN_INQUIRY and outcome == "escalated":
        return _escalate(world, made)
    raise Refused(f"A dispute that is {made['status']} cannot be {outcome[:20]}.", param="outcome")


def _win(world: World, made: Json) -> Json:
    back = -world.fees.dispute_won_returned_minor
    made = _move(world, made, made["amount"], back, "dispute_reversal")
    won = _close(world, made | {"is_charge_refundable": True}, "won")
    world.emit("charge.dispute.funds_reinstated", won)
    return won


def _close(world: World, made: Json, status: str) -> Json:
    closed = world.keep(made | {"status": status})
    world.emit("charge.dispute.closed", closed, previous={"status": made["status"]})
    return closed


def _escalate(world: World, made: Json) -> Json:
    charge = world.need("charge", made["charge"])
    changes = {
        "status": "needs_response",
        "is_charge_refundable": False,
        "payment_method_details": _details(charge, "needs_response"),
    }
    taken = _withdraw(world, made | changes, debit=False)
    world.emit("charge.dispute.updated", taken, previous={"status": made["status"]})
    world.emit("charge.dispute.funds_withdrawn", taken)
    return taken


def close_inquiries(world: World, charge: Json) -> None:
    """A full refund answers an inquiry."""
    for made in every(world):
        if made["charge"] == charge["id"] and made["status"] in OPEN_INQUIRY and charge["refunded"]:
            _close(world, made, "warning_closed")
