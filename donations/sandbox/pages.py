"""Everything that is not the API: payment page, portal, control."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qsl

from donations.sandbox import control, hosted, panel, portal
from donations.sandbox.agenda import catch_up
from donations.sandbox.hosted import Page
from donations.sandbox.refusals import Json, Refused
from donations.sandbox.webhooks import Webhooks
from donations.sandbox.world import World

Show = Callable[[World, str], Page]
Submit = Callable[[World, str, Json], Page]
PAGES: list[tuple[re.Pattern[str], Show, Submit]] = [
    (re.compile(r"/c/pay/(cs_test_[A-Za-z0-9]+)"), hosted.show, hosted.submit),
    (re.compile(r"/p/session/(bps_1[A-Za-z0-9]+)"), portal.show, portal.submit),
]


@dataclass(frozen=True)
class Request:
    """What a browser, or a test by JSON, has sent."""

    method: str
    path: str
    body: str
    is_json: bool


def answer(world: World, hooks: Webhooks, request: Request) -> Page:
    """The page of this address. The caller holds the world's lock."""
    catch_up(world)
    for address, show, submit in PAGES:
        found = address.fullmatch(request.path)
        if found and request.method == "GET":
            return show(world, found.group(1))
        if found:
            return submit(world, found.group(1), dict(parse_qsl(request.body)))
    if request.path == "/sandbox/" and request.method == "GET":
        return panel.show(world, hooks)
    if request.path == "/sandbox/control":
        return _control(world, hooks, request)
    return _json(404, {"error": {"type": "invalid_request_error", "message": "Nothing here."}})


def _control(world: World, hooks: Webhooks, request: Request) -> Page:
    if request.method == "GET":
        return _json(200, control.state(world, hooks))
    try:
        order = _order(request.body) if request.is_json else dict(parse_qsl(request.body))
        done = control.pull(world, hooks, order)
    except Refused as refusal:
        return _json(refusal.status, refusal.body())
    return _json(200, done) if request.is_json else Page(303, "", {"Location": "/sandbox/"})


def _json(status: int, body: Json) -> Page:
    return Page(status, json.dumps(body, indent=2), {"Content-Type": "application/json"})


def _order(body: str) -> Json:
    try:
        order = json.loads(body)
    except ValueError as error:
        raise Refused("The order is not JSON.") from error
    if not isinstance(order, dict):
        raise Refused("The order is not a JSON object.")
    return order
