"""What the four formats have in common."""

import tempfile
from dataclasses import replace
from pathlib import Path

import pytest

from reports.render import RENDERERS
from reports.render.batches import RowsChanged
from reports.render.document import Document
from tests.render.rendering import read, rendered
from tests.render.samples import NASTY, PERIOD, Ledger, nasty_rows, sample
from tests.render.test_content import Shifting

WITH_ROWS = ("xlsx", "csv", "json")
DOCUMENTS = {
    "english": {"language": "en"},
    "belarusian": {"language": "be"},
    "marked": {"mark": "Auditor, copy 3"},
}


@pytest.mark.parametrize("choice", DOCUMENTS.values(), ids=DOCUMENTS)
@pytest.mark.parametrize("name", RENDERERS)
def test_a_file_states_identity_and_control_totals(name: str, choice: dict[str, str]) -> None:
    document = sample(**choice)  # type: ignore[arg-type]
    found = read(rendered(document, name))
    assert found.format == name
    assert found.type == document.type
    assert found.language == document.language
    assert found.period == document.period
    assert found.identity == document.identity
    assert found.control == document.control
    assert found.mark == document.mark
    assert [(each.key, each.value) for each in found.parameters] == [("fund", "all"), ("unit", "EUR")]
    assert found.differences() == []


@pytest.mark.parametrize("name", WITH_ROWS)
def test_rows_come_back_as_they_were(name: str) -> None:
    document = sample(language="be")
    sections = read(rendered(document, name)).sections or ()
    assert [section.key for section in sections] == ["funds", "ledger"]
    for given, found in zip(document.sections, sections, strict=True):
        assert list(found.rows) == list(given.rows)
        assert found.totals == given.totals


@pytest.mark.parametrize("name", WITH_ROWS)
def test_texts_that_look_like_formulas_or_markup_come_back_as_they_were(name: str) -> None:
    rows = nasty_rows()
    sections = read(rendered(sample(rows), name)).sections or ()
    assert [row[3] for row in sections[1].rows] == NASTY
    assert list(sections[1].rows) == rows


@pytest.mark.parametrize("name", RENDERERS)
def test_the_same_report_gives_the_same_bytes(name: str) -> None:
    assert rendered(sample(language="be"), name) == rendered(sample(language="be"), name)


@pytest.mark.parametrize("name", RENDERERS)
def test_one_flipped_row_shows_in_every_format(name: str) -> None:
    rows = list(Ledger(120))
    flipped = [*rows[:77], (*rows[77][:5], 1, *rows[77][6:]), *rows[78:]]
    before, after = read(rendered(sample(rows), name)), read(rendered(sample(flipped), name))
    assert before.identity.content_hash != after.identity.content_hash
    assert before.control != after.control


@pytest.mark.parametrize("name", WITH_ROWS)
def test_a_report_without_rows_can_be_read(name: str) -> None:
    found = read(rendered(sample([]), name))
    assert found.control.sections[1].row_count == 0
    assert found.differences() == []


def with_forged_hash(document: Document) -> Document:
    return replace(document, identity=replace(document.identity, content_hash="0" * 64))


@pytest.mark.parametrize("name", WITH_ROWS)
def test_a_file_whose_rows_belie_its_hash_is_found_out(name: str) -> None:
    assert read(rendered(with_forged_hash(sample()), name)).differences() == ["content-hash"]


@pytest.mark.parametrize("name", WITH_ROWS)
def test_empty_cells_and_the_first_days_of_the_calendar_survive(name: str) -> None:
    rows = [
        (None, None, None, None, None, None, None, None),
        (PERIOD[0].replace(year=1899), "007", "medics", " spaced  ", 0, 0, "JPY", 0),
        (PERIOD[0].replace(year=1900, month=3, day=1), "", "other", "line\nbreak\ttab", -1, -1, "KWD", -1005),
    ]
    found = read(rendered(sample(rows), name))
    assert found.differences() == []
    assert list((found.sections or ())[1].rows) == [rows[0], rows[1], (*rows[2][:1], None, *rows[2][2:])]


@pytest.mark.parametrize("name", RENDERERS)
def test_no_file_is_left_behind(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    rendered(sample(), name)
    with pytest.raises(RowsChanged):
        rendered(sample(Shifting()), name)
    assert list(tmp_path.iterdir()) == []
