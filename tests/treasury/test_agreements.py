"""What an agreement with a funder allows: lines, evidence, commitments ahead, indirect costs, the rest."""

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.approvals import NeedsSecondPerson
from audit import guards
from tests.treasury.costs import reverse
from tests.treasury.world import AT, TODAY, World, free, key, raw, totals
from treasury import agreed, agreed_laws, chart, commitments, eligible, evidence, laws, lines, rates, standing
from treasury.actions import agreements, claims, funds, grants, payments
from treasury.actions.commitments import release_commitment
from treasury.eligible import NotEnoughMoney
from treasury.kinds import AccountKind, Category, FundKind, RateRule, ReportKind, VoucherKind
from treasury.models import Balance, Grant, GrantLine, Journal, Transfer

AFTER = AT + datetime.timedelta(days=400)


def signed(world: World, **more: Any) -> Grant:
    """500.00 for fees (a fifth more is accepted), 300.00 for travel, 60.00 for indirect costs."""
    lines = [
        grants.Line("Fees", 50_000, ("fee", "appeal")),
        grants.Line("Travel", 30_000, ("travel",)),
        grants.Line("Indirect", 6_000, ("indirect",)),
    ]
    return grants.open_grant(
        code="nordic",
        name="Nordic grant",
        funder="Example Foundation",
        agreement_ref="EF-9",
        amount_minor=86_000,
        starts_on=TODAY,
        ends_on=TODAY + datetime.timedelta(days=365),
        instalments=[(TODAY, 46_000), (TODAY + datetime.timedelta(days=90), 40_000)],
        indirect_basis_points=1_000,
        reallocation_basis_points=2_000,
        by=world.treasurer,
        at=AT,
        **{"lines": lines, **more},
    )


def received(world: World, grant: Grant, number: int = 1, at: datetime.datetime = AT) -> Journal:
    one = grant.instalments.get(number=number)
    return grants.receive_instalment(
        instalment=one, amount_minor=one.amount_minor, received_on=at.date(), by=world.treasurer, at=at
    )


def limit(world: World, grant: Grant, minor: int) -> Journal:
    world.approve("allocation", grant.id, agreements.ahead_terms(grant=grant, limit_minor=minor))
    return agreements.set_ahead_limit(grant=grant, limit_minor=minor, by=world.treasurer, at=AT)


def laws_broken() -> set[str]:
    return {law.name for law in laws.check() if not law.ok} & set(agreed_laws.LAWS)


def on_line(grant: Grant, number: int = 1) -> int:
    """What may still go on a line."""
    line = grant.lines.get(number=number)
    return Balance.objects.get(account__code=lines.place(line).code).free_minor


# Lines


def test_a_line_is_overspent_by_what_was_agreed_and_no_further(world: World) -> None:
    grant = signed(world)
    received(world, grant)
    received(world, grant, 2)
    world.ceiling(fee=90_000, appeal=10_000)
    commitment = world.commit(59_000)
    world.commit(4_000, Category.APPEAL)
    # 600.00 are accepted on the line; what is above goes to the general fund.
    assert (on_line(grant), free(world.general)) == (0, 97_000)
    assert [row.room_minor for row in agreed.lines_of(grant)] == [0, 36_000, 7_200]
    claim = world.approved(world.claim(30_000, commitment))
    journal = payments.pay_claim(claim=claim, by=world.treasurer, at=AT)
    release_commitment(commitment=commitment, amount_minor=9_000, by=world.treasurer, at=AT)
    assert on_line(grant) == 9_000
    reverse(world, journal)
    fees = agreed.lines_of(grant)[0]
    assert (fees.actual_minor, fees.committed_minor, fees.remaining_minor) == (0, 51_000, -1_000)


def test_a_running_cost_counts_to_its_line(world: World) -> None:
    grants.open_grant(
        code="rent",
        name="Rent",
        funder="Example Foundation",
        agreement_ref="EF-1",
        amount_minor=1_000,
        starts_on=TODAY,
        ends_on=TODAY,
        lines=[grants.Line("Rent", 400, ("rent",)), grants.Line("Office", 600, ("office",))],
        instalments=[(TODAY, 1_000)],
        by=world.treasurer,
        at=AT,
    )
    grant = Grant.objects.get()
    received(world, grant)
    payments.book_running_cost(
        source_id="rent-1",
        category=Category.RENT,
        amount_minor=700,
        voucher_kind=VoucherKind.INVOICE,
        on=TODAY,
        by=world.treasurer,
        at=AT,
    )
    assert (on_line(grant), free(grant.fund), free(world.general)) == (0, 600, 99_700)


def test_a_cost_counts_to_one_line(world: World) -> None:
    twice = [grants.Line("A", 1, ("fee",)), grants.Line("B", 85_999, ("fee", "visit"))]
    with pytest.raises(grants.LinesOverlap):
        grants.open_grant(
            code="g",
            name="G",
            funder="F",
            agreement_ref="R",
            amount_minor=86_000,
            starts_on=TODAY,
            ends_on=TODAY,
            lines=twice,
            instalments=[(TODAY, 86_000)],
            by=world.treasurer,
            at=AT,
        )
    line = signed(world).lines.get(number=2)
    change = "update treasury_grantline set categories = %s where id = %s"
    with pytest.raises(IntegrityError, match="category in two lines"), transaction.atomic():
        raw(change, '["travel", "appeal"]', key(line.id))
    guards.remove(connection)
    raw(change, '["travel", "appeal"]', key(line.id))  # the mutant: without the trigger it is written
    assert GrantLine.objects.filter(id=line.id, categories=["travel", "appeal"]).exists()
    guards.install(connection)


# Evidence


def test_money_of_a_grant_pays_only_on_the_evidence_its_funder_takes(world: World) -> None:
    grant = signed(world, evidence=[VoucherKind.OFFICE_RECEIPT])
    received(world, grant)
    world.ceiling(fee=90_000)
    agreed_on = world.commit(10_000)
    assert free(grant.fund) == 36_000
    claim = world.claim(10_000, agreed_on)
    world.approve("claim", claim.id, claims.claim_terms(claim))
    with pytest.raises(evidence.NotAccepted) as refused:
        claims.approve_claim(claim=claim, by=world.treasurer, at=AT)
    assert "Receipt of a bar office" in refused.value.text
    redraw: dict[str, Any] = {"commitment": agreed_on, "by": world.treasurer, "at": AT}
    with pytest.raises(agreements.NothingToRedraw):
        agreements.redraw_commitment(voucher_kind=VoucherKind.OFFICE_RECEIPT, **redraw)
    agreements.redraw_commitment(voucher_kind=VoucherKind.INVOICE, **redraw)
    assert (free(grant.fund), free(world.general), on_line(grant)) == (46_000, 90_000, 60_000)
    claims.approve_claim(claim=claim, by=world.treasurer, at=AT)
    journal = payments.pay_claim(claim=claim, by=world.treasurer, at=AT)
    # Without a commitment of its own a claim finds the right funds by itself.
    world.approved(world.claim(5_000))
    assert (free(grant.fund), free(world.general)) == (46_000, 85_000)
    # And the database refuses what no action would write.
    moved = Transfer.objects.filter(journal=journal, debit__kind=AccountKind.FUND)
    assert set(moved.values_list("fund__code", flat=True)) == {"general"}
    wrong = "update treasury_grant set fund_id = %s"
    change = "update treasury_claim set payments = 2 where paid_in_id is not null"
    raw(change)
    raw("update treasury_claim set payments = 1 where paid_in_id is not null")
    raw(wrong, key(world.general.id))
    with pytest.raises(IntegrityError, match="evidence not accepted"), transaction.atomic():
        raw(change)
    assert laws_broken() == {"evidence-as-accepted", "grant-lines-as-spent"}
    raw(wrong, key(grant.fund.id))


# Ahead of instalments


def test_commitments_rest_on_signed_instalments_within_the_boards_limit(world: World) -> None:
    grant = signed(world)
    world.ceiling(fee=200_000)
    world.commit(100_000)
    with pytest.raises(NotEnoughMoney):
        world.commit(1)
    with pytest.raises(NeedsSecondPerson):
        agreements.set_ahead_limit(grant=grant, limit_minor=1, by=world.treasurer, at=AT)
    with pytest.raises(agreements.AboveSigned):
        limit(world, grant, 86_001)
    limit(world, grant, 20_000)
    early = world.commit(15_000)
    assert (commitments.held_minor(early), commitments.in_hand_minor(early)) == (15_000, 0)
    assert agreed.ahead_of(grant) == agreed.Ahead(20_000, 15_000, 86_000)
    assert free(grant.fund) == 0  # shown apart: the fund holds nothing
    with pytest.raises(NotEnoughMoney):
        world.commit(5_001)
    claim = world.approved(world.claim(15_000, early))
    with pytest.raises(NotEnoughMoney):
        payments.pay_claim(claim=claim, by=world.treasurer, at=AT)
    received(world, grant)
    assert (commitments.in_hand_minor(early), free(grant.fund)) == (15_000, 31_000)
    assert agreed.ahead_of(grant) == agreed.Ahead(20_000, 0, 40_000)
    payments.pay_claim(claim=claim, by=world.treasurer, at=AT)
    assert totals("fund:nordic") == (15_000, 0, 46_000, 0)


def test_what_other_money_pays_is_no_longer_waited_for(world: World) -> None:
    grant = signed(world)
    world.ceiling(fee=200_000)
    limit(world, grant, 20_000)
    commitment = world.commit(110_000)
    world.gift(6_000)
    claim = world.approved(world.claim(105_000, commitment))
    payments.pay_claim(claim=claim, final=True, by=world.treasurer, at=AT)
    assert (free(world.general), agreed.ahead_of(grant).resting_minor) == (1_000, 0)
    assert (commitments.held_minor(commitment), on_line(grant)) == (0, 60_000)


def test_a_short_instalment_leaves_bare_what_rested_on_it(world: World) -> None:
    grant = signed(world)
    world.ceiling(fee=200_000)
    limit(world, grant, 50_000)
    world.commit(150_000)
    for number, minor in ((1, 2_000), (2, 3_000)):
        one = grant.instalments.get(number=number)
        grants.receive_instalment(
            instalment=one, amount_minor=minor, received_on=TODAY, by=world.treasurer, at=AT
        )
    grant.refresh_from_db()
    ahead = agreed.ahead_of(grant)
    assert (ahead.resting_minor, ahead.signed_minor, ahead.bare_minor) == (45_000, 0, 45_000)
    assert ahead.limit_minor == 45_000


# Indirect costs, reports, the rest, currency


def test_indirect_costs_are_a_share_of_what_was_spent(world: World) -> None:
    grant = signed(world)
    received(world, grant)
    world.ceiling(fee=50_000)
    claim = world.approved(world.claim(20_000, world.commit(20_000)))
    payments.pay_claim(claim=claim, by=world.treasurer, at=AT)
    take: dict[str, Any] = {"grant": grant, "target": world.general, "by": world.treasurer, "at": AT}
    with pytest.raises(agreements.AboveIndirect):
        agreements.take_indirect(amount_minor=2_001, **take)
    journal = agreements.take_indirect(amount_minor=2_000, **take)
    assert (free(grant.fund), free(world.general), on_line(grant, 3)) == (24_000, 102_000, 5_200)
    [row] = standing.fund_balances(TODAY, TODAY, fund=grant.fund)
    assert dict(row.spending) == {"fee": 20_000, "indirect": 2_000}
    reverse(world, journal)
    assert (agreed.indirect_left_minor(grant), on_line(grant, 3)) == (2_000, 7_200)


def test_indirect_costs_of_an_agreement_without_a_line_for_them_come_from_its_fund(world: World) -> None:
    grant = signed(world, lines=[grants.Line("Fees", 86_000, ("fee",))])
    received(world, grant)
    world.ceiling(fee=50_000)
    claim = world.approved(world.claim(20_000, world.commit(20_000)))
    payments.pay_claim(claim=claim, by=world.treasurer, at=AT)
    before = free(grant.fund)
    agreements.take_indirect(grant=grant, target=world.general, amount_minor=2_000, by=world.treasurer, at=AT)
    assert free(grant.fund) == before - 2_000


def test_what_is_left_goes_back_to_the_funder(world: World) -> None:
    grant = signed(world)
    received(world, grant)
    over = AFTER.date()
    give_back: dict[str, Any] = {"grant": grant, "amount_minor": 40_000, "by": world.treasurer}
    with pytest.raises(agreements.GrantRunning):
        agreements.return_unspent(on=TODAY, at=AT, **give_back)
    terms = agreements.return_terms(grant=grant, amount_minor=40_000)
    world.approve("allocation", grant.id, terms)
    journal = agreements.return_unspent(on=over, at=AT, **give_back)
    assert (free(grant.fund), totals("refunds:grants")[0]) == (6_000, 40_000)
    reverse(world, journal)
    grant.refresh_from_db()
    assert (free(grant.fund), grant.returned_minor) == (46_000, 0)


def test_a_report_is_due_until_it_was_sent(world: World) -> None:
    due = grants.ReportDue(ReportKind.FINANCIAL, TODAY, TODAY + datetime.timedelta(days=30))
    report = signed(world, reports=[due]).reports.get()
    agreements.record_report_sent(report=report, sent_on=TODAY, by=world.treasurer, at=AT)
    with pytest.raises(agreements.SentBefore):
        agreements.record_report_sent(report=report, sent_on=TODAY, by=world.treasurer, at=AT)


def test_a_grant_in_another_currency_is_told_by_its_rule(world: World) -> None:
    with pytest.raises(grants.WrongCurrency):
        signed(world, foreign=grants.Foreign("NOK", 1_000_000, (500_000,)))
    grant = signed(world, foreign=grants.Foreign("NOK", 1_000_000, (500_000, 500_000)))
    assert rates.for_funder(grant, TODAY) is None
    received(world, grant)
    rate = rates.for_funder(Grant.objects.get(), TODAY)
    assert (rate, rates.told(grant, 23_000, rate)) == (Decimal("0.092"), 250_000)
    grant.rate_rule, grant.fixed_rate = RateRule.FIXED, "0.1"
    assert rates.told(grant, 23_000, rates.for_funder(grant, TODAY)) == 230_000
    grant.rate_rule = RateRule.KNOWN
    assert rates.told(grant, 1, rates.for_funder(grant, TODAY)) is None


def test_an_amount_in_another_currency_waits_for_its_rate(world: World) -> None:
    with pytest.raises(rates.RateMissing):
        world.claim(5_400, currency="USD")
    assert world.claim(5_400, currency="USD", base_minor=5_000).base_minor == 5_000


# Purposes, in the database


@pytest.mark.broken_books("a mutant")
def test_the_database_keeps_each_fund_to_its_purpose(world: World) -> None:
    for_cases = world.fund("own", FundKind.CASE, 5_000, case_ids=[world.case_id], categories=["fee"])
    late = world.fund("late", FundKind.GENERAL, 5_000, starts_on=TODAY + datetime.timedelta(days=1))
    reserve = world.fund("reserve", FundKind.RESERVE, 5_000)
    number = Journal.objects.latest("number")
    insert = (
        "insert into treasury_transfer (id, action_id, record, journal_id, line, kind, debit_id, credit_id,"
        " amount_minor, currency, fund_id, case_id, category)"
        " values (%s, %s, '', %s, %s, 'pend', %s, %s, 5, 'EUR', %s, %s, %s)"
    )

    def hold(fund: Any, category: str, case_id: Any) -> None:
        account, line = chart.fund(fund), 500 + Transfer.objects.count()
        control = Balance.objects.get(account__kind=AccountKind.FUNDS_CONTROL).account_id
        values = (key(account.id), key(control), key(fund.id), case_id and key(case_id), category)
        with transaction.atomic():
            raw(insert, f"raw-{line}", key(number.id), key(number.id), line, *values)

    import uuid

    wrong = [
        (for_cases, "travel", world.case_id),
        (for_cases, "fee", uuid.uuid4()),
        (for_cases, "fee", None),
        (late, "fee", world.case_id),
        (reserve, "fee", world.case_id),
    ]
    for fund, category, case_id in wrong:
        with pytest.raises(IntegrityError, match="not for this"):
            hold(fund, category, case_id)
    hold(for_cases, "fee", world.case_id)
    funds.close_fund(fund=for_cases, by=world.treasurer, at=AT)
    with pytest.raises(IntegrityError, match="not for this"):
        hold(for_cases, "fee", world.case_id)
    guards.remove(connection)
    hold(for_cases, "travel", world.case_id)
    assert {law.name for law in laws.check() if not law.ok} >= {"costs-as-restricted"}
    assert eligible.free_in(reserve) == 5_000
