"""Payouts to the organisation's bank: by hand, automatic, arrived, failed."""

import stripe
from stripe.params import PayoutCreateParams, PayoutListParams, PayoutRetrieveParams

from donations.sandbox import balance
from donations.sandbox.endpoints import LIST_PARAMETERS, Endpoint, listing, retrieve, same
from donations.sandbox.refusals import Json, Refused
from donations.sandbox.shapes import shaped
from donations.sandbox.world import World

PATH = "/v1/payouts"
TRAVEL_DAYS = 2


def create(world: World, key: str, given: Json) -> Json:
    """A payout by hand. Raises Refused beyond the available balance."""
    currency, amount = given["currency"].lower(), given["amount"]
    if amount < 1:
        raise Refused("Invalid positive integer", code="parameter_invalid_integer", param="amount")
    if amount > balance.available(world, currency):
        raise Refused(
            "You have insufficient funds in your Stripe account for this transfer.",
            code="balance_insufficient",
        )
    return _pay_out(world, currency, amount, given, automatic=False)


def _pay_out(world: World, currency: str, amount: int, given: Json, *, automatic: bool) -> Json:
    payout = shaped(
        stripe.Payout,
        id=world.new_id("po_1"),
        amount=amount,
        arrival_date=world.now() + TRAVEL_DAYS * balance.DAY,
        automatic=automatic,
        created=world.now(),
        currency=currency,
        description=given.get("description"),
        livemode=False,
        metadata=given.get("metadata", {}),
        method="standard",
        reconciliation_status="completed" if automatic else "not_applicable",
        source_type="card",
        destination="ba_1SandboxBankAccount",
        statement_descriptor=given.get("statement_descriptor"),
        status="in_transit",
        type="bank_account",
    )
    fee = world.fees.payout_minor
    entry = balance.book(
        world,
        kind="payout",
        source=payout,
        amount=-amount,
        fees=[balance.fee_part(fee, currency, "Payout fee")] if fee else [],
    )
    payout = world.keep(payout | {"balance_transaction": entry["id"]})
    world.remind(payout["arrival_date"], "payout", payout["id"])
    world.emit("payout.created", payout)
    return payout


def pay_out_all(world: World) -> list[Json]:
    """Stripe's automatic payout: everything available, one payout a currency, its transactions named."""
    made = []
    for currency in balance.currencies(world):
        paid_before = {e for p in world.store.every("paid_out") for e in p["entries"]}
        entries = [
            e["id"]
            for e in world.store.every("balance_transaction")
            if e["currency"] == currency and e["status"] == "available" and e["id"] not in paid_before
        ]
        amount = balance.available(world, currency)
        # With a fee of its own the payout leaves room for it: the balance ends at zero, not below.
        amount -= world.fees.payout_minor
        if amount > 0:
            payout = _pay_out(world, currency, amount, {}, automatic=True)
            world.store.put("paid_out", payout["id"], {"entries": [payout["balance_transaction"], *entries]})
            world.emit("payout.reconciliation_completed", payout)
            made.append(payout)
    return made


def arrive(world: World, key: str) -> None:
    """A payout whose day has come is at the bank."""
    payout = world.need("payout", key)
    if payout["status"] == "in_transit" and payout["arrival_date"] <= world.now():
        world.emit("payout.paid", world.keep(payout | {"status": "paid"}))


def fail(world: World, payout: Json, code: str = "account_closed") -> Json:
    """The bank sends the money back, before or after it was `paid`: a second balance transaction returns it.

    Raises Refused for a payout that has failed already.
    """
    if payout["status"] not in ("in_transit", "pending", "paid"):
        raise Refused(f"This payout is {payout['status']}.", param="payout")
    entry = balance.book(world, kind="payout_failure", source=payout, amount=payout["amount"])
    changes = {
        "status": "failed",
        "failure_code": code,
        "failure_message": "The bank account has been closed." if code == "account_closed" else code,
        "failure_balance_transaction": entry["id"],
    }
    failed = world.keep(payout | changes)
    world.emit("payout.failed", failed, previous={"status": payout["status"]})
    return failed


CREATE_PARAMETERS = frozenset({"amount", "currency", "description", "metadata", "statement_descriptor"})
ENDPOINTS = [
    Endpoint("POST", PATH, PayoutCreateParams, create, CREATE_PARAMETERS),
    Endpoint(
        "GET", PATH, PayoutListParams, listing("payout", PATH, same("status")), LIST_PARAMETERS | {"status"}
    ),
    Endpoint("GET", PATH + "/{id}", PayoutRetrieveParams, retrieve("payout", "payout", "payout")),
]
