"""Webhook endpoints as objects: where events go, which, and with whose secret they are signed."""

from stripe.params import (
    WebhookEndpointCreateParams,
    WebhookEndpointDeleteParams,
    WebhookEndpointListParams,
    WebhookEndpointRetrieveParams,
    WebhookEndpointUpdateParams,
)

from donations.sandbox import receivers
from donations.sandbox.endpoints import LIST_PARAMETERS, Endpoint, listing, merged
from donations.sandbox.refusals import Json, Refused, not_found
from donations.sandbox.world import API_VERSION, World

PATH, KIND = "/v1/webhook_endpoints", "webhook_endpoint"
WRITABLE = frozenset({"description", "enabled_events", "metadata", "url"})


def create(world: World, key: str, given: Json) -> Json:
    """A new endpoint; only this answer holds its secret."""
    if given.get("api_version", API_VERSION) != API_VERSION:
        raise Refused(f"The payment sandbox speaks {API_VERSION} only.", param="api_version")
    secret = "whsec_" + world.new_id("", 32)
    made = receivers.add(world, given["url"], secret, given["enabled_events"])
    changes = {"description": given.get("description"), "metadata": given.get("metadata") or {}}
    return world.keep(made | changes) | {"secret": secret}


def update(world: World, key: str, given: Json) -> Json:
    """Another address, other events, or off."""
    found = _need(world, key)
    if "url" in given:
        receivers.check_address(given["url"])
    changes: Json = {name: given[name] for name in ("description", "enabled_events", "url") if name in given}
    if "disabled" in given:
        changes["status"] = "disabled" if given["disabled"] else "enabled"
    metadata: Json = merged(found["metadata"], given.get("metadata") or {})
    return world.keep(found | changes | {"metadata": metadata})


def fetch(world: World, key: str, given: Json) -> Json:
    """One endpoint, without its secret."""
    return _need(world, key)


def delete(world: World, key: str, given: Json) -> Json:
    """Nothing goes there any more."""
    _need(world, key)
    world.store.remove(KIND, key)
    return {"id": key, "object": KIND, "deleted": True}


def _need(world: World, key: str) -> Json:
    found = world.find(KIND, key)
    if found is None:
        raise not_found("webhook endpoint", key, "webhook_endpoint")
    return found


ENDPOINTS = [
    Endpoint("POST", PATH, WebhookEndpointCreateParams, create, WRITABLE | {"api_version"}),
    Endpoint("GET", PATH, WebhookEndpointListParams, listing(KIND, PATH), LIST_PARAMETERS - {"created"}),
    Endpoint("GET", PATH + "/{id}", WebhookEndpointRetrieveParams, fetch),
    Endpoint("POST", PATH + "/{id}", WebhookEndpointUpdateParams, update, WRITABLE | {"disabled"}),
    Endpoint("DELETE", PATH + "/{id}", WebhookEndpointDeleteParams, delete),
]
