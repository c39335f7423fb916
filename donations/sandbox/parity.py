"""The same script of calls against two sides, and where their answers differ in shape or refusal."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import requests
import stripe

from donations.sandbox.refusals import Json

Seen = dict[str, Any]
Call = Callable[[stripe.StripeClient, dict[str, str]], Any]
SHOP: Any = {"success_url": "https://gift.example/thanks", "cancel_url": "https://gift.example/back"}


def _price(**more: Any) -> Any:
    return {"currency": "eur", "unit_amount": 2000, "product_data": {"name": "Gift"}, **more}


def _session(sdk: stripe.StripeClient, **more: Any) -> Any:
    line = {"quantity": 1, "price_data": _price()}
    wanted: Any = {"mode": "payment", "line_items": [line], **SHOP, **more}
    return sdk.v1.checkout.sessions.create(wanted)


def _monthly(sdk: stripe.StripeClient, ids: dict[str, str]) -> Any:
    line = {"quantity": 1, "price_data": _price(recurring={"interval": "month"})}
    wanted: Any = {"mode": "subscription", "line_items": [line], **SHOP, "customer": ids["customer"]}
    return sdk.v1.checkout.sessions.create(wanted)


def _same_key(sdk: stripe.StripeClient, ids: dict[str, str]) -> Any:
    options: Any = {"idempotency_key": f"parity-{ids['product']}"}
    sdk.v1.products.create({"name": "One"}, options)
    return sdk.v1.products.create({"name": "Other"}, options)


def _create_price(sdk: stripe.StripeClient, ids: dict[str, str]) -> Any:
    wanted: Any = {"product": ids["product"], "currency": "eur", "unit_amount": 500}
    return sdk.v1.prices.create(wanted | {"recurring": {"interval": "month"}})


# A name of the form "make x" keeps the id of the answer as x for later calls.
SCRIPT: list[tuple[str, Call]] = [
    ("make product", lambda sdk, ids: sdk.v1.products.create({"name": "Gift"})),
    ("make price", _create_price),
    ("make customer", lambda sdk, ids: sdk.v1.customers.create({"metadata": {"parity": "1"}})),
    ("make session", lambda sdk, ids: _session(sdk)),
    ("make monthly", _monthly),
    ("session with line items", lambda sdk, ids: sdk.v1.checkout.sessions.retrieve(
        ids["session"], {"expand": ["line_items"]})),
    ("session in unknown language", lambda sdk, ids: _session(sdk, locale="be")),
    ("session with an old parameter", lambda sdk, ids: _session(sdk, payment_method_types=["card"])),
    ("session too small", lambda sdk, ids: _session(
        sdk, line_items=[{"quantity": 1, "price_data": _price(unit_amount=1)}])),
    ("session with a recurring price", lambda sdk, ids: _session(
        sdk, line_items=[{"quantity": 1, "price": ids["price"]}])),
    ("session without address", lambda sdk, ids: _session(sdk, success_url="nowhere")),
    ("session that expires too late", lambda sdk, ids: _session(sdk, expires_at=4_000_000_000)),
    ("expire session", lambda sdk, ids: sdk.v1.checkout.sessions.expire(ids["session"])),
    ("expire it again", lambda sdk, ids: sdk.v1.checkout.sessions.expire(ids["session"])),
    ("list of sessions", lambda sdk, ids: sdk.v1.checkout.sessions.list({"limit": 1})),
    ("list with too high a limit", lambda sdk, ids: sdk.v1.events.list({"limit": 101})),
    ("list after nothing", lambda sdk, ids: sdk.v1.events.list({"starting_after": "evt_none"})),
    ("another body under the same key", _same_key),
    ("unknown payment", lambda sdk, ids: sdk.v1.payment_intents.retrieve("pi_none")),
    ("unknown charge", lambda sdk, ids: sdk.v1.charges.retrieve("ch_none")),
    ("unknown refund", lambda sdk, ids: sdk.v1.refunds.retrieve("re_none")),
    ("unknown dispute", lambda sdk, ids: sdk.v1.disputes.retrieve("dp_none")),
    ("unknown payout", lambda sdk, ids: sdk.v1.payouts.retrieve("po_none")),
    ("unknown subscription", lambda sdk, ids: sdk.v1.subscriptions.retrieve("sub_none")),
    ("unknown invoice", lambda sdk, ids: sdk.v1.invoices.retrieve("in_none")),
    ("unknown event", lambda sdk, ids: sdk.v1.events.retrieve("evt_none")),
    ("unknown mandate", lambda sdk, ids: sdk.v1.mandates.retrieve("mandate_none")),
    ("refund of nothing", lambda sdk, ids: sdk.v1.refunds.create({})),
    ("expand what cannot be", lambda sdk, ids: sdk.v1.customers.retrieve(
        ids["customer"], {"expand": ["nonsense"]})),
    ("balance", lambda sdk, ids: sdk.v1.balance.retrieve()),
    ("delete customer", lambda sdk, ids: sdk.v1.customers.delete(ids["customer"])),
    ("deleted customer", lambda sdk, ids: sdk.v1.customers.retrieve(ids["customer"])),
]  # fmt: skip


@dataclass(frozen=True)
class Difference:
    """One call whose answers are not alike."""

    call: str
    what: list[str]


def play_at(key: str, base_url: str | None) -> dict[str, Seen]:
    """Play the script at Stripe itself, or at another address. Tells nothing about this machine."""
    stripe.enable_telemetry = False
    with requests.Session() as session:
        client = stripe.StripeClient(
            key,
            base_addresses={"api": base_url} if base_url else None,
            http_client=stripe.RequestsClient(timeout=30, session=session),
            max_network_retries=2,
        )
        return play(client)


def play(sdk: stripe.StripeClient) -> dict[str, Seen]:
    """Make every call of the script; what was seen, by call, as JSON that can be written to a file.

    No values are kept, only names and kinds of fields, and the codes of refusals.
    """
    ids: dict[str, str] = {}
    seen: dict[str, Seen] = {}
    for name, call in SCRIPT:
        try:
            answer = call(sdk, ids)
        except stripe.StripeError as error:
            seen[name] = _refusal(error)
            continue
        if name.startswith("make "):
            ids[name.removeprefix("make ")] = answer.id
        seen[name] = {"shape": outline(answer.to_dict())}
    return seen


def _refusal(error: stripe.StripeError) -> Seen:
    body: Json = error.json_body if isinstance(error.json_body, dict) else {}
    inner = body.get("error", {})
    return {
        "status": error.http_status,
        "type": inner.get("type"),
        "code": inner.get("code"),
        "param": inner.get("param"),
    }


def outline(value: Any) -> Any:
    """Names and kinds of an answer; of a list the first member stands for all."""
    if isinstance(value, dict):
        return {str(name): outline(each) for name, each in sorted(value.items())}
    if isinstance(value, list):
        return [outline(value[0])] if value else []
    return "null" if value is None else type(value).__name__


def compare(ours: dict[str, Seen], theirs: dict[str, Seen]) -> list[Difference]:
    """Calls in the order of the script with their differences; null on one side is no difference."""
    found = []
    for name, _call in SCRIPT:
        if name not in ours or name not in theirs:
            found.append(Difference(name, ["not called on both sides"]))
            continue
        found.append(Difference(name, unlike(ours[name], theirs[name], "")))
    return found


def unlike(ours: Any, theirs: Any, path: str) -> list[str]:
    """Where two outlines differ."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        # The sandbox gives every field the SDK names; Stripe leaves out those that do not apply.
        extra = sorted(name for name in ours.keys() - theirs.keys() if ours[name] != "null")
        lines = [f"{path}{name}: only in the sandbox" for name in extra]
        lines += [f"{path}{name}: only at Stripe" for name in sorted(theirs.keys() - ours.keys())]
        for name in sorted(ours.keys() & theirs.keys()):
            lines += unlike(ours[name], theirs[name], f"{path}{name}.")
        return lines
    if isinstance(ours, list) and isinstance(theirs, list):
        return unlike(ours[0], theirs[0], f"{path}[].") if ours and theirs else []
    if ours == theirs or "null" in (ours, theirs):
        return []
    return [f"{path.rstrip('.')}: {_words(ours)} here, {_words(theirs)} at Stripe"]


def _words(value: Any) -> str:
    if isinstance(value, dict):
        return "object"
    return "list" if isinstance(value, list) else str(value)
