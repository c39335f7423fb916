"""Draws a planned table: header row on each page, hairlines, figures to the right, totals at the end."""

from collections.abc import Iterator

from reports.render.batches import clean_text, counted_batches
from reports.render.document import Document
from reports.render.pdf.cells import NUMERIC, cell_texts, totals_texts
from reports.render.pdf.frame import Frame
from reports.render.pdf.ink import GREEN, GREEN_SOFT, INK, INK_SOFT, LINE, TRACK, rgb
from reports.render.pdf.pen import Pen
from reports.render.pdf.plan import (
    EMPTY_HEIGHT,
    GAP,
    MARGIN,
    MOST_LINES,
    NOTE_LEADING,
    ROW_PADDING,
    TOP,
    Plan,
)


class Table:
    """One section on its pages."""

    def __init__(self, document: Document, plan: Plan, pen: Pen, frame: Frame) -> None:
        self.document, self.plan, self.pen, self.frame = document, plan, pen, frame
        self.rights = [column.kind in NUMERIC for column in plan.section.columns]
        self.lefts, x = [], MARGIN
        for width in plan.widths:
            self.lefts.append(x)
            x += width + GAP
        self.full = plan.page_size[0] - 2 * MARGIN
        self.at = (0, 0)

    def draw(self, below: float | None = None) -> float:
        """All pages of the section but the end of the last; the height where it ended.

        ``below`` is where it begins on a page that is open already.
        """
        rows, y = self._rows(), 0.0
        for number, (start, end) in enumerate(self.plan.pages):
            if number:
                self.frame.close()
            if number or below is None:
                self.frame.open(self.plan.page_size)
            top = self.plan.page_size[1] - TOP if number or below is None else below
            y = self._titles(top, first=number == 0)
            if self.plan.lines:
                y = self._body(rows, start, end, self._heads(y))
        for _row in rows:  # lets the batches compare what was drawn with the control totals
            break
        return self._end(y)

    def _rows(self) -> Iterator[tuple[str, ...]]:
        section = self.plan.section
        for columns in counted_batches(self.document, section):
            yield from zip(*cell_texts(self.document, section, columns), strict=True)

    def _titles(self, y: float, *, first: bool) -> float:
        title = clean_text(self.plan.section.title) or ""
        if not first:
            text = self.document.wording.continued % {"title": title}
            self.pen.text(MARGIN, y - 4, self.pen.fit(text, self.full, 9), 9, colour=INK_SOFT)
            return y - 12
        self.frame.bookmark(self.plan.section.key, title)
        self.pen.text(
            MARGIN, y - 12, self.pen.fit(title, self.full, 15, bold=True), 15, bold=True, colour=GREEN
        )
        y -= 24
        for line in self.plan.note:
            self.pen.text(MARGIN, y - 6, line, 8.5, colour=INK_SOFT)
            y -= NOTE_LEADING
        return y

    def _heads(self, y: float) -> float:
        plan, size = self.plan, self.plan.size
        bottom = y - plan.head_height
        self.pen.box(MARGIN - 5, bottom, self.full + 10, plan.head_height, TRACK)
        for index, lines in enumerate(plan.heads):
            for number, line in enumerate(reversed(lines)):
                baseline = bottom + 5 + number * plan.leading
                right = self.rights[index]
                x = self.lefts[index] + (plan.widths[index] if right else 0)
                self.pen.text(x, baseline, line, size, bold=True, right=right)
        self.pen.line(MARGIN - 5, bottom, self.full + 10, GREEN, 1)
        return bottom

    def _body(self, rows: Iterator[tuple[str, ...]], start: int, end: int, y: float) -> float:
        """The rows of one page as one run of operators: text first, then all hairlines in one stroke."""
        plan, font = self.plan, self.pen.codes[False]
        operators = [f"q BT {rgb(INK)} rg {font.name(0)} {plan.size:g} Tf"]
        rules: list[str] = []
        heights = {lines: plan.height(lines) for lines in range(1, MOST_LINES + 1)}
        edges = f"{MARGIN - 5:.1f}", f"{MARGIN + self.full + 5:.1f}"
        self.at = (0, 0)
        for index in range(start, end):
            lines = plan.lines[index]
            self._cells(operators, next(rows), lines, y - ROW_PADDING / 2 - plan.size * 0.92)
            y -= heights[lines]
            rules.append(f"{edges[0]} {y:.2f} m {edges[1]} {y:.2f} l")
        operators.append("ET Q")
        if rules:
            operators.append(f"q {rgb(LINE)} RG 0.4 w {' '.join(rules)} S Q")
        self.pen.canvas.addLiteral("\n".join(operators))
        return y

    def _cells(self, operators: list[str], row: tuple[str, ...], lines: int, baseline: float) -> None:
        plan, size = self.plan, self.plan.size
        widths, codes = self.pen.widths[False], self.pen.codes[False]
        for x, width, right, text in zip(self.lefts, plan.widths, self.rights, row, strict=True):
            if not text:
                continue
            if right:
                taken = widths.of(text, size)
                shown = text if taken <= width else self.pen.fit(text, width, size)
                left = x + width - (taken if shown is text else widths.of(shown, size))
                operators.append(self._move(left, baseline) + codes.operators(shown, size))
            elif lines == 1:
                operators.append(self._move(x, baseline) + codes.operators(text, size))
            else:
                for number, line in enumerate(self.pen.wrap(text, width, size, most=MOST_LINES)):
                    move = self._move(x, baseline - number * plan.leading)
                    operators.append(move + codes.operators(line, size))

    def _move(self, x: float, y: float) -> str:
        """From the last text to this place. Counted in whole hundredths of a point: no error adds up."""
        to = (round(x * 100), round(y * 100))
        across, down = to[0] - self.at[0], to[1] - self.at[1]
        self.at = to
        return f"{across / 100:g} {down / 100:g} Td "

    def _end(self, y: float) -> float:
        plan, size = self.plan, self.plan.size
        if not plan.lines:
            empty = clean_text(plan.section.empty) or self.document.wording.empty
            self.pen.text(MARGIN, y - 14, self.pen.fit(empty, self.full, 9), 9)
            return y - EMPTY_HEIGHT
        texts = totals_texts(self.document, plan.section)
        if not texts:
            return y
        height = plan.height(1) + 3
        self.pen.box(MARGIN - 5, y - height, self.full + 10, height, GREEN_SOFT)
        self.pen.line(MARGIN - 5, y, self.full + 10, GREEN, 1)
        baseline = y - height / 2 - size * 0.36
        for index, text in enumerate(texts):
            right, width = self.rights[index], plan.widths[index]
            x = self.lefts[index] + (width if right else 0)
            self.pen.text(
                x, baseline, self.pen.fit(text, width, size, bold=True), size, bold=True, right=right
            )
        return y - height
