"""Ceilings, commitments, standing authorities, tariffs."""

import datetime
import uuid
from typing import Any

import pytest

from accounts.approvals import NeedsSecondPerson, SamePerson
from audit.actions import DomainError
from tests.treasury.costs import free_ceiling, grant, release, standing_authority
from tests.treasury.world import AT, TODAY, World, free
from treasury import commitments, eligible
from treasury.actions import authorities, ceilings, funds
from treasury.actions import commitments as agreeing
from treasury.eligible import CeilingShort, NotEnoughMoney
from treasury.kinds import Category, FundKind
from treasury.models import Ceiling, Commitment, Fund
from treasury.tariffs import OutsideAuthority

# Ceilings


def test_a_ceiling_takes_two_people(world: World) -> None:
    with pytest.raises(NeedsSecondPerson):
        ceilings.approve_ceiling(case_id=world.case_id, lines={"fee": 1}, by=world.treasurer, at=AT)
    world.approve("ceiling", world.case_id, ceilings.ceiling_terms({"fee": 1}))
    with pytest.raises(SamePerson):
        ceilings.approve_ceiling(case_id=world.case_id, lines={"fee": 1}, by=world.second, at=AT)
    assert world.ceiling(fee=2).second_by == world.second.actor_id


def test_a_ceiling_within_the_tariff_takes_one(world: World) -> None:
    tariff = world.tariff((Category.FEE, "first", 30_000), (Category.FEE, "appeal", 20_000))
    assert str(tariff) == "Tariff"
    within: dict[str, Any] = {"case_id": world.case_id, "tariff": tariff, "by": world.treasurer, "at": AT}
    assert ceilings.approve_ceiling(lines={"fee": 50_000}, **within).second_by == ""
    with pytest.raises(ceilings.AboveTariff):
        ceilings.approve_ceiling(lines={"fee": 50_001}, **within)
    with pytest.raises(ceilings.AboveTariff):
        ceilings.approve_ceiling(lines={"family_support": 1}, **within)
    with pytest.raises(ceilings.AboveTariff):
        ceilings.approve_ceiling(lines={"fee": 1}, **{**within, "at": AT - datetime.timedelta(days=1)})


@pytest.mark.parametrize("lines", [{"fee": -1}, {"rent": 5}], ids=["negative", "not-a-case-cost"])
def test_a_budget_has_sound_lines(world: World, lines: dict[str, int]) -> None:
    with pytest.raises(ceilings.NotABudget):
        ceilings.approve_ceiling(case_id=world.case_id, lines=lines, by=world.treasurer, at=AT)


def test_a_new_version_moves_the_difference(world: World) -> None:
    world.ceiling(fee=10_000)
    world.ceiling(fee=10_000)
    world.ceiling(fee=25_000, travel=5_000)
    world.ceiling(fee=8_000)
    assert free_ceiling(world) == 8_000
    assert [row.number for row in Ceiling.objects.filter(case_id=world.case_id)] == [1, 2, 3, 4]


def test_a_ceiling_cannot_fall_below_what_is_committed(world: World) -> None:
    world.ceiling(fee=10_000)
    world.commit(9_000)
    with pytest.raises(CeilingShort) as refused:
        world.ceiling(fee=8_500)
    assert refused.value.params["missing_minor"] == 500


# Commitments


def test_a_commitment_holds_the_money_and_the_ceiling(world: World) -> None:
    world.ceiling(fee=30_000)
    commitment = world.commit(30_000)
    assert free(world.general) == 70_000
    assert free_ceiling(world) == 0
    assert commitments.held_minor(commitment) == 30_000
    assert list(Commitment.objects.all().open()) == [commitment]


def test_a_commitment_above_the_ceiling_says_what_to_do(world: World) -> None:
    world.ceiling(fee=10_000)
    with pytest.raises(CeilingShort) as refused:
        world.commit(12_000)
    assert refused.value.params["missing_minor"] == 2_000
    assert [way["code"] for way in refused.value.params["ways_out"]] == ["raise-ceiling", "lower-amount"]
    assert "20.00 EUR too low" in refused.value.text


def test_a_commitment_above_the_funds_says_what_to_do(world: World) -> None:
    world.fund("reserve", FundKind.RESERVE, 7_000)
    world.fund("empty", FundKind.RESERVE)
    grant(world, due_minor=40_000)
    world.ceiling(fee=200_000)
    with pytest.raises(NotEnoughMoney) as refused:
        world.commit(120_000)
    assert refused.value.params["missing_minor"] == 20_000
    ways_out = {way["code"]: way["amount_minor"] for way in refused.value.params["ways_out"]}
    assert ways_out == {
        "allocate": 7_000,
        "await-instalment": 40_000,
        "lower-amount": 100_000,
        "ask-donors": 20_000,
    }
    assert free(world.general) == 100_000


def test_without_any_money_a_lower_amount_is_no_way_out(world: World) -> None:
    world.ceiling(fee=200_000)
    world.commit(100_000)
    with pytest.raises(NotEnoughMoney) as refused:
        world.commit(1)
    assert [way["code"] for way in refused.value.params["ways_out"]] == ["ask-donors"]


def test_funds_are_drawn_on_in_the_fixed_order(world: World) -> None:
    cases: dict[str, Any] = {"case_ids": [world.case_id]}
    grant(world, paid_minor=1_000)
    world.fund("group", FundKind.GROUP, 2_000, **cases)
    world.fund("own", FundKind.CASE, 3_000, **cases)
    world.fund("other", FundKind.CASE, 9_000, case_ids=[uuid.uuid4()])
    world.ceiling(fee=50_000)
    commitment = world.commit(10_000)
    drawn = [
        (hold.debit.code, hold.amount_minor) for hold in commitments.holds(commitment, commitments.FUND_SIDE)
    ]
    assert drawn == [
        ("fund:own", 3_000),
        ("fund:group", 2_000),
        ("fund:grant", 1_000),
        ("fund:general", 4_000),
    ]


def test_restrictions_are_checked_at_commitment(world: World) -> None:
    later, past = TODAY + datetime.timedelta(days=1), TODAY - datetime.timedelta(days=1)
    cases: dict[str, Any] = {"case_ids": [world.case_id]}
    world.fund("travel", FundKind.CASE, 100, categories=["travel"], **cases)
    world.fund("later", FundKind.CASE, 100, starts_on=later, **cases)
    world.fund("past", FundKind.CASE, 100, ends_on=past, **cases)
    shut = world.fund("shut", FundKind.CASE, 100, **cases)
    funds.close_fund(fund=shut, by=world.treasurer, at=AT)
    joined = world.fund("joined", FundKind.GROUP, 100)
    funds.add_case_to_fund(fund=joined, case_id=world.case_id, by=world.treasurer, at=AT)
    funds.add_case_to_fund(fund=joined, case_id=world.case_id, by=world.treasurer, at=AT)
    with pytest.raises(funds.ForEveryCase):  # what it has paid for others would stand against its purpose
        funds.add_case_to_fund(fund=world.general, case_id=world.case_id, by=world.treasurer, at=AT)
    found = [fund.code for fund in eligible.funds_for(Category.FEE, world.case_id, TODAY)]
    assert found == ["joined", "general"]
    assert [f.code for f in Fund.objects.all().for_case(world.case_id).filter(kind="group")] == ["joined"]


def test_running_costs_come_from_grants_that_name_them_and_the_general_fund(world: World) -> None:
    grant(world, paid_minor=500, categories=("rent",))
    world.fund("group", FundKind.GROUP, 2_000, case_ids=[world.case_id])
    found = [fund.code for fund in eligible.funds_for(Category.RENT, None, TODAY)]
    assert found == ["grant", "general"]
    commitment = world.commit(800, category=Category.RENT, case_id=None)
    assert commitments.held_minor(commitment) == 800


@pytest.mark.parametrize(
    ("category", "case", "refusal"),
    [
        (Category.RENT, True, agreeing.WrongCategory),
        (Category.FEE, False, agreeing.WrongCategory),
        (Category.GIFT, True, agreeing.WrongCategory),
    ],
    ids=["rent-of-a-case", "fee-without-case", "no-cost"],
)
def test_case_costs_need_a_case(
    world: World, category: Category, case: bool, refusal: type[DomainError]
) -> None:
    with pytest.raises(refusal):
        world.commit(1, category=category, case_id=world.case_id if case else None)


def test_nothing_cannot_be_committed(world: World) -> None:
    with pytest.raises(agreeing.WrongAmount):
        world.commit(0)


def test_a_commitment_is_raised_and_released(world: World) -> None:
    world.fund("own", FundKind.CASE, 600, case_ids=[world.case_id])
    world.ceiling(fee=50_000)
    commitment = world.commit(500)
    agreeing.raise_commitment(commitment=commitment, by_minor=500, by=world.treasurer, at=AT)
    assert (commitment.amount_minor, commitment.agreed_minor) == (1_000, 1_000)
    release(world, commitment, 450)
    assert (free(Fund.objects.get(code="own")), free(world.general)) == (50, 100_000)
    release(world, commitment)
    assert free_ceiling(world) == 50_000
    with pytest.raises(agreeing.NothingHeld):
        release(world, commitment)


def test_what_was_agreed_abroad_keeps_its_own_amount(world: World) -> None:
    world.ceiling(fee=50_000)
    commitment = world.commit(5_000, agreed_minor=5_400, agreed_currency="USD")
    agreeing.raise_commitment(commitment=commitment, by_minor=100, by=world.treasurer, at=AT)
    assert (commitment.agreed_minor, commitment.amount_minor) == (5_400, 5_100)


def test_a_standing_authority_binds_to_tariff_month_and_term(world: World) -> None:
    world.ceiling(fee=90_000, travel=5_000)
    authority = standing_authority(world, monthly_minor=25_000)
    first = world.commit(10_000, authority=authority)
    with pytest.raises(OutsideAuthority):
        world.commit(10_001, authority=authority)
    with pytest.raises(OutsideAuthority):
        world.commit(1, category=Category.TRAVEL, authority=authority)
    agreeing.raise_commitment(commitment=first, by_minor=10_000, by=world.treasurer, at=AT)
    with pytest.raises(OutsideAuthority) as refused:
        world.commit(6_000, authority=authority)
    assert refused.value.params["left_minor"] == 5_000
    authorities.end_standing_authority(authority=authority, by=world.second, at=AT)
    with pytest.raises(OutsideAuthority):
        world.commit(1, authority=authority)


def test_a_standing_authority_ends_with_its_term(world: World) -> None:
    world.ceiling(fee=90_000)
    authority = standing_authority(world, monthly_minor=25_000)
    late = AT + datetime.timedelta(days=40)
    with pytest.raises(OutsideAuthority):
        agreeing.commit(
            category=Category.FEE,
            amount_minor=1,
            case_id=world.case_id,
            authority=authority,
            by=world.second,
            at=late,
        )


def test_a_tariff_names_costs_and_amounts(world: World) -> None:
    with pytest.raises(ValueError, match="tariff line"):
        world.tariff((Category.GIFT, "", 5))
