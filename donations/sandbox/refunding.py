"""A refund's life: asked for by the API or in the dashboard, then paid back, or returned by the bank."""

import stripe

from donations.sandbox import balance, disputing
from donations.sandbox.instruments import Instrument, used_for
from donations.sandbox.refusals import Json, Refused
from donations.sandbox.shapes import shaped
from donations.sandbox.world import World

LASTING = ("needs_response", "under_review", "lost")


def refund(
    world: World,
    charge: Json,
    *,
    amount: int | None = None,
    reason: str | None = None,
    metadata: Json | None = None,
    status: str | None = None,
) -> Json:
    """Give back `amount` minor units, or all that is left.

    Direct debits, and cards that stand for it, are `pending` until the banks answer; `status` overrides.
    Raises Refused in Stripe's words for what cannot be given back.
    """
    left = charge["amount"] - charge["amount_refunded"]
    wanted = left if amount is None else int(amount)
    _check(world, charge, wanted, left)
    instrument = used_for(charge)
    made = _new(world, charge, wanted, reason, status or _first_status(charge, instrument))
    made = world.keep(made | {"metadata": metadata or {}})
    _note_on_charge(world, charge, wanted)
    world.emit("refund.created", made)
    disputing.close_inquiries(world, world.need("charge", charge["id"]))
    if instrument.refund == "fails" and made["status"] == "succeeded":
        world.store.put("refund_will_fail", made["id"], {"done": False})
    return made


def _first_status(charge: Json, instrument: Instrument) -> str:
    slow = charge["payment_method_details"]["type"] == "sepa_debit" or instrument.refund == "waits"
    return "pending" if slow else "succeeded"


def _new(world: World, charge: Json, amount: int, reason: str | None, status: str) -> Json:
    by_card = charge["payment_method_details"]["type"] == "card"
    made = shaped(
        stripe.Refund,
        id=world.new_id("re_3" if by_card else "pyr_1"),
        amount=amount,
        charge=charge["id"],
        created=world.now(),
        currency=charge["currency"],
        customer=charge["customer"],
        destination_details=_destination(by_card),
        metadata={},
        payment_intent=charge["payment_intent"],
        payment_method=charge["payment_method"],
        pending_reason="processing" if status == "pending" else None,
        reason=reason,
        status=status,
    )
    currency, _rate = world.switches.kept_currency(charge["currency"])
    fee = world.fees.refund_minor
    entry = balance.book(
        world,
        kind="refund" if by_card else "payment_refund",
        source=made,
        amount=-amount,
        fees=[balance.fee_part(fee, currency, "Refund fee")] if fee else [],
    )
    return world.keep(made | {"balance_transaction": entry["id"]})


def _destination(by_card: bool) -> Json:
    kinds = stripe.Refund.DestinationDetails
    if not by_card:
        return shaped(kinds, type="sepa_debit")
    return shaped(kinds, type="card", card=shaped(kinds.Card, type="refund", reference_status="pending"))


def _note_on_charge(world: World, charge: Json, change: int) -> None:
    before = {"amount_refunded": charge["amount_refunded"], "refunded": charge["refunded"]}
    total = charge["amount_refunded"] + change
    changed = world.keep(charge | {"amount_refunded": total, "refunded": total == charge["amount"]})
    world.emit("charge.refunded" if change > 0 else "charge.updated", changed, previous=before)


def _check(world: World, charge: Json, amount: int, left: int) -> None:
    if charge["status"] != "succeeded":
        raise Refused("This charge has not succeeded and cannot be refunded.", param="charge")
    disputes = (d for d in world.store.every("dispute") if d["charge"] == charge["id"])
    if charge["disputed"] and any(d["status"] in LASTING for d in disputes):
        raise Refused(
            f"Charge {charge['id']} has been charged back; cannot issue a refund.", code="charge_disputed"
        )
    if left == 0:
        raise Refused(f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded")
    if amount < 1:
        raise Refused("Invalid positive integer", code="parameter_invalid_integer", param="amount")
    if amount > left:
        raise Refused(
            f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})", param="amount"
        )


def succeed(world: World, made: Json) -> Json:
    """The bank has given the money back. Raises Refused unless the refund was pending."""
    if made["status"] != "pending":
        raise Refused(f"This refund is {made['status']}, not pending.", param="refund")
    done = world.keep(made | {"status": "succeeded", "pending_reason": None})
    _say(world, done, {"status": "pending"})
    return done


def fail(world: World, made: Json, reason: str = "expired_or_canceled_card") -> Json:
    """The bank sends the money back: it returns to the balance by a second balance transaction.

    Raises Refused for a refund that has already failed. A refund that had succeeded can fail, weeks later.
    """
    if made["status"] not in ("pending", "succeeded"):
        raise Refused(f"This refund is already {made['status']}.", param="refund")
    entry = balance.book(world, kind="refund_failure", source=made, amount=made["amount"])
    changes = {
        "status": "failed",
        "pending_reason": None,
        "failure_reason": reason,
        "failure_balance_transaction": entry["id"],
    }
    done = world.keep(made | changes)
    _note_on_charge(world, world.need("charge", made["charge"]), -made["amount"])
    world.emit("refund.failed", done)
    _say(world, done, {"status": made["status"]})
    return done


def _say(world: World, made: Json, before: Json) -> None:
    world.emit("refund.updated", made, previous=before)
    world.emit("charge.refund.updated", made, previous=before)


def settle(world: World) -> int:
    """The banks answer every refund that waits, and return those that are to come back."""
    count = 0
    for made in world.store.every("refund"):
        planned = world.store.get("refund_will_fail", made["id"])
        if planned is not None and not planned["done"]:
            world.store.put("refund_will_fail", made["id"], {"done": True})
            fail(world, made)
        elif made["status"] == "pending":
            succeed(world, made)
        else:
            continue
        count += 1
    return count
