"""Sessions of the billing portal: the page on which a donor changes the card or stops."""

import stripe
from stripe.params.billing_portal import SessionCreateParams

from donations.sandbox.endpoints import Endpoint
from donations.sandbox.refusals import Json, not_found
from donations.sandbox.shapes import shaped
from donations.sandbox.world import World

KIND = "billing_portal.session"
CONFIGURATION = "bpc_1SandboxConfiguration"
CREATE_PARAMETERS = frozenset({"configuration", "customer", "locale", "return_url"})


def create(world: World, key: str, given: Json) -> Json:
    """A short-lived address for one customer."""
    customer = given.get("customer", "")
    if world.find("customer", customer) is None:
        raise not_found("customer", customer, "customer")
    session_id = world.new_id("bps_1")
    return world.keep(
        shaped(
            stripe.billing_portal.Session,
            id=session_id,
            configuration=given.get("configuration", CONFIGURATION),
            created=world.now(),
            customer=customer,
            livemode=False,
            locale=given.get("locale"),
            return_url=given.get("return_url"),
            url=f"{world.base_url}/p/session/{session_id}",
        )
    )


ENDPOINTS = [Endpoint("POST", "/v1/billing_portal/sessions", SessionCreateParams, create, CREATE_PARAMETERS)]
