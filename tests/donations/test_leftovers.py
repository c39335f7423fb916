"""What is left in a fund goes where its givers agreed, by batch and by the version of the text."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.approvals import NeedsSecondPerson
from audit.actions import action
from audit.actors import Actor
from donations import held, leftovers
from donations.actions.alarms import decide_alarm
from donations.actions.leftovers import NothingLeft, NotTheSameCause, leftover_terms, move_leftover
from donations.fallbacks import GENERAL, GIVE_BACK, SAME_CAUSE
from donations.models import Alarm, Donation, Fact
from tests.treasury.conftest import world
from tests.treasury.world import AT, World, free
from treasury.actions.funds import close_fund
from treasury.kinds import FundKind
from treasury.models import Fund

__all__ = ["world"]


def given(world: World, fund: Fund, minor: int, fallback: str, number: int) -> Donation:
    """A gift as it stands once it is settled; its payment is another test's matter."""

    @action("test.gift")
    def keep(*, by: Actor, at: datetime.datetime) -> Donation:
        gift = Donation.objects.create(
            fund=fund,
            amount_minor=minor,
            currency="EUR",
            level="quiet",
            language="en",
            fallback=fallback,
            status="settled",
            given_on=at.date(),
        )
        Fact(
            donation=gift,
            kind=Fact.Kind.SETTLED,
            object_id=f"txn_left_{number}",
            currency="EUR",
            gross_minor=minor,
            fee_minor=0,
            net_minor=minor,
            batch=fund.batches.get(),
            recorded_at=at,
        ).save()
        return gift

    world.gift(minor, fund=fund, source_id=f"txn_left_{number}")
    return keep(by=world.treasurer, at=AT)


def test_what_is_left_follows_the_text_each_giver_agreed_to(world: World) -> None:
    group = world.fund("teachers", FundKind.GROUP)
    ended = world.fund("trial", FundKind.CASE, case_ids=[world.case_id])
    for number, (minor, fallback) in enumerate(((6_000, SAME_CAUSE), (3_000, GENERAL), (1_000, GIVE_BACK))):
        given(world, ended, minor, fallback, number)
    world.ceiling(fee=50_000)
    world.commit(4_000)
    assert leftovers.spare_minor(ended, AT.date()) == 0
    close_fund(fund=ended, by=world.treasurer, at=AT)
    ended.refresh_from_db()
    found = leftovers.left_over(ended, AT.date())
    assert {name: found.total(name) for name in (SAME_CAUSE, GENERAL, GIVE_BACK)} == {
        SAME_CAUSE: 3_600,
        GENERAL: 1_800,
        GIVE_BACK: 600,
    }
    values = {"fund": ended, "same_cause": group, "general": world.general}
    with pytest.raises(NeedsSecondPerson):
        move_leftover(**values, by=world.treasurer, at=AT)
    with pytest.raises(NotTheSameCause):
        move_leftover(**{**values, "same_cause": ended}, by=world.treasurer, at=AT)
    world.approve("allocation", ended.id, leftover_terms(**values))
    move_leftover(**values, by=world.treasurer, at=AT)
    assert (free(group), free(world.general), free(ended)) == (3_600, 101_800, 0)
    assert held.held_minor(found.wanting_back[0]) == 600, "what givers want back is held until they have it"
    [alarm] = Alarm.objects.all()
    assert (alarm.kind, alarm.donation_id) == (Alarm.Kind.FUND_CLOSED, found.wanting_back[0].pk)


def wait(gift: Donation, world: World) -> Alarm:
    """Somebody has to decide about a gift."""

    @action("test.wait")
    def keep(*, by: Actor, at: datetime.datetime) -> Alarm:
        alarm = Alarm(kind=Alarm.Kind.RISK_COUNTRY, object_id=f"wait:{gift.pk}", donation=gift, raised_at=at)
        alarm.save()
        held.keep_in_step(gift, by=by, at=at)
        return alarm

    return keep(by=world.treasurer, at=AT)


def test_a_gift_that_waits_neither_goes_nor_weighs(world: World) -> None:
    """Held whole, held in part, not yet sent back; and no question to the database for each gift."""
    group = world.fund("teachers", FundKind.GROUP)
    ended = world.fund("trial", FundKind.CASE, case_ids=[world.case_id])
    back = given(world, ended, 2_000, GIVE_BACK, 0)
    waiting = given(world, ended, 4_000, GENERAL, 1)
    wait(back, world)
    alarm = wait(waiting, world)
    close_fund(fund=ended, by=world.treasurer, at=AT)
    ended.refresh_from_db()
    with CaptureQueriesContext(connection) as few:
        assert leftovers.left_over(ended, AT.date()).rests == []
    with pytest.MonkeyPatch.context() as patch:  # nothing is free; what the batch holds is not spare
        patch.setattr(leftovers, "spare_minor", lambda fund, on: 6_000)
        assert leftovers.left_over(ended, AT.date()).rests == []
    for number in range(2, 5):
        given(world, ended, 2_000, SAME_CAUSE, number)
    with CaptureQueriesContext(connection) as many:
        found = leftovers.left_over(ended, AT.date())
    assert [rest.shares for rest in found.rests] == [{SAME_CAUSE: 6_000}]
    assert len(many) <= len(few) + 5
    assert found.wanting_back == []
    values = {"fund": ended, "same_cause": group, "general": world.general}
    world.approve("allocation", ended.id, leftover_terms(**values))
    move_leftover(**values, by=world.treasurer, at=AT)
    assert (free(group), free(world.general), free(ended)) == (6_000, 100_000, 0)
    decide_alarm(alarm=alarm, decision="keep", by=world.treasurer, at=AT)
    assert (free(ended), held.held_minor(back)) == (4_000, 2_000)


def test_only_what_is_above_the_goal_goes_on_while_a_fund_runs(world: World) -> None:
    campaign = world.fund("spring", FundKind.CAMPAIGN, goal_minor=5_000)
    world.gift(4_000, fund=campaign)
    values = {"fund": campaign, "same_cause": world.general, "general": world.general}
    world.approve("allocation", campaign.id, leftover_terms(**values))
    with pytest.raises(NothingLeft):
        move_leftover(**values, by=world.treasurer, at=AT)
    world.gift(3_000, fund=campaign)
    move_leftover(**values, by=world.treasurer, at=AT)
    assert (free(campaign), free(world.general)) == (5_000, 102_000)


def test_amounts_are_cut_without_losing_a_cent() -> None:
    assert leftovers.share(10, {"a": 1, "b": 1, "c": 1}) == {"a": 4, "b": 3, "c": 3}
    assert leftovers.share(0, {"a": 1}) == {}
    assert leftovers.share(7, {}) == {}
