"""CSV: UTF-8 with a byte order mark (spreadsheets need it to read Cyrillic), comma, CRLF, RFC 4180.

First the tables, then the facts about the report:

    record,section,<column keys ...>       a header line for each section
    row,<section>,<values ...>
    ...
    report,,type,funding-statement         the records described in `records`, to the end of the file

Every line has the same number of cells. A report with one section opens in any tool as a plain table with a
header line; filtering on `record = row` leaves the rows. Amounts are decimals with a point, days are
`YYYY-MM-DD`, codes stay codes. In text columns formula characters are neutralised (see `formulas`).
"""

import csv
from collections.abc import Iterable
from io import StringIO
from typing import BinaryIO, TextIO

from reports.render.batches import Columns, clean_text, counted_batches
from reports.render.document import Column, Document, Section, Value
from reports.render.figures import decimals, machine_amount
from reports.render.formulas import is_risky, neutralise, neutralise_unless_number
from reports.render.records import WIDTH, records

BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def render(document: Document, out: BinaryIO) -> None:
    """Write the report as CSV. Raises `RowsChanged` if the rows no longer add up."""
    width = max(WIDTH, *(2 + len(section.columns) for section in document.sections), 0)
    out.write(BYTE_ORDER_MARK)
    for section in document.sections:
        header = ("record", "section", *(column.key for column in section.columns))
        _write(out, [(*header, *_padding(width, len(header)))])
        padding = _padding(width, 2 + len(section.columns))
        for columns in counted_batches(document, section):
            _write(out, _lines(section, columns, padding))
    for record in records(document):
        cells = [neutralise_unless_number(clean_text(cell) or "") for cell in record]
        _write(out, [(*cells, *_padding(width, len(cells)))])


def _write(out: BinaryIO, lines: Iterable[tuple[object, ...]]) -> None:
    buffer: TextIO = StringIO(newline="")
    csv.writer(buffer).writerows(lines)
    buffer.seek(0)
    out.write(buffer.read().encode())


def _padding(width: int, used: int) -> tuple[str, ...]:
    return ("",) * (width - used)


def _lines(section: Section, columns: Columns, padding: tuple[str, ...]) -> Iterable[tuple[object, ...]]:
    size = len(columns[0])
    keys = [column.key for column in section.columns]
    cells = [
        _cells(column, values, columns[keys.index(column.currency_from)] if column.currency_from else ())
        for column, values in zip(section.columns, columns, strict=True)
    ]
    return zip(["row"] * size, [section.key] * size, *cells, *([pad] * size for pad in padding), strict=True)


def _cells(column: Column, values: tuple[Value, ...], currencies: tuple[Value, ...]) -> Iterable[object]:
    if column.kind == "money":
        if len(set(currencies)) > 1:
            return _mixed_amounts(values, currencies)
        return _amounts(values, str(currencies[0]) if currencies else column.currency)
    if column.kind in ("text", "code") and is_risky("\n".join(map(str, set(values)))):
        return [neutralise(value) if isinstance(value, str) else value for value in values]
    return values  # the writer turns a day into ISO 8601 and None into nothing


def _amounts(values: tuple[Value, ...], currency: str | None) -> list[str | None]:
    if decimals(currency) != 2:
        return [machine_amount(value, currency) if isinstance(value, int) else None for value in values]
    return [_cents(value) if isinstance(value, int) else None for value in values]


def _cents(minor: int) -> str:
    if minor < 0:
        return "-" + _cents(-minor)
    digits = f"{minor:03d}"
    return f"{digits[:-2]}.{digits[-2:]}"


def _mixed_amounts(values: tuple[Value, ...], currencies: tuple[Value, ...]) -> list[str | None]:
    return [
        machine_amount(value, str(currency)) if isinstance(value, int) else None
        for value, currency in zip(values, currencies, strict=True)
    ]
