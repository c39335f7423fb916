"""Further reports: comparison, restatement, the funder's sheet, hledger, copies, what comes due."""

import csv
import datetime
import io
import shutil
import subprocess
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from openpyxl import load_workbook
from pypdf import PdfReader

from reports import actions, comparing, copies, definitions, explaining, restating
from reports.build import build
from reports.files import path_of
from reports.models import Download, IssuedFile, Snapshot
from reports.render.document import Document, Section
from reports.scope import Scope, position_now
from reports.types.registry import NeedsGrant, OnlyWhole
from reports.verification import problems, verify
from tests import people
from tests.reports.organisation import Q1, Q2, Organisation
from treasury import hledger, standing
from treasury.actions import agreements
from treasury.kinds import FundKind
from treasury.models import Account

pytestmark = pytest.mark.django_db
STATEMENT = ("funding-statement", "2026-01-01", "2026-03-31")


def command(folder: Path, kind: str, *days: str, **more: Any) -> dict[str, Path]:
    """Files by their ending, made by the command."""
    options = {"formats": "json", **more}
    call_command("build_report", kind, "--from", days[0], "--to", days[1], out=folder, stdout=io.StringIO(),
                 **options)  # fmt: skip
    return {path.suffix[1:]: path for path in folder.iterdir()}


def section(document: Document, key: str) -> Section:
    return next(one for one in document.sections if one.key == key)


def facts(document: Document, key: str) -> dict[str, Any]:
    return {fact.key: fact.value for fact in section(document, key).facts}


def test_a_changed_past_is_named_with_its_reason(tmp_path: Path) -> None:
    made = Organisation.made()
    command(tmp_path / "q1", *STATEMENT)
    scope = Scope("funding-statement", *Q2)
    first = restating.with_past(scope)
    assert first.reported is not None
    assert first.reported.ends_on == Q1[1]
    assert facts(build(first, position_now(), language="en"), "restatement")["changes"] == 0
    made.second_quarter()
    late, undone = made.late_gift(), made.undo()
    document = build(first, position_now(), language="en")
    rows = list(section(document, "restatement").rows)
    by_number = {row[0]: row for row in rows}
    assert set(by_number) == {late.number, undone.number}
    assert by_number[late.number][3:][:4] == ("late", "gift", None, "late")
    assert by_number[late.number][7:9] == (700, 0)
    assert by_number[undone.number][3:7] == ("reversal", "reversal", made.payment.number, "returned")
    assert by_number[undone.number][7:9] == (0, 11_500)
    told = facts(document, "restatement")
    assert told["known"] - told["told"] == 700
    opening = facts(document, "funds")["opening"]
    assert opening == told["known"]
    # Without a word about what was reported the change would be silent: that is what the section is for.
    silent = build(scope, position_now(), language="en")
    assert [one.key for one in silent.sections if one.key == "restatement"] == []
    assert facts(silent, "funds")["opening"] != told["told"]
    # The restatement is part of what is verified, and a fund that nothing touched shows none.
    files = command(tmp_path / "q2", "funding-statement", "2026-04-01", "2026-06-30", formats="json,csv")
    assert Snapshot.objects.latest("log_size").reported_to == Q1[1]
    for path in files.values():
        assert verify(path).ok
    assert list(problems()) == []
    untouched = Scope("funding-statement", *Q2, "reserve", reported=first.reported)
    assert facts(build(untouched, position_now(), language="en"), "restatement")["changes"] == 0


def test_the_period_before_stands_beside_this_one() -> None:
    whole = (datetime.date(2026, 2, 1), datetime.date(2026, 2, 28))
    assert comparing.period_before(*Q2) == Q1
    assert comparing.period_before(*whole) == (datetime.date(2026, 1, 1), datetime.date(2026, 1, 31))
    assert comparing.period_before(datetime.date(2026, 3, 5), datetime.date(2026, 3, 9)) == (
        datetime.date(2026, 2, 28),
        datetime.date(2026, 3, 4),
    )
    made = Organisation.made()
    made.second_quarter()
    document = build(Scope("funding-statement", *Q2, compare=True), position_now(), language="en")
    rows = {row[:2]: row[2:] for row in section(document, "comparison").rows}
    assert rows["funds", "received"] == (2_000, 164_970, -162_970)
    assert rows["spending", "rent"] == (1_500, 3_000, -1_500)
    trial = build(Scope("trial-balance", *Q2, compare=True), position_now(), language="en")
    assert list(section(trial, "comparison-counts").rows)


def test_a_grant_is_told_in_the_funders_lines_and_layout(tmp_path: Path) -> None:
    made = Organisation.made()
    scope = Scope("grant-report", *Q1, "north")
    document = build(scope, position_now(), language="en")
    lines = facts(document, "lines")
    assert lines["lines_less_books"] == 0
    spent = standing.fund_balances(*Q1, fund=made.grant.fund)[0].spending
    rows = {row[1]: row for row in section(document, "lines").rows}
    assert rows["Legal fees"][5] == spent["fee"] > 0
    assert rows["Travel; visits"][6] == 2_500 + 1_000
    assert facts(document, "supplementary")["supplementary_difference"] == 0
    assert facts(document, "eligibility")["not_eligible"] == 0
    states = {row[1]: row[6] for row in section(document, "variances").rows}
    assert states["Legal fees"] == "yes"
    explaining.explain_variance(
        line=made.grant.lines.get(number=1), ends_on=Q1[1], text="=Two hearings\ncame early",
        by=made.world.treasurer, at=people.START,
    )  # fmt: skip
    again = build(scope, position_now(), language="en")
    told = {row[1]: row[6:] for row in section(again, "variances").rows}
    assert told["Legal fees"] == ("given", "=Two hearings came early")
    files = command(tmp_path, "grant-report", "2026-01-01", "2026-03-31", fund="north", formats="xlsx,json")
    book = load_workbook(files["xlsx"])
    sheet = book.worksheets[0]
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert "Example Foundation" in [cell.value for cell in cells]
    assert "=Two hearings came early" in [cell.value for cell in cells if cell.data_type == "s"]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert 1_000.0 in [cell.value for cell in cells]
    assert verify(files["xlsx"]).ok
    for wrong in ("", "general"):
        with pytest.raises(NeedsGrant):
            actions.check(Scope("grant-report", *Q1, wrong), ["pdf"])
    with pytest.raises(OnlyWhole):
        actions.check(Scope("case-costs", *Q1, "general"), ["pdf"])
    for text, refusal in ((" \n", explaining.NothingSaid), ("x" * 501, explaining.TooLong)):
        with pytest.raises(refusal):
            explaining.explain_variance(
                line=made.grant.lines.get(number=1),
                ends_on=Q1[1],
                text=text,
                by=people.SETUP,
                at=people.START,
            )


def test_cases_and_running_costs_are_what_left_the_bank() -> None:
    made = Organisation.made()
    made.second_quarter()
    document = build(Scope("case-costs", *Q1), position_now(), language="en")
    assert facts(document, "together") == {"together": 18_530, "bank": 18_530, "difference": 0}
    [row] = section(document, "cases").rows
    [kept] = standing.case_costs(ends_on=Q1[1])
    assert row[1:] == (
        kept.budget_minor, kept.raised_minor, kept.drawn_minor, kept.committed_minor, kept.paid_minor,
        15_500, kept.short_minor,
    )  # fmt: skip
    assert made.world.fund("later", FundKind.CASE, case_ids=[made.world.case_id])
    world, back = made.world, {"grant": made.grant, "amount_minor": 7_000}
    world.approve("allocation", made.grant.id, agreements.return_terms(**back))
    over = made.grant.ends_on + datetime.timedelta(days=1)
    agreements.return_unspent(on=over, by=world.treasurer, at=people.START, **back)
    agreements.take_indirect(
        grant=made.grant, amount_minor=300, target=world.general, by=world.treasurer, at=people.START
    )
    returned = build(Scope("case-costs", Q1[0], over), position_now(), language="en")
    told = {row[0]: row[1] for row in section(returned, "together").rows}
    assert (told["shared"], told["returned"]) == (-300, 7_000)
    assert facts(returned, "together")["difference"] == 0


def test_hledger_agrees_with_the_extract(tmp_path: Path) -> None:
    made = Organisation.made()
    made.second_quarter()
    made.undo()
    files = command(tmp_path, "ledger-extract", "2026-04-01", "2026-06-30", formats="hledger,csv")
    journal = files["hledger"]
    subprocess.run(["hledger", "-f", str(journal), "check"], check=True, timeout=60)
    balance = ["hledger", "-f", str(journal), "balance", "--flat", "--no-total", "-O", "csv"]
    found = subprocess.run(balance, check=True, capture_output=True, text=True, timeout=60).stdout
    sums = {
        name: round(float(text.removesuffix(" EUR")) * 100)
        for name, text in list(csv.reader(io.StringIO(found)))[1:]
    }
    names = {row.code: hledger.account_name(row) for row in Account.objects.all()}
    closing = {names[row.code]: row.closing_minor for row in standing.trial_balance(*Q2) if row.closing_minor}
    assert sums == closing
    assert verify(journal).ok
    journal.write_bytes(journal.read_bytes().replace(b" 15.00 EUR", b" 15.01 EUR", 1))
    assert not verify(journal).ok
    with pytest.raises(CommandError):
        command(tmp_path, "trial-balance", "2026-04-01", "2026-06-30", formats="hledger")


def test_each_copy_bears_its_own_mark_outside_what_is_hashed(tmp_path: Path) -> None:
    Organisation.made()
    formats = ("pdf", "xlsx", "csv", "json", "hledger")
    command(tmp_path / "made", "ledger-extract", "2026-01-01", "2026-03-31", formats=",".join(formats))
    auditor = people.auditor()
    for file in IssuedFile.objects.all():
        taken = actions.take(file=file, by=auditor, at=people.START)
        copy = tmp_path / f"copy.{file.format}"
        copy.write_bytes(b"".join(copies.marked(path_of(file), file.format, taken.pk)))
        assert copy.read_bytes() != path_of(file).read_bytes()
        verdict = verify(copy)
        assert verdict.problems == []
        assert verdict.copy == taken.pk
        if file.format == "pdf":
            shown_on_each_page(copy, path_of(file), taken.pk)
        other = IssuedFile.objects.exclude(pk=file.pk).first()
        assert other is not None
        forged = b"".join(copies.marked(path_of(file), file.format, other.pk))
        copy.write_bytes(forged)
        assert verify(copy).problems == ["the mark of this copy belongs to no download"]
        whole = path_of(file).read_bytes()
        copy.write_bytes(whole[:-400] + bytes([whole[-400] ^ 1]) + whole[-399:])
        assert not verify(copy).ok
    assert Download.objects.count() == len(formats)
    assert load_workbook(tmp_path / "made" / "ledger-extract-2026-01-01-2026-03-31.xlsx").worksheets


def shown_on_each_page(copy: Path, issued: Path, taken: uuid.UUID) -> None:
    """The mark is read on every page of the copy and on none of the issued file; what draws it is checked."""
    pages = [page.extract_text() for page in PdfReader(copy).pages]
    assert len(pages) > 2
    assert all(f"copy {taken}" in page for page in pages)
    assert not any("copy " + str(taken)[:8] in page.extract_text() for page in PdfReader(issued).pages)
    if shutil.which("qpdf"):
        subprocess.run(["qpdf", "--check", str(copy)], check=True, capture_output=True, timeout=60)
    whole = copy.read_bytes()
    assert whole.startswith(issued.read_bytes())
    copy.write_bytes(whole.replace(b"0.33 g (copy", b"0.33 g (c0py"))
    assert verify(copy).problems[-1] == "no file with these bytes was issued here"
    copy.write_bytes(whole)


def test_a_saved_report_comes_due_until_it_is_issued() -> None:
    treasurer = people.treasurer()
    scope = Scope("trial-balance", datetime.date(2026, 1, 1), datetime.date(2026, 1, 1), compare=True)
    terms: dict[str, Any] = {
        "name": "Quarterly", "formats": ["json"], "language": "en", "rhythm": "quarter", "due_days": 20,
        "by": treasurer, "at": people.START,
    }  # fmt: skip
    with pytest.raises(definitions.NoWholeMonth):
        definitions.save_definition(scope=Scope("trial-balance", *[datetime.date(2026, 1, 2)] * 2), **terms)
    saved = definitions.save_definition(scope=scope, **terms)
    assert definitions.waiting(Q1[1]) == []
    [due] = definitions.waiting(datetime.date(2026, 7, 2))
    assert (due.starts_on, due.ends_on, due.due_on) == (*Q1, datetime.date(2026, 4, 20))
    wanted = definitions.scope_for(due)
    assert wanted.compare
    job = actions.ask_report(
        scope=wanted, formats=["json"], language="en", definition=saved, by=treasurer, at=people.START
    )
    from reports import tasks

    tasks.run(job.pk)
    assert Snapshot.objects.get().definition == saved
    [later] = definitions.waiting(datetime.date(2026, 7, 2))
    assert (later.starts_on, later.ends_on) == Q2
    assert restating.last_reported(definitions.scope_for(later), saved.pk) is not None
    definitions.close_definition(definition=saved, by=treasurer, at=people.START)
    assert definitions.waiting(datetime.date(2026, 7, 2)) == []
    with pytest.raises(definitions.DefinitionClosed):
        definitions.close_definition(definition=saved, by=treasurer, at=people.START)
