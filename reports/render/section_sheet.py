"""The rows of one section on sheets: typed cells, frozen header, totals."""

from collections.abc import Callable
from datetime import date
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from reports.render.batches import canonical_row, clean_text, counted_batches
from reports.render.document import Column, Document, Section, Value
from reports.render.figures import decimals
from reports.render.records import row_currency
from reports.render.sheets import SheetNames, Styles, shown_codes
from reports.render.streamed_sheet import StreamedSheet

ROWS_PER_SHEET = 1_000_000  # a sheet holds 1,048,576
HEADER_ROWS = 1
FIRST_DAY = date(1899, 12, 30).toordinal()
EARLIEST = date(1900, 3, 1)  # before it spreadsheets disagree about the calendar
WIDTHS = {"text": 36, "date": 12, "money": 16, "count": 10, "code": 20}

Put = Callable[[int, int, Value, tuple[Value, ...]], None]


def write_section(
    book: Workbook, document: Document, section: Section, styles: Styles, names: SheetNames
) -> None:
    """Write one section; what exceeds a sheet goes on in the next."""
    sheet, line = _new_sheet(book, section, styles, names), HEADER_ROWS
    puts = _puts(sheet, section, styles)
    for columns in counted_batches(document, section):
        for row in zip(*columns, strict=True):
            if line == ROWS_PER_SHEET:
                sheet, line = _new_sheet(book, section, styles, names), HEADER_ROWS
                puts = _puts(sheet, section, styles)
            for index, value in enumerate(row):
                if value is not None:
                    puts[index](line, index, value, row)
            line += 1
    if line > HEADER_ROWS:
        sheet.autofilter(0, 0, line - 1, len(section.columns) - 1)
    _write_totals(sheet, line, document, section, styles)


def _new_sheet(book: Workbook, section: Section, styles: Styles, names: SheetNames) -> Worksheet:
    sheet = book.add_worksheet(names.take(section.title, section.key), StreamedSheet)
    sheet.freeze_panes(HEADER_ROWS, 0)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&L&A&R&P / &N")
    sheet.set_row(0, 32)
    for index, column in enumerate(section.columns):
        sheet.set_column(index, index, max(WIDTHS[column.kind], min(len(column.label) + 2, 28)))
    for index, column in enumerate(section.columns):
        label = f"{column.label}, {column.currency}" if column.currency else column.label
        style = styles.number_head if column.kind in ("money", "count") else styles.head
        sheet.write_string(0, index, clean_text(label) or "", style)
    return sheet


def _puts(sheet: Worksheet, section: Section, styles: Styles) -> list[Put]:
    keys = [column.key for column in section.columns]
    return [
        _put(sheet, column, keys.index(column.currency_from) if column.currency_from else -1, styles)
        for column in section.columns
    ]


def _put(sheet: Worksheet, column: Column, source: int, styles: Styles) -> Put:
    """A function that writes one value of this column with its type and format."""
    if column.kind == "money":
        return _put_money(sheet, column.currency, source, styles)
    if column.kind == "date":
        return _put_day(sheet, styles.day)
    if column.kind == "count":
        return lambda line, index, value, row: _number(sheet, line, index, value, styles.count)
    if column.kind == "code" and column.labels:
        shown = shown_codes(column)
        return lambda line, index, value, row: _text(sheet, line, index, shown(str(value)))
    return lambda line, index, value, row: _text(sheet, line, index, value)


def _put_money(sheet: Worksheet, currency: str | None, source: int, styles: Styles) -> Put:
    def put(line: int, index: int, value: Value, row: tuple[Value, ...]) -> None:
        code = str(row[source]) if source >= 0 else currency
        places = decimals(code)
        _number(sheet, line, index, int(str(value)) / 10**places, styles.money[places])

    return put


def _put_day(sheet: Worksheet, style: Format) -> Put:
    def put(line: int, index: int, value: Value, row: tuple[Value, ...]) -> None:
        if isinstance(value, date) and value >= EARLIEST:
            _number(sheet, line, index, value.toordinal() - FIRST_DAY, style)
        else:
            _text(sheet, line, index, str(value))

    return put


def _number(sheet: Worksheet, line: int, index: int, value: Any, style: Format) -> None:
    sheet.write_number(line, index, value, style)


def _text(sheet: Worksheet, line: int, index: int, value: Any, style: Format | None = None) -> None:
    sheet.write_string(line, index, value, style)


def _write_totals(sheet: Worksheet, line: int, document: Document, section: Section, styles: Styles) -> None:
    if section.totals is None:
        return
    totals, named = canonical_row(section, section.totals), False
    for index, (column, value) in enumerate(zip(section.columns, totals, strict=True)):
        if isinstance(value, int):
            places = decimals(row_currency(section, totals, index)) if column.kind == "money" else 0
            _number(sheet, line, index, value / 10**places, styles.total_money[places])
        elif value is None and not named and column.kind != "money":
            _text(sheet, line, index, document.wording.total, styles.total)
            named = True
        else:
            _text(sheet, line, index, str(value or ""), styles.total)
