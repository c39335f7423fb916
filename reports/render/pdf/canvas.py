"""The canvas of a report: each page is packed when it is done, and the same document gives the same bytes."""

import zlib
from typing import Any, BinaryIO

from reportlab.lib.pagesizes import A4
from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFName, PDFStream
from reportlab.pdfgen.canvas import Canvas

from reports.render.document import Document
from reports.render.pdf.ink import REGULAR


class ReportCanvas(Canvas):
    """reportlab keeps the plain text of every page until it saves, many times what the file will take."""

    def showPage(self) -> None:  # noqa: N802 - the name that reportlab calls
        """End the page and pack what was drawn on it."""
        super().showPage()
        document: Any = self._doc  # type: ignore[attr-defined]  # no public way to the page
        page = document.Pages.pages[-1]
        packed = PDFStream(
            PDFDictionary({"Filter": PDFArray([PDFName("FlateDecode")])}),
            zlib.compress(page.stream.encode()),
        )
        page.Contents, page.stream = packed, None


def canvas_of(document: Document, out: BinaryIO) -> ReportCanvas:
    """An empty canvas in the language of the report."""
    return ReportCanvas(
        out,
        pagesize=A4,
        pageCompression=1,
        invariant=1,
        lang=document.language,
        initialFontName=REGULAR,  # type: ignore[arg-type]  # the stubs expect a number
    )
