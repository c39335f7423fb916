"""What a board member reads in a minute: the main figures, bars, notes, and where to find the rest."""

from reportlab.lib.pagesizes import A4

from reports.render.batches import clean_text
from reports.render.document import Document, Fact, Section
from reports.render.figures import count, money, short_day
from reports.render.pdf.chart import chart_height, draw_bars
from reports.render.pdf.flow import FIGURE_STEP, WIDTH, Flow
from reports.render.pdf.ink import AMBER, AMBER_INK, GREEN, INK, INK_SOFT, LINE, PAPER
from reports.render.pdf.plan import MARGIN, TOP

CARD_HEIGHT, CARD_GAP, ACROSS = 54.0, 9.0, 3
BARS_AT_ONCE = 24
NARROW_TITLE, NARROW_STEP = 150.0, 35.0  # of a section told in one line
CONTENTS_STEP = 18.0


def draw_summary(document: Document, flow: Flow, first_pages: dict[str, int]) -> None:
    """One page or more; the last stays open. `first_pages` says on which page each table begins."""
    flow.frame.open(A4)
    flow.y = A4[1] - TOP
    flow.frame.bookmark("summary", document.wording.summary)
    flow.heading(document.wording.summary, 20)
    told = [section for section in document.sections if section.facts or section.bars]
    whole = sum(_height(section, flow) for section in told) + _tail_height(document) <= flow.left
    for number, section in enumerate(told):
        if whole or number == 0:
            _section(document, section, flow)
        else:
            _narrow_section(document, section, flow)
    _contents(document, flow, first_pages)


def fact_text(fact: Fact, language: str) -> str:
    """The figure in the language of the report; a dash when there is none."""
    if fact.value is None:
        return "–"
    if isinstance(fact.value, int):
        return money(fact.value, fact.currency, language) if fact.currency else count(fact.value, language)
    return fact.value if isinstance(fact.value, str) else short_day(fact.value, language)


def _height(section: Section, flow: Flow) -> float:
    """What :func:`_section` takes, headings of one line."""
    cards = -(-len(section.facts) // ACROSS) * (CARD_HEIGHT + CARD_GAP)
    bars = chart_height(section.bars) + 4 if section.bars else 0
    note = len(flow.pen.wrap(clean_text(section.note) or "", WIDTH, 8.5)) * 8.5 * 1.5 if section.note else 0
    return 6 + 12 * 1.3 + 5 + cards + bars + note + 8


def _tail_height(document: Document) -> float:
    """What the contents and the control totals take below."""
    sums = sum(1 + len(control.sums) for control in document.control.sections)
    return 80 + len(document.sections) * CONTENTS_STEP + sums * FIGURE_STEP


def _narrow_section(document: Document, section: Section, flow: Flow) -> None:
    """The title beside the figures, and no note: it stands at the table."""
    pen = flow.pen
    titles = pen.wrap(
        clean_text(section.title) or "", NARROW_TITLE if section.facts else WIDTH, 9.5, bold=True
    )
    lines = max(-(-len(section.facts) // ACROSS), 1)
    flow.need(lines * NARROW_STEP + (chart_height(section.bars) if section.bars else 0))
    pen.line(MARGIN, flow.y, WIDTH, LINE, 0.4)
    for number, title in enumerate(titles[:2]):
        pen.text(MARGIN, flow.y - 15 - number * 12, title, 9.5, bold=True, colour=GREEN)
    width = (WIDTH - NARROW_TITLE - 10) / ACROSS
    for number, fact in enumerate(section.facts):
        x = MARGIN + NARROW_TITLE + 10 + number % ACROSS * width
        y = flow.y - number // ACROSS * NARROW_STEP
        labels = pen.wrap(clean_text(fact.label) or "", width - 8, 7, most=2)
        for line, label in enumerate(labels):
            pen.text(x, y - (10 if len(labels) > 1 else 15) - line * 8, label, 7, colour=INK_SOFT)
        value = (clean_text(fact_text(fact, document.language)) or "").replace("\n", " ")
        colour = AMBER_INK if _below_zero(fact) else INK
        pen.text(x, y - 29, pen.fit(value, width - 8, 10, bold=True), 10, bold=True, colour=colour)
    flow.skip(lines * NARROW_STEP if section.facts else 22)
    if section.bars:
        _bars(document, section, flow)


def _below_zero(fact: Fact) -> bool:
    return isinstance(fact.value, int) and fact.value < 0


def _section(document: Document, section: Section, flow: Flow) -> None:
    flow.skip(6)
    flow.heading(section.title, 12, follow=CARD_HEIGHT + 10)
    for start in range(0, len(section.facts), ACROSS):
        _cards(section.facts[start : start + ACROSS], document.language, flow)
    _bars(document, section, flow)
    if section.note:
        flow.paragraph(section.note, 8.5)
    flow.skip(8)


def _bars(document: Document, section: Section, flow: Flow) -> None:
    for start in range(0, len(section.bars), BARS_AT_ONCE):
        bars = section.bars[start : start + BARS_AT_ONCE]
        flow.need(chart_height(bars) + 8)
        draw_bars(flow.pen, bars, document.language, x=MARGIN, y=flow.y, width=WIDTH)
        flow.skip(chart_height(bars) + 4)


def _cards(facts: tuple[Fact, ...], language: str, flow: Flow) -> None:
    flow.need(CARD_HEIGHT + CARD_GAP)
    pen, width = flow.pen, (WIDTH - CARD_GAP * (ACROSS - 1)) / ACROSS
    bottom = flow.y - CARD_HEIGHT
    for number, fact in enumerate(facts):
        x = MARGIN + number * (width + CARD_GAP)
        pen.box(x, bottom, width, CARD_HEIGHT, PAPER)
        pen.box(x, bottom, 2.5, CARD_HEIGHT, AMBER if _below_zero(fact) else GREEN)
        for line_number, line in enumerate(pen.wrap(clean_text(fact.label) or "", width - 22, 8, most=2)):
            pen.text(x + 12, flow.y - 14 - line_number * 10, line, 8, colour=INK_SOFT)
        text = (clean_text(fact_text(fact, language)) or "").replace("\n", " ")
        size = next(
            (size for size in (15.0, 12.0, 10.0) if pen.width(text, size, bold=True) <= width - 22), 8.0
        )
        pen.text(x + 12, bottom + 10, pen.fit(text, width - 22, size, bold=True), size, bold=True)
    flow.skip(CARD_HEIGHT + CARD_GAP)


def _contents(document: Document, flow: Flow, first_pages: dict[str, int]) -> None:
    words, pen = document.wording, flow.pen
    flow.skip(8)
    flow.heading(words.contents, 12, follow=min(len(document.sections), 20) * CONTENTS_STEP)
    for section, control in zip(document.sections, document.control.sections, strict=True):
        flow.need(CONTENTS_STEP)
        page = f"{words.page} {first_pages.get(section.key, 0)}"
        rows = f"{words.rows}: {count(control.row_count, document.language)}"
        title = pen.fit(clean_text(section.title) or "", WIDTH - 230, 9.5)
        pen.text(MARGIN, flow.y - 11, title, 9.5)
        pen.text(MARGIN + WIDTH - 90, flow.y - 11, rows, 8.5, colour=INK_SOFT, right=True)
        pen.text(MARGIN + WIDTH, flow.y - 11, page, 9.5, bold=True, colour=GREEN, right=True)
        flow.frame.link(section.key, MARGIN, flow.y - 16, WIDTH, CONTENTS_STEP)
        flow.skip(CONTENTS_STEP)
        pen.line(MARGIN, flow.y + 1, WIDTH, LINE, 0.4)
