"""An issued report on a page: figures, bars and tables, each figure with the way to what is behind it."""

import datetime
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.translation import get_language

from reports import figures
from reports.build import RULES
from reports.models import Snapshot
from reports.render.document import Column, Row, Section, Value
from reports.render.figures import amount, count, money, short_day
from reports.types import TYPES
from reports.types.registry import ReportType

# Longer reports are for reading in their files.
MOST_ROWS = 1_500


@dataclass(frozen=True)
class Cell:
    """One value in the reader's language; ``url`` leads to what it is made of."""

    text: str
    head: str
    numeric: bool
    url: str = ""


@dataclass(frozen=True)
class Line:
    """A label, its figure, and for a bar its length of the longest."""

    label: str
    text: str
    url: str = ""
    value: int = 0
    of: int = 0


@dataclass
class Shown:
    """One section as the page shows it."""

    key: str
    title: str
    note: str
    heads: list[Cell]
    labels: dict[str, str]
    empty: str = ""
    facts: list[Line] = field(default_factory=list)
    bars: list[Line] = field(default_factory=list)
    rows: list[list[Cell]] = field(default_factory=list)
    totals: list[Cell] = field(default_factory=list)


def shown(snapshot: Snapshot) -> list[Shown] | None:
    """The sections of a report in the language that is active.

    None of one too long for a page, and of one that other rules made: computed now, it would be another.
    """
    kind = TYPES.get(snapshot.type)
    if kind is None or snapshot.row_count > MOST_ROWS or snapshot.ruleset != RULES:
        return None
    _scope, _position, made = figures.rebuilt(snapshot)
    return [_section(snapshot, kind, section) for section in made]


def _section(snapshot: Snapshot, kind: ReportType, section: Section) -> Shown:
    language = get_language() or "en"

    def way(row: str, key: str, *, fact: bool = False) -> str:
        total = row == figures.TOTAL and not fact
        if not figures.is_traced(kind, section, key, fact=fact, total=total):
            return ""
        return reverse("desk:report-figure", args=[snapshot.pk, section.key, row, key])

    heads = [Cell(head_of(column), "", column.kind in ("money", "count")) for column in section.columns]
    labels = {column.key: column.label for column in section.columns}
    found = Shown(section.key, section.title, section.note or "", heads, labels, section.empty)
    for fact in section.facts:
        url = way(figures.TOTAL, fact.key, fact=True)
        found.facts.append(Line(fact.label, value_text(fact.value, fact.currency, language), url))
    longest = max((abs(bar.value) for bar in section.bars), default=0)
    for bar in section.bars:
        text = value_text(bar.value, bar.currency, language)
        found.bars.append(Line(bar.label, text, "", max(bar.value, 0), longest))
    for number, row in enumerate(section.rows):
        found.rows.append(_cells(section, row, language, lambda key, at=str(number): way(at, key)))
    if section.totals is not None:
        found.totals = _cells(section, section.totals, language, lambda key: way(figures.TOTAL, key))
    return found


def _cells(section: Section, row: Row, language: str, way: object) -> list[Cell]:
    keys = [column.key for column in section.columns]
    cells = []
    for column, value in zip(section.columns, row, strict=True):
        currency = column.currency
        if column.currency_from:
            currency = str(row[keys.index(column.currency_from)])
        url = way(column.key) if callable(way) and column.kind == "money" and value is not None else ""
        text = cell_text(column, value, currency, language)
        cells.append(Cell(text, head_of(column), column.kind in ("money", "count"), url))
    return cells


def head_of(column: Column) -> str:
    """The heading of a column with its currency."""
    return f"{column.label}, {column.currency}" if column.currency else column.label


def cell_text(column: Column, value: Value, currency: str | None, language: str) -> str:
    """A value of a table as its reader writes it."""
    if value is None:
        return ""
    if column.kind == "money" and isinstance(value, int):
        return amount(value, currency, language)
    if column.kind == "code":
        return column.labels.get(str(value), str(value))
    return value_text(value, None, language)


def value_text(value: Value, currency: str | None, language: str) -> str:
    """A figure that stands alone."""
    if value is None:
        return "–"
    if isinstance(value, int):
        return money(value, currency, language) if currency else count(value, language)
    return short_day(value, language) if isinstance(value, datetime.date) else value
