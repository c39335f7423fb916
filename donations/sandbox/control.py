"""The levers: what the control page and `POST /sandbox/control` can do."""

from collections.abc import Callable
from typing import cast

from donations.sandbox import levers_money
from donations.sandbox.agenda import catch_up
from donations.sandbox.faults import CallFault, CallFaultHow, HookFault, HookFaultHow, When
from donations.sandbox.orders import flag, whole, word
from donations.sandbox.refusals import Json, Refused, not_found
from donations.sandbox.webhooks import Webhooks
from donations.sandbox.world import World

Lever = Callable[[World, Webhooks, Json], Json]


def pull(world: World, hooks: Webhooks, order: Json) -> Json:
    """Do `order["do"]` with the rest of the order. The caller holds the world's lock.

    Raises Refused for an unknown order or a value it cannot use.
    """
    lever = LEVERS.get(str(order.get("do", "")))
    if lever is None:
        raise Refused(f"Unknown order; one of: {', '.join(LEVERS)}", param="do")
    catch_up(world)
    answer = lever(world, hooks, order)
    catch_up(world)
    return answer | state(world, hooks)


def state(world: World, hooks: Webhooks) -> Json:
    """What the sandbox is set to do."""
    return {
        "now": world.now(),
        "offset_seconds": world.offset,
        "require_scripts": world.switches.require_scripts,
        "late_balance": world.switches.late_balance,
        "retry_days": list(world.switches.retry_days),
        "after_retries": world.switches.after_retries,
        "rates": world.switches.rates,
        "faults": world.faults.as_json(),
        "webhook_url": hooks.url,
        "webhooks_waiting": hooks.waiting,
    }


def _fail_calls(world: World, hooks: Webhooks, order: Json) -> Json:
    fault = CallFault(
        how=cast(CallFaultHow, order.get("how")),
        when=cast(When, order.get("when", "before")),
        times=whole(order, "times", 1),
        path=str(order.get("path", "/v1/")),
        seconds=float(whole(order, "seconds", 5)),
        keep=flag(order, "keep"),
    )
    world.faults.fail_calls(fault)
    return {}


def _spoil_webhooks(world: World, hooks: Webhooks, order: Json) -> Json:
    how = cast(HookFaultHow, order.get("how"))
    seconds = float(whole(order, "seconds", 60))
    world.faults.spoil_hooks(HookFault(how=how, times=whole(order, "times", 1), seconds=seconds))
    return {}


def _advance(world: World, hooks: Webhooks, order: Json) -> Json:
    world.advance(whole(order, "seconds", 0))
    return {}


def _resend(world: World, hooks: Webhooks, order: Json) -> Json:
    wanted = str(order.get("event", "all"))
    chosen = [e for e in world.store.every("event") if wanted in ("all", e["id"])]
    if not chosen and wanted != "all":
        raise not_found("event", wanted, "event")
    for event in chosen:
        hooks.queue(event, manner="again")
    return {"resent": len(chosen)}


def _release(world: World, hooks: Webhooks, order: Json) -> Json:
    return {"released": hooks.release_held()}


def _switch(world: World, hooks: Webhooks, order: Json) -> Json:
    for name in ("require_scripts", "late_balance"):
        if name in order:
            setattr(world.switches, name, flag(order, name))
    if "retry_days" in order:
        world.switches.retry_days = _days(order["retry_days"])
    if "after_retries" in order:
        known = ("canceled", "unpaid", "past_due")
        world.switches.after_retries = word(order, "after_retries", "", known)
    return {}


def _clear(world: World, hooks: Webhooks, order: Json) -> Json:
    world.faults.clear()
    return {}


def _aim(world: World, hooks: Webhooks, order: Json) -> Json:
    hooks.aim(str(order.get("url", "")))
    return {}


def _rotate(world: World, hooks: Webhooks, order: Json) -> Json:
    secret = str(order.get("secret", ""))
    if not secret.startswith("whsec_"):
        raise Refused("A signing secret begins with whsec_.", param="secret")
    hooks.rotate(secret, keep_old=flag(order, "keep_old", True))
    return {}


def _nothing(world: World, hooks: Webhooks, order: Json) -> Json:
    return {}


def _days(given: object) -> tuple[int, ...]:
    """Days between tries, as a list or as text like "3 5 7"."""
    parts = given if isinstance(given, list) else str(given).split()
    if not all(str(part).isascii() and str(part).isdigit() and int(part) > 0 for part in parts):
        raise Refused("Invalid retry_days: whole days, such as 3 5 7", param="retry_days")
    return tuple(int(part) for part in parts)


LEVERS: dict[str, Lever] = {
    **levers_money.LEVERS,
    "fail_calls": _fail_calls,
    "spoil_webhooks": _spoil_webhooks,
    "advance_clock": _advance,
    "resend": _resend,
    "release_held": _release,
    "switch": _switch,
    "clear_faults": _clear,
    "aim_webhooks": _aim,
    "rotate_secret": _rotate,
    "state": _nothing,
}
