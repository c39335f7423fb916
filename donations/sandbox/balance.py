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
    "payout": "payout",
}


def book(
    world: World, *, kind: str, source: Json, amount: int, fee: int, fee_text: str = "Stripe processing fees"
) -> Json:
    """A balance transaction of `amount` gross (negative when money leaves) in the source's own currency."""
    now = world.now()
    waits = kind in ("charge", "payment")
    details = [
        shaped(
            stripe.BalanceTransaction.FeeDetail,
            amount=fee,
            currency=source["currency"],
            description=fee_text,
            type="stripe_fee",
        )
    ]
    return world.keep(
        shaped(
            stripe.BalanceTransaction,
            id=world.new_id("txn_3"),
            amount=amount,
            available_on=_midnight(now + SETTLE_DAYS * DAY) if waits else now,
            balance_type="payments",
            created=now,
            currency=source["currency"],
            description=source.get("description"),
            exchange_rate=None,
            fee=fee,
            fee_details=details if fee else [],
            net=amount - fee,
            reporting_category=CATEGORIES[kind],
            source=source["id"],
            status="pending" if waits else "available",
            type=kind,
        )
    )


def _midnight(moment: int) -> int:
    return moment - moment % DAY


def mature(world: World) -> None:
    """Money whose day has come becomes available."""
    now = world.now()
    for entry in world.store.every("balance_transaction"):
        if entry["status"] == "pending" and entry["available_on"] <= now:
            world.keep(entry | {"status": "available"})


def available(world: World, currency: str) -> int:
    """Net money in minor units that could be paid out now."""
    entries = world.store.every("balance_transaction")
    return sum(e["net"] for e in entries if e["currency"] == currency and e["status"] == "available")


def currencies(world: World) -> list[str]:
    """Currencies that have any balance transaction."""
    return sorted({e["currency"] for e in world.store.every("balance_transaction")})
