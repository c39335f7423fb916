"""Puts the parts of a PDF together. The same document gives the same bytes."""

import base64
import json
from io import BytesIO
from typing import BinaryIO

from reportlab.pdfgen.canvas import Canvas

from reports.render.as_json import head_of
from reports.render.batches import clean_text
from reports.render.document import Document
from reports.render.pdf.canvas import canvas_of
from reports.render.pdf.cover import draw_control, draw_cover
from reports.render.pdf.flow import Flow
from reports.render.pdf.frame import COPY_FORM, Frame
from reports.render.pdf.ink import load_fonts
from reports.render.pdf.pen import Pen
from reports.render.pdf.plan import BETWEEN, Plan, make_plan, settle_empty, shares_page
from reports.render.pdf.summary import draw_summary
from reports.render.pdf.table import Table
from reports.render.records import FORMAT


def render(document: Document, out: BinaryIO) -> None:
    """Write the report as PDF. Raises `RowsChanged` if the rows no longer add up.

    Front pages are drawn twice: the first time on a canvas that is thrown away, to know how many there are.
    """
    scratch = scratch_pen(document)
    plans = [make_plan(document, section, scratch) for section in document.sections]
    settle_empty(plans)
    front = _draw_front(document, scratch, 0, {}).number
    shares = shares_page(plans)
    pages = front + sum(len(plan.pages) for plan in plans) - sum(shares)
    canvas = canvas_of(document, out)
    _describe(canvas, document)
    canvas.beginForm(COPY_FORM)
    canvas.endForm()
    pen = Pen(canvas)
    frame = _draw_front(document, pen, pages, _first_pages(plans, shares, front))
    y = 0.0
    for number, (plan, together) in enumerate(zip(plans, shares, strict=True)):
        if number and not together:
            frame.close()
        y = Table(document, plan, pen, frame).draw(y - BETWEEN if together else None)
    if plans:
        frame.close()
    canvas.save()


def scratch_pen(document: Document) -> Pen:
    """A pen on a canvas that nobody will see, to measure with."""
    load_fonts()
    return Pen(canvas_of(document, BytesIO()))


def keywords(document: Document) -> str:
    """The identity for people's tools, then everything about the report in base64url for `read_back`."""
    identity = document.identity
    head = base64.urlsafe_b64encode(json.dumps(head_of(document), separators=(",", ":")).encode()).decode()
    plain = f"content_hash={identity.content_hash} log_size={identity.log_size} log_root={identity.root_hex}"
    return f"{FORMAT} {plain} head={head}"


def _describe(canvas: Canvas, document: Document) -> None:
    canvas.setTitle(clean_text(document.title) or "")
    canvas.setAuthor(clean_text(document.organisation) or "")
    canvas.setSubject(clean_text(document.description) or "")
    canvas.setCreator(clean_text(document.identity.produced_from) or "")
    canvas.setKeywords(keywords(document))
    canvas.setViewerPreference("DisplayDocTitle", "true")
    canvas.showOutline()


def _draw_front(document: Document, pen: Pen, pages: int, first_pages: dict[str, int]) -> Frame:
    frame = Frame(document, pen.canvas, pen, pages)
    flow = Flow(pen, frame)
    draw_cover(document, flow)
    draw_summary(document, flow, first_pages)
    draw_control(document, flow)
    frame.close()
    return frame


def _first_pages(plans: list[Plan], shares: list[bool], front: int) -> dict[str, int]:
    first, page = {}, front + 1
    for plan, together in zip(plans, shares, strict=True):
        page -= together
        first[plan.section.key] = page
        page += len(plan.pages)
    return first
