"""Who receives events: webhook endpoints with their addresses, wanted events and signing secrets."""

from fnmatch import fnmatchcase
from urllib.parse import urlsplit

import stripe

from donations.sandbox.refusals import Json, Refused
from donations.sandbox.shapes import shaped
from donations.sandbox.world import API_VERSION, World

KIND = "webhook_endpoint"
LOOPBACK = ("127.0.0.1", "localhost", "::1")


def check_address(url: str) -> None:
    """Only this machine: raises Refused for any other."""
    parts = urlsplit(url)
    if parts.scheme != "http" or parts.hostname not in LOOPBACK:
        raise Refused("The sandbox delivers webhooks to this machine only (http://127.0.0.1:…).", param="url")


def add(world: World, url: str, secret: str, events: list[str]) -> Json:
    """A new endpoint; its secret is kept apart, Stripe shows it once."""
    check_address(url)
    made = shaped(
        stripe.WebhookEndpoint,
        id=world.new_id("we_1"),
        api_version=API_VERSION,
        created=world.now(),
        enabled_events=events,
        livemode=False,
        metadata={},
        status="enabled",
        url=url,
    )
    world.store.put("hook_secrets", made["id"], {"secrets": [secret]})
    return world.keep(made)


def wanting(world: World, event: Json) -> list[Json]:
    """The endpoints this event goes to."""
    return [
        each
        for each in world.store.every(KIND)
        if each["status"] == "enabled"
        and any(fnmatchcase(event["type"], pattern) for pattern in each["enabled_events"])
    ]


def secrets_of(world: World, endpoint: Json) -> list[str]:
    """The active signing secrets, newest first."""
    return list((world.store.get("hook_secrets", endpoint["id"]) or {"secrets": []})["secrets"])


def roll(world: World, endpoint: Json, secret: str, *, keep_old: bool) -> None:
    """A new secret; with `keep_old` the last one signs too, as in Stripe's rotation period."""
    old = secrets_of(world, endpoint)[:1] if keep_old else []
    world.store.put("hook_secrets", endpoint["id"], {"secrets": [secret, *old]})
