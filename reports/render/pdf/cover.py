"""The first page: whose report this is, over which time, and how anybody can check it."""

from reportlab.lib.pagesizes import A4

from reports.render.batches import clean_text
from reports.render.document import Document
from reports.render.figures import count, money
from reports.render.pdf.flow import FIGURE_STEP, WIDTH, Flow
from reports.render.pdf.frame import period_text
from reports.render.pdf.ink import AMBER, CREAM, GREEN_DEEP, INK
from reports.render.pdf.pen import Pen
from reports.render.pdf.plan import MARGIN

BAND = 286.0  # height of the green field
SOFT_CREAM = "#cbd9cc"


def draw_cover(document: Document, flow: Flow) -> None:
    """The cover, and what of the identity does not fit on it, on pages after it."""
    flow.frame.open(A4, head=False)
    flow.frame.bookmark("about", document.wording.about)
    _band(document, flow.pen)
    flow.y = A4[1] - BAND - 26
    flow.paragraph(document.description, 11, colour=INK)
    flow.skip(12)
    _choices(document, flow)
    _identity(document, flow)
    flow.frame.close()


def _band(document: Document, pen: Pen) -> None:
    width, top = A4[0], A4[1]
    pen.box(0, top - BAND, width, BAND, GREEN_DEEP)
    pen.box(0, top - BAND - 4, width, 4, AMBER)
    _arch(pen, MARGIN, top - 74)
    organisation = pen.fit(clean_text(document.organisation) or "", WIDTH - 46, 13, bold=True)
    pen.text(MARGIN + 40, top - 64, organisation, 13, bold=True, colour=CREAM)
    title, size, y = clean_text(document.title) or "", 30, top - 138
    if len(pen.wrap(title, WIDTH, size, bold=True)) > 2:
        size = 21
    for line in pen.wrap(title, WIDTH, size, bold=True, most=3):
        pen.text(MARGIN, y, line, size, bold=True, colour=CREAM)
        y -= size * 1.23
    pen.text(MARGIN, y + 2, pen.fit(clean_text(document.subtitle) or "", WIDTH, 14), 14, colour=SOFT_CREAM)
    period = pen.fit(period_text(document), WIDTH, 12, bold=True)
    pen.text(MARGIN, top - BAND + 28, period, 12, bold=True, colour=AMBER)


def _arch(pen: Pen, x: float, y: float) -> None:
    """The mark of the pages: a gate with someone in it."""
    canvas = pen.canvas
    canvas.saveState()
    canvas.setStrokeColor(CREAM)
    canvas.setFillColor(AMBER)
    canvas.setLineWidth(2.2)
    canvas.setLineCap(1)
    arch = canvas.beginPath()
    arch.moveTo(x + 2, y)
    arch.lineTo(x + 2, y + 13)
    arch.arcTo(x + 2, y + 1, x + 26, y + 25, 180, -180)
    arch.lineTo(x + 26, y)
    canvas.drawPath(arch, stroke=1, fill=0)
    canvas.circle(x + 14, y + 7.5, 5, stroke=0, fill=1)
    canvas.restoreState()


def _choices(document: Document, flow: Flow) -> None:
    if not document.parameters and not document.mark:
        return
    flow.heading(document.wording.chosen, 11)
    for parameter in document.parameters:
        flow.pair(parameter.label, parameter.shown or parameter.value)
    if document.mark:
        flow.paragraph(document.wording.copy_for % {"mark": document.mark})
    flow.skip(12)


def draw_control(document: Document, flow: Flow) -> None:
    """What every format of the report must add up to; after the summary, for who checks it."""
    flow.skip(16)
    words, language = document.wording, document.language
    lines = sum(1 + len(control.sums) for control in document.control.sections)
    flow.heading(words.control_totals, 11, follow=min(lines * FIGURE_STEP + 4, A4[1] / 2))
    for section, control in zip(document.sections, document.control.sections, strict=True):
        labels = {column.key: column.label for column in section.columns}
        flow.figure(section.title, f"{words.rows}: {count(control.row_count, language)}", bold=True)
        for each in control.sums:
            flow.figure(labels[each.column], money(each.minor, each.currency, language))
    flow.skip(12)


def _identity(document: Document, flow: Flow) -> None:
    words, identity, language = document.wording, document.identity, document.language
    flow.heading(words.check, 11)
    flow.paragraph(words.check_how, 8.5)
    flow.skip(4)
    flow.pair(words.content_hash, *_grouped(identity.content_hash), size=8.5)
    flow.pair(words.log_root, *_grouped(identity.root_hex), size=8.5)
    flow.pair(words.log_size, count(identity.log_size, language), size=8.5)
    flow.pair(words.rows, count(identity.row_count, language), size=8.5)
    flow.pair(words.ruleset, identity.ruleset_version, size=8.5)
    flow.pair(words.produced_from, identity.produced_from, size=8.5)
    flow.skip(10)


def _grouped(digits: str) -> list[str]:
    """Hexadecimal digits in eights, four on a line, so that an eye can compare them."""
    groups = [digits[at : at + 8] for at in range(0, len(digits), 8)]
    return ["  ".join(groups[at : at + 4]) for at in range(0, len(groups), 4)]
