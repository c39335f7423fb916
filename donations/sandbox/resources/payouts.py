"""Balance transactions as they are read, and payouts to the organisation's bank."""

import stripe
from stripe.params import (
    BalanceTransactionListParams,
    BalanceTransactionRetrieveParams,
    PayoutCreateParams,
    PayoutListParams,
    PayoutRetrieveParams,
)

from donations.sandbox import balance
from donations.sandbox.endpoints import LIST_PARAMETERS, Endpoint, listing, page, retrieve
from donations.sandbox.refusals import Json, Refused
from donations.sandbox.shapes import shaped
from donations.sandbox.world import World

PATH = "/v1/payouts"
ENTRIES = "/v1/balance_transactions"
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
        statement_descriptor=given.get("statement_descriptor"),
        status="in_transit",
        type="bank_account",
    )
    entry = balance.book(world, kind="payout", source=payout, amount=-amount, fee=0)
    payout = world.keep(payout | {"balance_transaction": entry["id"]})
    world.emit("payout.created", payout)
    return payout


def pay_out_all(world: World) -> list[Json]:
    """Stripe's automatic payout: everything available, one payout a currency, its transactions named."""
    made = []
    balance.mature(world)
    for currency in balance.currencies(world):
        paid_before = {e for p in world.store.every("paid_out") for e in p["entries"]}
        entries = [
            e["id"]
            for e in world.store.every("balance_transaction")
            if e["currency"] == currency and e["status"] == "available" and e["id"] not in paid_before
        ]
        amount = balance.available(world, currency)
        if amount > 0:
            payout = _pay_out(world, currency, amount, {}, automatic=True)
            world.store.put("paid_out", payout["id"], {"entries": [payout["balance_transaction"], *entries]})
            world.emit("payout.reconciliation_completed", payout)
            made.append(payout)
    return made


def arrive(world: World) -> None:
    """Payouts whose day has come are at the bank."""
    for payout in world.store.every("payout"):
        if payout["status"] == "in_transit" and payout["arrival_date"] <= world.now():
            world.emit("payout.paid", world.keep(payout | {"status": "paid"}))


def list_entries(world: World, key: str, given: Json) -> Json:
    """Balance transactions; `payout` narrows to those an automatic payout has paid."""
    if "payout" in given:
        named = world.store.get("paid_out", given["payout"])
        if named is None:
            raise Refused(
                "Balance transaction history can only be filtered on automatic transfers.", param="payout"
            )
        every = [world.need("balance_transaction", each) for each in named["entries"]]
        rest = {name: value for name, value in given.items() if name != "payout"}
        return page([e for e in every if _filters(e, rest)], rest, ENTRIES)
    return listing("balance_transaction", ENTRIES, _filters)(world, key, given)


def _filters(entry: Json, given: Json) -> bool:
    return all(entry[name] == given[name] for name in ("currency", "source", "type") if name in given)


def _payout_filters(payout: Json, given: Json) -> bool:
    return "status" not in given or bool(payout["status"] == given["status"])


ENTRY_FILTERS = frozenset({"currency", "payout", "source", "type"})
CREATE_PARAMETERS = frozenset({"amount", "currency", "description", "metadata", "statement_descriptor"})
ENDPOINTS = [
    Endpoint("POST", PATH, PayoutCreateParams, create, CREATE_PARAMETERS),
    Endpoint(
        "GET", PATH, PayoutListParams, listing("payout", PATH, _payout_filters), LIST_PARAMETERS | {"status"}
    ),
    Endpoint("GET", PATH + "/{id}", PayoutRetrieveParams, retrieve("payout", "payout", "payout")),
    Endpoint("GET", ENTRIES, BalanceTransactionListParams, list_entries, LIST_PARAMETERS | ENTRY_FILTERS),
    Endpoint(
        "GET",
        ENTRIES + "/{id}",
        BalanceTransactionRetrieveParams,
        retrieve("balance_transaction", "balance transaction", "id"),
    ),
]
