"""What time alone brings about, each thing at its own moment, even when the clock leaps over many."""

import heapq
from collections.abc import Callable

from donations.sandbox import balance, invoicing, subscribing
from donations.sandbox.resources import checkout, payouts
from donations.sandbox.world import World

Job = Callable[[World, str], None]
JOBS: dict[str, Job] = {
    "session": checkout.expire_due,
    "entry": balance.mature,
    "payout": payouts.arrive,
    "renewal": subscribing.fall_due,
    "invoice": invoicing.fall_due,
}


def catch_up(world: World) -> None:
    """Do what has fallen due, oldest first. Nothing falls due in the second it is made."""
    now = world.now()
    if now == world.caught_up_at:
        return
    if not world.recalled:
        _recall(world)
    world.caught_up_at = now
    while world.reminders and world.reminders[0][0] <= now:
        moment, _number, job, key = heapq.heappop(world.reminders)
        world.frozen_at = min(moment, now)
        try:
            JOBS[job](world, key)
        finally:
            world.frozen_at = None


def _recall(world: World) -> None:
    """The reminders of a state that was read from a file."""
    world.recalled, world.reminders = True, []
    for session in world.store.every(checkout.KIND):
        if session["status"] == "open":
            world.remind(session["expires_at"], "session", session["id"])
    for entry in world.store.every("balance_transaction"):
        if entry["status"] == "pending":
            world.remind(entry["available_on"], "entry", entry["id"])
    for payout in world.store.every("payout"):
        if payout["status"] == "in_transit":
            world.remind(payout["arrival_date"], "payout", payout["id"])
    for subscription in world.store.every("subscription"):
        subscribing.remind(world, subscription)
    for invoice in world.store.every("invoice"):
        invoicing.remind(world, invoice)
