"""Events as they are read back: what happened, newest first, for thirty days."""

from fnmatch import fnmatchcase

from stripe.params import EventListParams, EventRetrieveParams

from donations.sandbox.endpoints import LIST_PARAMETERS, Endpoint, created_fits, page
from donations.sandbox.refusals import Json, Refused, not_found
from donations.sandbox.world import World

PATH = "/v1/events"
KEPT_SECONDS = 30 * 86_400


def fetch(world: World, key: str, given: Json) -> Json:
    """One event, unless it is older than Stripe keeps them."""
    found = world.find("event", key)
    if found is None or found["created"] < world.now() - KEPT_SECONDS:
        raise not_found("event", key, "id")
    return found | {"pending_webhooks": pending(world).get(key, 0)}


def select(world: World, key: str, given: Json) -> Json:
    """A page of events by time and type."""
    if "type" in given and "types" in given:
        raise Refused("You may only specify one of these parameters: type, types.")
    wanted = given.get("types") or ([given["type"]] if "type" in given else ["*"])
    if len(wanted) > 20:
        raise Refused("Array types exceeded maximum 20 allowed elements.", param="types")
    waiting = pending(world)
    oldest = world.now() - KEPT_SECONDS
    every = [
        event | {"pending_webhooks": waiting.get(event["id"], 0)}
        for event in reversed(world.store.every("event"))
        if event["created"] >= oldest and any(fnmatchcase(event["type"], each) for each in wanted)
    ]
    return page([e for e in every if created_fits(e, given.get("created"))], given, PATH)


def pending(world: World) -> dict[str, int]:
    """Deliveries not yet accepted, by event id."""
    counts: dict[str, int] = {}
    for delivery in world.store.every("delivery"):
        if not delivery["done"]:
            counts[delivery["event"]] = counts.get(delivery["event"], 0) + 1
    return counts


ENDPOINTS = [
    Endpoint("GET", PATH, EventListParams, select, LIST_PARAMETERS | {"type", "types"}),
    Endpoint("GET", PATH + "/{id}", EventRetrieveParams, fetch),
]
