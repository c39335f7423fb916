"""Advances: ours until vouchers or money account for them; the late ones stand in the way of the next."""

import datetime

import pytest
from django.db import IntegrityError, transaction

from accounts.approvals import NeedsSecondPerson
from audit.models import Event
from tests.treasury.costs import free_ceiling, release, reverse
from tests.treasury.test_agreements import limit, received, signed
from tests.treasury.world import AT, TODAY, World, free, key, raw, totals
from treasury import advances, commitments, eligible, laws, standing, tracing
from treasury.actions import claims, payments
from treasury.actions.advances import DueTooEarly, enter_advance_voucher, return_advance
from treasury.actions.commitments import NothingHeld, WrongAmount
from treasury.actions.corrections import AdvanceUsed
from treasury.books import Entry, write
from treasury.kinds import Category, ClaimStatus, JournalKind, ReasonCode, VoucherKind
from treasury.models import Account, Claim, Journal
from treasury.retention import obstacles

pytestmark = pytest.mark.django_db
DUE = TODAY + datetime.timedelta(days=3)
LATER = AT + datetime.timedelta(days=4)


def paid(world: World, amount_minor: int = 6_000, agreed: int = 10_000) -> Claim:
    """An advance on an agreed fee, paid."""
    world.ceiling(fee=100_000)
    world.tariff((Category.FEE, "", 20_000))
    claim = world.advance(amount_minor, world.commit(agreed), due_on=DUE)
    claims.approve_claim(claim=claim, by=world.second, at=AT)
    payments.pay_claim(claim=claim, by=world.treasurer, at=AT)
    return Claim.objects.get(pk=claim.pk)


def agreed(world: World, claim: Claim) -> Claim:
    """Approved by one person, within the tariff."""
    return claims.approve_claim(claim=claim, by=world.second, at=AT)


def spent(world: World) -> int:
    (row,) = standing.fund_balances(TODAY, LATER.date(), fund=world.general)
    return sum(row.spending.values())


def lawful() -> None:
    assert list(laws.broken()) == []


def test_it_is_ours_until_vouchers_and_money_account_for_it(world: World) -> None:
    claim = paid(world)
    commitment, code = claim.commitment, f"advance:{claim.pk}"
    assert commitment is not None
    assert totals("bank:main") == (0, 0, 6_000, 0)
    assert totals(code) == (6_000, 0, 0, 0)
    assert spent(world) == 0, "an asset, not an expense"
    assert tracing.what_paid(claim) == []
    assert (commitments.held_minor(commitment), commitments.releasable_minor(commitment)) == (10_000, 4_000)
    with pytest.raises(NothingHeld):
        release(world, commitment, 4_001)
    other = agreed(world, world.claim(4_000, commitment))
    payments.pay_claim(claim=other, by=world.treasurer, at=AT)
    assert commitments.held_minor(commitment) == 6_000, "the rest is kept for the vouchers"
    first = world.vouched(claim, 2_500)
    assert (first.status, first.paid_on) == (ClaimStatus.PAID, TODAY)
    assert sum(source.amount_minor for source in tracing.what_paid(first)) == 2_500
    assert spent(world) == 4_000 + 2_500
    assert advances.left_minor(claim) == 3_500
    assert advances.outstanding().get().left_minor == 3_500
    assert [one.code for one in obstacles(claim.payee_id, AT)] == ["open-advance"]
    lawful()
    before = Event.objects.count()
    return_advance(advance=claim, amount_minor=500, on=TODAY, by=world.treasurer, at=AT)
    assert Event.objects.count() == before + 1
    assert (commitments.held_minor(commitment), free(world.general)) == (3_000, 100_000 - 9_500)
    last = world.vouched(claim, 9_999)
    assert last.base_minor == 3_000, "a voucher above it counts for what is left"
    assert advances.left_minor(claim) == 0
    assert not advances.outstanding().exists()
    assert (totals("programme:fee")[0], free_ceiling(world)) == (9_500, 100_000 - 9_500)
    with pytest.raises(advances.AboveAdvance):
        world.vouched(claim, 1)
    lawful()


def test_a_commitment_never_pays_with_what_an_advance_needs(world: World) -> None:
    claim = paid(world)
    assert claim.commitment is not None
    beyond = agreed(world, world.claim(4_500, claim.commitment))
    payments.pay_claim(claim=beyond, final=True, by=world.treasurer, at=AT)
    assert commitments.held_minor(claim.commitment) == 6_000, "500 came from the fund, within the tolerance"
    with pytest.raises(claims.AboveCommitment):
        agreed(world, world.claim(1, claim.commitment))
    with pytest.raises(claims.AboveCommitment):
        agreed(world, world.advance(1, claim.commitment))
    world.vouched(claim, 6_000)
    assert free(world.general) == 100_000 - 10_500
    lawful()


def test_it_is_paid_from_money_that_is_held_and_there(world: World) -> None:
    grant = signed(world)
    limit(world, grant, 30_000)
    world.ceiling(fee=200_000)
    claim = world.approved(world.advance(100_000))
    assert claim.commitment is not None
    release(world, claim.commitment, 1)
    with pytest.raises(advances.AboveHeld):
        payments.pay_claim(claim=claim, by=world.treasurer, at=AT)
    world.commit(1)
    waits = world.approved(world.advance(10_000))
    with pytest.raises(eligible.NotEnoughMoney):
        payments.pay_claim(claim=waits, by=world.treasurer, at=AT)
    received(world, grant)
    payments.pay_claim(claim=waits, by=world.treasurer, at=AT)
    lawful()


def test_a_late_one_takes_two_people_for_the_next(world: World) -> None:
    late = paid(world)
    assert not advances.overdue(DUE).exists()
    assert advances.overdue(LATER.date()).get() == late
    soon = LATER.date() + datetime.timedelta(days=9)
    following = world.advance(1_000, payee=late.payee, due_on=soon, at=LATER)
    with pytest.raises(NeedsSecondPerson):
        claims.approve_claim(claim=following, by=world.second, at=LATER)
    other = world.advance(1_000, due_on=soon, at=LATER)
    claims.approve_claim(claim=other, by=world.second, at=LATER)
    early = world.advance(1_001, payee=late.payee, due_on=soon, at=AT)
    claims.approve_claim(claim=early, by=world.second, at=AT)
    assert payments.takes_two(early, LATER), "approved by one before the vouchers were late"
    with pytest.raises(NeedsSecondPerson):
        payments.pay_claim(claim=early, by=world.treasurer, at=LATER)
    world.vouched(late, 6_000)
    claims.approve_claim(claim=following, by=world.second, at=LATER)
    payments.pay_claim(claim=early, by=world.treasurer, at=LATER)


def test_two_people_may_agree_to_the_next_all_the_same(world: World) -> None:
    late = paid(world)
    soon = LATER.date() + datetime.timedelta(days=9)
    following = world.advance(1_000, payee=late.payee, due_on=soon)
    world.approve("claim", following.pk, claims.claim_terms(following))
    following = claims.approve_claim(claim=following, by=world.treasurer, at=LATER)
    assert {following.approved_by, following.second_by} == {world.treasurer.actor_id, world.second.actor_id}
    payments.pay_claim(claim=following, by=world.treasurer, at=LATER)


def test_who_entered_a_voucher_does_not_accept_it(world: World) -> None:
    claim = paid(world)
    voucher = enter_advance_voucher(
        advance=claim,
        voucher_kind=VoucherKind.INVOICE,
        invoiced_on=TODAY,
        amount_minor=100,
        by=world.second,
        at=AT,
    )
    assert claims.needs_second_person(voucher, TODAY) is False
    with pytest.raises(advances.OwnVoucher):
        claims.approve_claim(claim=voucher, by=world.second, at=AT)
    beside = world.voucher(claim, 6_000)
    assert beside.base_minor == 5_900, "the other one waits for the rest"
    claims.reject_claim(claim=voucher, reason_code=ReasonCode.NO_VOUCHER, by=world.second, at=AT)
    claims.approve_claim(claim=beside, by=world.second, at=AT)
    assert beside.base_minor == 6_000, "and was turned down"
    with pytest.raises(claims.ClaimNotOpen):
        world.vouched(voucher, 100)
    with pytest.raises(DueTooEarly):
        world.advance(100, due_on=TODAY - datetime.timedelta(days=1))


def test_what_does_not_fit_is_refused(world: World) -> None:
    claim = paid(world)
    back = {"advance": claim, "on": TODAY, "by": world.treasurer, "at": AT}
    for wrong in (lambda: world.voucher(claim, 0), lambda: return_advance(amount_minor=0, **back)):
        with pytest.raises(WrongAmount):
            wrong()
    with pytest.raises(claims.DoesNotMatch):
        world.advance(100, claim.commitment, category=Category.TRAVEL)
    waits = world.voucher(claim, 100)
    assert claim.paid_in is not None
    reverse(world, claim.paid_in)
    for late in (
        lambda: claims.approve_claim(claim=waits, by=world.second, at=AT),
        lambda: return_advance(amount_minor=1, **back),
    ):
        with pytest.raises(claims.ClaimNotOpen):
            late()


def test_each_step_is_reversed_in_its_order(world: World) -> None:
    claim = paid(world)
    journal, commitment = claim.paid_in, claim.commitment
    assert journal is not None
    assert commitment is not None
    voucher = world.vouched(claim, 2_000)
    back = return_advance(advance=claim, amount_minor=1_000, on=TODAY, by=world.treasurer, at=AT)
    with pytest.raises(AdvanceUsed):
        reverse(world, journal)
    world.commit(90_500)
    with pytest.raises(eligible.NotEnoughMoney):
        reverse(world, back)
    release(world, commitment, 1_000)
    reverse(world, back)
    reverse(world, Journal.objects.get(pk=voucher.paid_in_id))
    voucher.refresh_from_db()
    assert (voucher.status, voucher.approved_by, voucher.paid_in) == (ClaimStatus.ENTERED, "", None)
    assert (advances.left_minor(claim), spent(world)) == (6_000, 0)
    claims.approve_claim(claim=voucher, by=world.second, at=AT)
    reverse(world, Journal.objects.filter(kind="advance_closed").latest("number"))
    reverse(world, journal)
    claim.refresh_from_db()
    assert (claim.status, advances.left_minor(claim)) == (ClaimStatus.APPROVED, 0)
    lawful()


def test_the_database_refuses_to_account_twice(world: World) -> None:
    """Whatever the actions think: more than was paid, another payee's voucher, one's own hand twice."""
    claim = paid(world)
    voucher = world.vouched(claim, 5_000)
    account = Account.objects.get(code=f"advance:{claim.pk}")
    expense = Account.objects.get(code="programme:fee")
    entry = [Entry(expense, account, 1_001, Category.FEE)]
    with pytest.raises(IntegrityError, match="advance used up"):
        _booked(entry, world)
    stranger = world.advance(1, payee=world.payee())
    for sql, values in (
        ("update treasury_claim set closes_id = %s where id = %s", (key(stranger.pk), key(voucher.pk))),
        ("update treasury_claim set closes_id = %s where id = %s", (key(voucher.pk), key(voucher.pk))),
        ("update treasury_claim set approved_by = entered_by where id = %s", (key(voucher.pk),)),
        ("update treasury_claim set closes_id = id where id = %s", (key(claim.pk),)),
        ("update treasury_balance set guard = '' where account_id = %s", (key(account.pk),)),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            raw(sql, *values)


def _booked(entries: list[Entry], world: World) -> None:
    from audit.actions import action
    from audit.actors import Actor

    @action("test.booked")
    def act(*, by: Actor, at: datetime.datetime) -> None:
        write(JournalKind.ADVANCE_CLOSED, "test:1", entries, by=by, at=at)

    act(by=world.treasurer, at=AT)
