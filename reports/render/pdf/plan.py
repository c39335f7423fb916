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
SMALLEST = 3.0
MOST_LINES = 5  # of one cell
WIDEST_TEXT = 230.0
ROW_PADDING = 5.0
WIDEST_CHAR = 1.5  # of its size; Ж has 1.08
FIRST_TITLE, NEXT_TITLE = 34.0, 22.0
NOTE_LEADING = 12.0
EMPTY_HEIGHT = 26.0  # of the words that stand where nothing was recorded
BETWEEN = 30.0  # from one table to the next on the same page


@dataclass(frozen=True)
class Layout:
    """One way to lay a table out. Texts may be broken down to `part` of their width, not below `least`."""

    size: float
    page_size: tuple[float, float]
    part: float = 0.7
    least: float = 62.0


# From the most to the least comfortable to read: an upright page before a wide one, so that short tables
# share pages; many lines in a cell before figures too small to read.
LAYOUTS = (
    Layout(8.0, A4),
    Layout(7.0, A4),
    Layout(8.0, landscape(A4), 1.0),
    Layout(7.0, landscape(A4), 1.0),
    Layout(7.0, landscape(A4)),
    Layout(6.0, landscape(A4), 0.5, 44.0),
    Layout(6.0, landscape(A4), 0.4, 36.0),
    Layout(6.0, landscape(A4), 0.25, 28.0),
    Layout(5.0, landscape(A4), 0.25, 28.0),
    Layout(4.0, landscape(A4), 0.25, 20.0),
    Layout(SMALLEST, landscape(A4), 0.25, 20.0),
)


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
    def full(self) -> float:
        """Height between the head and the foot of a page."""
        return self.page_size[1] - TOP - BOTTOM

    @property
    def end_height(self) -> float:
        """Height of the rows and totals on the last page, with what stands above them there."""
        if not self.lines:
            return FIRST_TITLE + len(self.note) * NOTE_LEADING + EMPTY_HEIGHT
        start, end = self.pages[-1]
        above = self.full - self.room(first=len(self.pages) == 1)
        totals = self.height(1) + 3 if self.section.totals is not None else 0
        return above + sum(self.height(lines) for lines in self.lines[start:end]) + totals


def settle_empty(plans: list[Plan]) -> None:
    """A table without rows goes where its neighbour is: it needs no page of a size of its own."""
    for number, plan in enumerate(plans):
        if not plan.lines and len(plans) > 1:
            plan.page_size = plans[number - 1 if number else 1].page_size


def shares_page(plans: list[Plan]) -> list[bool]:
    """For each table whether it begins below the one before it; a long one is then paged anew."""
    shares, left, size = [], 0.0, (0.0, 0.0)
    for plan in plans:
        together = plan.page_size == size and _fits_below(plan, left)
        if together and len(plan.pages) > 1:
            plan.pages = _pages(plan, plan.room(first=True) - (plan.full - left))
        one = len(plan.pages) == 1
        left = (left if together and one else plan.full) - plan.end_height - BETWEEN
        size = plan.page_size
        shares.append(together)
    return shares


def _fits_below(plan: Plan, left: float) -> bool:
    """A short table below another one must fit; of a long one, half a page of rows must."""
    if len(plan.pages) == 1:
        return plan.end_height <= left
    return left >= plan.full / 2


def make_plan(document: Document, section: Section, pen: Pen) -> Plan:
    """Walks the rows twice: once to see how wide the columns want to be, once for the height of each row."""
    bold, natural = Widths(BOLD), _natural_widths(document, section)
    heads = [head_text(column) for column in section.columns]
    for layout in LAYOUTS:
        room = layout.page_size[0] - 2 * MARGIN - GAP * (len(heads) - 1)
        wishes = [_head_widths(head, bold, layout.size) for head in heads]
        widths = _share(section.columns, natural, wishes, layout, room)
        if widths:
            plan = Plan(section, layout.page_size, layout.size, widths, [], [])
            _fill(plan, document, heads, pen)
            return plan
    return _narrow(document, section, heads, pen)


def _head_widths(head: str, bold: Widths, size: float) -> tuple[float, float]:
    """How wide a heading must be so that no word breaks, and so that it takes two lines at most."""
    words = head.split(" ")
    splits = [(" ".join(words[:at]), " ".join(words[at:])) for at in range(1, len(words) + 1)]
    two = min(max(bold.of(above, size), bold.of(below, size)) for above, below in splits)
    return max(bold.of(word, size) for word in words) + 1, two + 1


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
    columns: tuple[Column, ...],
    natural: list[float],
    heads: list[tuple[float, float]],
    layout: Layout,
    room: float,
) -> list[float] | None:
    """Widths that fill the page, or None when figures or words would not fit in it."""
    full = [max(width * layout.size + 1, word) for width, (word, _two) in zip(natural, heads, strict=True)]
    capped, least = list(full), list(full)
    for index, column in enumerate(columns):
        if column.kind in LONG:
            capped[index] = max(min(full[index], WIDEST_TEXT), heads[index][0])
            broken = min(capped[index], max(layout.least, capped[index] * layout.part))
            least[index] = max(broken, heads[index][0])
    if sum(least) > room:
        return None
    widths = _grow(least, capped, room)
    for wanted in ([two for _word, two in heads], full):
        widths = _grow(widths, [max(pair) for pair in zip(widths, wanted, strict=True)], room)
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
    plan = Plan(section, page_size, SMALLEST, [max(width, GAP)] * len(heads), [], [])
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
    plan.pages = _pages(plan, plan.room(first=True))


def _row_lines(document: Document, plan: Plan, columns: Columns, pen: Pen) -> bytes:
    lines, widths = bytearray([1]) * len(columns[0]), pen.widths[False]
    for position, (column, width) in enumerate(zip(plan.section.columns, plan.widths, strict=True)):
        if column.kind not in LONG:
            continue
        for index, text in enumerate(column_texts(document, plan.section, columns, position)):
            if len(text) * WIDEST_CHAR * plan.size > width and widths.of(text, plan.size) > width:
                lines[index] = max(lines[index], len(pen.wrap(text, width, plan.size, most=MOST_LINES)))
    return bytes(lines)


def _pages(plan: Plan, first: float) -> list[tuple[int, int]]:
    """The rows of each page; `first` is the height left for rows on the first one."""
    heights = {lines: plan.height(lines) for lines in range(1, MOST_LINES + 1)}
    pages, start, left = [], 0, first
    for index, lines in enumerate(plan.lines):
        left -= heights[lines]
        if left < 0:
            pages.append((start, index))
            start, left = index, plan.room(first=False) - heights[lines]
    end = len(plan.lines)
    if plan.section.totals is not None and left < heights[1] and end > start + 1:
        return [*pages, (start, end - 1), (end - 1, end)]  # the totals never stand alone
    return [*pages, (start, end)]
