"""Formulas and markup in every text that can reach a report do nothing in any format."""

import csv
import io
import json
import zipfile
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from openpyxl import load_workbook
from pypdf import PdfReader

from audit import guards
from reports import explaining
from reports.build import build
from reports.render import RENDERERS, SPECIAL_RENDERERS
from reports.render.content import assemble
from reports.render.document import Bar, Column, Document, Fact, FunderForm, Parameter, Row, Section
from reports.render.read_back import read_report
from reports.scope import Scope, position_now
from reports.types import TYPES
from tests import people
from tests.render.samples import NASTY, PERIOD, ROOT
from tests.reports.organisation import Q1, Organisation
from tests.reports.test_coverage_report import add
from tests.treasury.world import raw

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
EVERYTHING = {**RENDERERS, **SPECIAL_RENDERERS}


def hostile(bad: str) -> Document:
    """A ledger extract in which every text is hostile."""
    columns = (
        Column("journal", bad, "count"),
        Column("booked_on", bad, "date"),
        Column("event_kind", bad, "code", labels={bad: bad}),
        Column("state", bad, "code"),
        Column("debit", bad, "text"),
        Column("credit", bad, "text"),
        Column("currency", bad, "code"),
        Column("amount", bad, "money", currency_from="currency"),
        *(Column(key, bad, "text") for key in ("category", "fund", "case", "event")),
    )
    row: Row = (1, PERIOD[0], bad, "post", bad, bad + "x", "EUR", 100, bad, bad, bad, bad)
    section = Section(
        "transfers", bad, columns, [row], note=bad,
        facts=(Fact("said", bad, "text", bad),), bars=(Bar(bad, bad, 3),),
    )  # fmt: skip
    return assemble(
        report_type="ledger-extract", title=bad, subtitle=bad, description=bad, language="en",
        organisation=bad, period=PERIOD, parameters=[Parameter("fund", bad, bad, bad)], sections=[section],
        log_size=9, root_hex=ROOT, ruleset_version="2", produced_from=bad, mark=bad,
        form=FunderForm(bad, ((bad, bad),), (("transfers", ("journal", "debit", "amount")),), (bad,)),
    )  # fmt: skip


def rendered(document: Document, name: str) -> bytes:
    out = io.BytesIO()
    EVERYTHING[name](document, out)
    return out.getvalue()


@pytest.mark.parametrize("bad", NASTY)
def test_hostile_texts_are_only_texts(bad: str) -> None:
    document = hostile(bad)
    for name in EVERYTHING:
        content = rendered(document, name)
        again = read_report(io.BytesIO(content))
        assert again.identity == document.identity
        assert again.differences() == []
    book = load_workbook(io.BytesIO(rendered(document, "xlsx")))
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert "f" not in kinds
    with zipfile.ZipFile(io.BytesIO(rendered(document, "xlsx"))) as archive:
        sheets = [archive.read(name) for name in archive.namelist() if "worksheets/" in name]
    assert not any(b"<f>" in sheet or b"<hyperlink" in sheet for sheet in sheets)
    text = rendered(document, "csv").decode("utf-8-sig")
    assert not [cell for line in text.splitlines() for cell in line.split(",") if cell.startswith("=")]
    assert json.loads(rendered(document, "json"))["title"]
    page = PdfReader(io.BytesIO(rendered(document, "pdf")))
    assert page.metadata is not None
    assert not [
        one for one in page.pages if any("/URI" in str(note.get_object()) for note in one.get("/Annots", []))
    ]
    journal = rendered(document, "hledger").decode()
    lines = [
        line for line in journal.splitlines()[1:] if line and not line.startswith(("account", "commodity"))
    ]
    assert len(lines) == 4  # decimal-mark, one heading, two postings
    assert all(
        char not in journal.split("\n", 1)[1] for char in "<>=\t(')\"|&{}".replace("(", "").replace(")", "")
    )


# Every plain column that a report prints, by its table. None of it is free of what somebody typed.
TYPED = {
    "treasury_fund": ("name",),
    "treasury_grant": ("funder", "agreement_ref"),
    "treasury_grantline": ("title",),
    "treasury_historicalgrantline": ("title",),
    "reports_explanation": ("text",),
    "cases_historicalcourt": ("region",),
    "cases_case": ("reference",),
}
MARK = "=cmd|' /C calc'!A0<b>&amp;\t+1"


@pytest.mark.django_db
@pytest.mark.broken_books("texts are changed behind the program")
def test_what_people_typed_is_harmless_in_every_report_and_format(settings: Any) -> None:
    """Every type of report, from books in which each text that somebody typed is hostile."""
    made = Organisation.made()
    add(days=[Q1[0]], who="none", by=people.SETUP, at=people.START)
    explaining.explain_variance(
        line=made.grant.lines.get(number=1), ends_on=Q1[1], text="x", by=people.SETUP, at=people.START
    )
    position = position_now()
    settings.ORGANISATION_NAME = MARK
    guards.remove(connection)
    for table, names in TYPED.items():
        for name in names:
            own = "id" if connection.vendor == "sqlite" else "id::text"
            tail = f" || substr({own}, 1, 6)" if name == "reference" else ""
            raw(f"update {table} set {name} = %s{tail}", MARK)
    guards.install(connection)
    seen = set()
    for kind in TYPES.values():
        fund = {"grant-report": "north", "donor-letter": "general"}.get(kind.key, "")
        document = build(Scope(kind.key, *Q1, fund), position, language="be", mark=MARK)
        for name in (*RENDERERS, *kind.also_formats):
            content = rendered(document, name)
            assert read_report(io.BytesIO(content)).differences() == []
            seen |= {kind.key} if harmless(name, content) else set()
    assert {"funding-statement", "grant-report", "case-costs", "coverage", "ledger-extract"} <= seen


def harmless(name: str, content: bytes) -> bool:
    """Whether the hostile text is there; it must be nothing but a text."""
    if name == "xlsx":
        book = load_workbook(io.BytesIO(content))
        cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
        assert "f" not in {cell.data_type for cell in cells}
        return any(str(cell.value or "").startswith("=cmd") for cell in cells)
    if name == "csv":
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
        assert not [cell for row in rows for cell in row if cell.startswith(("=", "@"))]
        return any(cell.startswith("'=cmd") for row in rows for cell in row)
    if name == "json":
        return MARK in content.decode().replace("\\t", "\t")
    if name == "pdf":
        text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
        return "<b>&amp;" in text
    assert "=cmd" not in content.decode().split("\n", 1)[1]
    return False


def test_only_a_ledger_is_an_hledger_journal() -> None:
    document = hostile("a")
    other = replace(document.sections[0], key="other")
    with pytest.raises(ValueError, match="ledger extract"):
        rendered(replace(document, sections=(other,)), "hledger")
