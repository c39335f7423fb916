"""XLSX: typed cells, nothing that runs, sheets that every spreadsheet opens."""

import zipfile
from datetime import datetime
from io import BytesIO

import pytest
from openpyxl import Workbook, load_workbook

from reports.render import section_sheet
from reports.render.document import Column
from reports.render.sheets import SheetNames, codes_from_shown, shown_codes
from tests.render.rendering import read, rendered
from tests.render.samples import NASTY, Ledger, nasty_rows, sample


def book_of(data: bytes) -> Workbook:
    return load_workbook(BytesIO(data))


def test_the_first_sheet_says_what_this_is() -> None:
    document = sample(mark="Board secretary")
    book = book_of(rendered(document, "xlsx"))
    assert book.sheetnames == ["About this report", "Funds", "Every transfer", "Data"]
    texts = {
        cell for row in book.worksheets[0].iter_rows(values_only=True) for cell in row if cell is not None
    }
    assert {
        document.title,
        document.organisation,
        document.identity.content_hash,
        document.identity.root_hex,
    } <= texts
    assert {48_932, 123, -300_440.18, 163_666.0} <= texts
    assert "Copy for Board secretary" in texts


def test_cells_are_typed() -> None:
    sheet = book_of(rendered(sample(), "xlsx")).worksheets[2]
    row = sheet[3]
    assert [cell.value for cell in row] == [
        datetime(2026, 7, 2),  # noqa: DTZ001 - a spreadsheet knows no zones
        "V-000001",
        "Medical staff, campaign",
        "Зварот у суд апеляцыйнай інстанцыі: ганарар і паездка ўтрох за ноч",
        1,
        -120.81,
        "USD",
        -120.81,
    ]
    assert [cell.number_format for cell in row[5:8]] == ["#,##0.00", "General", "#,##0.00"]
    assert sheet[4][7].number_format == "#,##0"
    assert row[0].number_format == "yyyy-mm-dd"
    assert sheet.freeze_panes == "A2"
    assert sheet.print_title_rows == "$1:$1"


def test_nothing_from_the_data_is_a_formula_or_a_link() -> None:
    data = rendered(sample(nasty_rows(), mark="=1+1"), "xlsx")
    kinds = {
        cell.data_type for sheet in book_of(data).worksheets for row in sheet.iter_rows() for cell in row
    }
    assert kinds <= {"inlineStr", "s", "n", "d"}
    with zipfile.ZipFile(BytesIO(data)) as archive:
        sheets = [archive.read(name).decode() for name in archive.namelist() if "worksheets/sheet" in name]
    assert len(sheets) == 4
    assert not any("<f>" in sheet or "hyperlink" in sheet for sheet in sheets)
    assert "&lt;b&gt;bold&lt;/b&gt;" in sheets[2]
    assert "&amp;amp;" in sheets[2]


def test_a_text_that_looks_like_the_writers_own_markup_is_a_text() -> None:
    text = "<r><t>gone</t></r>"
    rows = [(*nasty_rows()[0][:3], text, *nasty_rows()[0][4:])]
    data = rendered(sample(rows), "xlsx")
    assert book_of(data).worksheets[2]["D2"].value == text
    assert read(data).differences() == []


def test_rows_beyond_a_sheet_go_on_in_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(section_sheet, "ROWS_PER_SHEET", 51)
    document = sample(list(Ledger(120)))
    data = rendered(document, "xlsx")
    book = book_of(data)
    assert book.sheetnames[2:5] == ["Every transfer", "Every transfer (2)", "Every transfer (3)"]
    assert [sheet["A1"].value for sheet in book.worksheets[2:5]] == ["Booked on"] * 3
    assert [sheet.max_row for sheet in book.worksheets[2:5]] == [51, 51, 22]
    found = read(data)
    assert found.differences() == []
    assert list((found.sections or ())[1].rows) == list(document.sections[1].rows)


def test_the_totals_stand_below_the_rows() -> None:
    sheet = book_of(rendered(sample(), "xlsx")).worksheets[1]
    assert [cell.value for cell in sheet[5]] == ["Total", 51_200, 412_906.18, -300_440.18, 163_666]


def test_the_clock_leaves_no_mark_in_the_file() -> None:
    with zipfile.ZipFile(BytesIO(rendered(sample(), "xlsx"))) as archive:
        properties = archive.read("docProps/core.xml").decode()
        moments = {part.date_time[0] for part in archive.infolist()}
    assert properties.count("2000-01-01T00:00:00Z") == 2  # created and modified
    assert moments == {1980}


def test_sheet_names_are_what_every_spreadsheet_accepts() -> None:
    names = SheetNames()
    taken = [names.take(title, "key") for title in ("a/b:c*[d]?\\", "''", "x" * 40, "X" * 40, "History", "")]
    assert taken == ["a b c  d", "key", "x" * 31, "X" * 27 + " (2)", "History (2)", "key (2)"]


def test_every_code_can_be_told_from_what_is_shown() -> None:
    column = Column("c", "C", "code", labels={"a": "Same", "b": "Same", "c": "Other", "d": ""})
    shown, back = shown_codes(column), codes_from_shown(column)
    codes = ["a", "b", "c", "d", "Same", "Other", "unknown", "[Other]"]
    assert len({shown(code) for code in codes}) == len(codes) - 1  # a code in brackets is as good as none
    assert [back(shown(code)) for code in codes[:-1]] == codes[:-1]


def test_texts_of_attack_are_there_to_be_read() -> None:
    sheet = book_of(rendered(sample(nasty_rows()), "xlsx")).worksheets[2]
    assert [cell.value for cell in sheet["D"][1 : len(NASTY)]] == NASTY[:-1]
