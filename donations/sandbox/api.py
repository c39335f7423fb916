"""One API call: key, version, parameters, idempotency, the resource's own handler, expansion."""

import hashlib
import json
from contextlib import suppress
from dataclasses import dataclass, field

from donations.sandbox import forms, parameters
from donations.sandbox.agenda import catch_up
from donations.sandbox.endpoints import Endpoint, refuse_unmodelled
from donations.sandbox.expanding import expanded
from donations.sandbox.refusals import Json, Refused
from donations.sandbox.resources import (
    balances,
    catalog,
    checkout,
    clocks,
    customers,
    disputes,
    events,
    hooks,
    invoices,
    payments,
    payouts,
    portal,
    refunds,
    subscriptions,
)
from donations.sandbox.world import API_VERSION, Caller, World

ENDPOINTS: list[Endpoint] = [
    *checkout.ENDPOINTS,
    *payments.ENDPOINTS,
    *catalog.ENDPOINTS,
    *customers.ENDPOINTS,
    *subscriptions.ENDPOINTS,
    *invoices.ENDPOINTS,
    *refunds.ENDPOINTS,
    *disputes.ENDPOINTS,
    *payouts.ENDPOINTS,
    *balances.ENDPOINTS,
    *events.ENDPOINTS,
    *portal.ENDPOINTS,
    *clocks.ENDPOINTS,
    *hooks.ENDPOINTS,
]
KEY_MAX = 255
KEY_KEPT_SECONDS = 24 * 3600


@dataclass(frozen=True)
class Call:
    """A request as it came; header names in lower case."""

    method: str
    path: str
    query: str = ""
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """What goes back."""

    status: int
    body: Json
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Work:
    """A call understood: which endpoint, on which id, with which checked parameters."""

    endpoint: Endpoint
    key: str
    given: Json


def answer(world: World, call: Call) -> Answer:
    """Serve one call. The caller holds the world's lock."""
    request_id = world.new_id("req_", 14)
    headers = {"Request-Id": request_id, "Stripe-Version": API_VERSION}
    catch_up(world)
    try:
        _authorise(call)
        result = _once(world, call, _work(call), request_id)
    except Refused as refusal:
        result = Answer(refusal.status, refusal.body())
    return Answer(result.status, result.body, headers | result.headers)


def _authorise(call: Call) -> None:
    scheme, _, api_key = call.headers.get("authorization", "").partition(" ")
    if scheme != "Bearer" or not api_key:
        raise Refused("You did not provide an API key.", status=401)
    if not api_key.startswith(("sk_test_", "rk_test_")):
        # A live key must never be typed into a sandbox: refuse it, and never echo it.
        raise Refused(
            "Invalid API Key provided: the payment sandbox takes keys of test mode only.", status=401
        )
    version = call.headers.get("stripe-version", API_VERSION)
    if version != API_VERSION:
        raise Refused(
            f"Invalid Stripe API version: {version[:40]}. The payment sandbox speaks {API_VERSION}."
        )


def _work(call: Call) -> Work:
    for endpoint in ENDPOINTS:
        key = endpoint.match(call.method, call.path)
        if key is not None:
            source = call.query if call.method != "POST" else call.body
            given = parameters.checked(forms.decode(source), endpoint.shape)
            refuse_unmodelled(endpoint, given)
            return Work(endpoint, key, given)
    raise Refused(
        f"Unrecognized request URL ({call.method}: {call.path[:120]}). The payment sandbox models a part of "
        "Stripe's API only: see docs/sandbox.md.",
        status=404,
    )


def _once(world: World, call: Call, work: Work, request_id: str) -> Answer:
    """Run the handler, or replay what the same idempotency key was answered before."""
    idempotency_key = call.headers.get("idempotency-key") if call.method == "POST" else None
    if not idempotency_key:
        return _run(world, work, Caller(request_id))
    if len(idempotency_key) > KEY_MAX:
        raise Refused(f"Idempotency keys can be at most {KEY_MAX} characters.", kind="idempotency_error")
    saved = world.store.get("idempotency", idempotency_key)
    if saved is not None and saved["at"] > world.now() - KEY_KEPT_SECONDS:
        return _replay(saved, call, idempotency_key, _print_of(call, work))
    result = _run(world, work, Caller(request_id, idempotency_key))
    _save(world, call, work, result, request_id)
    return result


def remember(world: World, call: Call, status: int, body: Json) -> None:
    """Save an error of Stripe's own under the call's idempotency key, as Stripe does: it will be replayed."""
    if call.method == "POST" and call.headers.get("idempotency-key"):
        with suppress(Refused):
            _save(world, call, _work(call), Answer(status, body), world.new_id("req_", 14))


def _save(world: World, call: Call, work: Work, result: Answer, request_id: str) -> None:
    record = {
        "at": world.now(),
        "path": call.path,
        "print": _print_of(call, work),
        "status": result.status,
        "body": result.body,
        "request": request_id,
    }
    world.store.put("idempotency", call.headers["idempotency-key"], record)


def _print_of(call: Call, work: Work) -> str:
    return hashlib.sha256(json.dumps([call.path, work.given], sort_keys=True).encode()).hexdigest()


def _replay(saved: Json, call: Call, idempotency_key: str, print_of_call: str) -> Answer:
    hint = f"Try using a key other than '{idempotency_key}' if you meant to execute a different request."
    if saved["path"] != call.path:
        raise Refused(
            "Keys for idempotent requests can only be used for the same endpoint they were first used for "
            f"('{call.path}' vs '{saved['path']}'). {hint}",
            kind="idempotency_error",
        )
    if saved["print"] != print_of_call:
        raise Refused(
            "Keys for idempotent requests can only be used with the same parameters they were first "
            f"used with. {hint}",
            kind="idempotency_error",
        )
    return Answer(
        saved["status"], saved["body"], {"Idempotent-Replayed": "true", "Original-Request": saved["request"]}
    )


def _run(world: World, work: Work, caller: Caller) -> Answer:
    given = {name: value for name, value in work.given.items() if name != "expand"}
    world.caller = caller
    try:
        result = work.endpoint.handler(world, work.key, given)
        return Answer(200, expanded(world, result, work.given.get("expand", [])))
    except Refused as refusal:
        return Answer(refusal.status, refusal.body())
    finally:
        world.caller = Caller()
