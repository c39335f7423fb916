"""How a subscription stands: active, behind with its payments, ended."""

from donations.sandbox.refusals import Json
from donations.sandbox.world import World

ENDED = ("canceled", "incomplete_expired")


def change(world: World, subscription: Json, **changes: object) -> Json:
    """Store the changes and say so by event, if there are any."""
    before = {name: subscription[name] for name, value in changes.items() if subscription[name] != value}
    if not before:
        return subscription
    changed = world.keep(subscription | changes)
    world.emit("customer.subscription.updated", changed, previous=before)
    return changed


def mark_paid(world: World, subscription: Json) -> None:
    """An invoice was paid: what was behind is active again, unless another invoice is still open."""
    unpaid = [
        each for each in invoices_of(world, subscription) if each["status"] == "open" and each["attempted"]
    ]
    if subscription["status"] in ("past_due", "unpaid", "incomplete") and not unpaid:
        change(world, subscription, status="active")


def mark_failed(world: World, subscription: Json, *, last: bool) -> None:
    """An invoice was not paid; after the last try the account's setting decides."""
    if subscription["status"] in ENDED:
        return
    after = world.switches.after_retries
    if not last or after == "past_due":
        change(world, subscription, status="past_due")
    elif after == "unpaid":
        change(world, subscription, status="unpaid")
    else:
        end(world, subscription, "payment_failed")


def end(world: World, subscription: Json, reason: str) -> Json:
    """Cancel now: no further invoice, and no further try for those that are open."""
    now = world.now()
    details = subscription["cancellation_details"] | {"reason": reason}
    ended = {
        "status": "canceled",
        "canceled_at": subscription["canceled_at"] or now,
        "ended_at": now,
        "cancellation_details": details,
    }
    done = world.keep(subscription | ended)
    for invoice in invoices_of(world, done):
        if invoice["status"] in ("draft", "open"):
            stop = {"auto_advance": False, "next_payment_attempt": None, "automatically_finalizes_at": None}
            world.keep(invoice | stop)
    world.emit("customer.subscription.deleted", done)
    return done


def invoices_of(world: World, subscription: Json) -> list[Json]:
    """All invoices of a subscription, oldest first."""
    return [world.need("invoice", key) for key in world.linked("invoices_of", subscription["id"])]


def subscription_of(invoice: Json) -> str | None:
    """The subscription an invoice is for."""
    parent = invoice["parent"]
    return parent["subscription_details"]["subscription"] if parent else None
