"""From a line on a statement to the books and back."""

import datetime
import json
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from audit import guards
from tests.treasury.bank.banking import NOW, Bank
from tests.treasury.bank.camt_files import Entry, document
from tests.treasury.world import free, key, raw, totals
from treasury import laws
from treasury.actions.clearing import book_payout_sent
from treasury.actions.payees import add_payee, check_payee
from treasury.actions.payments import pay_claim
from treasury.bank import accounts, booking, entries, reconciliation
from treasury.bank.laws import LAWS
from treasury.bank.matching import CandidateKind
from treasury.bank.models import BankLine, BankStatement, Match, MatchKind, OpenLine
from treasury.kinds import Category, ClaimStatus, PayeeKind, ReasonCode
from treasury.models import Journal, Transfer
from vault.fields import SealedField
from vault.reading import reading

_STATEMENT = "bank-account-is-statement"


def test_statements_are_unique_and_overlaps_are_harmless(bank: Bank) -> None:
    first = [Entry("2026-03-03", -450, "coffee"), Entry("2026-03-03", -450, "coffee")]
    bank.send(*first)
    before = BankLine.objects.count()
    # The same days once more with one line that is new.
    longer = bank.send(*first, Entry("2026-03-04", -100, "tea"), opening_minor=bank.balance + 900)
    assert (longer.rows[0].known_lines, longer.rows[0].new_lines, longer.problems) == (2, 1, [])
    assert BankLine.objects.count() == before + 1
    again = bank.send(*first, Entry("2026-03-04", -100, "tea"), opening_minor=bank.balance + 1_000)
    assert (again.rows[0].new_lines, again.problems) == (0, [])
    # Where a file begins where the last one ended, an equal line of the same day is a third coffee.
    more = bank.send(Entry("2026-03-04", -450, "coffee"), Entry("2026-03-04", -450, "coffee"))
    assert (more.rows[0].new_lines, more.problems) == (2, [])
    gaps, _first, _last = reconciliation.chain(bank.account, datetime.date(2026, 4, 1))
    assert gaps == []


def test_the_same_days_in_another_format_are_not_taken_twice(bank: Bank) -> None:
    bank.send(Entry("2026-03-03", -2_000, "words of one format", "R1"))
    other = bank.send(Entry("2026-03-03", -2_000, "WORDS OF ANOTHER"), opening_minor=bank.balance + 2_000)
    assert (other.rows[0].new_lines, other.problems) == (0, [])


def test_a_gap_and_a_file_that_does_not_add_up_are_said(bank: Bank) -> None:
    report = bank.send(Entry("2026-03-05", -100), opening_minor=bank.balance - 7_000)
    assert report.rows[0].gap_minor == -7_000
    assert "a gap of -70.00 EUR" in report.problems[0]
    code = accounts.make_reference(fund=bank.world.general, by=bank.world.treasurer, at=NOW).code
    off = bank.send(Entry("2026-03-06", 500, code), closing_minor=bank.balance + 900)
    assert "does not add up: closing is 4.00 EUR" in off.problems[0]
    assert off.accepted == 0  # nothing books itself from a file that is not whole
    row = reconciliation.of_account(bank.account, datetime.date(2026, 3, 31))
    assert [gap.amount_minor for gap in row.gaps] == [-7_000, 400]
    assert (row.open_minor, row.unexplained_minor) == (400, 0)


def test_an_unknown_account_waits_until_somebody_connects_it(bank: Bank) -> None:
    bank.send(Entry("2026-03-03", -100), account="50000000054910000003", opening_minor=100)
    line = BankLine.objects.select_related("account").get(account__code="", amount_minor=-100)
    with pytest.raises(booking.AccountNotConnected):
        booking.book_line_as(line=line, kind=MatchKind.SUSPENSE, by=bank.world.treasurer, at=NOW)
    for name in ("main", "in-transit", "x-fx", "Not Good"):
        with pytest.raises(accounts.CodeInUse):
            accounts.connect_account(account=line.account, code=name, by=bank.world.treasurer, at=NOW)
    accounts.connect_account(account=line.account, code="savings", by=bank.world.treasurer, at=NOW)
    with pytest.raises(accounts.ConnectedBefore):
        accounts.connect_account(account=line.account, code="other", by=bank.world.treasurer, at=NOW)


def test_a_gift_with_its_reference_needs_no_human(bank: Bank) -> None:
    code = accounts.make_reference(fund=bank.world.general, by=bank.world.treasurer, at=NOW).code
    text = f"gift {code[:3].lower()} {code[3:].replace('0', 'O').replace('1', 'I')} with thanks"
    before = free(bank.world.general)
    assert bank.send(Entry("2026-03-04", 2_500, text, name="Invented Giver")).accepted == 1
    match = Match.objects.get(kind=MatchKind.GIFT)
    assert (match.kind, match.score, free(bank.world.general) - before) == (MatchKind.GIFT, 100, 2_500)
    wrong = code[:-1] + ("2" if code[-1] != "2" else "3")
    assert bank.send(Entry("2026-03-05", 2_500, f"gift {wrong}")).accepted == 0
    assert bank.open_minor(bank.line()) == 2_500


def test_a_claim_is_suggested_accepted_returned_and_paid_anew(bank: Bank) -> None:
    payee = check_payee(
        payee=add_payee(
            kind=PayeeKind.COUNSEL, name="Invented", country="DE", iban="DE02120300000000202051",
            by=bank.world.treasurer, at=NOW,
        ),
        by=bank.world.second,
        at=NOW,
    )  # fmt: skip
    claim = bank.approved_claim(10_000, payee=payee)
    bank.send(Entry("2026-03-04", -10_000, "invoice", name="Invented", iban="DE02120300000000202051"))
    paid = bank.line()
    assert paid.subject_id == payee.id
    best = bank.suggestions(paid)[0]
    assert (best.candidate.kind, best.score, best.sure) == (CandidateKind.CLAIM, 95, False)
    match = bank.accept_best(paid)
    claim.refresh_from_db()
    assert (claim.status, claim.paid_on, match.claim) == (ClaimStatus.RECONCILED, paid.booked_on, claim)
    with pytest.raises(booking.NotThere):
        booking.accept(line=paid, kind="claim", key=str(claim.pk), by=bank.world.treasurer, at=NOW)
    bank.send(Entry("2026-03-09", 10_000, "RETURNED account closed", reversal=True))
    assert bank.accept_best(bank.line()).kind == MatchKind.RETURN
    claim.refresh_from_db()
    assert (claim.status, claim.paid_in) == (ClaimStatus.APPROVED, None)
    bank.send(Entry("2026-03-12", -10_000, "second try"))
    bank.accept_best(bank.line())
    claim.refresh_from_db()
    assert claim.status == ClaimStatus.RECONCILED


def test_a_payment_booked_by_hand_gets_its_line_and_loses_it(bank: Bank) -> None:
    claim = bank.approved_claim(8_000)
    pay_claim(claim=claim, on=datetime.date(2026, 3, 30), by=bank.world.treasurer, at=NOW)
    march = reconciliation.of_account(bank.account, datetime.date(2026, 3, 31))
    assert (march.difference_minor, march.unseen_minor, march.unexplained_minor) == (8_000, -8_000, 0)
    bank.send(Entry("2026-04-02", -8_000))
    match = bank.accept_best(bank.line())
    claim.refresh_from_db()
    assert (match.booked_here, claim.status) == (False, ClaimStatus.RECONCILED)
    march = reconciliation.of_account(bank.account, datetime.date(2026, 3, 31))
    assert (march.difference_minor, march.unexplained_minor) == (8_000, 0)
    assert reconciliation.of_account(bank.account, datetime.date(2026, 4, 30)).difference_minor == 0
    undone = {"match": match, "reason_code": ReasonCode.OTHER, "by": bank.world.treasurer, "at": NOW}
    booking.undo_match(**undone)
    claim.refresh_from_db()
    assert claim.status == ClaimStatus.PAID
    with pytest.raises(booking.UndoneBefore):
        booking.undo_match(**undone)


def test_a_payout_on_its_way_arrives(bank: Bank) -> None:
    bank.world.gift(5_000)
    book_payout_sent(source_id="po_2", amount_minor=5_000, by=bank.world.treasurer, at=NOW)
    bank.send(Entry("2026-04-30", 5_000, "STRIPE"))
    match = bank.accept_best(bank.line())
    assert (match.kind, match.settles.key) == (MatchKind.PAYOUT, "payout-sent:po_2")
    assert totals("clearing:transit")[0] == totals("clearing:transit")[2] == 5_000
    booking.undo_match(match=match, reason_code=ReasonCode.OTHER, by=bank.world.treasurer, at=NOW)
    assert bank.accept_best(bank.line()).journal_id != match.journal_id


def test_a_line_is_split_and_every_part_can_be_something(bank: Bank) -> None:
    bank.send(Entry("2026-03-04", -10_000, "office rent and fee"))
    line = bank.line()
    book = {"line": line, "by": bank.world.treasurer, "at": NOW}
    booking.book_line_as(kind=MatchKind.COST, category=Category.RENT, amount_minor=6_000, **book)
    booking.book_line_as(kind=MatchKind.COST, category=Category.BANK_FEE, amount_minor=1_000, **book)
    with pytest.raises(booking.MoreThanOpen):
        booking.book_line_as(kind=MatchKind.COST, category=Category.RENT, amount_minor=3_001, **book)
    with pytest.raises(entries.OnlyIncoming):
        booking.book_line_as(kind=MatchKind.GIFT, fund=bank.world.general, **book)
    with pytest.raises(entries.NotByHand):
        booking.book_line_as(kind=MatchKind.CLAIM, **book)
    for kind in (MatchKind.TRANSFER, MatchKind.CASH, MatchKind.SUSPENSE):
        booking.book_line_as(kind=kind, amount_minor=1_000, **book)
    assert bank.open_minor(line) == 0
    assert totals("suspense:main")[0] == totals("cash:main")[0] == totals("bank:in-transit")[0] == 1_000
    bank.send(Entry("2026-03-05", 700, "interest"))
    with pytest.raises(entries.FundMissing):
        booking.book_line_as(line=bank.line(), kind=MatchKind.INCOME, by=bank.world.treasurer, at=NOW)
    booking.book_line_as(
        line=bank.line(), kind=MatchKind.INCOME, fund=bank.world.general, by=bank.world.treasurer, at=NOW
    )


def test_a_match_is_undone_by_reversal_and_booked_right(bank: Bank) -> None:
    bank.send(Entry("2026-03-04", -6_000, "who knows"))
    line = bank.line()
    rent = {"kind": MatchKind.COST, "category": Category.RENT}
    match = booking.book_line_as(line=line, **rent, by=bank.world.treasurer, at=NOW)
    booking.undo_match(
        match=match, reason_code=ReasonCode.WRONG_AMOUNT, note="was a salary", by=bank.world.treasurer, at=NOW
    )
    match.refresh_from_db()
    assert (match.undone_in.reverses_id, match.undone_in.booked_on) == (match.journal_id, line.booked_on)
    assert bank.open_minor(line) == -6_000
    booking.book_line_as(
        line=line, kind=MatchKind.COST, category=Category.SALARY, by=bank.world.treasurer, at=NOW
    )
    assert reconciliation.of_account(bank.account, datetime.date(2026, 3, 31)).difference_minor == 0


def test_money_between_our_accounts_meets_on_the_way(bank: Bank) -> None:
    other = "DE89370400440532013000"
    bank.send(Entry("2026-03-01", 1, "opening"), account=other, opening_minor=0)
    savings = BankLine.objects.select_related("account").get(account__code="").account
    accounts.connect_account(account=savings, code="savings", by=bank.world.treasurer, at=NOW)
    bank.send(Entry("2026-03-04", -20_000, "to savings", name="Us", iban=other))
    assert bank.suggestions(bank.line())[0].candidate.kind == CandidateKind.OWN
    bank.accept_best(bank.line())
    report = bank.send(
        Entry("2026-03-05", 20_000, "from main", name="Us", iban="LT601010012345678901"),
        account=other,
        opening_minor=1,
    )
    line = BankLine.objects.select_related("account", "left").get(statement=report.rows[0].stored)
    bank.accept_best(line)
    assert totals("bank:in-transit")[0] == totals("bank:in-transit")[2] == 20_000
    assert totals("bank:savings")[0] == 20_000


def test_another_currency_waits_for_its_rate(bank: Bank) -> None:
    bank.send(
        Entry("2026-03-04", 10_000, "gift"), account="CH9300762011623852957", currency="USD", opening_minor=0
    )
    line = BankLine.objects.select_related("account", "left").get(currency="USD")
    accounts.connect_account(account=line.account, code="usd", by=bank.world.treasurer, at=NOW)
    line = BankLine.objects.select_related("account", "left").get(currency="USD")
    booked: dict[str, Any] = {
        "kind": MatchKind.GIFT,
        "fund": bank.world.general,
        "by": bank.world.treasurer,
        "at": NOW,
    }
    with pytest.raises(booking.RateMissing):
        booking.book_line_as(line=line, **booked)
    rate = {"line": line, "rate_on": line.booked_on, "source": "ecb", "by": bank.world.treasurer, "at": NOW}
    exchange = accounts.enter_rate(rate=Decimal("0.9215"), **rate)
    moved = Transfer.objects.filter(journal=exchange.journal).order_by("line")
    assert [(row.currency, row.amount_minor) for row in moved] == [("USD", 10_000), ("EUR", 9_215)]
    with pytest.raises(accounts.NoRateNeeded):
        accounts.enter_rate(rate=Decimal("0.92"), **rate)
    before = free(bank.world.general)
    booking.book_line_as(line=line, **booked)
    assert free(bank.world.general) - before == 9_215
    assert reconciliation.foreign_minor(line.account, line.booked_on) == 10_000
    bank.send(
        Entry("2026-03-05", -5_000), account="CH9300762011623852957", currency="USD", opening_minor=10_000
    )
    second = BankLine.objects.select_related("account", "left").get(currency="USD", amount_minor=-5_000)
    with pytest.raises(accounts.RateLooksWrong) as refused:
        accounts.enter_rate(**{**rate, "line": second}, rate=Decimal("9.2"))
    assert "0.9215" in refused.value.text
    accounts.enter_rate(**{**rate, "line": second}, rate=Decimal("9.2"), sure=True)


def test_what_must_never_be_is_refused_by_the_database(bank: Bank) -> None:
    bank.send(Entry("2026-03-04", -6_000))
    line = bank.line()
    match = booking.book_line_as(line=line, kind=MatchKind.SUSPENSE, by=bank.world.treasurer, at=NOW)
    quoted = {"line": key(line.id), "match": key(match.id)}
    for sql, value in (
        ("update treasury_bankline set amount_minor = 1 where id = %s", quoted["line"]),
        ("delete from treasury_bankline where id = %s", quoted["line"]),
        ("update treasury_bankstatement set closing_minor = 1 where id = %s", key(line.statement_id)),
        ("update treasury_openline set open_minor = 1 where line_id = %s", quoted["line"]),
        ("update treasury_openline set open_minor = -6001 where line_id = %s", quoted["line"]),
        ("update treasury_match set undone_by = 'x' where id = %s", quoted["match"]),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            raw(sql, value)


def told_by_pages() -> int:
    """What the pages of reconciliation leave without a reason, as of the last day of all."""
    last = datetime.date.max
    return sum(abs(row.unexplained_minor) for row in reconciliation.accounts_on(last))


@pytest.mark.broken_books("lines, journals and matches are changed to see that law and pages agree")
def test_the_law_of_the_bank_says_what_its_pages_say(bank: Bank) -> None:
    bank.send(Entry("2026-03-05", -100), opening_minor=bank.balance - 7_000)
    bank.approved_claim(8_000)
    bank.send(Entry("2026-03-09", -8_000))
    bank.accept_best(bank.line())
    bank.send(Entry("2026-03-10", 500))
    pay_claim(claim=bank.approved_claim(3_000), by=bank.world.treasurer, at=NOW)  # no line shows it yet
    assert (LAWS["bank-account-is-statement"](), told_by_pages()) == (0, 0)
    guards.remove(connection)
    paid = "(select id from treasury_journal where kind = 'payment')"
    for statement, off in (
        ("update treasury_match set amount_minor = amount_minor + 7", 14),
        (f"update treasury_transfer set amount_minor = amount_minor + 7 where journal_id in {paid}", 7),
        ("update treasury_bankline set amount_minor = amount_minor + 7", 0),
        ("update treasury_bankstatement set closing_minor = closing_minor + 7", 0),
        ("update treasury_match set undone_at = matched_at, undone_by = 'x', reason_code = 'other'", 0),
    ):
        with transaction.atomic():
            raw(statement)
            assert (LAWS["bank-account-is-statement"](), told_by_pages()) == (off, off), statement
            transaction.set_rollback(True)


@pytest.mark.broken_books("lines and books are changed in another currency")
def test_an_account_in_another_currency_is_its_lines(bank: Bank) -> None:
    bank.send(Entry("2026-03-04", 10_000), account="CH9300762011623852957", currency="USD", opening_minor=0)
    line = BankLine.objects.select_related("account", "left").get(currency="USD")
    by = {"by": bank.world.treasurer, "at": NOW}
    accounts.connect_account(account=line.account, code="usd", **by)
    line = BankLine.objects.select_related("account", "left").get(currency="USD")
    accounts.enter_rate(line=line, rate=Decimal("0.9"), rate_on=line.booked_on, source="ecb", **by)
    line = BankLine.objects.select_related("account", "left").get(currency="USD")
    booking.book_line_as(line=line, kind=MatchKind.SUSPENSE, **by)
    assert {name for name in LAWS if LAWS[name]()} == set()
    guards.remove(connection)
    for statement, name in (
        ("update treasury_bankline set amount_minor = amount_minor + 7 where currency = 'USD'", _STATEMENT),
        ("update treasury_transfer set amount_minor = amount_minor + 7 where currency = 'USD'", _STATEMENT),
        ("update treasury_match set amount_minor = 9007 where amount_minor = 9000", "bank-matches-as-booked"),
    ):
        with transaction.atomic():
            raw(statement)
            assert LAWS[name]() == 7
            transaction.set_rollback(True)


@pytest.mark.broken_books("each law of the bank is broken to see that it says so")
def test_each_law_of_the_bank_catches_its_break(bank: Bank) -> None:
    claim = bank.approved_claim(8_000)
    bank.send(Entry("2026-03-04", -8_000))
    match = bank.accept_best(bank.line())
    bank.world.gift(5_000)
    book_payout_sent(source_id="po_2", amount_minor=5_000, by=bank.world.treasurer, at=NOW)
    bank.send(Entry("2026-04-30", 5_000, "STRIPE"))
    payout = bank.accept_best(bank.line())
    assert {name: LAWS[name]() for name in LAWS} == dict.fromkeys(LAWS, 0)
    assert set(LAWS) <= set(laws.LAWS)

    def broken() -> set[str]:
        return {name for name in LAWS if LAWS[name]()}

    with transaction.atomic():
        raw("update treasury_match set amount_minor = -7999 where id = %s", key(match.id))
        assert broken() == {"bank-lines-add-up", "bank-matches-as-booked", "bank-account-is-statement"}
        transaction.set_rollback(True)
    with transaction.atomic():
        raw("update treasury_match set amount_minor = 4000 where id = %s", key(payout.id))
        assert "payouts-as-arrived" in broken()
        transaction.set_rollback(True)
    with transaction.atomic():
        raw("update treasury_claim set status = 'paid' where id = %s", key(claim.id))
        assert broken() == {"reconciled-claims-have-lines"}
        transaction.set_rollback(True)


def test_words_of_people_are_sealed_and_leave_no_plain_trace(bank: Bank) -> None:
    mark = "Zyxwolf Invented"
    bank.send(Entry("2026-03-04", 2_500, f"from {mark}", name=mark, iban="DE02120300000000202051"))
    line = bank.line()
    assert line.subject_id == line.id  # a giver can be forgotten alone
    assert isinstance(BankLine._meta.get_field("words"), SealedField)
    with connection.cursor() as cursor:
        for table in ("treasury_bankline", "treasury_bankstatement", "treasury_openline", "audit_event"):
            cursor.execute(f"select * from {table}")
            text = str(cursor.fetchall())
            assert mark not in text
            assert "DE0212" not in text
    with reading("staff:test", "test") as opened:
        assert BankLine.objects.get(pk=line.pk).words["name"] == mark
    assert not opened.opened  # recorded


def test_the_command_imports_once_and_says_so(bank: Bank, tmp_path: Path) -> None:
    file = tmp_path / "statement.xml"
    file.write_bytes(document([Entry("2026-03-04", 300), Entry("2026-03-05", -100)], opening_minor=100_000))
    counted = (BankStatement.objects.count(), Journal.objects.count())

    def told(*more: str) -> dict[str, Any]:
        out = StringIO()
        call_command("import_bank_statement", str(file), "--json", *more, stdout=out)
        found: dict[str, Any] = json.loads(out.getvalue())
        return found

    figures = {"statements": 1, "lines": 2, "credit_minor": 300, "debit_minor": 100, "errors": []}
    assert told("--dry-run").items() >= (figures | {"new_lines": 2}).items()
    assert (BankStatement.objects.count(), Journal.objects.count()) == counted
    assert told("--as", "cedar").items() >= (figures | {"new_lines": 2}).items()
    assert told().items() >= (figures | {"new_lines": 0}).items()
    assert OpenLine.objects.all().waiting().count() == 2
    words = StringIO()
    call_command("import_bank_statement", str(file), stdout=words)
    assert "2 lines (known before), 3.00 EUR in, 1.00 EUR out" in words.getvalue()
    for arguments, status in (([str(file), "--as", "birch"], 2), ([str(tmp_path / "none")], 2)):
        with pytest.raises(CommandError) as refused:
            call_command("import_bank_statement", *arguments)
        assert refused.value.returncode == status
    file.write_bytes(b"<html></html>")
    with pytest.raises(CommandError) as refused:
        told()
    assert refused.value.returncode == 1
