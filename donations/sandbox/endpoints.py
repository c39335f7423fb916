"""How a resource declares what it serves."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from donations.sandbox.refusals import Json, Refused, not_found, not_modelled
from donations.sandbox.world import World

Handler = Callable[[World, str, Json], Json]


@dataclass(frozen=True)
class Endpoint:
    """`path` may hold one `{id}`, given to the handler as its second argument ("" without one).

    `shape` is the SDK's TypedDict for the parameters. `modelled` names the parameters the sandbox acts on;
    others that Stripe would accept are refused loudly instead of being ignored.
    """

    method: str
    path: str
    shape: type
    handler: Handler
    modelled: frozenset[str] = frozenset()

    def match(self, method: str, path: str) -> str | None:
        """The id in the path, "" if there is none, None if this is another endpoint."""
        if method != self.method:
            return None
        pattern = re.escape(self.path).replace(r"\{id\}", r"([A-Za-z0-9_]+)")
        found = re.fullmatch(pattern, path)
        if not found:
            return None
        return found.group(1) if found.groups() else ""


def refuse_unmodelled(endpoint: Endpoint, given: Json) -> None:
    """Raise Refused for a parameter Stripe takes and the sandbox would ignore."""
    for name in given:
        if name != "expand" and name not in endpoint.modelled:
            raise not_modelled(f"the parameter {name} of {endpoint.method} {endpoint.path}", name)


def retrieve(kind: str, label: str, param: str) -> Handler:
    """A handler that answers one stored object, or 404 in Stripe's words."""

    def handler(world: World, key: str, given: Json) -> Json:
        found = world.find(kind, key)
        if found is None:
            raise not_found(label, key, param)
        return found

    return handler


LIST_PARAMETERS = frozenset({"limit", "starting_after", "ending_before", "created"})


def listing(kind: str, url: str, filters: Callable[[Json, Json], bool] | None = None) -> Handler:
    """A handler that answers a page of stored objects, newest first."""

    def handler(world: World, key: str, given: Json) -> Json:
        every = [
            each for each in reversed(world.store.every(kind)) if created_fits(each, given.get("created"))
        ]
        return page([each for each in every if filters is None or filters(each, given)], given, url)

    return handler


def page(every: list[Json], given: Json, url: str) -> Json:
    """One page of a list as Stripe cuts it; raises Refused for a limit or cursor it would refuse."""
    limit = given.get("limit", 10)
    if not 1 <= limit <= 100:
        raise Refused(
            "This value must be between 1 and 100 (inclusive).",
            param="limit",
            code="parameter_invalid_integer",
        )
    after, before = given.get("starting_after"), given.get("ending_before")
    if after and before:
        raise Refused("You may only specify one of these parameters: ending_before, starting_after.")
    if after:
        rest = every[_position(every, after, "starting_after") + 1 :]
        chosen, more = rest[:limit], len(rest) > limit
    elif before:
        rest = every[: _position(every, before, "ending_before")]
        chosen, more = rest[-limit:], len(rest) > limit
    else:
        chosen, more = every[:limit], len(every) > limit
    return {"object": "list", "data": chosen, "has_more": more, "url": url}


def _position(every: list[Json], key: str, param: str) -> int:
    for index, each in enumerate(every):
        if each["id"] == key:
            return index
    raise not_found("object", key, param)


def created_fits(thing: Json, asked: object) -> bool:
    """Stripe's `created` filter: a moment or bounds."""
    created = thing["created"]
    if asked is None:
        return True
    if isinstance(asked, dict):
        bounds = {"gt": created.__gt__, "gte": created.__ge__, "lt": created.__lt__, "lte": created.__le__}
        return all(bounds[name](limit) for name, limit in asked.items())
    return bool(created == asked)
