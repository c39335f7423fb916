"""A gift that waits for a human's look is in the books and cannot be spent before they have decided."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from donations import held, large, noting, refunding
from donations.actions import refunds
from donations.actions.alarms import decide_alarm
from donations.actions.donors import record_check
from donations.models import Alarm, Donation
from donations.sandbox.server import Sandbox
from donations.stripe_gateway import Gateway
from tests import people
from tests.donations import gifts
from tests.donations.gifts import AT, standing
from tests.treasury.conftest import world
from tests.treasury.test_guards import insert
from tests.treasury.world import World, free
from treasury import books, chart, eligible
from treasury.actions.corrections import NotReversible, reverse_journal
from treasury.actions.gifts import GiftUnknown
from treasury.actions.holding import hold_gift, let_gift_go
from treasury.kinds import FundKind, ReasonCode
from treasury.models import Fund, Journal
from treasury.standing import fund_balances

__all__ = ["world"]


@pytest.fixture
def fund(world: World) -> Fund:
    """A group of cases, empty; the general fund beside it has 1,000.00."""
    return world.fund("group", FundKind.GROUP, case_ids=[world.case_id])


@pytest.fixture(autouse=True)
def _limits(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.DONATION_CEILING_MINOR = 10_000
    monkeypatch.setattr(refunds, "ALONE_MINOR", 1_000_000)


def given(
    fund: Fund, gateway: Gateway, sandbox: Sandbox, amount_minor: int = 20_000, address: str = "juniper"
) -> Donation:
    more: dict[str, Any] = {"level": "in-touch", "address": f"{address}@example.org"}
    return gifts.paid(fund, gateway, sandbox, amount_minor=amount_minor, **more)


def test_a_large_gift_is_held_until_somebody_knows_who_gives(
    sandbox: Sandbox, gateway: Gateway, fund: Fund, world: World
) -> None:
    given(fund, gateway, sandbox, 5_000, address="other")
    small = free(fund)
    gift = given(fund, gateway, sandbox)
    net = gift.facts.get(kind="settled").net_minor
    assert (held.held_minor(gift), free(fund)) == (net, small)
    [row] = fund_balances(AT.date(), AT.date(), fund=fund)
    assert (row.held_minor, row.free_minor, row.closing_minor) == (net, small, small + net)
    assert row.agreed_minor == 0, "what is held is not agreed with anybody"
    world.ceiling(fee=200_000)
    with pytest.raises(eligible.NotEnoughMoney):
        world.commit(small + 100_000 + 1)  # all that is free here and in the general fund
    refuse_raw(fund, small + 1)
    with pytest.raises(NotReversible):  # undone by a decision alone
        reverse_journal(
            journal=Journal.objects.get(kind="held"), reason_code=ReasonCode.OTHER, by=world.treasurer, at=AT
        )
    alarm = Alarm.objects.get(kind="large")
    record_check(alarm=alarm, outcome="failed", words="Nobody answers.", by=world.treasurer, at=AT)
    assert free(fund) == small, "a check that failed lets nothing go"
    refuse_raw(fund, small + 1)
    record_check(alarm=alarm, outcome="passed", words="Known since 2020.", by=world.treasurer, at=AT)
    assert (held.held_minor(gift), free(fund)) == (0, small + net)
    world.commit(small + net)


def test_what_the_books_do_not_know_is_not_held(world: World) -> None:
    with pytest.raises(GiftUnknown):
        hold_gift(source_id="txn_unknown", upto_minor=1, by=world.treasurer, at=AT)
    assert let_gift_go(source_id="txn_unknown", by=world.treasurer, at=AT) is None


def refuse_raw(fund: Fund, amount_minor: int) -> None:
    """Whatever writes: neither spent nor committed nor moved away."""
    account, batch = chart.fund(fund), fund.batches.get()
    for kind in ("post", "pend"):
        with pytest.raises(IntegrityError, match="overdrawn"):
            insert(kind, account, chart.funds_control(), amount_minor, batch)


def test_without_the_hold_it_would_be_spent(
    sandbox: Sandbox, gateway: Gateway, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mutant: an alarm alone keeps nobody from committing the gift."""
    before = free(world.general)
    given(world.general, gateway, sandbox)
    refuse_raw(world.general, before + 1)
    monkeypatch.setattr(held, "hold_gift", lambda **about: None)
    given(world.general, gateway, sandbox, address="other")
    assert Alarm.objects.open().filter(kind="large").count() == 2
    assert free(world.general) > before
    with transaction.atomic():
        with pytest.raises(pytest.fail.Exception):
            refuse_raw(world.general, before + 1)
        transaction.set_rollback(True)


def test_what_is_held_goes_back_whole_or_in_part(
    sandbox: Sandbox, gateway: Gateway, fund: Fund, world: World
) -> None:
    whole, part = given(fund, gateway, sandbox), given(fund, gateway, sandbox, address="other")
    assert free(fund) == 0
    for gift, amount in ((whole, 20_000), (part, 5_000)):
        alarm = Alarm.objects.get(kind="large", donation=gift)
        refund = refunds.ask_refund(
            donation=gift, amount_minor=amount, alarm=alarm, by=world.treasurer, at=AT
        )
        assert free(fund) == 0, "decided, and not gone yet"
        refunding.send(refund, gateway, at=AT)
        assert held.held_minor(gift) == 0
    fee = sum(fact.fee_minor or 0 for gift in (whole, part) for fact in gift.facts.filter(kind="settled"))
    assert free(fund) - standing("uncovered:main") == 40_000 - 25_000 - fee
    assert standing("refunds:refunds") == 25_000


def test_a_refund_that_came_to_nothing_asks_again_or_lets_go(
    sandbox: Sandbox, gateway: Gateway, fund: Fund, world: World
) -> None:
    gift = given(fund, gateway, sandbox)
    net = gift.facts.get(kind="settled").net_minor
    refund = sandbox.control("refund", payment=gifts.payment_of(gift), amount=20_000, status="pending")
    gifts.hear(sandbox, gateway)
    assert held.held_minor(gift) == 0, "the payment company has taken it already"
    sandbox.control("settle_refund", id=refund["refund"], outcome="failed")
    gifts.hear(sandbox, gateway)
    assert (held.held_minor(gift), free(fund)) == (net, 0), "ours again, and still nobody knows whose it was"
    for alarm in Alarm.objects.open().filter(donation=gift, kind__in=held.KINDS):
        assert free(fund) == 0, "one of two questions is open"
        decision = "keep" if alarm.kind == "large" else "seen"
        decide_alarm(alarm=alarm, decision=decision, by=world.treasurer, at=AT)
    assert (held.held_minor(gift), free(fund)) == (0, net)
    asked = refunds.ask_refund(donation=gift, amount_minor=1_000, by=world.treasurer, at=AT)
    refunds.record_sent(refund=asked, seen=None, by=people.SETUP, at=AT)
    assert free(fund) == net
    assert not Alarm.objects.open().filter(donation=gift, kind__in=held.KINDS).exists(), (
        "nobody had to decide"
    )


def test_a_refund_that_stripe_refuses_keeps_the_gift_held(
    sandbox: Sandbox, gateway: Gateway, fund: Fund, world: World
) -> None:
    gift = given(fund, gateway, sandbox)
    net = gift.facts.get(kind="settled").net_minor
    for kind in ("large", "refund-failed"):  # refused, and refused again
        alarm = Alarm.objects.open().get(donation=gift)
        assert alarm.kind == kind
        asked = refunds.ask_refund(donation=gift, amount_minor=20_000, alarm=alarm, by=world.treasurer, at=AT)
        refunds.record_sent(refund=asked, seen=None, by=people.SETUP, at=AT)
        assert (held.held_minor(gift), free(fund)) == (net, 0), "it was to go back and did not"
    decide_alarm(alarm=Alarm.objects.open().get(), decision="seen", by=world.treasurer, at=AT)
    assert (held.held_minor(gift), free(fund)) == (0, net)


def test_what_comes_up_while_the_books_are_locked_keeps_a_gift_held(
    sandbox: Sandbox, gateway: Gateway, fund: Fund, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    gift, lock = given(fund, gateway, sandbox), books.lock

    def waited() -> int:
        last = lock()
        noting.raise_alarm(Alarm.Kind.AFTER_STOP, "meanwhile", at=AT, donation=gift)
        return last

    monkeypatch.setattr(books, "lock", waited)
    decide_alarm(alarm=Alarm.objects.get(kind="large"), decision="keep", by=world.treasurer, at=AT)
    assert (held.held_minor(gift), free(fund)) == (gift.facts.get(kind="settled").net_minor, 0)


def test_a_gift_from_a_risk_country_is_held(sandbox: Sandbox, gateway: Gateway, fund: Fund) -> None:
    gift = gifts.paid(fund, gateway, sandbox, "risk_by")
    assert (held.held_minor(gift), free(fund)) == (gift.facts.get(kind="settled").net_minor, 0)
    decide_alarm(alarm=Alarm.objects.get(), decision="keep", by=people.SETUP, at=AT)
    assert held.held_minor(gift) == 0
    assert free(fund) > 0


def test_gifts_booked_together_are_held_too(sandbox: Sandbox, gateway: Gateway, fund: Fund) -> None:
    more: dict[str, Any] = {"level": "in-touch", "address": "juniper@example.org", "amount_minor": 6_000}
    made = [gifts.give(fund, gateway, **more)[0] for _ in range(2)]
    for gift in made:
        sandbox.pay(gifts.session_of(gift), "ok")
    gifts.hear(sandbox, gateway)
    assert free(fund) == 0, "together above the ceiling"
    assert Alarm.objects.filter(kind="large").count() == 2
    assert large.ASKED == "donor-asked"
