"""The balance and its transactions as they are read."""

import stripe
from stripe.params import (
    BalanceRetrieveParams,
    BalanceTransactionListParams,
    BalanceTransactionRetrieveParams,
)

from donations.sandbox import balance
from donations.sandbox.endpoints import LIST_PARAMETERS, Endpoint, listing, page, retrieve, same
from donations.sandbox.refusals import Json, Refused
from donations.sandbox.shapes import shaped
from donations.sandbox.world import World

PATH = "/v1/balance_transactions"
FILTERS = ("currency", "source", "type")


def select(world: World, key: str, given: Json) -> Json:
    """Balance transactions; `payout` narrows to those an automatic payout has paid."""
    if "payout" not in given:
        return listing("balance_transaction", PATH, same(*FILTERS))(world, key, given)
    named = world.store.get("paid_out", given["payout"])
    if named is None:
        raise Refused(
            "Balance transaction history can only be filtered on automatic transfers.", param="payout"
        )
    every = [world.need("balance_transaction", each) for each in named["entries"]]
    fits = same(*FILTERS)
    return page([entry for entry in every if fits(entry, given)], given, PATH)


def show(world: World, key: str, given: Json) -> Json:
    """What is there now and what is on its way, by currency."""
    found = balance.currencies(world) or ["eur"]
    available = [_sum(world, name, stripe.Balance.Available, "available") for name in found]
    pending = [_sum(world, name, stripe.Balance.Pending, "pending") for name in found]
    return shaped(stripe.Balance, available=available, pending=pending, livemode=False)


def _sum(world: World, currency: str, shape: type[stripe.StripeObject], status: str) -> Json:
    amount = balance.total(world, currency, status)
    return shaped(shape, amount=amount, currency=currency, source_types={"card": amount})


ENDPOINTS = [
    Endpoint("GET", "/v1/balance", BalanceRetrieveParams, show),
    Endpoint(
        "GET",
        PATH,
        BalanceTransactionListParams,
        select,
        LIST_PARAMETERS | {"currency", "payout", "source", "type"},
    ),
    Endpoint(
        "GET",
        PATH + "/{id}",
        BalanceTransactionRetrieveParams,
        retrieve("balance_transaction", "balance transaction", "id"),
    ),
]
