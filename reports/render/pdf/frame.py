"""What stands on every page: running head, identity, page x of y; and the outline beside the pages."""

from reportlab.pdfgen.canvas import Canvas

from reports.render.batches import clean_text
from reports.render.document import Document
from reports.render.figures import count, long_day
from reports.render.pdf.ink import AMBER, INK_SOFT, LINE
from reports.render.pdf.pen import Pen
from reports.render.pdf.plan import MARGIN

SMALL = 7.5
# An empty form on each page, which a copy that is handed out fills with its mark; see reports.copies.
COPY_FORM = "abarona-copy"


def period_text(document: Document) -> str:
    """From the first day to the last, in the language of the report."""
    start, end = document.period
    return f"{long_day(start, document.language)} – {long_day(end, document.language)}"


class Frame:
    """Opens and closes pages. `pages` is how many there will be; 0 while they are only being counted."""

    def __init__(self, document: Document, canvas: Canvas, pen: Pen, pages: int) -> None:
        self.document, self.canvas, self.pen, self.pages = document, canvas, pen, pages
        self.number = 0
        self.size = (0.0, 0.0)

    def open(self, size: tuple[float, float], *, head: bool = True) -> None:
        """Begin a page of this size, with the running head unless it is the cover."""
        self.number, self.size = self.number + 1, size
        self.canvas.setPageSize(size)
        if head:
            self._head()

    def close(self) -> None:
        """Write the foot and end the page."""
        self._foot()
        self.canvas.showPage()

    def bookmark(self, key: str, title: str) -> None:
        """An entry of the outline, and a place that `link` can lead to, on the current page."""
        self.canvas.bookmarkPage(key)
        self.canvas.addOutlineEntry(title, key, level=0, closed=False)

    def link(self, key: str, x: float, y: float, width: float, height: float) -> None:
        """An area of the page that leads to a bookmark."""
        self.canvas.linkRect("", key, (x, y, x + width, y + height), relative=0, thickness=0)

    def _head(self) -> None:
        width, y = self.size[0] - 2 * MARGIN, self.size[1] - 34
        period = period_text(self.document)
        room = width - self.pen.width(period, SMALL) - 20
        organisation = clean_text(self.document.organisation) or ""
        self.pen.box(MARGIN, y + 1, 4, 4, AMBER)
        self.pen.text(MARGIN + 9, y, self.pen.fit(organisation, room / 2, SMALL, bold=True), SMALL, bold=True)
        x = MARGIN + 17 + min(self.pen.width(organisation, SMALL, bold=True), room / 2)
        title = self.pen.fit(clean_text(self.document.title) or "", MARGIN + room - x, SMALL)
        self.pen.text(x, y, title, SMALL, colour=INK_SOFT)
        self.pen.text(MARGIN + width, y, period, SMALL, colour=INK_SOFT, right=True)
        self.pen.line(MARGIN, y - 8, width, LINE)

    def _foot(self) -> None:
        words, identity = self.document.wording, self.document.identity
        width, y = self.size[0] - 2 * MARGIN, 26
        page = words.page_of % {"page": self.number, "pages": self.pages}
        log = f"{words.log_size} {count(identity.log_size, self.document.language)}"
        short = f"{identity.content_hash[:8]}…{identity.content_hash[-8:]}"
        mark = f"   {words.copy_for % {'mark': clean_text(self.document.mark)}}" if self.document.mark else ""
        left = f"{words.content_hash} {short}   {log}{mark}"
        room = width - self.pen.width(page, SMALL, bold=True) - 16
        self.pen.line(MARGIN, y + 12, width, LINE)
        self.pen.text(MARGIN, y, self.pen.fit(left, room, SMALL), SMALL, colour=INK_SOFT)
        self.pen.text(MARGIN + width, y, page, SMALL, bold=True, right=True)
        self.canvas.saveState()
        self.canvas.translate(MARGIN, y - 11)
        self.canvas.doForm(COPY_FORM)
        self.canvas.restoreState()
