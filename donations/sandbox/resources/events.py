"""Events as they are read back: what happened, newest first, for thirty days."""

from fnmatch import fnmatchcase

from stripe.params import EventListParams, EventRetrieveParams

from donations.sandbox.endpoints import LIST_PARAMETERS, Endpoint, listing
from donations.sandbox.refusals import Json, Refused, not_found
from donations.sandbox.world import World

PATH = "/v1/events"
KEPT_SECONDS = 30 * 86_400


def fetch(world: World, key: str, given: Json) -> Json:
    """One event, unless it is older than Stripe keeps them."""
    found = world.find("event", key)
    if found is None or found["created"] < world.now() - KEPT_SECONDS:
        raise not_found("event", key, "id")
    return _with_waiting(world, found)


def select(world: World, key: str, given: Json) -> Json:
    """A page of events by time, type and success of delivery."""
    if "type" in given and "types" in given:
        raise Refused("You may only specify one of these parameters: type, types.")
    wanted = given.get("types") or ([given["type"]] if "type" in given else ["*"])
    if len(wanted) > 20:
        raise Refused("Array types exceeded maximum 20 allowed elements.", param="types")
    oldest, wish = world.now() - KEPT_SECONDS, given.get("delivery_success")

    def fits(event: Json, asked: Json) -> bool:
        kind = event["type"]
        return (
            event["created"] >= oldest
            and any(each in (kind, "*") or fnmatchcase(kind, each) for each in wanted)
            and (wish is None or wish != _refused(world, event))
        )

    found = listing("event", PATH, fits)(world, key, given)
    return found | {"data": [_with_waiting(world, event) for event in found["data"]]}


def _deliveries(world: World, event: Json) -> list[Json]:
    return [world.store.get("delivery", n) or {} for n in world.linked("deliveries_of", event["id"])]


def _with_waiting(world: World, event: Json) -> Json:
    return event | {"pending_webhooks": sum(not d["done"] for d in _deliveries(world, event))}


def _refused(world: World, event: Json) -> bool:
    """Whether some endpoint has refused the event and not accepted it since."""
    return any(d["tries"] and not d["accepted"] for d in _deliveries(world, event))


ENDPOINTS = [
    Endpoint("GET", PATH, EventListParams, select, LIST_PARAMETERS | {"delivery_success", "type", "types"}),
    Endpoint("GET", PATH + "/{id}", EventRetrieveParams, fetch),
]
