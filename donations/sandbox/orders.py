"""Read the values of an order to the control: by JSON or from a form, where everything is text."""

from typing import Any

from donations.sandbox.refusals import Json, Refused, not_found
from donations.sandbox.world import World


def whole(order: Json, name: str, otherwise: int) -> int:
    """A whole number. Raises Refused."""
    given: Any = order.get(name, otherwise)
    try:
        return int(given)
    except (TypeError, ValueError) as error:
        raise Refused(f"Invalid integer: {name}", param=name) from error


def flag(order: Json, name: str, otherwise: bool = False) -> bool:
    """True or false. Raises Refused."""
    given = order.get(name, otherwise)
    if isinstance(given, bool):
        return given
    if given in ("true", "false"):
        return bool(given == "true")
    raise Refused(f"Invalid boolean: {name}", param=name)


def word(order: Json, name: str, otherwise: str, known: tuple[str, ...]) -> str:
    """One of the known words. Raises Refused."""
    given = str(order.get(name, otherwise))
    if given not in known:
        raise Refused(f"Invalid {name}: must be one of {', '.join(filter(None, known))}", param=name)
    return given


def named(world: World, kind: str, order: Json) -> Json:
    """The object named by `order[kind]`, the newest one if none is named. Raises Refused (404)."""
    key = str(order.get(kind, ""))
    every = [] if key else world.store.every(kind)
    found = world.find(kind, key) or (every[-1] if every else None)
    if found is None:
        raise not_found(kind, key, kind)
    return found
