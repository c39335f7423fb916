"""Where everything of a long table goes, before anything is drawn: page size, columns, lines, pages."""

from dataclasses import dataclass, field

from reportlab.lib.pagesizes import A4, landscape

from reports.render.batches import Columns, clean_text, counted_batches
from reports.render.document import Column, Document, Section
from reports.render.pdf.cells import LONG, column_texts, head_text, totals_texts, widest_texts
from reports.render.pdf.ink import BOLD, REGULAR, Widths
from reports.render.pdf.pen import Pen

MARGIN, TOP, BOTTOM = 42.0, 62.0, 50.0
GAP = 9.0  # between two columns
SIZES = (8.0, 7.0, 6.0, 5.0, 4.0, 3.0)
MOST_LINES = 5  # of one cell
WIDEST_TEXT, NARROWEST_TEXT = 230.0, 62.0
ROW_PADDING = 5.0
WIDEST_CHAR = 1.5  # of its size; Ж has 1.08
FIRST_TITLE, NEXT_TITLE = 34.0, 22.0
NOTE_LEADING = 12.0
EMPTY_HEIGHT = 26.0  # of the words that stand where nothing was recorded
BETWEEN = 30.0  # from one table to the next on the same page


@dataclass
class Plan:
    """One section laid out. `lines` holds the height of each row in lines of text; `pages` ranges of rows."""

    section: Section
    page_size: tuple[float, float]
    size: float
    widths: list[float]
    heads: list[list[str]]
    note: list[str]
    lines: bytearray = field(default_factory=bytearray)
    pages: list[tuple[int, int]] = field(default_factory=list)

    @property
    def leading(self) -> float:
        """From one baseline to the next inside a cell."""
        return self.size * 1.22

    @property
    def head_height(self) -> float:
        """Height of the header row."""
        return max(map(len, self.heads)) * self.leading + ROW_PADDING + 3

    def height(self, lines: int) -> float:
        """Height of a row with so many lines."""
        return lines * self.leading + ROW_PADDING

    def room(self, first: bool) -> float:
        """Height left for rows on a page of this table."""
        title = FIRST_TITLE + len(self.note) * NOTE_LEADING if first else NEXT_TITLE
        return self.page_size[1] - TOP - BOTTOM - title - self.head_height

    @property
    def whole_height(self) -> float:
        """Height of a table that fits on one page, with its title and totals."""
        title = FIRST_TITLE + len(self.note) * NOTE_LEADING
        rows = sum(self.height(lines) for lines in self.lines) or EMPTY_HEIGHT
        totals = self.height(1) + 3 if self.section.totals is not None else 0
        return title + self.head_height + rows + totals


def shares_page(plans: list[Plan]) -> list[bool]:
    """For each table whether it stands below the one before it: short ones go together on a page."""
    shares, left = [], 0.0
    for number, plan in enumerate(plans):
        whole = plan.whole_height + BETWEEN
        fits = number > 0 and len(plan.pages) == 1 and whole <= left
        together = fits and plan.page_size == plans[number - 1].page_size
        full = plan.page_size[1] - TOP - BOTTOM
        # What is below a long table stays empty.
        left = 0.0 if len(plan.pages) > 1 else (left if together else full) - whole
        shares.append(together)
    return shares


def make_plan(document: Document, section: Section, pen: Pen) -> Plan:
    """Walks the rows twice: once to see how wide the columns want to be, once for the height of each row."""
    bold, natural = Widths(BOLD), _natural_widths(document, section)
    heads = [head_text(column) for column in section.columns]
    for size in SIZES:
        for page_size in (A4, landscape(A4)):
            room = page_size[0] - 2 * MARGIN - GAP * (len(heads) - 1)
            words = [max(bold.of(word, size) for word in head.split(" ")) + 1 for head in heads]
            widths = _share(section.columns, natural, words, size, room)
            if widths:
                plan = Plan(section, page_size, size, widths, [], [])
                _fill(plan, document, heads, pen)
                return plan
    return _narrow(document, section, heads, pen)


def _natural_widths(document: Document, section: Section) -> list[float]:
    """How wide the widest cell of each column is, at size 1."""
    regular, bold = Widths(REGULAR), Widths(BOLD)
    natural = [bold.of(text, 1) for text in totals_texts(document, section)] or [0.0] * len(section.columns)
    for columns in counted_batches(document, section):
        for index in range(len(natural)):
            texts = widest_texts(document, section, columns, index)
            natural[index] = max(natural[index], max((regular.of(text, 1) for text in texts), default=0.0))
    return natural


def _share(
    columns: tuple[Column, ...], natural: list[float], words: list[float], size: float, room: float
) -> list[float] | None:
    """Widths that fill the page, or None when figures or words would not fit in it."""
    full = [max(width * size + 1, word) for width, word in zip(natural, words, strict=True)]
    capped, least = list(full), list(full)
    for index, column in enumerate(columns):
        if column.kind in LONG:
            capped[index] = max(min(full[index], WIDEST_TEXT), words[index])
            least[index] = max(min(capped[index], max(NARROWEST_TEXT, capped[index] * 0.7)), words[index])
    if sum(least) > room:
        return None
    widths = _grow(_grow(least, capped, room), full, room)
    texts = [index for index, column in enumerate(columns) if column.kind in LONG] or list(
        range(len(columns))
    )
    spare, base = room - sum(widths), sum(widths[index] for index in texts)
    return [width + (spare * width / base if index in texts else 0) for index, width in enumerate(widths)]


def _grow(widths: list[float], wanted: list[float], room: float) -> list[float]:
    """Widths moved towards what is wanted, each by the same part of its way, as far as there is room."""
    way = sum(wanted) - sum(widths)
    part = min(1.0, (room - sum(widths)) / way) if way > 0 else 0.0
    return [width + (goal - width) * part for width, goal in zip(widths, wanted, strict=True)]


def _narrow(document: Document, section: Section, heads: list[str], pen: Pen) -> Plan:
    """For a table that no size fits: equal columns in the smallest size, figures cut with an ellipsis."""
    page_size = landscape(A4)
    width = (page_size[0] - 2 * MARGIN) / len(heads) - GAP
    plan = Plan(section, page_size, SIZES[-1], [max(width, GAP)] * len(heads), [], [])
    _fill(plan, document, heads, pen)
    return plan


def _fill(plan: Plan, document: Document, heads: list[str], pen: Pen) -> None:
    plan.heads = [
        pen.wrap(head, width, plan.size, bold=True, most=MOST_LINES)
        for head, width in zip(heads, plan.widths, strict=True)
    ]
    note = clean_text(plan.section.note or "")
    plan.note = pen.wrap(note, plan.page_size[0] - 2 * MARGIN, 8.5, most=8) if note else []
    for columns in counted_batches(document, plan.section):
        plan.lines += _row_lines(document, plan, columns, pen)
    plan.pages = _pages(plan)


def _row_lines(document: Document, plan: Plan, columns: Columns, pen: Pen) -> bytes:
    lines, widths = bytearray([1]) * len(columns[0]), pen.widths[False]
    for position, (column, width) in enumerate(zip(plan.section.columns, plan.widths, strict=True)):
        if column.kind not in LONG:
            continue
        for index, text in enumerate(column_texts(document, plan.section, columns, position)):
            if len(text) * WIDEST_CHAR * plan.size > width and widths.of(text, plan.size) > width:
                lines[index] = max(lines[index], len(pen.wrap(text, width, plan.size, most=MOST_LINES)))
    return bytes(lines)


def _pages(plan: Plan) -> list[tuple[int, int]]:
    heights = {lines: plan.height(lines) for lines in range(1, MOST_LINES + 1)}
    pages, start, left = [], 0, plan.room(first=True)
    for index, lines in enumerate(plan.lines):
        left -= heights[lines]
        if left < 0:
            pages.append((start, index))
            start, left = index, plan.room(first=False) - heights[lines]
    end = len(plan.lines)
    if plan.section.totals is not None and left < heights[1] and end > start + 1:
        return [*pages, (start, end - 1), (end - 1, end)]  # the totals never stand alone
    return [*pages, (start, end)]
