"""Test clocks. The sandbox has one time for everything, so a clock here is a handle on that."""

import stripe
from stripe.params.test_helpers import (
    TestClockAdvanceParams,
    TestClockCreateParams,
    TestClockDeleteParams,
    TestClockListParams,
    TestClockRetrieveParams,
)

from donations.sandbox.endpoints import LIST_PARAMETERS, Endpoint, listing, retrieve
from donations.sandbox.refusals import Json, Refused, not_found
from donations.sandbox.shapes import shaped
from donations.sandbox.world import World

PATH, KIND = "/v1/test_helpers/test_clocks", "test_helpers.test_clock"
Clock = stripe.test_helpers.TestClock
# Stripe lets a clock go two of the shortest intervals ahead at once; ours have months.
FARTHEST = 2 * 366 * 86_400
LIFE_SECONDS = 30 * 86_400


def create(world: World, key: str, given: Json) -> Json:
    """A clock; the sandbox's time is moved to its `frozen_time` if that is ahead."""
    _move(world, given["frozen_time"])
    now = world.now()
    made = world.keep(
        shaped(
            Clock,
            id=world.new_id("clock_1"),
            created=now,
            deletes_after=now + LIFE_SECONDS,
            frozen_time=given["frozen_time"],
            livemode=False,
            name=given.get("name"),
            status="ready",
            status_details=shaped(Clock.StatusDetails),
        )
    )
    world.emit("test_helpers.test_clock.created", made)
    return made


def advance(world: World, key: str, given: Json) -> Json:
    """Move the time forward; what falls due happens before the next call is answered."""
    found = world.find(KIND, key)
    if found is None:
        raise not_found("test clock", key, "test_clock")
    wanted = given["frozen_time"]
    if wanted <= found["frozen_time"]:
        raise Refused("A test clock can only be advanced to a later time.", param="frozen_time")
    if wanted > found["frozen_time"] + FARTHEST:
        raise Refused("This test clock cannot be advanced so far at once.", param="frozen_time")
    _move(world, wanted)
    changed = world.keep(found | {"frozen_time": wanted})
    world.emit("test_helpers.test_clock.ready", changed)
    return changed


def _move(world: World, moment: int) -> None:
    world.advance(max(0, moment - world.now()))


def delete(world: World, key: str, given: Json) -> Json:
    """Forget the clock; the time stays."""
    if world.find(KIND, key) is None:
        raise not_found("test clock", key, "test_clock")
    world.store.remove(KIND, key)
    return {"id": key, "object": KIND, "deleted": True}


ENDPOINTS = [
    Endpoint("POST", PATH, TestClockCreateParams, create, frozenset({"frozen_time", "name"})),
    Endpoint("GET", PATH, TestClockListParams, listing(KIND, PATH), LIST_PARAMETERS - {"created"}),
    Endpoint("GET", PATH + "/{id}", TestClockRetrieveParams, retrieve(KIND, "test clock", "test_clock")),
    Endpoint("POST", PATH + "/{id}/advance", TestClockAdvanceParams, advance, frozenset({"frozen_time"})),
    Endpoint("DELETE", PATH + "/{id}", TestClockDeleteParams, delete),
]
