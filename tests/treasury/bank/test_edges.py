"""What banks rarely send and people rarely choose."""

import datetime
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.treasury.bank.banking import NOW, Bank
from tests.treasury.bank.camt_files import Entry, document, read
from tests.treasury.bank.test_formats import GOOD, MT940
from tests.treasury.bank.test_money_out import claim_of, made
from tests.treasury.test_agreements import signed
from treasury import payment_files
from treasury.actions import payments
from treasury.actions.claims import approve_claim
from treasury.actions.payees import add_payee
from treasury.actions.payments import PayeeUnchecked, SoleApprover
from treasury.actions.periods import close_period
from treasury.bank import (
    accounts,
    booking,
    camt,
    camt_tree,
    importing,
    matching,
    mt940_file,
    overlap,
    reconciliation,
)
from treasury.bank.candidates import Pool
from treasury.bank.matching import Candidate, CandidateKind, Facts, Reason
from treasury.bank.models import BankAccount, BankLine, BankStatement, MatchKind, OpenLine
from treasury.bank.shape import Statement, UnreadableStatement
from treasury.kinds import Category, PayeeKind, ReasonCode, VoucherKind
from treasury.models import Claim, Instalment

DAY = datetime.date(2026, 3, 10)
OLD = MT940.format(mark="C", closing="110,00")


# Files


@pytest.mark.parametrize(
    "content",
    [
        GOOD.replace(b"<IBAN>LT601010012345678901</IBAN>", b""),
        GOOD.replace(b'<Ntry><Amt Ccy="EUR">1.00</Amt>', b"<Ntry>"),
        GOOD.replace(b"<BookgDt><Dt>2026-03-03</Dt></BookgDt><ValDt><Dt>2026-03-03</Dt></ValDt>", b""),
        GOOD.replace(b'</Tp><Amt Ccy="EUR">0.00</Amt>', b"</Tp>"),
        GOOD[: GOOD.index(b"<Stmt>")] + b"</BkToCstmrStmt></Document>",
        OLD.replace(":25:DE89370400440532013000\n", ":25:\n").encode(),
    ],
    ids=["no-account", "no-amount", "no-date", "no-balance", "no-statement", "no-account-in-mt940"],
)
def test_what_says_too_little_is_refused(content: bytes) -> None:
    with pytest.raises(UnreadableStatement):
        read(content)


def test_more_lines_than_a_statement_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(camt, "MOST_LINES", 0)
    monkeypatch.setattr(mt940_file, "MOST_LINES", 0)
    for content in (GOOD, OLD.encode()):
        with pytest.raises(UnreadableStatement, match="unreadable") as refused:
            read(content)
        assert "more lines" in refused.value.text


def test_a_line_that_the_parser_drops_is_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    parse = mt940_file.parse_statements

    def forgetful(*arguments: Any, **more: Any) -> Any:
        found = parse(*arguments, **more)
        for one in found:
            one.transactions.clear()
        return found

    assert len(read(OLD.encode())[0].lines) == 1
    monkeypatch.setattr(mt940_file, "parse_statements", forgetful)
    with pytest.raises(UnreadableStatement) as refused:
        read(OLD.encode())
    assert "cannot be understood" in refused.value.text


def test_letters_of_other_alphabets_are_read_somehow() -> None:
    for letter in (b"\xe4", b"\x81"):  # cp1252 has no letter for the second
        raw = OLD.encode().replace(b"GABE AN DEN FONDS", b"GABE F" + letter + b"R")
        assert read(raw)[0].lines[0].text.startswith("GABE F")
    assert "WORDS" not in read(OLD.replace("?00GUTSCHRIFT", "?00GUT?xyWORDS").encode())[0].lines[0].text


def test_money_of_another_currency_without_a_rate() -> None:
    def line_of(amount: str) -> Any:
        details = (
            f'<TxDtls><AmtDtls><InstdAmt><Amt Ccy="USD">{amount}</Amt></InstdAmt></AmtDtls>'
            "<CdtDbtInd>CRDT</CdtDbtInd></TxDtls>"
        )
        return read(document([Entry("2026-03-03", 920, details=details)]))[0].lines[0]

    assert (line_of("10.00").original_minor, line_of("10.00").rate) == (1_000, "0.92")
    assert line_of("0.00").rate == ""
    assert (camt_tree.rate_text("about one"), camt_tree.rate_text("0.920")) == ("", "0.92")


# Matching


def scored(**candidate: Any) -> matching.Scored:
    facts = Facts(
        amount_minor=-1_000, booked_on=DAY, references=frozenset({"R"}), payees=frozenset(),
        hints=frozenset(), reversal=False,
    )  # fmt: skip
    words = {"kind": CandidateKind.CLAIM, "key": "a", "amount_minor": -1_000, "expected_on": DAY}
    return matching.score(facts, Candidate(**{**words, **candidate}))


def test_points() -> None:
    other_amount = scored(reference="R", amount_minor=-5_000)
    assert (other_amount.sure, Reason.REFERENCE in other_amount.reasons) == (False, True)
    assert scored(amount_minor=-5_000).score == 0
    long_ago = scored(expected_on=DAY - datetime.timedelta(days=60))
    assert long_ago.score == 50
    again = scored(expected_on=DAY - datetime.timedelta(days=60), seen_before=True)
    assert again.score == 60
    assert Reason.BEFORE in again.reasons


def test_a_statement_without_balances_or_lines() -> None:
    bare = Statement("A", "EUR", "1", None, None, None, None, ())
    assert overlap.closing_day(bare) == datetime.date.min
    (lines,) = read(document([Entry("2026-03-03", 100)], opening_minor=None))
    assert overlap.closing_day(lines) == datetime.date(2026, 3, 3)
    assert overlap.closing_day(read(GOOD)[0]) == datetime.date(2026, 3, 31)


def test_files_without_balances_count_towards_the_next(bank: Bank) -> None:
    before = bank.balance
    bank.send(Entry("2026-03-03", 100), opening_minor=None)
    assert BankStatement.objects.filter(closing_minor=None).count() == 1
    bank.balance = before + 100
    bank.send(Entry("2026-03-05", 50))
    bank.send()  # nothing moved
    gaps, _first, last = reconciliation.chain(bank.account, datetime.date(2026, 4, 1))
    assert (gaps, last.closing_minor) == ([], 100_150)


def test_a_gap_between_two_statements_of_one_file_is_seen_before_importing(bank: Bank) -> None:
    first = read(
        document([Entry("2026-04-03", 100)], opening_minor=100_000, days=("2026-04-01", "2026-04-05"))
    )
    second = read(
        document([Entry("2026-04-08", 70)], opening_minor=100_400, days=("2026-04-06", "2026-04-09"))
    )
    looked = importing.look_over([*first, *second])
    assert [row.gap_minor for row in looked.rows] == [0, 300]
    assert "a gap of 3.00 EUR" in looked.problems[-1]


# Booking


def refused(bank: Bank, error: type[Exception], **choice: Any) -> None:
    with pytest.raises(error):
        booking.accept(line=bank.line(), **choice, by=bank.world.treasurer, at=NOW)


def test_what_is_chosen_must_be_there_and_fit(bank: Bank) -> None:
    bank.send(Entry("2026-03-04", -3_000))
    refused(bank, booking.NotThere, kind="nothing", key="")
    refused(bank, booking.NotThere, kind=CandidateKind.CLAIM, key="no id")
    refused(bank, booking.NotThere, kind=CandidateKind.COST, key=Category.FEE.value)
    cost: dict[str, Any] = {"kind": MatchKind.COST, "by": bank.world.treasurer, "at": NOW}
    with pytest.raises(booking.MoreThanOpen):
        booking.book_line_as(line=bank.line(), **cost)
    done = booking.book_line_as(line=bank.line(), category=Category.RENT, **cost)
    assert done.amount_minor == -3_000
    refused(bank, booking.MoreThanOpen, kind=CandidateKind.OWN, key="main")
    bank.send(Entry("2026-03-05", 3_000))
    with pytest.raises(booking.MoreThanOpen):
        booking.book_line_as(line=bank.line(), category=Category.RENT, **cost)


def test_an_instalment_is_suggested_and_booked(bank: Bank) -> None:
    signed(bank.world)
    due = Instalment.objects.order_by("due_on")[0]
    bank.send(Entry("2026-03-03", due.amount_minor, "first part"))
    assert bank.accept_best(bank.line()).kind == MatchKind.INSTALMENT
    due.refresh_from_db()
    assert due.received_on is not None


def test_a_match_of_what_was_booked_before_only_loses_its_line(bank: Bank) -> None:
    journal = payments.book_running_cost(
        source_id="by-hand", category=Category.RENT, amount_minor=2_000, voucher_kind=VoucherKind.BANK_NOTE,
        on=datetime.date(2026, 3, 4), by=bank.world.treasurer, at=NOW,
    )  # fmt: skip
    bank.send(Entry("2026-03-04", -2_000))
    match = bank.accept_best(bank.line())
    assert (match.journal, match.booked_here) == (journal, False)
    booking.undo_match(match=match, reason_code=ReasonCode.OTHER, by=bank.world.treasurer, at=NOW)
    assert bank.open_minor(bank.line()) == -2_000


def test_in_a_closed_month_a_match_is_undone_today(bank: Bank) -> None:
    bank.send(Entry("2026-03-04", -2_000))
    cost: dict[str, Any] = {"kind": MatchKind.COST, "category": Category.RENT}
    match = booking.book_line_as(line=bank.line(), **cost, by=bank.world.treasurer, at=NOW)
    close_period(ends_on=datetime.date(2026, 3, 31), by=bank.world.treasurer, at=NOW)
    done = booking.undo_match(match=match, reason_code=ReasonCode.OTHER, by=bank.world.treasurer, at=NOW)
    assert done.undone_in.booked_on == NOW.date()


def test_a_sure_match_that_the_books_refuse_waits_and_says_why(
    bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = accounts.make_reference(fund=bank.world.general, by=bank.world.treasurer, at=NOW).code

    def refuse(**_choice: Any) -> None:
        raise booking.NotThere()

    monkeypatch.setattr(booking, "accept", refuse)
    assert bank.send(Entry("2026-03-04", 2_500, code)).accepted == 0
    assert OpenLine.objects.get(line=bank.line()).refused == booking.NotThere.code


def test_an_account_without_lines_has_what_the_books_moved(bank: Bank) -> None:
    bank.send(account="50000000054910000003")
    fresh = BankAccount.objects.get(code="")
    assert Pool.of(fresh).shared == []
    accounts.connect_account(account=fresh, code="savings", by=bank.world.treasurer, at=NOW)
    assert not BankLine.objects.filter(account=fresh).exists()
    assert isinstance(Pool.of(BankAccount.objects.get(code="savings")).shared, list)


def test_an_outgoing_line_with_a_gifts_reference_suggests_no_gift(bank: Bank) -> None:
    code = accounts.make_reference(fund=bank.world.general, by=bank.world.treasurer, at=NOW).code
    bank.send(Entry("2026-03-04", -2_500, code))
    kinds = {found.candidate.kind for found in bank.suggestions(bank.line())}
    assert CandidateKind.GIFT not in kinds


# Payment files


def altered(claim: Claim, change: Callable[[Claim], None]) -> str:
    change(claim)
    return str(payment_files.why_not(claim))


def test_why_a_claim_cannot_go_into_a_file(bank: Bank) -> None:
    claim = claim_of(bank, 1_000)
    assert altered(claim, lambda one: None) == ""
    assert "Not in euro" in altered(claim, lambda one: setattr(one, "currency", "USD"))
    assert "Nobody has checked" in altered(claim, lambda one: setattr(one.payee, "checked_on", None))


def test_a_file_is_refused_as_a_payment_would_be(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(payment_files.NothingToPay):
        made(bank)
    good = claim_of(bank, 1_000)
    account = BankAccount.objects.get(code="main")
    nowhere: dict[str, Any] = {"execute_on": DAY, "by": bank.world.treasurer, "at": NOW}
    account.code = ""
    with pytest.raises(payment_files.NoBankAccount):
        payment_files.make_payment_file(claims=[good], account=account, **nowhere)
    unchecked = add_payee(
        kind=PayeeKind.COUNSEL, name="Invented", country="DE", iban="DE02120300000000202051",
        by=bank.world.treasurer, at=NOW,
    )  # fmt: skip
    with pytest.raises(PayeeUnchecked):
        made(bank, bank.approved_claim(1_000, payee=unchecked))
    alone = bank.world.claim(1_000, by=bank.world.second)
    bank.world.tariff((Category.FEE, "", 10_000))
    alone = approve_claim(claim=alone, by=bank.world.treasurer, at=NOW)
    if not alone.second_by:
        with pytest.raises(SoleApprover):
            made(bank, alone)
    with pytest.raises(payment_files.FileNotValid):
        payment_files._iban("DE00", payment_files.FileNotValid)
    monkeypatch.setattr(payment_files._File, "export", broken)
    with pytest.raises(payment_files.FileNotValid):
        made(bank, good)
    monkeypatch.undo()
    file = made(bank, good)
    assert file.pk == file.record.pk


def broken(*_arguments: Any, **_more: Any) -> bytes:
    raise payment_files.ValidationError("no")


def test_the_command_speaks_in_lines_too(bank: Bank, tmp_path: Path) -> None:
    file = tmp_path / "statement.xml"
    off = document([Entry("2026-03-04", 300)], opening_minor=100_000, closing_minor=100_900)
    file.write_bytes(off)
    out = StringIO()
    call_command("import_bank_statement", str(file), "--dry-run", stdout=out)
    assert "1 would be new" in out.getvalue()
    assert "look at this: " in out.getvalue()
    assert "were matched" not in out.getvalue()
    file.write_bytes(b"<html></html>")
    with pytest.raises(CommandError, match="cannot be read as a bank statement"):
        call_command("import_bank_statement", str(file))
