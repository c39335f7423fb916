"""Ceilings, commitments, claims and payments."""

import datetime
import uuid
from typing import Any

import pytest

from accounts.approvals import NeedsSecondPerson, SamePerson
from audit.actions import DomainError, action
from audit.actors import Actor
from tests.treasury.world import AT, TODAY, WORKER, World, free, totals
from treasury import chart, commitments, eligible, tracing
from treasury.actions import authorities, ceilings, claims, funds, grants, payees, payments
from treasury.actions import commitments as agreeing
from treasury.actions.corrections import NotReversible, reverse_journal
from treasury.books import AlreadyBooked
from treasury.eligible import CeilingShort, NotEnoughMoney
from treasury.kinds import Category, ClaimStatus, FundKind, ReasonCode, VoucherKind
from treasury.models import Ceiling, Claim, Commitment, Fund, Journal, StandingAuthority
from treasury.tariffs import OutsideAuthority
from vault.reading import reading

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


# Claims


def test_a_claim_is_paid_out_of_its_commitment(world: World) -> None:
    claim, commitment, journal = paid(world, agreed=30_000, claimed=30_000)
    assert claim.status == ClaimStatus.PAID
    assert claim.paid_in == journal
    assert totals("fund:general") == (30_000, 0, 100_000, 0)
    assert totals("programme:fee") == (30_000, 0, 0, 0)
    assert totals("bank:main") == (0, 0, 30_000, 0)
    assert commitments.paid_minor(commitment) == 30_000
    assert [source.amount_minor for source in tracing.what_paid(claim)] == [30_000]


def test_a_payment_cannot_double(world: World) -> None:
    claim, _commitment, _journal = paid(world, agreed=30_000, claimed=30_000)
    with pytest.raises(claims.ClaimNotOpen):
        payments.pay_claim(claim=claim, by=world.second, at=AT)
    assert totals("bank:main") == (0, 0, 30_000, 0)


def test_part_payments_leave_the_rest_held(world: World) -> None:
    world.ceiling(fee=50_000)
    commitment = world.commit(30_000)
    for _part in range(3):
        payments.pay_claim(claim=world.approved(world.claim(8_000, commitment)), by=world.treasurer, at=AT)
    assert commitments.held_minor(commitment) == 6_000
    last = world.approved(world.claim(5_000, commitment))
    payments.pay_claim(claim=last, final=True, by=world.treasurer, at=AT)
    assert commitments.held_minor(commitment) == 0
    assert free(world.general) == 100_000 - 29_000
    assert free_ceiling(world) == 50_000 - 29_000


def test_a_small_payment_uses_the_oldest_hold_alone(world: World) -> None:
    world.ceiling(fee=50_000)
    commitment = world.commit(500)
    agreeing.raise_commitment(commitment=commitment, by_minor=500, by=world.treasurer, at=AT)
    payments.pay_claim(claim=world.approved(world.claim(300, commitment)), by=world.treasurer, at=AT)
    for side in (commitments.FUND_SIDE, commitments.CEILING_SIDE):
        assert [hold.hold.remaining_minor for hold in commitments.holds(commitment, side)] == [200, 500]
    release(world, commitment, 100)
    assert [hold.hold.remaining_minor for hold in commitments.holds(commitment, side)] == [200, 400]


def test_a_payment_takes_the_oldest_batches_first(world: World) -> None:
    world.fund("own", FundKind.CASE, 600, case_ids=[world.case_id])
    world.ceiling(fee=50_000)
    commitment = world.commit(1_000)
    claim = world.approved(world.claim(1_000, commitment))
    payments.pay_claim(claim=claim, by=world.treasurer, at=AT)
    claim.refresh_from_db()
    parts = tracing.what_paid(claim)
    assert [(part.fund_code, part.amount_minor) for part in parts] == [("own", 600), ("general", 400)]
    uses = tracing.what_became(parts[0].batch)
    assert [(use.booked_on, use.category, use.amount_minor, use.payments) for use in uses] == [
        (TODAY, "fee", 600, 1)
    ]


def test_within_the_tolerance_more_is_drawn(world: World) -> None:
    claim, commitment, _journal = paid(world, agreed=10_000, claimed=10_500)
    assert commitments.paid_minor(commitment) == 10_500
    assert sum(part.amount_minor for part in tracing.what_paid(claim)) == 10_500
    assert free_ceiling(world) == 50_000 - 10_500


def test_above_the_tolerance_nothing_is_paid(world: World) -> None:
    world.ceiling(fee=50_000)
    commitment = world.commit(10_000)
    claim = world.claim(10_501, commitment)
    world.approve("claim", claim.id, claims.claim_terms(claim))
    with pytest.raises(claims.AboveCommitment) as refused:
        claims.approve_claim(claim=claim, by=world.treasurer, at=AT)
    assert refused.value.params["above_minor"] == 1


def test_claims_approved_together_stay_within_the_commitment(world: World) -> None:
    world.ceiling(fee=50_000)
    commitment = world.commit(10_000)
    world.approved(world.claim(6_000, commitment))
    with pytest.raises(claims.AboveCommitment):
        world.approved(world.claim(6_000, commitment))


def test_a_payment_above_the_commitment_is_refused_even_when_approved(world: World) -> None:
    world.ceiling(fee=50_000)
    commitment = world.commit(10_000)
    claim = world.approved(world.claim(10_000, commitment))
    other = world.claim(5_000, commitment)
    approved_by_hand(other)
    payments.pay_claim(claim=claim, by=world.treasurer, at=AT)
    with pytest.raises(claims.AboveCommitment):
        payments.pay_claim(claim=other, by=world.treasurer, at=AT)


def test_what_is_beyond_the_holds_needs_room_under_the_ceiling(world: World) -> None:
    world.ceiling(fee=10_000)
    commitment = world.commit(10_000)
    claim = world.approved(world.claim(10_100, commitment))
    with pytest.raises(CeilingShort):
        payments.pay_claim(claim=claim, by=world.treasurer, at=AT)


def test_a_claim_without_commitment_reserves_its_money_when_approved(world: World) -> None:
    claim = world.approved(world.claim(4_000, category=Category.RENT, case_id=None))
    assert claim.commitment is not None
    assert free(world.general) == 96_000
    payments.pay_claim(claim=claim, by=world.treasurer, at=AT)
    assert totals("office:rent") == (4_000, 0, 0, 0)
    raised = world.approved(world.claim(1_000, category=Category.SALARY, case_id=None))
    assert raised.commitment is not None
    assert raised.commitment.most_minor == 1_050


def test_beyond_the_holds_a_running_cost_needs_no_ceiling(world: World) -> None:
    commitment = world.commit(1_000, category=Category.RENT, case_id=None)
    claim = world.approved(world.claim(1_050, commitment, category=Category.RENT, case_id=None))
    payments.pay_claim(claim=claim, by=world.treasurer, at=AT)
    assert totals("office:rent") == (1_050, 0, 0, 0)


def test_approval_takes_one_person_within_tariff_else_two(world: World) -> None:
    world.ceiling(fee=50_000)
    world.tariff((Category.FEE, "", 9_000))
    small = claims.approve_claim(claim=world.claim(9_000), by=world.second, at=AT)
    assert (small.approved_by, small.second_by) == (world.second.actor_id, "")
    large = world.claim(9_001)
    with pytest.raises(NeedsSecondPerson):
        claims.approve_claim(claim=large, by=world.treasurer, at=AT)
    large = world.approved(large)
    assert {large.approved_by, large.second_by} == {world.treasurer.actor_id, world.second.actor_id}
    assert set(Claim.objects.all().payable()) == {large, small}


def test_a_claim_under_a_standing_authority_takes_one_person(world: World) -> None:
    world.ceiling(fee=50_000)
    authority = standing_authority(world, monthly_minor=25_000)
    commitment = world.commit(10_000, authority=authority)
    claim = world.claim(10_000, commitment)
    assert not claims.needs_second_person(claim, TODAY + datetime.timedelta(days=400))
    larger = world.claim(10_300, commitment)
    assert claims.needs_second_person(larger, TODAY)


def test_who_approved_alone_may_not_pay(world: World) -> None:
    world.ceiling(fee=50_000)
    world.tariff((Category.FEE, "", 9_000))
    claim = claims.approve_claim(claim=world.claim(9_000), by=world.treasurer, at=AT)
    with pytest.raises(payments.SoleApprover):
        payments.pay_claim(claim=claim, by=world.treasurer, at=AT)
    payments.pay_claim(claim=claim, by=world.second, at=AT)


def test_a_payee_nobody_checked_is_not_paid(world: World) -> None:
    world.ceiling(fee=50_000)
    claim = world.approved(world.claim(100, payee=world.payee(checked=False)))
    with pytest.raises(payments.PayeeUnchecked):
        payments.pay_claim(claim=claim, by=world.treasurer, at=AT)


def test_a_voucher_is_claimed_once(world: World) -> None:
    payee = world.payee()
    first = world.claim(100, payee=payee, number="7/26", voucher_sha256="a" * 64)
    again: dict[str, Any]
    for again in (
        {"payee": payee, "number": " 7/26 "},
        {"payee": world.payee(), "voucher_sha256": "a" * 64},
    ):
        with pytest.raises(claims.ClaimedBefore) as refused:
            world.claim(100, **again)
        assert refused.value.params["claim_id"] == str(first.id)
    claims.reject_claim(claim=first, reason_code=ReasonCode.WRONG_AMOUNT, by=world.treasurer, at=AT)
    world.claim(100, payee=payee, number="7/26", voucher_sha256="a" * 64)


def test_without_a_number_payee_day_and_amount_make_a_duplicate(world: World) -> None:
    payee = world.payee()
    world.claim(100, payee=payee, number="")
    world.claim(101, payee=payee, number="")
    with pytest.raises(claims.ClaimedBefore):
        world.claim(100, payee=payee, number=" ")


def test_a_claim_matches_its_commitment(world: World) -> None:
    world.ceiling(fee=50_000, travel=1_000)
    commitment = world.commit(100)
    with pytest.raises(claims.DoesNotMatch):
        world.claim(100, commitment, category=Category.TRAVEL)
    with pytest.raises(claims.DoesNotMatch):
        world.claim(100, commitment, case_id=uuid.uuid4())


def test_a_claim_is_decided_once(world: World) -> None:
    world.ceiling(fee=50_000)
    claim = world.approved(world.claim(100))
    with pytest.raises(claims.ClaimNotOpen):
        claims.approve_claim(claim=claim, by=world.second, at=AT)
    claims.reject_claim(
        claim=claim, reason_code=ReasonCode.NO_VOUCHER, note="A page is missing", by=world.second, at=AT
    )
    with pytest.raises(claims.ClaimNotOpen):
        claims.reject_claim(claim=claim, reason_code=ReasonCode.OTHER, by=world.second, at=AT)
    with pytest.raises(claims.ClaimNotOpen):
        payments.pay_claim(claim=claim, by=world.second, at=AT)
    with reading("staff:test", "test"):
        assert Claim.objects.get(pk=claim.pk).note == "A page is missing"
    assert Claim.objects.all().waiting().count() == 0


def test_a_claim_in_another_currency_says_what_it_costs(world: World) -> None:
    world.ceiling(fee=50_000)
    claim = world.approved(world.claim(5_400, currency="USD", base_minor=5_000))
    payments.pay_claim(claim=claim, by=world.treasurer, at=AT)
    assert totals("bank:main") == (0, 0, 5_000, 0)


# Payees


def test_a_payee_is_sealed_and_changes_route_by_two_people(world: World) -> None:
    payee = world.payee()
    iban = "LT12 1000 0111 0100 1000"
    change: dict[str, Any] = {"payee": payee, "iban": iban, "country": "lt", "by": world.treasurer, "at": AT}
    with pytest.raises(NeedsSecondPerson):
        payees.change_payee_route(**change)
    world.approve("payee.change", payee.id, payees.payee_terms(iban=iban, country="LT"))
    payees.change_payee_route(**change)
    assert payee.checked_on is None
    with reading("staff:test", "test"):
        assert payee.iban == "LT121000011101001000"
        assert payee.name == "Invented Person"
    assert "Invented" not in str(payee)


def test_a_wrong_iban_is_refused() -> None:
    with pytest.raises(payees.WrongIban):
        payees.checked_iban("LT13 1000 0111 0100 1000")


# Reversal


def test_a_returned_payment_makes_the_claim_payable_again(world: World) -> None:
    claim, commitment, journal = paid(world, agreed=10_000, claimed=10_200)
    reverse(world, journal, ReasonCode.RETURNED)
    claim.refresh_from_db()
    assert (claim.status, claim.paid_in) == (ClaimStatus.APPROVED, None)
    assert tracing.what_paid(claim) == []
    assert commitments.held_minor(commitment) == 10_000
    assert free(world.general) == 90_000
    assert tracing.what_became(world.general.batches.get()) == []
    payments.pay_claim(claim=claim, by=world.treasurer, at=AT)
    assert totals("bank:main") == (10_200, 0, 20_400, 0)
    assert free_ceiling(world) == 50_000 - 10_200


def test_reversing_a_last_payment_holds_the_rest_again(world: World) -> None:
    world.ceiling(fee=50_000)
    commitment = world.commit(10_000)
    claim = world.approved(world.claim(7_000, commitment))
    journal = payments.pay_claim(claim=claim, final=True, by=world.treasurer, at=AT)
    reverse(world, journal, ReasonCode.RETURNED)
    assert commitments.held_minor(commitment) == 10_000
    assert free_ceiling(world) == 40_000


def test_a_journal_is_reversed_once(world: World) -> None:
    gift = world.gift(100)
    reversal = reverse(world, gift)
    assert reversal.reverses == gift
    for journal in (gift, reversal):
        with pytest.raises(NotReversible):
            reverse(world, journal)


def test_commitments_and_ceilings_are_not_reversed(world: World) -> None:
    world.ceiling(fee=50_000)
    world.commit(100)
    for kind in ("ceiling", "commitment"):
        with pytest.raises(NotReversible):
            reverse(world, Journal.objects.get(kind=kind))


def test_money_that_was_spent_cannot_be_taken_back(world: World) -> None:
    own = world.fund("own", FundKind.CASE, case_ids=[world.case_id])
    gift = world.gift(5_000, fund=own)
    world.ceiling(fee=50_000)
    world.commit(4_000)
    with pytest.raises(NotEnoughMoney) as refused:
        reverse(world, gift)
    assert refused.value.params["missing_minor"] == 4_000


def test_a_reversal_keeps_its_reason_and_a_sealed_note(world: World) -> None:
    reversal = reverse(world, world.gift(100), ReasonCode.DUPLICATE, note="Seen twice on 3 March")
    with reading("staff:test", "test"):
        assert Journal.objects.get(pk=reversal.pk).note == "Seen twice on 3 March"
    assert "March" not in reversal.record


# Running costs


def test_a_running_cost_is_booked_from_the_bank(world: World) -> None:
    running(world, Category.RENT, 2_500, "ref-1")
    assert totals("office:rent") == (2_500, 0, 0, 0)
    assert free(world.general) == 97_500
    with pytest.raises(AlreadyBooked):
        running(world, Category.RENT, 2_500, "ref-1")
    with pytest.raises(agreeing.WrongCategory):
        running(world, Category.FEE, 1, "ref-2")


def test_a_running_cost_needs_money_but_a_bank_fee_is_a_fact(world: World) -> None:
    with pytest.raises(NotEnoughMoney):
        running(world, Category.SALARY, 100_001, "ref-1")
    running(world, Category.BANK_FEE, 100_030, "ref-2")
    assert totals("uncovered:main") == (30, 0, 0, 0)
    assert totals("fees:bank_fee") == (100_030, 0, 0, 0)


def free_ceiling(world: World) -> int:
    return chart.ceiling(world.case_id).balance.free_minor


def grant(
    world: World, paid_minor: int = 0, due_minor: int = 0, categories: tuple[str, ...] = ("fee",)
) -> None:
    amount = paid_minor + due_minor
    made = grants.open_grant(
        code="grant",
        name="A grant",
        funder="Example Foundation",
        agreement_ref="EF-1",
        amount_minor=amount,
        starts_on=TODAY,
        ends_on=TODAY + datetime.timedelta(days=365),
        lines=[grants.Line("All", amount, categories)],
        instalments=[(TODAY, amount)],
        by=world.treasurer,
        at=AT,
    )
    if paid_minor:
        grants.receive_instalment(
            instalment=made.instalments.get(),
            amount_minor=paid_minor,
            received_on=TODAY,
            by=world.treasurer,
            at=AT,
        )


def paid(world: World, agreed: int, claimed: int) -> tuple[Claim, Commitment, Journal]:
    world.ceiling(fee=50_000)
    commitment = world.commit(agreed)
    claim = world.approved(world.claim(claimed, commitment))
    journal = payments.pay_claim(claim=claim, by=world.treasurer, at=AT)
    claim.refresh_from_db()
    return claim, commitment, journal


def approved_by_hand(claim: Claim) -> None:
    """Approve a claim while the commitment still seemed to have room: as a raised one that was cut again."""

    @action("test.approved")
    def act(*, by: Actor, at: datetime.datetime) -> None:
        claim.status, claim.approved_by, claim.second_by = ClaimStatus.APPROVED, "staff:a", "staff:b"
        claim.save()

    act(by=WORKER, at=AT)


def release(world: World, commitment: Commitment, amount_minor: int | None = None) -> None:
    agreeing.release_commitment(commitment=commitment, amount_minor=amount_minor, by=world.treasurer, at=AT)


def reverse(world: World, journal: Journal, reason: ReasonCode = ReasonCode.OTHER, note: str = "") -> Journal:
    return reverse_journal(journal=journal, reason_code=reason, note=note, by=world.treasurer, at=AT)


def running(world: World, category: Category, amount_minor: int, source_id: str) -> Journal:
    return payments.book_running_cost(
        source_id=source_id,
        category=category,
        amount_minor=amount_minor,
        voucher_kind=VoucherKind.BANK_NOTE,
        on=TODAY,
        by=world.treasurer,
        at=AT,
    )


def standing_authority(world: World, monthly_minor: int) -> StandingAuthority:
    tariff = world.tariff((Category.FEE, "", 10_000))
    term: dict[str, Any] = {"valid_from": TODAY, "valid_until": TODAY + datetime.timedelta(days=30)}
    world.approve(
        "standing-authority", tariff.id, authorities.authority_terms(monthly_minor=monthly_minor, **term)
    )
    return authorities.grant_standing_authority(
        tariff=tariff, monthly_minor=monthly_minor, by=world.treasurer, at=AT, **term
    )
