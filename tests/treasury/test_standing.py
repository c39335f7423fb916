"""What is read from the books: balances, costs, periods, exports."""

import csv
import datetime
import subprocess
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.approvals import NeedsSecondPerson
from tests import people
from tests.treasury.costs import grant, paid, reverse
from tests.treasury.test_agreements import AFTER, limit, received, signed
from tests.treasury.world import AT, TODAY, WORKER, World, free
from treasury import books, currencies, drawing, hledger, standing
from treasury.actions import agreements, allocation, funds, gifts, grants, payments, periods
from treasury.actions.commitments import WrongAmount
from treasury.eligible import NotEnoughMoney
from treasury.kinds import FundKind, ReasonCode
from treasury.models import Balance, Batch, Claim, Fund, Grant, Journal

MARCH = (datetime.date(2026, 3, 1), datetime.date(2026, 3, 31))
APRIL = (datetime.date(2026, 4, 1), datetime.date(2026, 4, 30))
IN_APRIL = AT.replace(month=4)


def test_a_trial_balance_adds_up_and_equals_the_totals(world: World) -> None:
    paid(world, agreed=10_000, claimed=9_000)
    world.gift(970, fee_minor=30, at=IN_APRIL)
    rows = {row.code: row for row in standing.trial_balance(*APRIL)}
    assert sum(row.opening_minor for row in rows.values()) == 0
    assert sum(row.debit_minor - row.credit_minor for row in rows.values()) == 0
    assert (rows["fund:general"].opening_minor, rows["fund:general"].credit_minor) == (-91_000, 970)
    for balance in Balance.objects.select_related("account"):
        assert rows[balance.account.code].closing_minor == -balance.posted_minor


def test_a_fund_opens_moves_and_closes(world: World) -> None:
    _claim, _commitment, journal = paid(world, agreed=10_000, claimed=9_000)
    world.gift(970, fee_minor=30, at=IN_APRIL)
    reverse_in_april(world, journal)
    march, april = (standing.fund_balances(*month, fund=world.general)[0] for month in (MARCH, APRIL))
    assert (march.opening_minor, march.closing_minor) == (0, 91_000)
    assert (dict(march.receipts), dict(march.spending)) == ({"gift": 100_000}, {"fee": 9_000})
    assert march.committed_minor == 1_000
    assert april.opening_minor == 91_000
    assert (dict(april.receipts), dict(april.spending)) == ({"gift": 970}, {"fee": -9_000})
    assert (april.closing_minor, april.committed_minor) == (100_970, 10_000)
    assert april.free_minor == free(world.general)


def test_figures_can_be_taken_as_of_a_journal(world: World) -> None:
    cut = standing.last_number()
    before = standing.trial_balance(*MARCH), standing.fund_balances(*MARCH), standing.case_costs()
    paid(world, agreed=10_000, claimed=9_000)
    world.gift(5)
    assert standing.trial_balance(*MARCH, upto=cut) == before[0]
    assert standing.fund_balances(*MARCH, upto=cut) == before[1]
    assert standing.case_costs(upto=cut) == before[2] == []
    assert standing.fund_balances(*MARCH) != before[1]


def test_a_case_shows_what_it_costs(world: World) -> None:
    world.fund("own", FundKind.CASE, 4_000, case_ids=[world.case_id])
    paid(world, agreed=10_000, claimed=9_000)
    [row] = standing.case_costs(case_id=world.case_id)
    assert (row.budget_minor, row.raised_minor, row.drawn_minor) == (50_000, 4_000, 6_000)
    assert (row.committed_minor, row.paid_minor, row.short_minor) == (1_000, 9_000, 40_000)
    assert standing.case_costs() == [row]
    reverse(world, Journal.objects.get(kind="payment"))
    [row] = standing.case_costs(ends_on=TODAY)
    assert (row.drawn_minor, row.committed_minor, row.paid_minor) == (6_000, 10_000, 0)


def test_a_case_whose_fund_holds_enough_is_not_short(world: World) -> None:
    world.fund("own", FundKind.CASE, 60_000, case_ids=[world.case_id])
    world.ceiling(fee=50_000)
    [row] = standing.case_costs()
    assert row.short_minor == 0


def test_empty_books_have_no_numbers(db: None) -> None:
    assert standing.last_number() == 0
    assert standing.trial_balance(*MARCH) == []


# Periods


def test_periods_close_in_a_row(world: World) -> None:
    later = AT.replace(month=6)
    march = periods.close_period(ends_on=MARCH[1], by=WORKER, at=later)
    assert (march.starts_on, march.journals) == (TODAY, Journal.objects.count())
    april = periods.close_period(ends_on=APRIL[1], by=WORKER, at=later)
    assert (april.starts_on, april.journals, april.posted_minor) == (APRIL[0], 0, 0)


@pytest.mark.parametrize(
    "ends_on", [TODAY, TODAY - datetime.timedelta(days=1)], ids=["not-over", "before-the-first"]
)
def test_a_period_must_be_over_and_hold_something(world: World, ends_on: datetime.date) -> None:
    with pytest.raises(periods.WrongPeriod):
        periods.close_period(ends_on=ends_on, by=WORKER, at=AT)


def test_empty_books_are_not_closed(db: None) -> None:
    with pytest.raises(periods.WrongPeriod):
        periods.close_period(ends_on=TODAY, by=WORKER, at=IN_APRIL)


# Funds


def test_a_code_names_one_fund(world: World) -> None:
    assert str(world.general) == "General fund"
    with pytest.raises(funds.CodeTaken):
        world.fund("general", FundKind.GENERAL)


def test_a_grant_adds_up(world: World) -> None:
    right = [grants.Line("Fees", 600, ("fee",)), grants.Line("Travel", 400, ("travel", "visit"))]
    for lines, instalments in ((right[:1], [(TODAY, 1_000)]), (right, [(TODAY, 500)])):
        with pytest.raises(grants.WrongInstalments):
            opened(world, lines, instalments)
    made = opened(world, right, [(TODAY, 700), (TODAY, 300)])
    assert made.fund.categories == ["fee", "travel", "visit"]
    assert made.fund.batches.get().kind == "grant"
    assert [line.number for line in made.lines.all()] == [1, 2]


def opened(world: World, lines: list[grants.Line], instalments: list[tuple[datetime.date, int]]) -> Grant:
    return grants.open_grant(
        code="g",
        name="G",
        funder="Example Foundation",
        agreement_ref="EF-2",
        amount_minor=1_000,
        starts_on=TODAY,
        ends_on=TODAY,
        lines=lines,
        instalments=instalments,
        conditions=["audit"],
        by=world.treasurer,
        at=AT,
    )


def test_an_instalment_is_received_once_and_again_after_a_reversal(world: World) -> None:
    grant(world, paid_minor=500)
    instalment = Grant.objects.get().instalments.get()
    receive: dict[str, Any] = {
        "instalment": instalment,
        "amount_minor": 450,
        "received_on": TODAY,
        "by": WORKER,
        "at": AT,
    }
    with pytest.raises(grants.AlreadyReceived):
        grants.receive_instalment(**receive)
    reverse(world, Journal.objects.get(kind="instalment"), ReasonCode.WRONG_AMOUNT)
    grants.receive_instalment(**receive)
    assert free(Fund.objects.get(code="grant")) == 450


def test_an_opening_balance_is_brought_forward_once(world: World) -> None:
    opening: dict[str, Any] = {
        "fund": world.general,
        "amount_minor": 7_000,
        "on": TODAY,
        "by": WORKER,
        "at": AT,
    }
    funds.book_opening_balance(**opening)
    assert free(world.general) == 107_000
    assert Batch.objects.get(kind="opening").closed_on == TODAY
    with pytest.raises(books.AlreadyBooked):
        funds.book_opening_balance(**opening)


def test_money_moves_between_funds_by_two_people(world: World) -> None:
    target = world.fund("spring", FundKind.CAMPAIGN)
    move: dict[str, Any] = {
        "source": world.general,
        "target": target,
        "amount_minor": 300,
        "by": world.treasurer,
        "at": AT,
    }
    with pytest.raises(NeedsSecondPerson):
        allocation.allocate_between_funds(**move)
    terms = allocation.allocation_terms(source=world.general, target=target, amount_minor=300)
    world.approve("allocation", world.general.id, terms)
    journal = allocation.allocate_between_funds(**move)
    assert (free(world.general), free(target)) == (99_700, 300)
    reverse(world, journal, ReasonCode.WRONG_FUND)
    assert (free(world.general), free(target)) == (100_000, 0)


def test_an_allocation_is_sound(world: World) -> None:
    target = world.fund("spring", FundKind.CAMPAIGN)
    move: dict[str, Any] = {"source": world.general, "by": world.treasurer, "at": AT}
    with pytest.raises(allocation.SameFund):
        allocation.allocate_between_funds(target=world.general, amount_minor=1, **move)
    with pytest.raises(WrongAmount):
        allocation.allocate_between_funds(target=target, amount_minor=0, **move)
    terms = allocation.allocation_terms(source=world.general, target=target, amount_minor=100_001)
    world.approve("allocation", world.general.id, terms)
    with pytest.raises(NotEnoughMoney):
        allocation.allocate_between_funds(target=target, amount_minor=100_001, **move)


def test_money_is_seen_by_those_who_may(world: World) -> None:
    paid(world, agreed=10_000, claimed=9_000)
    for viewer, sees in ((world.treasurer, True), (people.auditor(), True), (people.coordinator(), False)):
        assert Fund.objects.all().visible_to(viewer).exists() is sees
        assert Claim.objects.all().visible_to(viewer).exists() is sees


# Pure parts


def test_amounts_are_written_with_the_currencys_own_decimals() -> None:
    assert currencies.amount_text(-123_405, "EUR") == "-1234.05 EUR"
    assert currencies.decimal_text(1_500, "JPY") == "1500"
    assert currencies.decimal_text(1_500, "KWD") == "1.500"


def test_lots_give_no_more_than_they_hold() -> None:
    lots = drawing.Lots([("a", 5), ("b", 5)])
    assert lots.take(7) == [("a", 5), ("b", 2)]
    with pytest.raises(ValueError, match="hold less"):
        lots.take(4)


# hledger


def test_hledger_reads_the_export_and_agrees_to_the_cent(world: World, tmp_path: Path) -> None:
    everything(world)
    out = tmp_path / "books.journal"
    call_command("export_hledger", "--out", str(out), stdout=StringIO())
    subprocess.run(["hledger", "-f", str(out), "check", "--strict"], check=True, timeout=60)
    found = balances(out)
    expected = {
        hledger.account_name(kept.account): -kept.posted_minor
        for kept in Balance.objects.select_related("account")
        if kept.posted_minor
    }
    assert found == expected
    assert not out.with_name("books.journal.part").exists()


def test_the_export_can_stop_at_a_journal(world: World, tmp_path: Path) -> None:
    cut = standing.last_number()
    earlier = list(hledger.export())
    world.gift(5)
    heads = [line for line in hledger.export(upto=cut) if line[:1].isdigit()]
    assert heads == [line for line in earlier if line[:1].isdigit()]
    out = StringIO()
    call_command("export_hledger", stdout=out)
    assert f"({cut + 1}) gift" in out.getvalue()


def test_an_unwritable_place_is_said_in_one_line(world: World, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("export_hledger", "--out", str(tmp_path / "none" / "x"))


def everything(world: World) -> None:
    """One of each kind of journal."""
    world.gift(970, fee_minor=30, source_id="txn_a")
    gifts.book_refund(source_id="txn_b", gift_source_id="txn_a", amount_minor=1_000, by=WORKER, at=AT)
    gifts.book_payout(source_id="po_1", amount_minor=50_000, by=WORKER, at=AT)
    grant(world, paid_minor=500)
    funds.book_opening_balance(fund=world.general, amount_minor=7_000, on=TODAY, by=WORKER, at=AT)
    _claim, _commitment, journal = paid(world, agreed=10_000, claimed=9_000)
    reverse(world, journal)
    claim = Claim.objects.get()
    payments.pay_claim(claim=claim, by=world.treasurer, at=AT)
    grant_in_full(world)


def grant_in_full(world: World) -> None:
    """Ahead of an instalment, indirect costs, what is left: every journal of an agreement."""
    made = signed(world)
    limit(world, made, 20_000)
    received(world, made)
    commitment = world.commit(2_000)
    claim = world.approved(world.claim(2_000, commitment))
    payments.pay_claim(claim=claim, by=world.treasurer, at=AT)
    agreements.take_indirect(grant=made, amount_minor=100, target=world.general, by=world.treasurer, at=AT)
    over = {"grant": made, "amount_minor": 7_000}
    world.approve("allocation", made.id, agreements.return_terms(**over))
    agreements.return_unspent(on=AFTER.date(), by=world.treasurer, at=AT, **over)


def balances(journal: Path) -> dict[str, int]:
    """What hledger makes of each account, in minor units."""
    command = ["hledger", "-f", str(journal), "balance", "--flat", "--no-total", "-O", "csv"]
    text = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout
    rows = list(csv.reader(StringIO(text)))[1:]
    return {name: round(float(amount.removesuffix(" EUR")) * 100) for name, amount in rows}


def reverse_in_april(world: World, journal: Journal) -> None:
    from treasury.actions.corrections import reverse_journal

    reverse_journal(journal=journal, reason_code=ReasonCode.RETURNED, by=world.treasurer, at=IN_APRIL)
