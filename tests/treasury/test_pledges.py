"""Gifts that are doubled: by closed batch, up to a limit, from money that is there."""

import datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from tests.plugins.tampering import take_down_guards
from tests.treasury.world import AT, TODAY, WORKER, World, free, raw
from treasury import agreed_laws, batches, over_time, pledges
from treasury.actions import gifts
from treasury.actions import pledges as actions
from treasury.actions.commitments import WrongAmount
from treasury.actions.corrections import NotReversible, reverse_journal
from treasury.eligible import NotEnoughMoney
from treasury.kinds import FundKind, ReasonCode
from treasury.models import Doubling, Journal, Pledge

WEEK = datetime.timedelta(days=7)


def promised(world: World, fund: Any, **more: Any) -> Pledge:
    values: dict[str, Any] = {
        "fund": fund,
        "code": "pledge",
        "name": "The spring pledge",
        "limit_minor": 4_000,
        "starts_on": TODAY,
        "ends_on": TODAY + WEEK,
    }
    return actions.open_pledge(**{**values, **more}, by=world.treasurer, at=AT)


def test_gifts_of_closed_batches_are_doubled_up_to_the_limit(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "LEAST_GIFTS", 3)
    monkeypatch.setattr(pledges, "LEAST_GIFTS", 3)
    campaign = world.fund("spring", FundKind.CAMPAIGN)
    early = AT - datetime.timedelta(days=1)
    world.gift(700, fund=campaign, at=early)
    for _ in range(3):
        world.gift(970, fee_minor=30, fund=campaign)
    gifts.book_refund(source_id="re_1", gift_source_id=last_gift(), amount_minor=400, by=WORKER, at=AT)
    pledge = promised(world, campaign)
    assert not pledges.is_due()  # the batch is open: what single gifts get cannot be read
    later = AT + WEEK
    assert gifts.close_batches_due(by=WORKER, at=later) == 1
    assert pledges.is_due()
    assert actions.double_gifts(by=WORKER, at=later) == 0
    owed = Doubling.objects.get()
    # Three gifts of the pledge's days, gross, less what went back; the day before does not count.
    assert (owed.gifts, owed.gifts_minor, owed.amount_minor) == (3, 2_600, 2_600)
    assert (pledges.owed_minor(pledge), free(campaign), pledges.doubled(campaign)) == (2_600, 3_210, 0)
    assert not pledges.is_due()
    world.gift(3_000, fund=pledge.source)
    assert pledges.is_due()
    assert actions.double_gifts(by=WORKER, at=later) == 1
    assert (free(campaign), free(pledge.source), pledges.doubled(campaign)) == (5_810, 400, 2_000)
    with pytest.raises(NotReversible):
        reverse_journal(
            journal=Journal.objects.get(kind="doubled"), reason_code=ReasonCode.OTHER, by=WORKER, at=AT
        )
    for _ in range(3):
        world.gift(1_000, fund=campaign, at=later)
    gifts.close_batches_due(by=WORKER, at=later + WEEK)
    world.gift(9_000, fund=pledge.source, at=later)
    actions.double_gifts(by=WORKER, at=later + WEEK)
    pledge.refresh_from_db()
    assert (pledge.doubled_minor, free(campaign)) == (4_000, 5_810 + 3_000 + 1_400)
    assert pledges.running() == []
    with pytest.raises(IntegrityError), transaction.atomic():
        raw("update treasury_pledge set doubled_minor = 4001")


@pytest.mark.broken_books("a doubling is written anew behind the guards")
def test_a_doubling_that_moved_another_amount_is_missed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "LEAST_GIFTS", 1)
    monkeypatch.setattr(pledges, "LEAST_GIFTS", 1)
    campaign = world.fund("spring", FundKind.CAMPAIGN, 2_000)
    pledge = promised(world, campaign)
    world.gift(3_000, fund=pledge.source)
    gifts.close_batches_due(by=WORKER, at=AT + WEEK)
    assert actions.double_gifts(by=WORKER, at=AT + WEEK) == 1
    assert agreed_laws.doublings_as_booked() == 0
    take_down_guards("treasury_doubling", "treasury_pledge")
    raw("update treasury_doubling set amount_minor = amount_minor + 7")
    raw("update treasury_pledge set doubled_minor = doubled_minor + 7")
    assert agreed_laws.doublings_as_booked() == 7


def last_gift() -> str:
    return Journal.objects.filter(kind="gift").latest("number").key.removeprefix("gift:")


def test_what_doubles_gifts_pays_for_nothing_else(world: World) -> None:
    pledge = promised(world, world.general)
    world.gift(50_000, fund=pledge.source)
    world.ceiling(fee=200_000)
    with pytest.raises(NotEnoughMoney):
        world.commit(100_001)
    assert [row.pk for row in pledges.promised(world.general, TODAY)] == [pledge.pk]
    actions.close_pledge(pledge=pledge, by=world.treasurer, at=AT)
    assert pledges.promised(world.general, TODAY) == []
    with pytest.raises(actions.PledgeOver):
        actions.close_pledge(pledge=pledge, by=world.treasurer, at=AT)
    with pytest.raises(actions.NotDoubled):
        promised(world, pledge.source, code="again")
    with pytest.raises(WrongAmount):
        promised(world, world.general, code="again", limit_minor=0)


def test_few_gifts_wait_until_more_make_enough_to_be_shown() -> None:
    rows = [Doubling(gifts=30, amount_minor=9_999), Doubling(gifts=30, amount_minor=2_002)]
    assert pledges.shown_minor(rows[:1]) == 0
    assert pledges.shown_minor(rows) == 12_000
    assert pledges.shown_minor([*rows, Doubling(gifts=1, amount_minor=7_000)]) == 12_000


def test_a_fund_is_told_month_by_month(world: World) -> None:
    world.ceiling(fee=50_000)
    world.commit(10_000)
    world.gift(5_000, at=AT.replace(month=5))
    march, april, may = over_time.months(world.general, datetime.date(2026, 5, 3))
    assert (march.opening_minor, march.in_minor, march.committed_minor) == (0, 100_000, 10_000)
    assert (april.opening_minor, april.in_minor, april.free_minor) == (100_000, 0, 90_000)
    assert (may.closing_minor, may.had_minor, may.first) == (105_000, 105_000, datetime.date(2026, 5, 1))
    assert over_time.months(world.fund("empty", FundKind.GROUP), TODAY) == []
