"""Lets the front pages run from top to bottom, and onto a new page when one is full."""

from reportlab.lib.pagesizes import A4

from reports.render.batches import clean_text
from reports.render.pdf.frame import Frame
from reports.render.pdf.ink import GREEN, INK, INK_SOFT, LINE
from reports.render.pdf.pen import Pen
from reports.render.pdf.plan import BOTTOM, MARGIN, TOP

WIDTH = A4[0] - 2 * MARGIN
FIGURE_STEP = 14.0  # from one line of figures to the next
SPLIT = 160.0  # where the values of pairs begin


class Flow:
    """`y` is the height from which the next thing hangs."""

    def __init__(self, pen: Pen, frame: Frame) -> None:
        self.pen, self.frame = pen, frame
        self.y = A4[1] - TOP

    def need(self, height: float) -> None:
        """Go to a new page unless so much room is left on this one."""
        if self.y - height < BOTTOM:
            self.frame.close()
            self.frame.open(A4)
            self.y = A4[1] - TOP

    @property
    def left(self) -> float:
        """Height left on this page."""
        return self.y - BOTTOM

    def skip(self, height: float) -> None:
        """Leave room empty."""
        self.y -= height

    def heading(self, text: str, size: float = 13, *, follow: float = 30) -> None:
        """A heading that stays on one page with the first `follow` points after it."""
        lines = self.pen.wrap(clean_text(text) or "", WIDTH, size, bold=True, most=2)
        self.need(len(lines) * size * 1.3 + follow)
        for line in lines:
            self.pen.text(MARGIN, self.y - size, line, size, bold=True, colour=GREEN)
            self.y -= size * 1.3
        self.y -= 5

    def paragraph(self, text: str, size: float = 9, *, colour: str = INK_SOFT, width: float = WIDTH) -> None:
        """Running text."""
        for line in self.pen.wrap(clean_text(text) or "", width, size):
            self.need(size * 1.5)
            self.pen.text(MARGIN, self.y - size, line, size, colour=colour)
            self.y -= size * 1.5

    def pair(self, label: str, *values: str, size: float = 9, rule: bool = True) -> None:
        """A label on the left, its values beside it, each on a line of its own, with a hairline below."""
        labels = self.pen.wrap(clean_text(label) or "", SPLIT - 12, size, most=3)
        texts = [clean_text(value) or "–" for value in values]
        lines = [
            line for text in texts for line in self.pen.wrap(text, WIDTH - SPLIT, size, bold=True, most=6)
        ]
        height = max(len(labels), len(lines)) * size * 1.35 + 6
        self.need(height)
        for number, line in enumerate(labels):
            self.pen.text(MARGIN, self.y - size - number * size * 1.35, line, size, colour=INK_SOFT)
        for number, line in enumerate(lines):
            self.pen.text(MARGIN + SPLIT, self.y - size - number * size * 1.35, line, size, bold=True)
        self.y -= height
        if rule:
            self.pen.line(MARGIN, self.y + 2, WIDTH, LINE, 0.4)

    def figure(self, label: str, figure: str, *, size: float = 8.5, bold: bool = False) -> None:
        """A label with its figure at the right edge; a bold one begins a group."""
        self.need(FIGURE_STEP * (2 if bold else 1))
        indent = 0 if bold else 12
        room = WIDTH - indent - self.pen.width(figure, size, bold=True) - 16
        text = self.pen.fit(clean_text(label) or "", room, size, bold=bold)
        self.pen.text(MARGIN + indent, self.y - size, text, size, bold=bold, colour=INK if bold else INK_SOFT)
        self.pen.text(MARGIN + WIDTH, self.y - size, figure, size, bold=True, right=True)
        self.y -= FIGURE_STEP
        self.pen.line(MARGIN + indent, self.y + 1.5, WIDTH - indent, LINE, 0.4)
