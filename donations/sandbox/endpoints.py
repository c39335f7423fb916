"""How a resource declares what it serves."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice

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


def update_metadata(kind: str, label: str, event: str) -> Handler:
    """A handler that merges `metadata` into one stored object: an empty value removes its key."""

    def handler(world: World, key: str, given: Json) -> Json:
        found = world.find(kind, key)
        if found is None:
            raise not_found(label, key, "id")
        if "metadata" not in given:
            return found
        changed = world.keep(found | {"metadata": merged(found["metadata"] or {}, given["metadata"])})
        world.emit(event, changed, previous={"metadata": found["metadata"]})
        return changed

    return handler


def merged(old: Json, new: Json) -> Json:
    """Metadata after an update in Stripe's way."""
    return {name: value for name, value in (old | (new or {})).items() if value != ""}


def same(*names: str) -> Callable[[Json, Json], bool]:
    """A filter of lists: these fields are as asked, where asked."""

    def fits(thing: Json, given: Json) -> bool:
        return all(thing[name] == given[name] for name in names if name in given)

    return fits


LIST_PARAMETERS = frozenset({"limit", "starting_after", "ending_before", "created"})


def listing(kind: str, url: str, filters: Callable[[Json, Json], bool] | None = None) -> Handler:
    """A handler that answers a page of stored objects, newest first."""

    def handler(world: World, key: str, given: Json) -> Json:
        def fits(each: Json) -> bool:
            return created_fits(each, given.get("created")) and (filters is None or filters(each, given))

        limit, after, before = _bounds(given)
        store = world.store
        try:
            found = store.newer(kind, before) if before else store.older(kind, after)
        except KeyError as error:
            cursor = "ending_before" if before else "starting_after"
            raise not_found("object", before or after or "", cursor) from error
        chosen = list(islice(filter(fits, found), limit + 1))
        data = chosen[:limit]
        if before:
            data.reverse()
        return {"object": "list", "data": data, "has_more": len(chosen) > limit, "url": url}

    return handler


def _bounds(given: Json) -> tuple[int, str | None, str | None]:
    """Limit and cursors; raises Refused for those Stripe would refuse."""
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
    return limit, after, before


def page(every: list[Json], given: Json, url: str) -> Json:
    """One page of a list that is at hand as a whole."""
    limit, after, before = _bounds(given)
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
