"""Each instrument of the hosted page, through the gateway and the real SDK."""

from datetime import UTC, datetime, timedelta

import pytest

from donations.sandbox.fees import FeeTable
from donations.sandbox.server import Sandbox
from donations.stripe_gateway import Gateway, GatewayRefused
from tests.sandbox.gifts import open_checkout


def test_open_session_has_a_page_and_no_payment(gateway: Gateway, sandbox: Sandbox) -> None:
    session = open_checkout(gateway)
    assert (session.status, session.payment_status, session.payment_intent_id) == ("open", "unpaid", None)
    assert session.url == f"{sandbox.base_url}/c/pay/{session.id}"
    assert (session.amount_total_minor, session.currency, session.client_reference) == (
        5000,
        "EUR",
        "opaque-1",
    )
    assert session.livemode is False
    assert gateway.fetch_checkout(session.id) == session


def test_paid_by_card_is_booked_with_fee(gateway: Gateway, sandbox: Sandbox) -> None:
    session = open_checkout(gateway)
    assert sandbox.pay(session.id, "ok") == "paid"
    done = gateway.fetch_checkout(session.id)
    assert (done.status, done.payment_status, done.url) == ("complete", "paid", None)
    payment = gateway.fetch_payment(done.payment_intent_id or "")
    assert (payment.status, payment.amount_minor, payment.received_minor) == ("succeeded", 5000, 5000)
    assert (payment.method, payment.card_country, payment.failure_code) == ("card", "DE", None)
    entry = payment.balance_transaction
    assert entry is not None
    assert (entry.gross_minor, entry.fee_minor, entry.net_minor) == (5000, 100, 4900)
    assert (entry.currency, entry.exchange_rate, entry.kind) == ("EUR", None, "charge")
    assert entry.source_id == payment.charge_id
    assert entry.available_on == (datetime.now(UTC) + timedelta(days=2)).date()
    assert gateway.fetch_balance_transaction(entry.id) == entry
    assert gateway.payment_intent_of_charge(payment.charge_id or "") == payment.id


@pytest.mark.parametrize(
    ("card", "country", "fee"),
    [("ok", "DE", 100), ("ok_us", "US", 170), ("risk_by", "BY", 170), ("risk_ru", "RU", 170)],
)
def test_country_and_fee_of_each_card(
    gateway: Gateway, sandbox: Sandbox, card: str, country: str, fee: int
) -> None:
    session = open_checkout(gateway)
    sandbox.pay(session.id, card)
    payment = gateway.fetch_payment(gateway.fetch_checkout(session.id).payment_intent_id or "")
    assert payment.card_country == country
    assert payment.balance_transaction is not None
    assert payment.balance_transaction.fee_minor == fee


@pytest.mark.parametrize("card", ["declined", "insufficient"])
def test_declined_card_leaves_the_session_open_for_another(
    gateway: Gateway, sandbox: Sandbox, card: str
) -> None:
    session = open_checkout(gateway)
    assert sandbox.pay(session.id, card) == "refused"
    after = gateway.fetch_checkout(session.id)
    assert (after.status, after.payment_status) == ("open", "unpaid")
    failed = gateway.fetch_payment(after.payment_intent_id or "")
    assert (failed.status, failed.received_minor) == ("requires_payment_method", 0)
    assert (failed.failure_code, failed.balance_transaction) == ("card_declined", None)
    assert sandbox.pay(session.id, "ok") == "paid"
    paid = gateway.fetch_payment(failed.id)
    assert (paid.status, paid.failure_code) == ("succeeded", None)
    assert len(gateway.list_balance_transactions()) == 1


def test_bank_confirmation_given_and_refused(gateway: Gateway, sandbox: Sandbox) -> None:
    session = open_checkout(gateway)
    assert sandbox.pay(session.id, "authentication") == "authentication"
    waiting = gateway.fetch_payment(gateway.fetch_checkout(session.id).payment_intent_id or "")
    assert waiting.status == "requires_action"
    assert sandbox.pay(session.id, "authentication", bank=False) == "refused"
    assert gateway.fetch_payment(waiting.id).failure_code == "payment_intent_authentication_failure"
    assert sandbox.pay(session.id, "authentication", bank=True) == "paid"
    assert gateway.fetch_payment(waiting.id).card_country == "FR"


def test_sepa_is_processing_until_the_bank_answers(gateway: Gateway, sandbox: Sandbox) -> None:
    session = open_checkout(gateway)
    assert sandbox.pay(session.id, "sepa") == "processing"
    done = gateway.fetch_checkout(session.id)
    assert (done.status, done.payment_status) == ("complete", "unpaid")
    payment = gateway.fetch_payment(done.payment_intent_id or "")
    assert (payment.status, payment.received_minor, payment.balance_transaction) == ("processing", 0, None)
    assert sandbox.settle() == 1
    assert gateway.fetch_checkout(session.id).payment_status == "paid"
    payment = gateway.fetch_payment(payment.id)
    assert (payment.status, payment.method, payment.card_country) == ("succeeded", "sepa_debit", "DE")
    assert payment.balance_transaction is not None
    assert (payment.balance_transaction.fee_minor, payment.balance_transaction.kind) == (35, "payment")
    assert sandbox.settle() == 0


def test_sepa_that_fails_later_brings_no_money(gateway: Gateway, sandbox: Sandbox) -> None:
    session = open_checkout(gateway)
    sandbox.pay(session.id, "sepa_fails")
    sandbox.settle()
    after = gateway.fetch_checkout(session.id)
    assert (after.status, after.payment_status) == ("complete", "unpaid")
    payment = gateway.fetch_payment(after.payment_intent_id or "")
    assert (payment.status, payment.failure_code) == ("requires_payment_method", "insufficient_funds")
    assert gateway.list_balance_transactions() == []
    assert [e["type"] for e in sandbox.events("checkout.session.async_payment_failed")]


def test_sepa_is_not_offered_outside_euro_or_when_not_allowed(gateway: Gateway, sandbox: Sandbox) -> None:
    dollars = open_checkout(gateway, currency="USD", idempotency_key="a")
    cards = open_checkout(gateway, methods=["card"], idempotency_key="b")
    euros = open_checkout(gateway, idempotency_key="c")
    assert "sepa" not in sandbox.page(dollars.id).body
    assert "sepa" not in sandbox.page(cards.id).body
    assert "sepa" in sandbox.page(euros.id).body


def test_balance_that_comes_late(gateway: Gateway, sandbox: Sandbox) -> None:
    sandbox.control("switch", late_balance=True)
    session = open_checkout(gateway)
    sandbox.pay(session.id)
    intent = gateway.fetch_checkout(session.id).payment_intent_id or ""
    early = gateway.fetch_payment(intent)
    assert (early.status, early.balance_transaction) == ("succeeded", None)
    sandbox.settle()
    assert gateway.fetch_payment(intent).balance_transaction is not None
    assert [e["type"] for e in sandbox.events()][-1] == "charge.updated"


def test_session_expires_by_the_clock_and_by_order(gateway: Gateway, sandbox: Sandbox) -> None:
    by_clock, by_order = open_checkout(gateway), open_checkout(gateway, idempotency_key="other")
    assert gateway.expire_checkout(by_order.id).status == "expired"
    with pytest.raises(GatewayRefused):
        gateway.expire_checkout(by_order.id)
    sandbox.advance(7201)
    assert gateway.fetch_checkout(by_clock.id).status == "expired"
    assert len(sandbox.events("checkout.session.expired")) == 2
    with pytest.raises(Exception, match="expired"):
        sandbox.pay(by_clock.id)


def test_refund_in_parts_and_not_beyond(gateway: Gateway, sandbox: Sandbox) -> None:
    session = open_checkout(gateway)
    sandbox.pay(session.id)
    intent = gateway.fetch_checkout(session.id).payment_intent_id or ""
    first = gateway.create_refund(payment_intent_id=intent, amount_minor=2000, idempotency_key="r1")
    assert (first.status, first.amount_minor, first.currency) == ("succeeded", 2000, "EUR")
    assert gateway.create_refund(payment_intent_id=intent, amount_minor=2000, idempotency_key="r1") == first
    assert gateway.fetch_refund(first.id) == first
    entry = gateway.fetch_balance_transaction(first.balance_transaction_id or "")
    assert (entry.gross_minor, entry.fee_minor, entry.net_minor, entry.kind) == (-2000, 0, -2000, "refund")
    with pytest.raises(GatewayRefused) as refused:
        gateway.create_refund(payment_intent_id=intent, amount_minor=3001, idempotency_key="r2")
    assert refused.value.param == "amount"
    gateway.create_refund(payment_intent_id=intent, amount_minor=3000, idempotency_key="r3")
    assert gateway.fetch_payment(intent).refunded_minor == 5000
    with pytest.raises(GatewayRefused) as refused:
        gateway.create_refund(payment_intent_id=intent, amount_minor=1, idempotency_key="r4")
    assert refused.value.code == "charge_already_refunded"
    assert sum(e.net_minor for e in gateway.list_balance_transactions()) == -100


def test_payout_takes_what_is_available_and_names_it(gateway: Gateway, sandbox: Sandbox) -> None:
    for key in ("a", "b"):
        sandbox.pay(open_checkout(gateway, idempotency_key=key).id)
    assert sandbox.control("pay_out")["payouts"] == []
    sandbox.advance(3 * 86_400)
    [payout] = sandbox.control("pay_out")["payouts"]
    named = gateway.list_balance_transactions(payout_id=payout)
    assert sorted(e.net_minor for e in named) == [-9800, 4900, 4900]
    assert sandbox.control("pay_out")["payouts"] == []
    sandbox.advance(3 * 86_400)
    assert len(sandbox.events("payout.paid")) == 1


def test_lists_go_back_to_a_moment_over_many_pages(gateway: Gateway, sandbox: Sandbox) -> None:
    early = open_checkout(gateway, idempotency_key="early")
    sandbox.advance(7200)
    since = datetime.now(UTC) + timedelta(seconds=7199)
    later = since + timedelta(hours=1)
    made = [open_checkout(gateway, idempotency_key=str(i), expires_at=later) for i in range(105)]
    assert [s.id for s in gateway.list_checkouts(since)] == [s.id for s in made]
    assert early.id in [s.id for s in gateway.list_checkouts(since - timedelta(hours=3))]
    expired = gateway.list_events(since - timedelta(hours=1), ["checkout.session.expired"])
    assert [(e.object_id, e.livemode) for e in expired] == [(early.id, False)]
    assert gateway.fetch_event(expired[0].id) == expired[0]
    assert gateway.list_events(since, ["charge.succeeded"]) == []


def test_fee_table_is_a_setting() -> None:
    table = FeeTable(eea_card_points=120, card_fixed_minor=10)
    assert table.fee(amount_minor=1000, method="card", country="PL") == 22
    assert table.fee(amount_minor=1000, method="card", country="GB") == 39
    assert table.fee(amount_minor=25, method="card", country="DE") == 10
    assert table.fee(amount_minor=1000, method="sepa_debit", country="DE") == 35
