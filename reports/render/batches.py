"""Rows of a section, checked and in canonical form, column by column in batches.

Every format and the content hash read rows through here, so they cannot disagree. Working on whole columns
keeps the cost near that of the built-in functions.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date
from itertools import islice

from reports.render.document import Column, ControlSum, Document, Row, Section, SectionControl, Value

BATCH_ROWS = 2000
TEXT_LIMIT = (
    16_000  # characters; a spreadsheet cell holds 32,767 units of UTF-16, two for the rarest characters
)
NUMBER_LIMIT = 10**15  # beyond this a spreadsheet's number is no longer exact

Columns = list[tuple[Value, ...]]

NOTHING = type(None)
# Control characters break XML, direction overrides show one figure as another, lone surrogates break UTF-8.
UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


class WrongValue(ValueError):
    """A row does not fit its columns. Names the place, never the value."""


class RowsChanged(RuntimeError):
    """The rows differ from those that were counted and hashed for this report; make the report again."""


def clean_text(text: str) -> str | None:
    """Canonical text: LF for line ends, U+FFFD for what cannot be printed, cut at 16,000, None if empty."""
    plain = str.__str__(text).replace("\r\n", "\n").replace("\r", "\n")
    plain = UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", plain)
    return (plain if len(plain) <= TEXT_LIMIT else plain[: TEXT_LIMIT - 1] + "…") or None


def batches(section: Section) -> Iterator[Columns]:
    """The columns of up to 2,000 rows at a time. Raises `WrongValue` for a row that does not fit."""
    rows, start, width = iter(section.rows), 0, len(section.columns)
    while chunk := list(islice(rows, BATCH_ROWS)):
        if set(map(len, chunk)) != {width}:
            raise WrongValue(
                f"section {section.key}: a row among {start + 1} and next has not {width} values"
            )
        columns = zip(section.columns, zip(*chunk, strict=True), strict=True)
        yield [_canonical(section, column, values, start) for column, values in columns]
        start += len(chunk)


def counted_batches(document: Document, section: Section) -> Iterator[Columns]:
    """`batches`, and `RowsChanged` at the end if they do not add up to the document's control totals."""
    tally = Tally(section)
    for columns in batches(section):
        tally.add(columns)
        yield columns
    if tally.control() not in document.control.sections:
        raise RowsChanged(f"section {section.key}")


def canonical_row(section: Section, row: Row) -> Row:
    """One row (the totals) in canonical form."""
    pairs = zip(section.columns, row, strict=True)
    return tuple(_canonical(section, column, (value,), 0)[0] for column, value in pairs)


def canonical_value(column: Column, value: Value) -> Value:
    """One value that stands outside a table, checked as if it were in `column`."""
    return _checks(column)(column.key, (value,))[0]


class Tally:
    """Adds up row count and money of one section, per column and currency."""

    def __init__(self, section: Section) -> None:
        self.section = section
        self.rows = 0
        self.sums: dict[tuple[int, str], int] = {}
        keys = [column.key for column in section.columns]
        self.money = [
            (index, column.currency, keys.index(column.currency_from) if column.currency_from else None)
            for index, column in enumerate(section.columns)
            if column.kind == "money"
        ]

    def add(self, columns: Columns) -> None:
        """Add one batch. A money value without a currency is refused."""
        self.rows += len(columns[0])
        for index, fixed, source in self.money:
            values = columns[index]
            if fixed:
                self._put(index, fixed, sum(value for value in values if isinstance(value, int)))
            elif source is not None:
                self._add_mixed(index, values, columns[source])

    def _add_mixed(self, index: int, values: tuple[Value, ...], currencies: tuple[Value, ...]) -> None:
        if len(one := set(currencies)) == 1 and isinstance(currency := one.pop(), str) and any(values):
            self._put(index, currency, sum(value for value in values if isinstance(value, int)))
            return
        for value, currency in zip(values, currencies, strict=True):
            if isinstance(value, int):
                if not isinstance(currency, str):
                    raise WrongValue(f"section {self.section.key}: an amount has no currency")
                self._put(index, currency, value)

    def _put(self, index: int, currency: str, minor: int) -> None:
        self.sums[index, currency] = self.sums.get((index, currency), 0) + minor

    def control(self) -> SectionControl:
        """The control totals so far; a column in one currency has its sum even without rows."""
        for index, fixed, _source in self.money:
            if fixed:
                self._put(index, fixed, 0)
        sums = tuple(
            ControlSum(self.section.columns[index].key, currency, minor)
            for (index, currency), minor in sorted(self.sums.items())
        )
        return SectionControl(self.section.key, self.rows, sums)


def _canonical(section: Section, column: Column, values: tuple[Value, ...], start: int) -> tuple[Value, ...]:
    place = f"section {section.key}, column {column.key}, rows from {start + 1}"
    return _checks(column)(place, values)


def _checks(column: Column) -> Callable[[str, tuple[Value, ...]], tuple[Value, ...]]:
    if column.kind in ("text", "code"):
        return _texts
    return _dates if column.kind == "date" else _numbers


def _texts(place: str, values: tuple[Value, ...]) -> tuple[Value, ...]:
    if set(map(type, values)) <= {str, NOTHING} and "" not in (distinct := set(values)):
        texts = [value for value in distinct if isinstance(value, str)]
        if "".join(texts).isprintable() and max(map(len, texts), default=0) <= TEXT_LIMIT:
            return values
    return tuple(_text(place, value) for value in values)


def _text(place: str, value: Value) -> Value:
    if value is None:
        return None
    if not isinstance(value, str):
        raise WrongValue(f"{place}: a text was expected")
    return clean_text(value)


def _numbers(place: str, values: tuple[Value, ...]) -> tuple[Value, ...]:
    if set(map(type, values)) - {int, NOTHING}:
        raise WrongValue(f"{place}: a whole number was expected")
    for value in values:
        if value and not -NUMBER_LIMIT < value < NUMBER_LIMIT:  # type: ignore[operator]
            raise WrongValue(f"{place}: a number is too large")
    return values


def _dates(place: str, values: tuple[Value, ...]) -> tuple[Value, ...]:
    if set(map(type, values)) - {date, NOTHING}:
        raise WrongValue(f"{place}: a day was expected")
    return values
