"""Formulas and markup in every text that can reach a report do nothing in any format."""

import io
import json
import zipfile
from dataclasses import replace

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from reports.render import RENDERERS, SPECIAL_RENDERERS
from reports.render.content import assemble
from reports.render.document import Bar, Column, Document, Fact, FunderForm, Parameter, Row, Section
from reports.render.read_back import read_report
from tests.render.samples import NASTY, PERIOD, ROOT

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


def test_only_a_ledger_is_an_hledger_journal() -> None:
    document = hostile("a")
    other = replace(document.sections[0], key="other")
    with pytest.raises(ValueError, match="ledger extract"):
        rendered(replace(document, sections=(other,)), "hledger")
