"""XLSX: the funder's own sheet where there is one, "About", one sheet for each section, and one of records.

The last is for programs (see `records`).

Rows are streamed to the workbook, so memory does not grow with the report. Texts are always typed as texts:
nothing from the data becomes a formula or a link. A code is shown as it reads in the report's language.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from tempfile import TemporaryDirectory
from typing import BinaryIO

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from reports.render.about_sheet import write_about
from reports.render.batches import clean_text
from reports.render.document import Document
from reports.render.form_sheet import write_form
from reports.render.records import records
from reports.render.section_sheet import write_section
from reports.render.sheets import SheetNames, Styles
from reports.render.streamed_sheet import StreamedSheet

CREATED = datetime(2000, 1, 1, tzinfo=UTC)  # fixed, so that the same report gives the same bytes


def render(document: Document, out: BinaryIO) -> None:
    """Write the report as XLSX. Raises `RowsChanged` if the rows no longer add up.

    While it works the rows lie in a directory that only this user can read. It is removed at the end, also
    when the work fails.
    """
    with TemporaryDirectory(prefix="report-") as place:
        book = Workbook(out, {"constant_memory": True, "tmpdir": place})
        try:
            _fill(book, document)
            book.close()
        finally:
            for sheet in book.worksheets():
                sheet.abandon()


def _fill(book: Workbook, document: Document) -> None:
    book.set_properties(
        {
            "title": clean_text(document.title) or "",
            "author": clean_text(document.organisation) or "",
            "subject": clean_text(document.description) or "",
            "keywords": f"content_hash={document.identity.content_hash}",
            "created": CREATED,
        }
    )
    styles, names, words = Styles(book), SheetNames(), document.wording
    if document.form is not None:
        write_form(book, document, document.form, styles, names)
    write_about(book.add_worksheet(names.take(words.about, "about"), StreamedSheet), document, styles)
    for section in document.sections:
        write_section(book, document, section, styles, names)
    _write_data(book.add_worksheet(names.take(words.data, "data"), StreamedSheet), document, styles)


def _write_data(sheet: Worksheet, document: Document, styles: Styles) -> None:
    sheet.set_column(0, 0, 12)
    sheet.set_column(1, 6, 24)
    for line, record in enumerate(_data_lines(document)):
        for index, cell in enumerate(record):
            if text := clean_text(cell):
                sheet.write_string(line, index, text, styles.soft)


def _data_lines(document: Document) -> Iterator[tuple[str, ...]]:
    yield (document.wording.data_how,)
    yield from records(document)
