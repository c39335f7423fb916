"""Refunds, disputes and payouts: over HTTP with Stripe's own SDK, against the sandbox."""

import datetime
import itertools
import random
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.approvals import NeedsSecondPerson, decide_approval, request_approval
from donations import inbox, payouts, refunding, sweeps
from donations.actions import refunds
from donations.models import Alarm, Donation, Fact, Hint, Movement, Payout, Refund
from donations.models.gifts import Status
from donations.sandbox.server import Sandbox
from donations.stripe_gateway import Gateway, GatewayUnavailable
from tests import people
from tests.donations import gifts
from tests.donations.gifts import AT, standing
from treasury.actions.payments import book_running_cost
from treasury.kinds import Category, VoucherKind
from treasury.models import Fund, Journal

pytestmark = pytest.mark.django_db
DAY = 86_400


def alarms() -> dict[str, int]:
    """Open alarms by kind."""
    found: dict[str, int] = {}
    for kind in Alarm.objects.open().values_list("kind", flat=True):
        found[kind] = found.get(kind, 0) + 1
    return found


def spend(amount_minor: int) -> None:
    book_running_cost(
        source_id=f"rent-{amount_minor}", category=Category.RENT, amount_minor=amount_minor,
        voucher_kind=VoucherKind.INVOICE, on=AT.date(), by=people.SETUP, at=AT,
    )  # fmt: skip


def test_our_refund_is_stored_sent_and_booked_once(sandbox: Sandbox, gateway: Gateway, fund: Fund) -> None:
    donation = gifts.paid(fund, gateway, sandbox)
    treasurer = people.treasurer()
    refund = refunds.ask_refund(donation=donation, amount_minor=2_000, by=treasurer, at=AT)
    # Stripe acts and the answer is lost; the stored key makes the second call the same refund.
    sandbox.control("fail_calls", how="drop", when="after", times=3, path="/v1/refunds")
    with pytest.raises(GatewayUnavailable):
        refunding.send(refund, gateway, at=AT)
    assert Refund.objects.get().state == Refund.State.ASKED
    sandbox.control("clear_faults")
    assert sweeps.sweep(gateway, at=AT, all_of_it=False).refunds == 1
    gifts.hear(sandbox, gateway)
    donation = gifts.now(donation)
    assert (donation.refunded_minor, gifts.moved(donation, "refunded")) == (2_000, [-2_000])
    assert Refund.objects.get().state == Refund.State.SUCCEEDED
    with pytest.raises(refunds.NothingToReturn):
        refunds.ask_refund(donation=donation, amount_minor=3_001, by=treasurer, at=AT)
    assert standing("refunds:refunds") == 2_000


def test_a_refund_whose_key_ran_out_is_looked_for_and_not_repeated(
    sandbox: Sandbox, gateway: Gateway, fund: Fund
) -> None:
    donation = gifts.paid(fund, gateway, sandbox)
    refund = refunds.ask_refund(donation=donation, amount_minor=2_000, by=people.SETUP, at=AT)
    gateway.create_refund(
        payment_intent_id=gifts.payment_of(donation), amount_minor=2_000,
        idempotency_key=refund.idempotency_key, reference=str(refund.pk),
    )  # fmt: skip
    sandbox.advance(2 * DAY)  # Stripe has forgotten the key
    refunding.send(refund, gateway, at=AT + datetime.timedelta(days=2))
    assert gifts.now(donation).refunded_minor == 2_000
    assert len(gateway.list_refunds(gifts.payment_of(donation))) == 1
    # The mutant: sending the old key blindly gives the money back a second time.
    gateway.create_refund(
        payment_intent_id=gifts.payment_of(donation), amount_minor=2_000,
        idempotency_key=refund.idempotency_key,
    )  # fmt: skip
    assert len(gateway.list_refunds(gifts.payment_of(donation))) == 2
    gifts.hear(sandbox, gateway)
    assert gifts.now(donation).refunded_minor == 4_000


def test_a_large_refund_takes_a_second_person(sandbox: Sandbox, gateway: Gateway, fund: Fund) -> None:
    donation = gifts.paid(fund, gateway, sandbox, amount_minor=20_000)
    treasurer, second = people.treasurer(), people.second_officer()
    terms = refunds.refund_terms(donation=donation, amount_minor=15_000)
    with pytest.raises(NeedsSecondPerson):
        refunds.ask_refund(donation=donation, amount_minor=15_000, by=treasurer, at=AT)
    asked = request_approval(kind="refund", object_id=donation.pk, payload=terms, by=treasurer, at=AT)
    decide_approval(approval=asked, agrees=True, by=second, at=AT)
    refund = refunds.ask_refund(donation=donation, amount_minor=15_000, by=treasurer, at=AT)
    assert refund.second_by == second.actor_id
    with pytest.raises(refunds.RefundOnItsWay):
        refunds.ask_refund(donation=donation, amount_minor=1_000, by=treasurer, at=AT)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "update donations_refund set state = 'pending' where state = 'asked'"
        )  # sent without Stripe's id


def test_partial_refunds_in_every_order_end_the_same(sandbox: Sandbox, gateway: Gateway, fund: Fund) -> None:
    donation = gifts.paid(fund, gateway, sandbox)
    before = len(sandbox.events())
    for amount in (1_000, 1_500, 500):
        sandbox.control("refund", payment=gifts.payment_of(donation), amount=amount)
    heard = gifts.hints(sandbox)[before:]
    for order in random.Random(3).sample(list(itertools.permutations(heard[:4])), 6):
        for hint in (*order, *heard[4:], *order):
            Hint.objects.filter(pk=hint.id).delete()
            inbox.store(hint, at=AT)
            inbox.drain(gateway, clock=lambda: AT)
    assert gifts.now(donation).refunded_minor == 3_000
    assert Journal.objects.filter(kind="refund").count() == 3
    assert Refund.objects.filter(asked_by="").count() == 3


def test_a_refund_that_fails_comes_back(sandbox: Sandbox, gateway: Gateway, fund: Fund) -> None:
    donation = gifts.paid(fund, gateway, sandbox)
    before = standing("clearing:stripe")
    refund = sandbox.control("refund", payment=gifts.payment_of(donation), amount=2_000, status="pending")[
        "refund"
    ]
    gifts.hear(sandbox, gateway)
    assert Refund.objects.get().state == Refund.State.PENDING
    sandbox.control("settle_refund", id=refund, outcome="failed")
    gifts.hear(sandbox, gateway)
    assert Refund.objects.get().state == Refund.State.FAILED
    assert gifts.now(donation).refunded_minor == 0
    assert standing("clearing:stripe") == before
    assert refunds.refundable_minor(donation) == 5_000


@pytest.mark.parametrize("outcome", ["won", "lost"])
@pytest.mark.parametrize("spent", [False, True])
def test_a_dispute_is_booked_from_what_moved(
    sandbox: Sandbox, gateway: Gateway, fund: Fund, outcome: str, spent: bool
) -> None:
    donation = gifts.paid(fund, gateway, sandbox)
    if spent:
        spend(4_000)
    dispute = sandbox.control("open_dispute", payment=gifts.payment_of(donation))["dispute"]
    gifts.hear(sandbox, gateway)
    assert gifts.now(donation).disputed_minor == 5_000
    assert alarms() == {"dispute": 1, "loss": 1}  # the bank's fee is more than the fund ever had
    with pytest.raises((refunds.Contested, refunds.NothingToReturn)):
        refunds.ask_refund(donation=donation, amount_minor=1_000, by=people.SETUP, at=AT)
    uncovered = standing("uncovered:main")
    assert uncovered > (4_000 if spent else 0)
    sandbox.control("settle_dispute", id=dispute, outcome=outcome)
    gifts.hear(sandbox, gateway)
    donation = gifts.now(donation)
    assert donation.disputed_minor == (0 if outcome == "won" else 5_000)
    assert f"dispute-{outcome}" in gifts.kinds(donation)
    assert "dispute" not in alarms()
    if outcome == "won":
        assert standing("uncovered:main") < uncovered
    assert donation.status == Status.SETTLED


def test_an_inquiry_moves_no_money(sandbox: Sandbox, gateway: Gateway, fund: Fund) -> None:
    donation = gifts.paid(fund, gateway, sandbox)
    dispute = sandbox.control("open_dispute", payment=gifts.payment_of(donation), kind="inquiry")["dispute"]
    gifts.hear(sandbox, gateway)
    assert gifts.now(donation).disputed_minor == 0
    assert "inquiry" in gifts.kinds(donation)
    sandbox.control("settle_dispute", id=dispute, outcome="closed")
    gifts.hear(sandbox, gateway)
    assert "inquiry-closed" in gifts.kinds(donation)
    assert not Journal.objects.filter(kind="dispute").exists()


def test_a_refund_beside_a_dispute_is_booked_once_each(
    sandbox: Sandbox, gateway: Gateway, fund: Fund
) -> None:
    donation = gifts.paid(fund, gateway, sandbox)
    late = refunds.ask_refund(donation=donation, amount_minor=500, by=people.SETUP, at=AT)
    sandbox.control("refund", payment=gifts.payment_of(donation), amount=2_000)
    sandbox.control("open_dispute", payment=gifts.payment_of(donation), amount=3_000)
    for hint in reversed(gifts.hints(sandbox)):
        inbox.store(hint, at=AT)
    inbox.drain(gateway, clock=lambda: AT)
    # Ours was decided before the dispute was opened: Stripe refuses it now, and we say so.
    assert refunding.send(late, gateway, at=AT).state == Refund.State.REFUSED
    donation = gifts.now(donation)
    assert (donation.refunded_minor, donation.disputed_minor) == (2_000, 3_000)


def paid_out(sandbox: Sandbox, gateway: Gateway) -> Payout:
    sandbox.advance(3 * DAY)
    sandbox.control("pay_out")
    gifts.hear(sandbox, gateway)
    return Payout.objects.order_by("created_at").last()  # type: ignore[return-value]


def test_a_payout_is_matched_to_the_cent(sandbox: Sandbox, gateway: Gateway, fund: Fund) -> None:
    donations = [gifts.paid(fund, gateway, sandbox, amount_minor=amount) for amount in (5_000, 7_700)]
    sandbox.control("refund", payment=gifts.payment_of(donations[0]), amount=1_000)
    payout = paid_out(sandbox, gateway)
    assert payout.entries_minor == payout.amount_minor == standing("clearing:transit")
    assert standing("clearing:stripe") == 0
    assert {gifts.now(donation).status for donation in donations} == {Status.PAID_OUT}
    assert not alarms().keys() - {"loss"}
    # It comes back: the gifts are settled again, and the next payout takes them along.
    sandbox.control("fail_payout", id=payout.payout_id)
    gifts.hear(sandbox, gateway)
    assert {gifts.now(donation).status for donation in donations} == {Status.SETTLED}
    assert standing("clearing:transit") == 0
    assert alarms()["payout-failed"] == 1
    again = paid_out(sandbox, gateway)
    assert again.pk != payout.pk
    assert {gifts.now(donation).status for donation in donations} == {Status.PAID_OUT}
    assert standing("clearing:transit") == again.amount_minor


def test_a_payout_heard_before_its_gift_brings_the_gift(
    sandbox: Sandbox, gateway: Gateway, fund: Fund
) -> None:
    donation, _code = gifts.give(fund, gateway)
    sandbox.pay(gifts.session_of(donation))
    sandbox.advance(3 * DAY)
    (payout_id,) = sandbox.control("pay_out")["payouts"]
    payouts.look(payout_id, gateway, at=AT)
    assert gifts.now(donation).status == Status.PAID_OUT


def test_a_dispute_after_the_payout_leaves_the_balance_below_zero(
    sandbox: Sandbox, gateway: Gateway, fund: Fund
) -> None:
    donation = gifts.paid(fund, gateway, sandbox)
    paid_out(sandbox, gateway)
    sandbox.control("open_dispute", payment=gifts.payment_of(donation))
    gifts.hear(sandbox, gateway)
    assert standing("clearing:stripe") < -5_000
    assert gifts.now(donation).status == Status.PAID_OUT
    assert gifts.now(donation).disputed_minor == 5_000


def test_fees_are_booked_and_what_nobody_knows_waits(sandbox: Sandbox, gateway: Gateway, fund: Fund) -> None:
    gifts.paid(fund, gateway, sandbox, amount_minor=9_000)
    before = standing("fees:stripe")
    sandbox.control("add_fee", amount=120)
    sandbox.control("add_fee", amount=77, type="reserve_hold")
    assert sweeps.fetch_movements(gateway, at=AT) >= 2
    assert standing("fees:stripe") == before + 120
    assert standing("suspense:stripe") == 77
    assert alarms() == {"unknown": 1}
    assert sweeps.fetch_movements(gateway, at=AT) == 0
    assert Movement.objects.filter(booked_as="suspense").count() == 1


def test_the_end_of_facts_does_not_depend_on_their_order(fund: Fund) -> None:
    from donations import status

    facts: list[tuple[Any, str]] = [
        (Fact.Kind.OPENED, "cs"), (Fact.Kind.PAID, "cs"), (Fact.Kind.SETTLED, "txn"),
        (Fact.Kind.PAID_OUT, "po_1:txn"), (Fact.Kind.PAYOUT_FAILED, "po_1:txn"),
    ]  # fmt: skip
    assert {status.project(order) for order in itertools.permutations(facts)} == {Status.SETTLED}
    again = [*facts, (Fact.Kind.PAID_OUT, "po_2:txn")]
    assert status.project(again) == Status.PAID_OUT
    assert Donation.objects.count() == 0


@pytest.mark.parametrize("lever", ["open_dispute", "refund"])
def test_what_came_back_before_anything_was_heard_of_the_gift_is_booked_once(
    sandbox: Sandbox, gateway: Gateway, fund: Fund, lever: str
) -> None:
    """A payout, or the sweep of movements, may tell of it first; it belongs to the gift all the same."""
    donation, _code = gifts.give(fund, gateway)
    sandbox.pay(gifts.session_of(donation))
    payment = gateway.fetch_checkout(gifts.session_of(donation)).payment_intent_id
    sandbox.control(lever, amount=900, payment=payment)
    movements = gateway.list_balance_transactions()
    back = [entry for entry in movements if entry.gross_minor < 0]
    assert payouts.take_in(back, gateway, at=AT) == len(back) > 0
    assert not Movement.objects.exists(), "nothing of its own beside the gift"
    gifts.hear(sandbox, gateway)
    assert standing("clearing:stripe") == sum(entry.net_minor for entry in movements)
    assert standing("suspense:stripe") == 0
