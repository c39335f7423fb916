"""Visitors of the public rooms: their way to the payment page and back, with the sandbox as Stripe."""

import datetime
import html
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client

from donations import tasks
from donations.models import Attempt, Donation
from donations.sandbox.server import SECRET, Sandbox
from donations.sandbox.webhooks import sign
from tests import people
from treasury.actions.funds import open_fund
from treasury.kinds import FundKind
from treasury.models import Fund

HOOK = "/hooks/stripe/"
CODE = re.compile(r'<code class="secret">([A-Z2-9-]+)</code>')
# The sandbox keeps the real time, and so does what must come before it.
NOW = datetime.datetime.now(datetime.UTC)
LONG_AGO = NOW - datetime.timedelta(days=300)


@pytest.fixture
def sandbox(settings: Any) -> Iterator[Sandbox]:
    """Stripe's stand-in, to which the site's one gateway is pointed."""
    with Sandbox(webhook_url=None) as running:
        settings.STRIPE_BASE_URL = running.base_url
        gateway = tasks.gateway  # a test may put another in its place
        gateway.cache_clear()
        yield running
        gateway().close()
        gateway.cache_clear()


@pytest.fixture
def general(db: None) -> Fund:
    return open_fund(code="general", name="General fund", kind=FundKind.GENERAL, by=people.SETUP, at=LONG_AGO)


@pytest.fixture(autouse=True)
def _no_kept_figures() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def text_of(response: HttpResponse) -> str:
    return html.unescape(response.content.decode())


def to_check(client: Client, *, purpose: str = "general", language: str = "en", **amount: str) -> str:
    """Through pages one and two; the address of page three."""
    campaign = "" if purpose == "general" else f"?for={purpose}"
    first = client.post(f"/{language}/give/{campaign}", {"there": "no"})
    assert first.status_code == 303, text_of(first)
    second = client.post(first["Location"], {"purpose": purpose, **(amount or {"amount": "50"})})
    assert second.status_code == 303, text_of(second)
    return str(second["Location"])


def answers(client: Client, check: str, level: str = "code", email: str = "") -> dict[str, str]:
    """What page three sends, with the token it was given."""
    page = text_of(client.get(check))
    found = re.search(r'name="once" value="([^"]+)"', page)
    assert found, page
    return {"once": found[1], "level": level, "agree": "on", **({"email": email} if email else {})}


def give(client: Client, *, level: str = "code", email: str = "", **more: str) -> tuple[Donation, Any]:
    """Up to the redirect to the payment page."""
    check = to_check(client, **more)
    response = client.post(check, answers(client, check, level, email))
    assert response.status_code == 303, text_of(response)
    return Attempt.objects.select_related("donation").latest("opened_at").donation, response


def pay(client: Client, sandbox: Sandbox, donation: Donation, card: str = "ok") -> None:
    """Pay, let every webhook arrive, and let the worker follow what it hints at."""
    session_id = Attempt.objects.get(donation=donation).session_id
    assert session_id
    sandbox.pay(session_id, card)
    for event in sandbox.events():
        assert post_event(client, event).status_code == 200
    tasks.drain_inbox.call()
    donation.refresh_from_db()


def post_event(
    client: Client, event: Any, *, secrets: tuple[str, ...] = (SECRET,), late: int = 0, **headers: str
) -> Any:
    """An event as Stripe would post it, signed so many seconds from now."""
    body = event if isinstance(event, bytes) else json.dumps(event).encode()
    stamp = int(datetime.datetime.now(datetime.UTC).timestamp()) + late
    signed = {"Stripe-Signature": sign(body, list(secrets), stamp), **headers}
    return client.post(HOOK, body, content_type="application/json", headers=signed)


def without_menu(page: str) -> str:
    """The page without the language menu, whose links are the page's own address."""
    return re.sub(r'href="/(en|be|ru)/gift/[^"]+"', "", page)
