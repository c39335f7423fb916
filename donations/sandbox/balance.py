"""Balance transactions: the only place where the sandbox's money moves."""

import stripe

from donations.sandbox.refusals import Json
from donations.sandbox.shapes import shaped
from donations.sandbox.world import World

DAY = 86_400
SETTLE_DAYS = 2
CATEGORIES = {
    "charge": "charge",
    "payment": "charge",
    "refund": "refund",
    "payment_refund": "refund",
    "refund_failure": "refund_failure",
    "payment_failure_refund": "charge_failure",
    "payout": "payout",
    "payout_failure": "payout_reversal",
    "stripe_fee": "fee",
}
FEE_TEXT = "Stripe processing fees"


def fee_part(amount: int, currency: str, description: str = FEE_TEXT, kind: str = "stripe_fee") -> Json:
    """One part of a fee, in minor units; `kind` may be a word that Stripe's list does not have yet."""
    parts = {"amount": amount, "currency": currency, "description": description, "type": kind}
    return shaped(stripe.BalanceTransaction.FeeDetail, **parts)


def book(
    world: World,
    *,
    kind: str,
    source: Json,
    amount: int,
    fees: list[Json] | None = None,
    category: str | None = None,
) -> Json:
    """A balance transaction of `amount` gross (negative when money leaves).

    `source` is the object it is for, or a bare `{"id": None, "currency": …}`. Payments in a currency that the
    account does not keep are converted at the rate of `world.switches`; fees are in the kept currency.
    """
    now = world.now()
    waits = kind in ("charge", "payment")
    currency, rate = world.switches.kept_currency(source["currency"])
    gross = world.switches.converted(amount, source["currency"])
    parts = fees or []
    fee = sum(int(part["amount"]) for part in parts)
    entry = world.keep(
        shaped(
            stripe.BalanceTransaction,
            id=world.new_id("txn_3"),
            amount=gross,
            available_on=_midnight(now + SETTLE_DAYS * DAY) if waits else now,
            balance_type="payments",
            created=now,
            currency=currency,
            description=source.get("description"),
            exchange_rate=rate,
            fee=fee,
            fee_details=parts,
            net=gross - fee,
            reporting_category=category or CATEGORIES.get(kind, kind),
            source=source["id"],
            status="pending" if waits else "available",
            type=kind,
        )
    )
    if waits:
        world.remind(entry["available_on"], "entry", entry["id"])
    return entry


def _midnight(moment: int) -> int:
    return moment - moment % DAY


def mature(world: World, key: str) -> None:
    """Money whose day has come becomes available."""
    entry = world.need("balance_transaction", key)
    if entry["status"] == "pending" and entry["available_on"] <= world.now():
        world.keep(entry | {"status": "available"})


def available(world: World, currency: str) -> int:
    """Net money in minor units that could be paid out now."""
    return total(world, currency, "available")


def total(world: World, currency: str, status: str) -> int:
    """Net money in minor units of all balance transactions with this status."""
    entries = world.store.every("balance_transaction")
    return sum(e["net"] for e in entries if e["currency"] == currency and e["status"] == status)


def currencies(world: World) -> list[str]:
    """Currencies that have any balance transaction."""
    return sorted({e["currency"] for e in world.store.every("balance_transaction")})
