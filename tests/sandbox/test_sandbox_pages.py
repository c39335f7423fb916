"""The hosted page and the control page, as a browser without scripts meets them."""

import json
from typing import Any

import pytest

from donations.sandbox.instruments import INSTRUMENTS
from donations.sandbox.server import Sandbox
from donations.stripe_answers import CheckoutSession
from donations.stripe_gateway import Gateway
from tests.sandbox.browsing import Got, browse
from tests.sandbox.gifts import open_checkout


def page_of(session: CheckoutSession) -> Got:
    return browse(session.url or "")


def press(session: CheckoutSession, **fields: str) -> Got:
    return browse(session.url or "", fields)


def order(sandbox: Sandbox, body: Any) -> tuple[int, Any]:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    got = browse(f"{sandbox.base_url}/sandbox/control", raw, {"Content-Type": "application/json"})
    return got.status, json.loads(got.body)


def test_page_shows_gift_amount_means_and_way_back(gateway: Gateway) -> None:
    session = open_checkout(gateway, product_name="Gift <b>№ 1</b>")
    page = page_of(session)
    assert page.status == 200
    assert "50.00 EUR" in page.text
    assert "<b>№" not in page.body
    assert page.links == ["http://127.0.0.1:9/back"]
    assert page.forms[0].choices["card"] == list(INSTRUMENTS)


def test_address_of_the_way_back_cannot_break_out_of_its_link(gateway: Gateway) -> None:
    hostile = 'http://127.0.0.1:9/back?"><script>alert(1)</script>'
    page = page_of(open_checkout(gateway, cancel_url=hostile))
    assert page.links == [hostile]
    assert "<script" not in page.body


@pytest.mark.parametrize("card", ["ok", "ok_us", "risk_by", "risk_ru", "sepa", "sepa_fails"])
def test_paying_sends_the_browser_back(gateway: Gateway, card: str) -> None:
    session = open_checkout(gateway)
    sent = press(session, card=card)
    assert (sent.status, sent.location) == (303, f"http://127.0.0.1:9/thanks?s={session.id}")
    assert gateway.fetch_checkout(session.id).status == "complete"


@pytest.mark.parametrize(
    ("card", "words"), [("declined", "declined"), ("insufficient", "insufficient funds")]
)
def test_refusal_is_said_and_another_card_works(gateway: Gateway, card: str, words: str) -> None:
    session = open_checkout(gateway)
    refused = press(session, card=card)
    assert (refused.status, refused.location) == (200, None)
    assert words in refused.text
    assert press(session, card="ok").status == 303


@pytest.mark.parametrize(("button", "answer"), [(0, "approve"), (1, "refuse")])
def test_bank_asks(gateway: Gateway, button: int, answer: str) -> None:
    session = open_checkout(gateway)
    asked = press(session, card="authentication")
    assert asked.status == 200
    assert asked.forms[button].fields == {"bank": answer}
    assert page_of(session).forms == asked.forms
    after = press(session, **asked.forms[button].fields)
    if answer == "approve":
        assert after.status == 303
        assert gateway.fetch_checkout(session.id).payment_status == "paid"
    else:
        assert "unable to authenticate" in after.text
        assert gateway.fetch_checkout(session.id).status == "open"
        assert press(session, card="ok").status == 303


def test_paid_page_cannot_be_paid_again(gateway: Gateway) -> None:
    session = open_checkout(gateway)
    press(session, card="ok")
    again = press(session, card="ok")
    assert "already paid" in again.text
    assert again.links == [f"http://127.0.0.1:9/thanks?s={session.id}"]
    assert page_of(session).text == again.text
    assert len(gateway.list_balance_transactions()) == 1


def test_page_can_be_let_expire(gateway: Gateway) -> None:
    session = open_checkout(gateway)
    expiring = page_of(session).forms[1].fields
    gone = press(session, **expiring)
    assert "expired" in gone.text
    assert gone.links == ["http://127.0.0.1:9/back"]
    assert gateway.fetch_checkout(session.id).status == "expired"
    assert "expired" in press(session, card="ok").text
    assert gateway.list_balance_transactions() == []


@pytest.mark.parametrize("fields", [{}, {"card": "gold"}, {"bank": "approve"}])
def test_nonsense_is_answered_with_the_form(gateway: Gateway, fields: dict[str, str]) -> None:
    session = open_checkout(gateway)
    assert press(session, **(fields or {"other": "x"})).status == 200
    assert gateway.fetch_checkout(session.id).status == "open"


def test_no_such_page(sandbox: Sandbox) -> None:
    assert browse(f"{sandbox.base_url}/c/pay/cs_test_none").status == 404
    assert browse(f"{sandbox.base_url}/c/pay/cs_test_none", {"card": "ok"}).status == 404
    assert browse(f"{sandbox.base_url}/elsewhere").status == 404


def test_scripts_can_be_required(gateway: Gateway, sandbox: Sandbox) -> None:
    session = open_checkout(gateway)
    assert order(sandbox, {"do": "switch", "require_scripts": True})[1]["require_scripts"] is True
    page = page_of(session)
    assert page.forms == []
    assert "needs JavaScript" in page.text
    assert press(session, card="ok").status == 400
    assert gateway.fetch_checkout(session.id).status == "open"
    assert press(session, card="ok", scripts="on").status == 303


def test_control_page_has_a_button_for_each_lever(gateway: Gateway, sandbox: Sandbox) -> None:
    sandbox.pay(open_checkout(gateway).id, "sepa")
    panel = browse(f"{sandbox.base_url}/sandbox/")
    assert panel.status == 200
    assert {form.fields["do"] for form in panel.forms} >= {
        "settle",
        "add_fee",
        "pay_out",
        "advance_clock",
        "spoil_webhooks",
        "fail_calls",
        "resend",
        "clear_faults",
        "switch",
    }
    for form in panel.forms:
        assert form.action == "/sandbox/control"
        if "payment" in form.fields:
            continue
        assert browse(sandbox.base_url + form.action, form.fields).status == 303


def test_control_by_json(gateway: Gateway, sandbox: Sandbox) -> None:
    sandbox.pay(open_checkout(gateway).id, "sepa")
    assert order(sandbox, {"do": "settle"}) == (200, order(sandbox, {"do": "state"})[1] | {"settled": 1})
    status, state = order(sandbox, {"do": "advance_clock", "seconds": 60})
    assert (status, state["offset_seconds"]) == (200, 60)
    assert json.loads(browse(f"{sandbox.base_url}/sandbox/control").body)["offset_seconds"] == 60
    assert order(sandbox, {"do": "fail_calls", "how": "drop"})[1]["faults"]["calls"][0]["how"] == "drop"


@pytest.mark.parametrize(
    "wrong",
    [
        {"do": "explode"},
        {},
        [],
        b"{",
        {"do": "advance_clock", "seconds": -1},
        {"do": "advance_clock", "seconds": "soon"},
        {"do": "switch", "require_scripts": "perhaps"},
        {"do": "rotate_secret", "secret": "short"},
        {"do": "resend", "event": "evt_none"},
        {"do": "aim_webhooks", "url": "http://example.org/"},
        {"do": "spoil_webhooks", "how": "eat"},
    ],
    ids=range(11),
)
def test_wrong_orders_are_refused(sandbox: Sandbox, wrong: Any) -> None:
    status, body = order(sandbox, wrong)
    assert status in (400, 404)
    assert body["error"]["message"]


def test_too_large_and_foreign_requests(sandbox: Sandbox) -> None:
    url = f"{sandbox.base_url}/sandbox/control"
    assert browse(url, b"x", {"Content-Length": "99999999"}).status == 413
    assert browse(url, {"do": "settle"}, {"Origin": "http://evil.example"}).status == 403
    assert browse(url, {"do": "settle"}, {"Origin": sandbox.base_url}).status == 303
