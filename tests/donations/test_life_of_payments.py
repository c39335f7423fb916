"""The life of payments in any order, heard in any way or not at all: one end, the laws at each step."""

import contextlib
import datetime
import os
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from accounts.approvals import decide_approval, request_approval
from audit.actions import DomainError
from donations import inbox, sweeps
from donations.actions.alarms import cover_alarm
from donations.models import Alarm, Donation, Hint
from donations.sandbox.refusals import Refused
from donations.sandbox.server import Sandbox
from donations.stripe_gateway import Gateway
from tests import people
from tests.donations import gifts
from tests.donations.gifts import AT, standing
from tests.plugins.databases import require_money_laws
from treasury import eligible
from treasury.actions.allocation import cover_terms
from treasury.actions.funds import book_opening_balance, open_fund
from treasury.actions.payments import book_running_cost
from treasury.kinds import Category, FundKind, VoucherKind
from treasury.models import Fund, Journal

EXAMPLES = int(os.environ.get("FAULT_ROUNDS", "3"))
LATER = AT + datetime.timedelta(minutes=10)
GIFTS = 2
# What may happen at Stripe: the sandbox's lever, its words, and whether it is about one of the gifts.
HAPPENS: dict[str, tuple[str, dict[str, Any], bool]] = {
    "a small refund": ("refund", {"amount": 500}, True),
    "a large refund": ("refund", {"amount": 4_000}, True),
    "a refund on its way": ("refund", {"amount": 700, "status": "pending"}, True),
    "a refund fails": ("settle_refund", {"outcome": "failed"}, False),
    "a chargeback": ("open_dispute", {"amount": 900}, True),
    "a chargeback of all": ("open_dispute", {}, True),
    "an inquiry": ("open_dispute", {"kind": "inquiry"}, True),
    "a dispute is won": ("settle_dispute", {"outcome": "won"}, False),
    "a dispute is lost": ("settle_dispute", {"outcome": "lost"}, False),
    "a payout": ("pay_out", {}, False),
    "a payout fails": ("fail_payout", {}, False),
    "banks answer": ("settle", {}, False),
}


class Life(RuleBasedStateMachine):
    """Two gifts at a Stripe of their own; all that happens there, and what we hear of it."""

    fund: Fund

    @initialize(cards=st.lists(st.sampled_from(["ok", "ok_us", "sepa"]), min_size=GIFTS, max_size=GIFTS))
    def begin(self, cards: list[str]) -> None:
        self.known = transaction.savepoint()
        self.sandbox = Sandbox().start()
        self.gateway = Gateway("sk_test_sandbox", self.sandbox.base_url, timeout=5)
        self.reserve = open_fund(
            code="reserve", name="Reserve", kind=FundKind.RESERVE, by=people.SETUP, at=AT
        )
        book_opening_balance(fund=self.reserve, amount_minor=20_000, on=AT.date(), by=people.SETUP, at=AT)
        self.officers = people.treasurer(), people.second_officer()
        self.gifts = []
        for card in cards:
            donation, _code = gifts.give(self.fund, self.gateway)
            self.sandbox.pay(gifts.session_of(donation), card)
            self.gifts.append(donation)

    # -- at Stripe --------------------------------------------------------------------------------------

    def pull(self, do: str, **order: Any) -> None:
        try:
            self.sandbox.control(do, **order)
        except Refused:
            return  # Stripe would not do this now either

    def payment(self, number: int) -> str:
        return self.gateway.fetch_checkout(gifts.session_of(self.gifts[number])).payment_intent_id or ""

    @rule(what=st.sampled_from(sorted(HAPPENS)), number=st.integers(0, GIFTS - 1))
    def happens(self, what: str, number: int) -> None:
        do, order, of_gift = HAPPENS[what]
        if do == "pay_out":
            self.sandbox.advance(3 * 86_400)
        named = {"payment": self.payment(number)} if of_gift else {}
        self.pull(do, **order, **named)

    # -- here -------------------------------------------------------------------------------------------

    @rule(order=st.lists(st.integers(0, 60), max_size=12))
    def hear(self, order: list[int]) -> None:
        """Some of all that happened so far, in any order, doubled or not."""
        told = [hint for hint in gifts.hints(self.sandbox) if inbox.is_followed(hint.type)]
        for number in order:
            hint = told[number % len(told)]
            Hint.objects.filter(pk=hint.id).delete()
            inbox.store(hint, at=AT)
        inbox.drain(self.gateway, clock=lambda: AT)

    @rule(
        number=st.integers(0, GIFTS - 1),
        outcome=st.sampled_from(["won", "lost"]),
        after_payout=st.booleans(),
        after_spending=st.booleans(),
        covered=st.booleans(),
    )
    def contest(
        self, number: int, outcome: str, *, after_payout: bool, after_spending: bool, covered: bool
    ) -> None:
        """A dispute from its beginning to its end, and what may have become of the money before each."""
        if after_payout:
            self.happens("a payout", number)
        if after_spending:
            gifts.hear(self.sandbox, self.gateway)
            self.spend()
        self.pull("open_dispute", payment=self.payment(number))
        gifts.hear(self.sandbox, self.gateway)
        if covered:
            self.cover()
        self.pull("settle_dispute", outcome=outcome)
        gifts.hear(self.sandbox, self.gateway)

    def cover(self) -> None:
        """Two people let the reserve bear what was lost after it was spent."""
        for loss in Alarm.objects.open().filter(kind="loss"):
            terms = cover_terms(fund=self.reserve, amount_minor=loss.amount_minor)
            asked = request_approval(
                kind="allocation", object_id=self.reserve.pk, payload=terms, by=self.officers[0], at=AT
            )
            decide_approval(approval=asked, agrees=True, by=self.officers[1], at=AT)
            with contextlib.suppress(DomainError):  # it may have come back already
                cover_alarm(alarm=loss, fund=self.reserve, by=self.officers[0], at=AT)

    @rule()
    def spend(self) -> None:
        """The money is used before it is taken back."""
        free = eligible.free_in(self.fund)
        if free > 0:
            book_running_cost(
                source_id=f"rent-{Journal.objects.count()}", category=Category.RENT, amount_minor=free,
                voucher_kind=VoucherKind.INVOICE, on=AT.date(), by=people.SETUP, at=AT,
            )  # fmt: skip

    @invariant()
    def laws_hold(self) -> None:
        require_money_laws()

    def teardown(self) -> None:
        if not hasattr(self, "sandbox"):
            return
        try:
            sweeps.sweep(self.gateway, at=LATER)
            sweeps.sweep(self.gateway, at=LATER)
            require_money_laws()
            end = self.end()
            self.agrees_with_stripe()
            for hint in gifts.hints(self.sandbox):  # all of it once more changes nothing
                Hint.objects.filter(pk=hint.id).delete()
                inbox.store(hint, at=AT)
            inbox.drain(self.gateway, clock=lambda: AT)
            assert self.end() == end
        finally:
            self.gateway.close()
            self.sandbox.stop()
            transaction.savepoint_rollback(self.known)

    def agrees_with_stripe(self) -> None:
        moved = self.gateway.list_balance_transactions()
        assert standing("clearing:stripe") == sum(entry.net_minor for entry in moved)
        for number, donation in enumerate(self.gifts):
            payment = self.gateway.fetch_payment(self.payment(number))
            contested = sum(
                entry.gross_minor
                for dispute in self.gateway.list_disputes(payment.id)
                for entry in dispute.entries
            )
            now = gifts.now(donation)
            assert (now.refunded_minor, now.disputed_minor) == (payment.refunded_minor, -contested)
            assert (payment.balance_transaction is not None) == (now.status in ("settled", "paid-out"))

    def end(self) -> tuple[Any, ...]:
        rows = Donation.objects.order_by("pk").values_list("status", "refunded_minor", "disputed_minor")
        return list(rows), sorted(Journal.objects.values_list("key", flat=True))


@pytest.mark.django_db
def test_the_life_of_payments_ends_as_stripe_says(fund: Fund) -> None:
    machine = type("LifeHere", (Life,), {"fund": fund})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=EXAMPLES, stateful_step_count=12, deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
