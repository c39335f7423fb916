"""What a board member reads in a minute: the main figures, bars, notes, and where to find the rest."""

from reportlab.lib.pagesizes import A4

from reports.render.batches import clean_text
from reports.render.document import Document, Fact, Section
from reports.render.figures import count, money, short_day
from reports.render.pdf.chart import chart_height, draw_bars
from reports.render.pdf.flow import WIDTH, Flow
from reports.render.pdf.ink import AMBER, GREEN, INK_SOFT, LINE, PAPER
from reports.render.pdf.plan import MARGIN, TOP

CARD_HEIGHT, CARD_GAP, ACROSS = 54.0, 9.0, 3
BARS_AT_ONCE = 24


def draw_summary(document: Document, flow: Flow, first_pages: dict[str, int]) -> None:
    """One page or more; the last stays open. `first_pages` says on which page each table begins."""
    flow.frame.open(A4)
    flow.y = A4[1] - TOP
    flow.frame.bookmark("summary", document.wording.summary)
    flow.heading(document.wording.summary, 20)
    for section in document.sections:
        if section.facts or section.bars:
            _section(document, section, flow)
    _contents(document, flow, first_pages)


def fact_text(fact: Fact, language: str) -> str:
    """The figure in the language of the report; a dash when there is none."""
    if fact.value is None:
        return "–"
    if isinstance(fact.value, int):
        return money(fact.value, fact.currency, language) if fact.currency else count(fact.value, language)
    return fact.value if isinstance(fact.value, str) else short_day(fact.value, language)


def _section(document: Document, section: Section, flow: Flow) -> None:
    flow.skip(6)
    flow.heading(section.title, 12, follow=CARD_HEIGHT + 10)
    for start in range(0, len(section.facts), ACROSS):
        _cards(section.facts[start : start + ACROSS], document.language, flow)
    for start in range(0, len(section.bars), BARS_AT_ONCE):
        bars = section.bars[start : start + BARS_AT_ONCE]
        flow.need(chart_height(bars) + 8)
        draw_bars(flow.pen, bars, document.language, x=MARGIN, y=flow.y, width=WIDTH)
        flow.skip(chart_height(bars) + 4)
    if section.note:
        flow.paragraph(section.note, 8.5)
    flow.skip(8)


def _cards(facts: tuple[Fact, ...], language: str, flow: Flow) -> None:
    flow.need(CARD_HEIGHT + CARD_GAP)
    pen, width = flow.pen, (WIDTH - CARD_GAP * (ACROSS - 1)) / ACROSS
    bottom = flow.y - CARD_HEIGHT
    for number, fact in enumerate(facts):
        x = MARGIN + number * (width + CARD_GAP)
        pen.box(x, bottom, width, CARD_HEIGHT, PAPER)
        pen.box(
            x, bottom, 2.5, CARD_HEIGHT, AMBER if isinstance(fact.value, int) and fact.value < 0 else GREEN
        )
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
    flow.heading(words.contents, 12)
    for section, control in zip(document.sections, document.control.sections, strict=True):
        flow.need(18)
        page = f"{words.page} {first_pages.get(section.key, 0)}"
        rows = f"{words.rows}: {count(control.row_count, document.language)}"
        title = pen.fit(clean_text(section.title) or "", WIDTH - 230, 9.5)
        pen.text(MARGIN, flow.y - 11, title, 9.5)
        pen.text(MARGIN + WIDTH - 90, flow.y - 11, rows, 8.5, colour=INK_SOFT, right=True)
        pen.text(MARGIN + WIDTH, flow.y - 11, page, 9.5, bold=True, colour=GREEN, right=True)
        flow.frame.link(section.key, MARGIN, flow.y - 16, WIDTH, 18)
        flow.skip(18)
        pen.line(MARGIN, flow.y + 1, WIDTH, LINE, 0.4)
