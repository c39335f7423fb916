"""The content hash and the control totals, and what they depend on."""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from reports.render import RENDERERS
from reports.render.batches import TEXT_LIMIT, RowsChanged, WrongValue, clean_text
from reports.render.content import assemble, measure
from reports.render.document import (
    BadReport,
    Bar,
    Column,
    ControlSum,
    Document,
    Fact,
    Parameter,
    Row,
    Section,
)
from tests.render.rendering import rendered
from tests.render.samples import PERIOD, Ledger, ledger_section, sample


def columns(currency: str) -> tuple[Column, ...]:
    return (
        Column("on", "On", "date"),
        Column("what", "What", "text"),
        Column("sum", "Sum", "money", currency),
    )


def small_section(**changes: Any) -> Section:
    given: dict[str, Any] = {
        "key": "gifts",
        "title": "Gifts",
        "columns": (
            Column("on", "On", "date"),
            Column("what", "What", "text"),
            Column("sum", "Sum", "money", "EUR"),
        ),
        "rows": [(date(2026, 7, 1), 'a "quoted" дар', 1200), (None, "", -5)],
        "totals": (None, None, 1195),
        "facts": (Fact("all", "All", "money", 1195, "EUR"),),
        "bars": (Bar("x", "X", 7),),
    }
    return Section(**{**given, **changes})


def hash_of(section: Section, parameters: tuple[Parameter, ...] = (Parameter("fund", "Fund", "all"),)) -> str:
    return measure("trial-balance", PERIOD, parameters, [section])[1]


def test_an_outsider_computes_the_same_hash_from_the_description() -> None:
    lines: list[list[Any]] = [
        ["abarona-content-1", "trial-balance", "2026-07-01", "2026-09-30"],
        ["parameter", "fund", "all"],
        ["section", "gifts"],
        ["column", "on", "date", None, None],
        ["column", "what", "text", None, None],
        ["column", "sum", "money", "EUR", None],
        ["row", "2026-07-01", 'a "quoted" дар', 1200],
        ["row", None, None, -5],
        ["totals", None, None, 1195],
        ["fact", "all", "money", "EUR", 1195],
        ["bar", "x", None, 7],
    ]
    text = "".join(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n" for line in lines)
    assert hash_of(small_section()) == hashlib.sha256(text.encode()).hexdigest()


CHANGES: dict[str, dict[str, Any]] = {
    "a flipped amount": {"rows": [(date(2026, 7, 1), 'a "quoted" дар', 1201), (None, "", -5)]},
    "a changed letter": {"rows": [(date(2026, 7, 1), 'a "quoted" дары', 1200), (None, "", -5)]},
    "rows in another order": {"rows": [(None, "", -5), (date(2026, 7, 1), 'a "quoted" дар', 1200)]},
    "a row less": {"rows": [(date(2026, 7, 1), 'a "quoted" дар', 1200)]},
    "other totals": {"totals": (None, None, 1196)},
    "no totals": {"totals": None},
    "another fact": {"facts": (Fact("all", "All", "money", 1196, "EUR"),)},
    "another bar": {"bars": (Bar("x", "X", 8),)},
    "another key": {"key": "grants"},
    "another currency": {"columns": columns("USD")},
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_the_hash_changes_with_what_the_report_says(change: dict[str, Any]) -> None:
    assert hash_of(small_section(**change)) != hash_of(small_section())


def test_the_hash_changes_with_a_parameter() -> None:
    assert hash_of(small_section(), (Parameter("fund", "Fund", "medics"),)) != hash_of(small_section())


def test_the_hash_is_the_same_in_every_language_and_for_every_recipient() -> None:
    english, belarusian = sample(), sample(language="be", mark="copy 8")
    assert english.title != belarusian.title
    assert english.identity.content_hash == belarusian.identity.content_hash


def test_control_totals_are_the_sums_of_the_rows() -> None:
    rows = list(Ledger(120))
    control = sample(rows).control
    assert [each.row_count for each in control.sections] == [3, 120]
    assert control.row_count == 123
    expected = {("amount", "EUR"): sum(row[5] for row in rows)}  # type: ignore[misc]
    for currency in ("EUR", "JPY", "USD"):
        expected["original", currency] = sum(row[7] for row in rows if row[6] == currency)  # type: ignore[misc]
    assert {(each.column, each.currency): each.minor for each in control.sections[1].sums} == expected


def test_a_column_without_rows_has_a_control_total_of_nothing() -> None:
    control, _hash = measure("trial-balance", PERIOD, [], [small_section(rows=[])])
    assert control.sections[0].row_count == 0
    assert control.sections[0].sums == (ControlSum("sum", "EUR", 0),)


WRONG: dict[str, Row] = {
    "a float": (date(2026, 7, 1), "x", 1.5),  # type: ignore[dict-item]
    "a truth value": (date(2026, 7, 1), "x", True),
    "a moment": (datetime(2026, 7, 1, tzinfo=UTC), "x", 1),
    "a number as text": (date(2026, 7, 1), 5, 1),
    "too large": (date(2026, 7, 1), "x", 10**15),
    "too short": (date(2026, 7, 1), "x"),
    "a text as day": ("2026-07-01", "x", 1),
}


@pytest.mark.parametrize("row", WRONG.values(), ids=WRONG)
def test_a_value_of_the_wrong_kind_is_refused_without_naming_it(row: Row) -> None:
    with pytest.raises(WrongValue, match="section gifts") as refusal:
        hash_of(small_section(rows=[(date(2026, 7, 1), "secret", 1), row]))
    assert "secret" not in str(refusal.value)


def test_an_amount_without_currency_is_refused() -> None:
    row = (PERIOD[0], "V-1", "general", "x", 1, 5, None, 5)
    with pytest.raises(WrongValue, match="no currency"):
        sample([row])


CONTRADICTIONS: dict[str, Callable[[], object]] = {
    "one-way rows": lambda: small_section(rows=iter([])),
    "no columns": lambda: small_section(columns=(), totals=None),
    "a column twice": lambda: small_section(columns=(Column("a", "A", "text"),) * 2, totals=None),
    "totals that do not fit": lambda: small_section(totals=(1,)),
    "money without currency": lambda: Column("a", "A", "money"),
    "text with currency": lambda: Column("a", "A", "text", currency="EUR"),
    "a key that is none": lambda: Column("=a", "A", "text"),
    "an unknown kind": lambda: Column("a", "A", "float"),  # type: ignore[arg-type]
    "a currency column that is not there": lambda: small_section(
        columns=(Column("a", "A", "money", currency_from="b"),), totals=None
    ),
    "a section twice": lambda: assembled([small_section(), small_section()]),
}


@pytest.mark.parametrize("build", CONTRADICTIONS.values(), ids=CONTRADICTIONS)
def test_a_contradiction_is_refused(build: Callable[[], object]) -> None:
    with pytest.raises(BadReport):
        build()


def assembled(sections: list[Section]) -> Document:
    return assemble(
        report_type="trial-balance", title="T", subtitle="", description="", language="en", organisation="O",
        period=PERIOD, parameters=[], sections=sections, log_size=1, root_hex="0" * 64, ruleset_version="1",
        produced_from="test",
    )  # fmt: skip


class Shifting:
    """Rows that change after they were counted."""

    def __init__(self) -> None:
        self.walks = 0

    def __iter__(self) -> Iterator[Row]:
        self.walks += 1
        yield (PERIOD[0], "V-1", "general", "x", 1, 100 if self.walks == 1 else 101, "EUR", 100)


@pytest.mark.parametrize("name", RENDERERS)
def test_rows_that_change_after_counting_stop_every_format(name: str) -> None:
    with pytest.raises(RowsChanged):
        rendered(sample(Shifting()), name)


def test_text_is_cleaned_once_and_for_all() -> None:
    dirty = "a\r\nb\rc\x00\x0b\x1b[0m\u202e\u2066\ud800\ufffe"
    clean = clean_text(dirty)
    assert clean == "a\nb\nc\ufffd\ufffd\ufffd[0m\ufffd\ufffd\ufffd\ufffd"
    assert clean_text(clean) == clean
    assert clean_text("") is None
    long = clean_text("я" * (TEXT_LIMIT + 1)) or ""
    assert len(long) == TEXT_LIMIT
    assert long.endswith("…")


def test_every_field_of_the_description_can_be_replaced() -> None:
    document = sample()
    marked = replace(document, mark="copy 1")
    assert marked.identity == document.identity


def test_a_long_ledger_needs_no_list_of_rows() -> None:
    control, _hash = measure("ledger-extract", PERIOD, [], [ledger_section(Ledger(5000))])
    assert control.row_count == 5000
