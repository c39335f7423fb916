"""Down for four days, every webhook lost: one sweep, and all is as if somebody had been there."""

import datetime
from collections import Counter as Tally
from typing import Any

import pytest
from django.db import transaction
from django.db.models import F

from donations import inbox, sweeps
from donations.models import Alarm, Donation, Payout, RecurringDonation, Refund
from donations.sandbox.server import Sandbox
from donations.stripe_gateway import Gateway
from tests.donations import gifts
from tests.donations.gifts import AT
from tests.plugins.databases import require_money_laws
from treasury.models import Balance, Fund, Journal

pytestmark = pytest.mark.django_db
DAY = 86_400
BEFORE, DOWN = 29, 4  # days: the monthly gift falls due within the four


class Story:
    """A month at a Stripe of its own; ``there`` says whether anybody hears of its last four days."""

    def __init__(self, fund: Fund, *, there: bool) -> None:
        self.fund, self.there, self.days = fund, there, 0
        self.sandbox = Sandbox().start()
        self.gateway = Gateway("sk_test_sandbox", self.sandbox.base_url, timeout=5)

    @property
    def now(self) -> datetime.datetime:
        return AT + datetime.timedelta(days=self.days, minutes=10)

    def hear(self) -> None:
        """Each event is heard at once, by whoever is there."""
        if self.there or self.days <= BEFORE:
            gifts.hear(self.sandbox, self.gateway, at=self.now)

    def passes(self, days: int) -> None:
        self.sandbox.advance(days * DAY)
        self.days += days
        self.hear()

    def happens(self, do: str, **order: Any) -> None:
        self.sandbox.control(do, **order)
        self.hear()

    def gift(self, card: str, **more: Any) -> Donation:
        donation, _code = gifts.give(self.fund, self.gateway, **more)
        self.sandbox.pay(gifts.session_of(donation), card)
        self.hear()
        return donation

    def told(self, *, all_of_it: bool = True) -> dict[str, Any]:
        """All of it up to the sweep of the first hour back, and what is there then."""
        once, month = self.gift("ok"), self.gift("ok", monthly=True, level="code")
        self.gift("sepa")
        contested = self.gift("ok_us", amount_minor=7_000)
        sweeps.sweep(self.gateway, at=self.now)
        self.passes(BEFORE)
        self.days += 1  # the plug is pulled
        self.sandbox.advance(DAY)
        payment = gifts.payment_of
        self.happens("refund", payment=payment(once), amount=2_000)
        self.happens("settle")
        self.happens("pay_out")
        self.passes(2)
        self.happens("open_dispute", payment=payment(contested))
        self.happens("refund", payment=payment(month), amount=1_000, status="pending")
        self.happens("add_fee", amount=250)
        self.passes(1)
        self.happens("settle_dispute", outcome="won")
        self.happens("pay_out")
        self.happens("fail_payout")
        sweeps.sweep(self.gateway, at=self.now, all_of_it=all_of_it)
        inbox.drain(self.gateway, clock=lambda: self.now)
        require_money_laws()
        return self.end()

    def end(self) -> dict[str, Any]:
        """What is there; not the way: a payout heard before its gift holds the gift in suspense meanwhile."""
        gifts_now = Donation.objects.values_list("amount_minor", "status", "refunded_minor", "disputed_minor")
        posted, held = F("credit_posted") - F("debit_posted"), F("credit_pending") - F("debit_pending")
        standing = Balance.objects.exclude(account__code="suspense:stripe", credit_posted=F("debit_posted"))
        journals = Journal.objects.exclude(key__startswith="suspense")
        alarms = Alarm.objects.exclude(kind="stray", decision="keep")
        return {
            "gifts": sorted(gifts_now),
            "journals": Tally(journals.values_list("kind", flat=True)),
            "totals": sorted(standing.values_list("account__code", posted, held)),
            "alarms": Tally(alarms.values_list("kind", "decision")),
            "refunds": sorted(Refund.objects.values_list("amount_minor", "state")),
            "payouts": sorted(Payout.objects.values_list("amount_minor", "state", "entries_minor")),
            "months": list(RecurringDonation.objects.values_list("state", "amount_minor")),
        }


def lived(fund: Fund, *, there: bool, all_of_it: bool = True) -> dict[str, Any]:
    known = transaction.savepoint()
    story = Story(fund, there=there)
    try:
        return story.told(all_of_it=all_of_it)
    finally:
        story.gateway.close()
        story.sandbox.stop()
        transaction.savepoint_rollback(known)


def test_four_days_of_lost_events_leave_no_trace(fund: Fund) -> None:
    there, away = lived(fund, there=True), lived(fund, there=False)
    assert sum(1 for gift in there["gifts"] if gift[1] in ("settled", "paid-out")) == 5, "a month fell due"
    assert {state for _amount, state, _entries in there["payouts"]} == {"paid", "failed"}
    assert there["journals"].keys() == {"gift", "refund", "dispute", "returned", "payout", "processor"}
    for part, known in there.items():
        assert away[part] == known, part


def test_without_the_nightly_sweep_the_days_would_be_missing(fund: Fund) -> None:
    """The mutant: looking at open pages alone finds neither refund, month, dispute nor payout."""
    away = lived(fund, there=False, all_of_it=False)
    assert away["journals"].keys().isdisjoint({"refund", "payout", "dispute", "returned"})
    assert len(away["gifts"]) == 4
