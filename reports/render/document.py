"""A report to be rendered: plain values, no database, no language lookup.

Row values never depend on the reader's language (codes, integers, dates, the text as recorded); what the
reader sees beside them arrives as text in `label`, `title` and `Column.labels`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from reports.render.wording import Wording

Kind = Literal["text", "date", "money", "count", "code"]
KINDS: tuple[Kind, ...] = ("text", "date", "money", "count", "code")
Value = str | int | date | None
Row = tuple[Value, ...]

KEY = re.compile(r"[a-z][a-z0-9_-]{0,63}")
CURRENCY = re.compile(r"[A-Z]{3}")


class BadReport(ValueError):
    """The description of a report contradicts itself. The message names keys, never a value of a row."""


def require(condition: bool, complaint: str) -> None:
    """Raise `BadReport(complaint)` unless `condition`."""
    if not condition:
        raise BadReport(complaint)


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `key` is for machines and is hashed; `label` is for readers and is not.

    A money column holds integer minor units, either all in `currency`, or each in the currency that the row
    gives in its column `currency_from`. `labels` says how a code reads in the reader's language.
    """

    key: str
    label: str
    kind: Kind
    currency: str | None = None
    currency_from: str | None = None
    labels: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        require(bool(KEY.fullmatch(self.key)), f"column key {self.key!r} is not a plain key")
        require(self.kind in KINDS, f"column {self.key}: kind is not one of {', '.join(KINDS)}")
        sources = [source for source in (self.currency, self.currency_from) if source]
        require(len(sources) == (self.kind == "money"), f"column {self.key}: money needs one currency source")
        require(not self.currency or bool(CURRENCY.fullmatch(self.currency)), f"column {self.key}: currency")


@dataclass(frozen=True, slots=True)
class Fact:
    """One figure for the summary page. Money is integer minor units of `currency`."""

    key: str
    label: str
    kind: Kind
    value: Value
    currency: str | None = None

    def __post_init__(self) -> None:
        require(bool(KEY.fullmatch(self.key)), f"fact key {self.key!r} is not a plain key")
        require(bool(self.currency) == (self.kind == "money"), f"fact {self.key}: money needs a currency")


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a chart: a count, or minor units when `currency` is given. `key` may be any code."""

    key: str
    label: str
    value: int
    currency: str | None = None

    def __post_init__(self) -> None:
        require(bool(self.key), "a bar has no key")


@dataclass(frozen=True, slots=True)
class Section:
    """One table of the report.

    `rows` is walked several times (hash, then each format), so it must not be a one-way iterator.
    `totals` is aligned with `columns` and holds None where nothing is added up. `empty` is what stands
    where there are no rows; it is a label, and not hashed.
    """

    key: str
    title: str
    columns: tuple[Column, ...]
    rows: Iterable[Row]
    totals: Row | None = None
    note: str | None = None
    facts: tuple[Fact, ...] = ()
    bars: tuple[Bar, ...] = ()
    empty: str = ""

    def __post_init__(self) -> None:
        require(bool(KEY.fullmatch(self.key)), f"section key {self.key!r} is not a plain key")
        keys = [column.key for column in self.columns]
        require(bool(keys), f"section {self.key} has no columns")
        require(len(set(keys)) == len(keys), f"section {self.key} names a column twice")
        require(not isinstance(self.rows, Iterator), f"section {self.key}: rows can be walked only once")
        require(
            self.totals is None or len(self.totals) == len(keys), f"section {self.key}: totals do not fit"
        )
        codes = {column.key for column in self.columns if column.kind == "code"}
        sources = {column.currency_from for column in self.columns if column.currency_from}
        require(
            sources <= codes, f"section {self.key}: a money column names a currency column that is not here"
        )


@dataclass(frozen=True, slots=True)
class Parameter:
    """One choice that made the report: `value` is hashed, `shown` (or `value`) is read."""

    key: str
    label: str
    value: str
    shown: str = ""

    def __post_init__(self) -> None:
        require(bool(KEY.fullmatch(self.key)), f"parameter key {self.key!r} is not a plain key")


@dataclass(frozen=True, slots=True)
class ControlSum:
    """The sum of one money column of one section in one currency, in minor units."""

    column: str
    currency: str
    minor: int


@dataclass(frozen=True, slots=True)
class SectionControl:
    """Row count and sums of one section."""

    section: str
    row_count: int
    sums: tuple[ControlSum, ...] = ()


@dataclass(frozen=True, slots=True)
class ControlTotals:
    """What every format of one report must add up to."""

    sections: tuple[SectionControl, ...]

    @property
    def row_count(self) -> int:
        """Rows of all sections together."""
        return sum(section.row_count for section in self.sections)


@dataclass(frozen=True, slots=True)
class Identity:
    """Where the report was taken from and what it holds: the same in every format.

    `root_hex` is the Merkle root of the log at `log_size`; `content_hash` is defined in `content`;
    `produced_from` names the program and its version.
    """

    log_size: int
    root_hex: str
    ruleset_version: str
    content_hash: str
    row_count: int
    produced_from: str


@dataclass(frozen=True, slots=True)
class FunderForm:
    """A sheet in a funder's own layout, in front of a workbook, filled from sections of the report.

    `above` are labels and values; `tables` name a section and its columns in the funder's order; `below` are
    lines to sign or to confirm.
    """

    title: str
    above: tuple[tuple[str, str], ...]
    tables: tuple[tuple[str, tuple[str, ...]], ...]
    below: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A whole report in one language. Make it with `content.assemble`, which counts and hashes.

    `mark` names who asked for it; like every label, and like `form`, it lies outside the content hash.
    """

    type: str
    title: str
    subtitle: str
    description: str
    language: str
    organisation: str
    period: tuple[date, date]
    parameters: tuple[Parameter, ...]
    sections: tuple[Section, ...]
    control: ControlTotals
    identity: Identity
    wording: Wording = field(default_factory=Wording)
    mark: str = ""
    form: FunderForm | None = None

    def __post_init__(self) -> None:
        keys = [section.key for section in self.sections]
        require(len(set(keys)) == len(keys), "the report names a section twice")
        require(bool(KEY.fullmatch(self.type)), "the type of the report is not a plain key")
        require(self.period[0] <= self.period[1], "the period ends before it begins")
