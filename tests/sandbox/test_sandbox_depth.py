"""Idempotency under fire, endpoints of webhooks, test clocks, the portal, catching up by events."""

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import stripe

from donations.sandbox.fees import FeeTable
from donations.sandbox.server import Sandbox
from donations.stripe_gateway import Gateway, verify_webhook
from tests.sandbox.browsing import browse
from tests.sandbox.conftest import Receiver
from tests.sandbox.gifts import open_checkout, open_monthly

DAY = 86_400


def test_same_key_at_the_same_moment_is_answered_409(sandbox: Sandbox, sdk: stripe.StripeClient) -> None:
    outcomes: list[object] = []

    def make() -> None:
        try:
            outcomes.append(sdk.v1.products.create({"name": "Gift"}, {"idempotency_key": "one"}).id)
        except stripe.StripeError as error:
            outcomes.append(error.http_status)

    callers = [threading.Thread(target=make) for _ in range(2)]
    with sandbox.world.lock:
        for caller in callers:
            caller.start()
        callers[0].join(0.4)
        while len(outcomes) < 1:
            callers[1].join(0.05)
    for caller in callers:
        caller.join()
    assert 409 in outcomes
    assert len(sandbox.world.store.every("product")) == 1
    assert sdk.v1.products.create({"name": "Gift"}, {"idempotency_key": "one"}).id in outcomes


def test_error_kept_under_its_key_is_replayed_though_the_call_acted(
    sandbox: Sandbox, sdk: stripe.StripeClient
) -> None:
    sandbox.control("fail_calls", how="error_500", when="after", keep=True)
    for _ in range(2):
        with pytest.raises(stripe.APIError) as failed:
            sdk.v1.products.create({"name": "Gift"}, {"idempotency_key": "one"})
        assert failed.value.http_status == 500
    assert len(sdk.v1.products.list().data) == 1
    sdk.v1.products.create({"name": "Gift"}, {"idempotency_key": "two"})
    assert len(sdk.v1.products.list().data) == 2


def test_endpoints_get_what_they_ask_for_under_their_own_secret(
    sandbox: Sandbox, sdk: stripe.StripeClient, gateway: Gateway, receiver: Receiver
) -> None:
    wanted: Any = {
        "url": receiver.url + "second",
        "enabled_events": ["payment_intent.created", "payment_intent.succeeded"],
    }
    second = sdk.v1.webhook_endpoints.create(wanted)
    assert second.secret
    assert len(sdk.v1.webhook_endpoints.list().data) == 2
    sandbox.pay(open_checkout(gateway).id)
    assert len(sandbox.deliver()) == 5 + 2
    own = 0
    for body, header in receiver.letters:
        try:
            verify_webhook(body, header, [second.secret], datetime.now(UTC))
        except Exception:  # noqa: BLE001 - any refusal means: signed for the other endpoint
            verify_webhook(body, header, [sandbox.secret], datetime.now(UTC))
        else:
            own += 1
    assert own == 2
    assert sdk.v1.webhook_endpoints.retrieve(second.id).secret is None
    sdk.v1.webhook_endpoints.update(second.id, {"disabled": True})
    sandbox.pay(open_checkout(gateway, idempotency_key="2").id)
    assert len(sandbox.deliver()) == 5
    assert sdk.v1.webhook_endpoints.delete(second.id).deleted
    elsewhere: Any = {"url": "https://elsewhere.example/hook", "enabled_events": ["*"]}
    with pytest.raises(stripe.InvalidRequestError, match="this machine"):
        sdk.v1.webhook_endpoints.create(elsewhere)


def test_catch_up_after_four_days_down(
    sandbox: Sandbox, sdk: stripe.StripeClient, gateway: Gateway, receiver: Receiver
) -> None:
    receiver.status = 503
    began = datetime.now(UTC) - timedelta(seconds=5)
    sandbox.pay(open_checkout(gateway).id)
    for _ in range(12):
        sandbox.deliver()
        sandbox.advance(DAY)
    assert sandbox.webhooks.waiting == 0
    receiver.status = 200
    assert sandbox.deliver() == []
    unheard: Any = {"delivery_success": False, "created": {"gte": int(began.timestamp())}, "limit": 2}
    missed = list(sdk.v1.events.list(unheard).auto_paging_iter())
    assert len(missed) == 5
    kinds = ["checkout.session.completed", "charge.updated"]
    heard = [hint.type for hint in gateway.list_events(began, kinds)]
    assert heard == kinds
    sandbox.control("resend", event=missed[0].id)
    sandbox.deliver()
    assert len(sdk.v1.events.list({"delivery_success": False}).data) == 5


def test_clock_moves_by_the_api(sandbox: Sandbox, sdk: stripe.StripeClient) -> None:
    now = sandbox.world.now()
    clock = sdk.v1.test_helpers.test_clocks.create({"frozen_time": now})
    sandbox.pay(open_monthly(sandbox).id)
    later: Any = {"frozen_time": now + 40 * DAY}
    moved = sdk.v1.test_helpers.test_clocks.advance(clock.id, later)
    assert (moved.status, moved.frozen_time) == ("ready", now + 40 * DAY)
    assert len(sdk.v1.invoices.list({"status": "paid"}).data) == 2
    with pytest.raises(stripe.InvalidRequestError, match="later time"):
        sdk.v1.test_helpers.test_clocks.advance(clock.id, later)
    assert sdk.v1.test_helpers.test_clocks.delete(clock.id).deleted


def test_donor_stops_and_changes_card_in_the_portal(sandbox: Sandbox, sdk: stripe.StripeClient) -> None:
    session = open_monthly(sandbox)
    sandbox.pay(session.id)
    made = sdk.v1.subscriptions.list().data[0]
    wanted: Any = {"customer": str(made.customer), "return_url": "http://127.0.0.1:9/back"}
    page = sdk.v1.billing_portal.sessions.create(wanted)
    shown = browse(page.url)
    assert "20.00 EUR each month, active" in shown.text
    stop, card = shown.forms
    assert browse(page.url, card.fields | {"card": "risk_by"}).status == 303
    assert browse(page.url, stop.fields).status == 303
    now = sdk.v1.subscriptions.retrieve(made.id, {"expand": ["default_payment_method"]})
    assert now.cancel_at_period_end
    assert now.default_payment_method.card.country == "BY"  # type: ignore[union-attr]
    browse(page.url, browse(page.url).forms[0].fields)
    assert not sdk.v1.subscriptions.retrieve(made.id).cancel_at_period_end
    sandbox.control("switch", require_scripts=True)
    assert browse(page.url).forms == []
    sandbox.advance(2 * 3600)
    assert browse(page.url).status == 404


def test_monthly_gifts_go_on_after_a_restart(tmp_path: Path) -> None:
    file = tmp_path / "sandbox.sqlite3"
    with Sandbox(path=file) as first:
        first.pay(open_monthly(first).id)
    with Sandbox(path=file) as second:
        second.control("renewals", outcome="refused")
        second.control("switch", retry_days="1 1", after_retries="unpaid")
        second.advance(40 * DAY)
        kinds = [event["type"] for event in second.events()]
        assert kinds.count("invoice.payment_failed") == 3
        assert second.world.store.every("subscription")[0]["status"] == "unpaid"


def test_fee_table_has_every_kind_of_fee() -> None:
    fees = FeeTable(refund_minor=10, payout_minor=30, failed_debit_minor=350, dispute_won_returned_minor=2000)
    with Sandbox(fees=fees) as made:
        gateway = Gateway("sk_test_x", made.base_url)
        first = open_checkout(gateway)
        made.pay(first.id)
        made.pay(open_checkout(gateway, idempotency_key="2").id, "sepa_fails")
        made.settle()
        made.control("open_dispute", payment=first.id, amount=1000)
        made.control("settle_dispute", outcome="won")
        made.control("refund", payment=first.id, amount=500)
        made.advance(4 * DAY)
        made.control("pay_out")
        gateway.close()
        entries = made.world.store.every("balance_transaction")
    assert [(e["type"], e["amount"], e["fee"]) for e in entries] == [
        ("charge", 5000, 100),
        ("stripe_fee", -350, 0),
        ("adjustment", -1000, 2000),
        ("adjustment", 1000, -2000),
        ("refund", -500, 10),
        ("payout", -4010, 30),
    ]
    assert sum(e["net"] for e in entries) == 0
