"""A sheet in a funder's own layout: who agreed on what, the lines, room to sign. For people, to print."""

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from reports.render.batches import canonical_row, clean_text, counted_batches
from reports.render.document import Column, Document, FunderForm, Row, Section
from reports.render.figures import decimals
from reports.render.sheets import SheetNames, Styles
from reports.render.streamed_sheet import StreamedSheet

_WIDTHS = {"text": 34, "count": 9, "money": 16, "date": 12, "code": 18}


def write_form(
    book: Workbook, document: Document, form: FunderForm, styles: Styles, names: SheetNames
) -> None:
    """Fill the first sheet of the workbook."""
    sheet = book.add_worksheet(names.take(form.title, "form"), StreamedSheet)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.hide_gridlines(2)
    sheet.set_footer("&L&A&R&P / &N")
    sections = {section.key: section for section in document.sections}
    tables = [(sections[key], columns) for key, columns in form.tables]
    _set_widths(sheet, tables)
    line = _above(sheet, document, form, styles)
    for table in tables:
        line = _table(sheet, line, document, table, styles)
    for text in form.below:
        line += 2
        sheet.write_string(line, 1, clean_text(text) or "", styles.label)


def _set_widths(sheet: Worksheet, tables: list[tuple[Section, tuple[str, ...]]]) -> None:
    for index in range(max(len(columns) for _section, columns in tables)):
        kinds = [
            next(column.kind for column in section.columns if column.key == columns[index])
            for section, columns in tables
            if index < len(columns)
        ]
        sheet.set_column(index, index, max(_WIDTHS[kind] for kind in kinds))


def _above(sheet: Worksheet, document: Document, form: FunderForm, styles: Styles) -> int:
    sheet.write_string(0, 0, clean_text(form.title) or "", styles.title)
    sheet.write_string(1, 0, clean_text(document.organisation) or "", styles.subtitle)
    line = 2
    for label, value in form.above:
        line += 1
        sheet.write_string(line, 0, "")
        sheet.write_string(line, 1, clean_text(label) or "", styles.label)
        sheet.write_string(line, 2, clean_text(value) or "")
    return line + 1


def _table(
    sheet: Worksheet, line: int, document: Document, table: tuple[Section, tuple[str, ...]], styles: Styles
) -> int:
    section, keys = table
    places = [[column.key for column in section.columns].index(key) for key in keys]
    columns = [section.columns[place] for place in places]
    line += 1
    sheet.write_string(line, 0, clean_text(section.title) or "", styles.heading)
    line += 1
    for index, column in enumerate(columns):
        label = f"{column.label}, {column.currency}" if column.currency else column.label
        style = styles.number_head if column.kind in ("money", "count") else styles.head
        sheet.write_string(line, index, clean_text(label) or "", style)
    for batch in counted_batches(document, section):
        for row in zip(*batch, strict=True):
            line += 1
            _row(sheet, line, columns, tuple(row[place] for place in places), styles, total=False)
    if section.totals is not None:
        line += 1
        totals = canonical_row(section, section.totals)
        _row(sheet, line, columns, tuple(totals[place] for place in places), styles, total=True)
    return line + 1


def _row(
    sheet: Worksheet, line: int, columns: list[Column], row: Row, styles: Styles, *, total: bool
) -> None:
    for index, (column, value) in enumerate(zip(columns, row, strict=True)):
        if isinstance(value, int):
            places = decimals(column.currency) if column.kind == "money" else 0
            plain = styles.money[places] if column.kind == "money" else styles.count
            style = styles.total_money[places] if total else plain
            sheet.write_number(line, index, value / 10**places, style)
        else:
            text = "" if value is None else str(value)
            sheet.write_string(line, index, text, styles.total if total else styles.wrap)
