"""CSV: a plain table first, the facts about the report after it."""

import csv
from io import StringIO

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reports.render.formulas import neutralise, restore
from tests.render.rendering import rendered
from tests.render.samples import NASTY, nasty_rows, sample

RISKY_STARTS = tuple("=+-@＝＋－＠")


def lines_of(data: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(data.decode("utf-8-sig"), newline="")))


def test_spreadsheets_are_told_that_it_is_utf_8() -> None:
    assert rendered(sample(language="be"), "csv").startswith("\ufeffrecord,section,fund".encode())


def test_every_line_has_the_same_number_of_cells() -> None:
    assert {len(line) for line in lines_of(rendered(sample(), "csv"))} == {10}


def test_filtering_on_row_leaves_the_table() -> None:
    lines = lines_of(rendered(sample(), "csv"))
    assert lines[0][:7] == ["record", "section", "fund", "opening", "received", "spent", "closing"]
    assert lines[1][:7] == ["row", "funds", "general", "40000.00", "300000.00", "-250000.00", "90000.00"]
    assert len([line for line in lines if line[0] == "row"]) == 123


def test_amounts_follow_the_currency_of_their_row() -> None:
    rows = [line[7:10] for line in lines_of(rendered(sample(), "csv")) if line[:2] == ["row", "ledger"]]
    assert rows[:3] == [
        ["-200.00", "EUR", "-200.00"],
        ["-120.81", "USD", "-120.81"],
        ["-41.62", "JPY", "-42"],
    ]


def test_the_hash_stands_in_the_last_line() -> None:
    document = sample()
    last = lines_of(rendered(document, "csv"))[-1]
    assert last[:4] == ["report", "", "content_hash", document.identity.content_hash]


def cells_after_any_separator(line: str) -> list[str]:
    """What a spreadsheet may take for a cell, whatever its list separator is."""
    for separator in ";\t|\n":
        line = line.replace(separator, ",")
    return [cell.strip(' "') for cell in line.split(",")]


def test_no_text_begins_like_a_formula_whatever_the_separator() -> None:
    data = rendered(sample(nasty_rows()), "csv").decode("utf-8-sig")
    body = "\n".join(line for line in data.split("\r\n") if line.startswith("row,ledger"))
    risky = [cell for cell in cells_after_any_separator(body) if cell.startswith(RISKY_STARTS)]
    assert risky == ["-12.00"] * 2 * len(NASTY)


def test_labels_are_made_harmless_too() -> None:
    data = rendered(sample(mark="=1+1"), "csv").decode("utf-8-sig")
    assert "report,,mark,'=1+1," in data


TEXTS = st.text(st.sampled_from("=+-@'＝;,\t\n| \"aя1"), max_size=12)


@given(TEXTS)
@example("'=")
@example("''")
@example(";'=1")
@example('";=')
def test_neutralising_can_be_undone_and_leaves_no_formula(text: str) -> None:
    safe = neutralise(text)
    assert restore(safe) == text
    assert not any(cell.startswith(RISKY_STARTS) for cell in cells_after_any_separator(safe))


@pytest.mark.parametrize("text", ["Fees for the first instance", "BY-2026-0042", "a - b", "зварот у суд"])
def test_a_harmless_text_stays_as_it_is(text: str) -> None:
    assert neutralise(text) == text
