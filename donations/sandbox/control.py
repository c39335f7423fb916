"""The levers: what the control page and `POST /sandbox/control` can do."""

from collections.abc import Callable
from typing import Any, cast

from donations.sandbox import paying
from donations.sandbox.api import catch_up
from donations.sandbox.faults import CallFault, CallFaultHow, HookFault, HookFaultHow, When
from donations.sandbox.refusals import Json, Refused, not_found
from donations.sandbox.resources import payouts
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
        "faults": world.faults.as_json(),
        "webhook_url": hooks.url,
        "webhooks_waiting": hooks.waiting,
    }


def _fail_calls(world: World, hooks: Webhooks, order: Json) -> Json:
    fault = CallFault(
        how=cast(CallFaultHow, order.get("how")),
        when=cast(When, order.get("when", "before")),
        times=_whole(order, "times", 1),
        path=str(order.get("path", "/v1/")),
        seconds=float(_whole(order, "seconds", 5)),
    )
    world.faults.fail_calls(fault)
    return {}


def _spoil_webhooks(world: World, hooks: Webhooks, order: Json) -> Json:
    how = cast(HookFaultHow, order.get("how"))
    seconds = float(_whole(order, "seconds", 60))
    world.faults.spoil_hooks(HookFault(how=how, times=_whole(order, "times", 1), seconds=seconds))
    return {}


def _settle(world: World, hooks: Webhooks, order: Json) -> Json:
    return {"settled": paying.settle(world)}


def _advance(world: World, hooks: Webhooks, order: Json) -> Json:
    world.advance(_whole(order, "seconds", 0))
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


def _pay_out(world: World, hooks: Webhooks, order: Json) -> Json:
    return {"payouts": [payout["id"] for payout in payouts.pay_out_all(world)]}


def _switch(world: World, hooks: Webhooks, order: Json) -> Json:
    for name in ("require_scripts", "late_balance"):
        if name in order:
            setattr(world.switches, name, _flag(order, name))
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
    hooks.rotate(secret, keep_old=_flag(order, "keep_old", True))
    return {}


def _nothing(world: World, hooks: Webhooks, order: Json) -> Json:
    return {}


def _whole(order: Json, name: str, otherwise: int) -> int:
    given: Any = order.get(name, otherwise)
    try:
        return int(given)
    except (TypeError, ValueError) as error:
        raise Refused(f"Invalid integer: {name}", param=name) from error


def _flag(order: Json, name: str, otherwise: bool = False) -> bool:
    given = order.get(name, otherwise)
    if isinstance(given, bool):
        return given
    if given in ("true", "false"):
        return bool(given == "true")
    raise Refused(f"Invalid boolean: {name}", param=name)


LEVERS: dict[str, Lever] = {
    "fail_calls": _fail_calls,
    "spoil_webhooks": _spoil_webhooks,
    "settle": _settle,
    "advance_clock": _advance,
    "resend": _resend,
    "release_held": _release,
    "pay_out": _pay_out,
    "switch": _switch,
    "clear_faults": _clear,
    "aim_webhooks": _aim,
    "rotate_secret": _rotate,
    "state": _nothing,
}
