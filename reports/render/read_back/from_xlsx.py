"""XLSX: the last sheet holds the records, the sheets between it and the first hold the rows."""

import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from typing import Any, BinaryIO

from openpyxl import load_workbook

from reports.render.document import Column, Row, Value
from reports.render.figures import decimals
from reports.render.read_back.from_records import RecordReader
from reports.render.read_back.model import NotAReport, ReadBack
from reports.render.records import WIDTH
from reports.render.sheets import codes_from_shown

MOST_UNPACKED = 2 * 1024**3
MOST_BESIDE_SHEETS = 16 * 1024**2  # of any part that is not read row by row

_SPELLED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def read_xlsx(file: BinaryIO) -> ReadBack:
    """Read an XLSX report. Refuses an archive that unpacks to more than a report can hold."""
    _refuse_bombs(file)
    book = load_workbook(file, read_only=True, data_only=False)
    try:
        _about, *sheets, last = book.worksheets
        reader = RecordReader()
        for cells in last.iter_rows(min_row=2, values_only=True):
            texts = ["" if cell is None else _text(cell) for cell in cells]
            reader.take(texts + [""] * (WIDTH - len(texts)))
        remaining = iter(sheets[int(reader.report.get("form_sheets", "0")) :])
        return reader.build("xlsx", lambda _key, columns, size: _rows(remaining, columns, size))
    finally:
        book.close()


def _refuse_bombs(file: BinaryIO) -> None:
    with zipfile.ZipFile(file) as archive:
        parts = archive.infolist()
    beside = [part.file_size for part in parts if not part.filename.startswith("xl/worksheets/sheet")]
    if sum(part.file_size for part in parts) > MOST_UNPACKED or max(beside, default=0) > MOST_BESIDE_SHEETS:
        raise NotAReport("the workbook unpacks to more than a report can hold")
    file.seek(0)


def _rows(sheets: Iterator[Any], columns: tuple[Column, ...], size: int) -> Iterable[Row]:
    """So many rows from the next sheets. What stands below them (the totals) is in the records too."""
    read, missing, first = _row_reader(columns), size, True
    while missing or first:
        sheet = next(sheets, None)
        if sheet is None:
            raise NotAReport("the workbook was cut short: rows are missing")
        first = False
        for cells in sheet.iter_rows(min_row=2, max_row=missing + 1, max_col=len(columns), values_only=True):
            yield read([*cells, *[None] * (len(columns) - len(cells))])
            missing -= 1


def _row_reader(columns: tuple[Column, ...]) -> Callable[[list[Any]], Row]:
    keys = [column.key for column in columns]
    codes = {index: codes_from_shown(column) for index, column in enumerate(columns) if column.kind == "code"}
    sources = [keys.index(column.currency_from) if column.currency_from else None for column in columns]

    def read(cells: list[Any]) -> Row:
        for index, code in codes.items():
            if cells[index] is not None:
                cells[index] = code(_text(cells[index]))
        return tuple(
            _value(column, cell, column.currency if source is None else cells[source])
            for column, cell, source in zip(columns, cells, sources, strict=True)
        )

    return read


def _value(column: Column, cell: Any, currency: str | None) -> Value:
    if cell is None:
        return None
    if column.kind == "money":
        minor: int = round(float(cell) * 10 ** decimals(currency))
        return minor
    if column.kind == "count":
        if cell != int(cell):
            raise NotAReport("a count in the workbook is not a whole number")
        return int(cell)
    if column.kind == "date":
        day: date = cell.date() if isinstance(cell, datetime) else date.fromisoformat(str(cell))
        return day
    return str(cell) if column.kind == "code" else _text(cell)


def _text(cell: Any) -> str:
    """A text as it was written: the format spells some characters, and texts that look like it, `_x005F_`."""
    return _SPELLED.sub(lambda match: chr(int(match[1], 16)), str(cell))
