"""Claims, their payment, running costs, and taking back what was booked."""

import datetime
import uuid
from typing import Any

import pytest

from accounts.approvals import NeedsSecondPerson
from audit.actions import action
from audit.actors import Actor
from tests.treasury.costs import free_ceiling, paid, release, reverse, standing_authority
from tests.treasury.world import AT, TODAY, WORKER, World, free, totals
from treasury import commitments, tracing
from treasury.actions import claims, payees, payments
from treasury.actions import commitments as agreeing
from treasury.actions.corrections import NotReversible
from treasury.books import AlreadyBooked
from treasury.eligible import CeilingShort, NotEnoughMoney
from treasury.kinds import Category, ClaimStatus, FundKind, ReasonCode, VoucherKind
from treasury.models import Claim, Journal
from vault.reading import reading

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


def approved_by_hand(claim: Claim) -> None:
    """Approve a claim while the commitment still seemed to have room: as a raised one that was cut again."""

    @action("test.approved")
    def act(*, by: Actor, at: datetime.datetime) -> None:
        claim.status, claim.approved_by, claim.second_by = ClaimStatus.APPROVED, "staff:a", "staff:b"
        claim.save()

    act(by=WORKER, at=AT)


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
