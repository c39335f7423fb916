"""Refunds, disputes and payouts as banks and the dashboard make them, read back by the SDK."""

from typing import Any

import pytest
import stripe

from donations.sandbox.server import Sandbox
from donations.stripe_gateway import Gateway
from tests.sandbox.browsing import browse
from tests.sandbox.gifts import open_checkout, open_monthly

DAY = 86_400


def paid(gateway: Gateway, sandbox: Sandbox, card: str = "ok") -> str:
    """A gift of 50 €; its payment intent."""
    session = open_checkout(gateway, idempotency_key=f"{card}-{len(sandbox.events())}")
    sandbox.pay(session.id, card)
    return gateway.fetch_checkout(session.id).payment_intent_id or ""


def entries(sdk: stripe.StripeClient, **given: Any) -> list[tuple[str, str, int, int]]:
    """Balance transactions, oldest first: type, category, net, fee."""
    params: Any = {"limit": 3, **given}
    found = list(sdk.v1.balance_transactions.list(params).auto_paging_iter())
    return [(e.type, e.reporting_category, e.net, e.fee) for e in reversed(found)]


def kinds(sandbox: Sandbox, since: int) -> list[str]:
    return [event["type"] for event in sandbox.events()[since:]]


def test_dashboard_refunds_in_part_that_wait_and_come_back(
    gateway: Gateway, sandbox: Sandbox, sdk: stripe.StripeClient
) -> None:
    intent = paid(gateway, sandbox)
    sandbox.control("refund", payment=intent, amount=1500, reason="duplicate")
    slow = sandbox.control("refund", payment=intent, amount=2000, status="pending")["refund"]
    assert gateway.fetch_payment(intent).refunded_minor == 3500
    assert sdk.v1.refunds.retrieve(slow).pending_reason == "processing"
    before = len(sandbox.events())
    sandbox.control("settle_refund", refund=slow, outcome="failed", reason="lost_or_stolen_card")
    assert kinds(sandbox, before) == [
        "charge.updated",
        "refund.failed",
        "refund.updated",
        "charge.refund.updated",
    ]
    failed = sdk.v1.refunds.retrieve(slow, {"expand": ["failure_balance_transaction"]})
    assert (failed.status, failed.failure_reason) == ("failed", "lost_or_stolen_card")
    assert failed.failure_balance_transaction.net == 2000  # type: ignore[union-attr]
    assert entries(sdk, source=slow) == [
        ("refund", "refund", -2000, 0),
        ("refund_failure", "refund_failure", 2000, 0),
    ]
    assert gateway.fetch_payment(intent).refunded_minor == 1500


@pytest.mark.parametrize(
    ("card", "first", "last"),
    [
        ("refund_waits", "pending", "succeeded"),
        ("refund_fails", "succeeded", "failed"),
        ("sepa", "pending", "succeeded"),
    ],
)
def test_cards_stand_for_what_becomes_of_a_refund(
    gateway: Gateway, sandbox: Sandbox, card: str, first: str, last: str
) -> None:
    intent = paid(gateway, sandbox, card)
    sandbox.settle()
    refund = gateway.create_refund(payment_intent_id=intent, amount_minor=700, idempotency_key="r")
    assert refund.status == first
    assert sandbox.settle() == 1
    assert gateway.fetch_refund(refund.id).status == last
    assert sandbox.settle() == 0


def test_dispute_takes_money_and_fee_and_gives_back_what_is_won(
    gateway: Gateway, sandbox: Sandbox, sdk: stripe.StripeClient
) -> None:
    intent = paid(gateway, sandbox)
    before = len(sandbox.events())
    key = sandbox.control("open_dispute", payment=intent, amount=2000)["dispute"]
    assert kinds(sandbox, before) == ["charge.dispute.created", "charge.dispute.funds_withdrawn"]
    opened = sdk.v1.disputes.retrieve(key, {"expand": ["charge", "payment_intent"]})
    assert opened.charge.disputed  # type: ignore[union-attr]
    assert [t.net for t in opened.balance_transactions] == [-4000]
    with pytest.raises(stripe.InvalidRequestError) as refused:
        sdk.v1.refunds.create({"payment_intent": intent})
    assert refused.value.code == "charge_disputed"
    answered = sdk.v1.disputes.update(key, {"evidence": {"uncategorized_text": "winning_evidence"}})
    assert (answered.status, answered.evidence_details.submission_count) == ("won", 1)
    assert entries(sdk, source=key) == [
        ("adjustment", "dispute", -4000, 2000),
        ("adjustment", "dispute_reversal", 2000, 0),
    ]
    assert len(answered.balance_transactions) == 2
    assert kinds(sandbox, before)[2:] == [
        "charge.dispute.updated",
        "charge.dispute.closed",
        "charge.dispute.funds_reinstated",
    ]
    assert sdk.v1.disputes.list({"payment_intent": intent}).data[0].id == key


def test_inquiry_moves_no_money_until_it_becomes_a_chargeback(
    gateway: Gateway, sandbox: Sandbox, sdk: stripe.StripeClient
) -> None:
    paid(gateway, sandbox, "inquiry")
    asked = sdk.v1.disputes.list().data[0]
    assert (asked.status, asked.balance_transactions, asked.is_charge_refundable) == (
        "warning_needs_response",
        [],
        True,
    )
    sandbox.control("settle_dispute", outcome="escalated")
    assert sdk.v1.disputes.close(asked.id).status == "lost"
    assert entries(sdk, source=asked.id) == [("adjustment", "dispute", -7000, 2000)]
    with pytest.raises(stripe.InvalidRequestError):
        sdk.v1.disputes.close(asked.id)
    second = paid(gateway, sandbox)
    sandbox.control("open_dispute", payment=second, kind="inquiry")
    gateway.create_refund(payment_intent_id=second, amount_minor=5000, idempotency_key="r")
    assert sdk.v1.disputes.list().data[0].status == "warning_closed"


def test_returned_direct_debit_is_lost_at_once(
    gateway: Gateway, sandbox: Sandbox, sdk: stripe.StripeClient
) -> None:
    intent = paid(gateway, sandbox, "sepa")
    sandbox.control("answer_debit", payment=intent)
    key = sandbox.control("open_dispute", payment=intent)["dispute"]
    found = sdk.v1.disputes.retrieve(key)
    assert (found.status, found.reason) == ("lost", "debit_not_authorized")
    assert entries(sdk, source=key) == [("adjustment", "dispute", -5750, 750)]


def test_failed_payout_comes_back_and_goes_out_again(
    gateway: Gateway, sandbox: Sandbox, sdk: stripe.StripeClient
) -> None:
    paid(gateway, sandbox)
    sandbox.advance(3 * DAY)
    first = sandbox.control("pay_out")["payouts"][0]
    assert [e[0] for e in entries(sdk, payout=first)] == ["charge", "payout"]
    sandbox.advance(3 * DAY)
    assert sdk.v1.payouts.retrieve(first).status == "paid"
    before = len(sandbox.events())
    sandbox.control("fail_payout", payout=first, code="no_account")
    assert kinds(sandbox, before) == ["payout.failed"]
    failed = sdk.v1.payouts.retrieve(first, {"expand": ["failure_balance_transaction"]})
    assert (failed.status, failed.failure_code) == ("failed", "no_account")
    fee = sandbox.control("add_fee", amount=123, type="moonlight_fee")["balance_transaction"]
    second = sandbox.control("pay_out")["payouts"][0]
    assert sdk.v1.payouts.retrieve(second).amount == failed.amount - 123
    assert sorted(entries(sdk, payout=second)) == [
        ("moonlight_fee", "moonlight_fee", -123, 0),
        ("payout", "payout", -failed.amount + 123, 0),
        ("payout_failure", "payout_reversal", failed.amount, 0),
    ]
    assert sdk.v1.balance_transactions.retrieve(fee).source is None
    assert [e[2] for e in entries(sdk, type="moonlight_fee")] == [-123]
    assert sdk.v1.balance.retrieve().available[0].amount == 0


def test_unknown_part_of_a_fee_and_conversion(
    gateway: Gateway, sandbox: Sandbox, sdk: stripe.StripeClient
) -> None:
    sandbox.control("convert", currency="usd", rate=0.9)
    sandbox.control("add_fee", amount=7, type="moon_tax", to_next_charge=True)
    session = open_checkout(gateway, currency="USD")
    sandbox.pay(session.id)
    found = gateway.fetch_payment(gateway.fetch_checkout(session.id).payment_intent_id or "")
    entry = sdk.v1.balance_transactions.list().data[0]
    assert (entry.currency, entry.amount, entry.exchange_rate) == ("eur", 4500, 0.9)
    assert [(d.type, d.amount) for d in entry.fee_details] == [("stripe_fee", 93), ("moon_tax", 7)]
    assert (found.currency, found.received_minor, entry.net) == ("USD", 5000, 4400)


def test_control_page_offers_what_can_become_of_each_thing(gateway: Gateway, sandbox: Sandbox) -> None:
    for card in ("ok", "disputed", "inquiry", "sepa"):
        paid(gateway, sandbox, card)
    refunded = paid(gateway, sandbox)
    sandbox.control("refund", payment=refunded, amount=100, status="pending")
    sandbox.pay(open_monthly(sandbox).id)
    sandbox.advance(3 * DAY)
    sandbox.control("pay_out")
    forms = browse(f"{sandbox.base_url}/sandbox/").forms
    used = {
        "answer_debit",
        "refund",
        "open_dispute",
        "settle_refund",
        "settle_dispute",
        "fail_payout",
        "renewals",
    }
    assert used <= {form.fields["do"] for form in forms}
    for do in ("settle_refund", "fail_payout", "settle_dispute", "answer_debit", "refund", "renewals"):
        form = next(form for form in forms if form.fields["do"] == do)
        assert browse(sandbox.base_url + form.action, form.fields).status == 303, form.fields
