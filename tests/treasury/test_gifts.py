"""Money that comes in: gifts, refunds, payouts, batches."""

import datetime
from typing import Any

import pytest

from audit.actions import action
from audit.actors import Actor
from tests.treasury.world import AT, TODAY, WORKER, World, free, totals
from treasury import batches, standing
from treasury.actions import allocation, gifts, past_gifts
from treasury.actions.commitments import WrongAmount
from treasury.books import AlreadyBooked
from treasury.eligible import NotEnoughMoney
from treasury.kinds import FundKind
from treasury.models import Batch, Journal, Lot


def test_a_gift_credits_its_fund_with_the_net(world: World) -> None:
    appeal = world.fund("spring", FundKind.CAMPAIGN)
    world.gift(9_700, fee_minor=300, fund=appeal)
    assert totals("fund:spring") == (0, 0, 9_700, 0)
    assert totals("fees:stripe") == (300, 0, 0, 0)
    assert totals("income:gifts")[2] == 110_000
    assert totals("clearing:stripe") == (110_000, 0, 300, 0)


def test_a_gift_is_booked_once(world: World) -> None:
    world.gift(500, source_id="txn_same")
    with pytest.raises(AlreadyBooked):
        world.gift(500, source_id="txn_same")
    assert totals("fund:general")[2] == 100_500


@pytest.mark.parametrize(
    ("gross", "fee", "net"), [(100, 3, 98), (0, 0, 0), (100, -3, 103)], ids=["sum", "nothing", "negative-fee"]
)
def test_amounts_that_do_not_add_up_are_refused(world: World, gross: int, fee: int, net: int) -> None:
    with pytest.raises(gifts.AmountsDiffer):
        gifts.book_gift(
            source_id="x",
            fund=world.general,
            gross_minor=gross,
            fee_minor=fee,
            net_minor=net,
            by=WORKER,
            at=AT,
        )


def test_a_fee_above_or_equal_to_its_gift_is_booked_all_the_same(world: World) -> None:
    world.gift(-20, fee_minor=120)
    world.gift(0, fee_minor=30)
    assert totals("fund:general") == (20, 0, 100_000, 0)


def test_a_refund_takes_from_the_gifts_batch_first(world: World) -> None:
    old = world.general.batches.get()
    batches_closed_by_hand(old)
    world.gift(5_000, source_id="txn_new")
    new = world.general.batches.get(number=2)
    refund("txn_r", "txn_new", 5_000)
    assert lot(new) == 0
    assert lot(old) == 100_000


def test_a_refund_takes_the_rest_from_older_batches(world: World) -> None:
    old = world.general.batches.get()
    batches_closed_by_hand(old)
    world.gift(4_700, fee_minor=300, source_id="txn_new")
    refund("txn_r", "txn_new", 5_000)
    assert lot(old) == 99_700


def test_a_loss_on_committed_money_is_uncovered_until_two_people_decide(world: World) -> None:
    reserve = world.fund("reserve", FundKind.RESERVE, 50_000)
    world.ceiling(fee=100_000)
    world.gift(900, fee_minor=100, source_id="txn_bad")
    world.commit(100_000)
    refund("txn_d", "txn_bad", 1_000, fee_minor=1_500, disputed=True)
    assert free(world.general) == 0
    assert totals("fund:general") == (900, 100_000, 100_900, 0)
    assert standing.uncovered_minor() == 1_600
    world.approve("allocation", reserve.id, allocation.cover_terms(fund=reserve, amount_minor=1_600))
    allocation.cover_loss(fund=reserve, amount_minor=1_600, by=world.treasurer, at=AT)
    assert standing.uncovered_minor() == 0
    assert free(reserve) == 48_400


def test_a_loss_is_covered_up_to_what_it_is_and_what_there_is(world: World) -> None:
    reserve = world.fund("reserve", FundKind.RESERVE, 100)
    with pytest.raises(WrongAmount):
        allocation.cover_loss(fund=reserve, amount_minor=0, by=world.treasurer, at=AT)
    world.approve("allocation", reserve.id, allocation.cover_terms(fund=reserve, amount_minor=50))
    with pytest.raises(allocation.NothingUncovered):
        allocation.cover_loss(fund=reserve, amount_minor=50, by=world.treasurer, at=AT)
    spring = world.fund("spring", FundKind.CAMPAIGN)
    world.gift(-500, fee_minor=600, fund=spring)
    world.approve("allocation", reserve.id, allocation.cover_terms(fund=reserve, amount_minor=500))
    with pytest.raises(NotEnoughMoney) as refused:
        allocation.cover_loss(fund=reserve, amount_minor=500, by=world.treasurer, at=AT)
    assert refused.value.params["missing_minor"] == 400


def test_a_refund_of_an_unknown_gift_is_refused(world: World) -> None:
    with pytest.raises(gifts.GiftUnknown):
        refund("txn_r", "txn_never", 100)


def test_a_payout_moves_money_from_clearing_to_the_bank(world: World) -> None:
    gifts.book_payout(source_id="po_1", amount_minor=60_000, by=WORKER, at=AT)
    assert totals("bank:main") == (60_000, 0, 0, 0)
    assert totals("clearing:stripe") == (100_000, 0, 60_000, 0)


def test_a_batch_closes_when_it_is_large_and_old_enough(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "LEAST_GIFTS", 3)
    world.gift(100)
    week_later = AT + datetime.timedelta(days=7)
    assert gifts.close_batches_due(by=WORKER, at=week_later) == 0
    world.gift(100)
    assert gifts.close_batches_due(by=WORKER, at=week_later - datetime.timedelta(days=1)) == 0
    assert gifts.close_batches_due(by=WORKER, at=week_later) == 1
    world.gift(100, at=week_later)
    assert [batch.number for batch in Batch.objects.open()] == [2]


def test_closing_takes_fifty_gifts_and_seven_days() -> None:
    assert (batches.LEAST_GIFTS, batches.LEAST_DAYS) == (50, 7)


def test_a_gift_record_names_no_case(world: World) -> None:
    journal = world.gift(100)
    assert set(journal.transfers.values_list("case_id", flat=True)) == {None}
    assert Journal.objects.filter(booked_on=TODAY).count() == journal.number


def test_gifts_of_an_earlier_system_come_in_one_journal(world: World) -> None:
    spring = world.fund("spring", FundKind.CAMPAIGN)
    listed = [past_gifts.Booked("old-1", 1_000, 30), past_gifts.Booked("old-2", 500, 0)]
    booking: dict[str, Any] = {"fund": spring, "gifts": listed, "on": TODAY, "by": WORKER, "at": AT}
    batch = past_gifts.book_past_gifts(**booking)
    assert (str(batch), batches.gifts_in(batch)) == ("spring #1", 2)
    assert totals("bank:main") == (1_500, 0, 30, 0)
    assert free(spring) == 1_470
    with pytest.raises(AlreadyBooked):
        past_gifts.book_past_gifts(**booking)
    with pytest.raises(ValueError, match="above its fee"):
        past_gifts.book_past_gifts(**{**booking, "gifts": [past_gifts.Booked("old-3", 5, 5)]})


def refund(source_id: str, gift_source_id: str, amount_minor: int, **more: Any) -> None:
    gifts.book_refund(
        source_id=source_id,
        gift_source_id=gift_source_id,
        amount_minor=amount_minor,
        by=WORKER,
        at=AT,
        **more,
    )


def batches_closed_by_hand(batch: Batch) -> None:
    @action("batches.closed")
    def closing(*, by: Actor, at: datetime.datetime) -> None:
        batches.close(batch, on=at.date())

    closing(by=WORKER, at=AT)


def lot(batch: Batch) -> int:
    return Lot.objects.get(batch=batch).remaining_minor
