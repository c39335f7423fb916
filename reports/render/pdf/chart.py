"""Horizontal bars: label, bar on its track, figure."""

from typing import Any

from reportlab.graphics import renderPDF
from reportlab.graphics.shapes import Drawing, Rect
from reportlab.lib.colors import HexColor

from reports.render.batches import clean_text
from reports.render.document import Bar
from reports.render.figures import count, money
from reports.render.pdf.ink import AMBER, FILL, LINE_STRONG, TRACK
from reports.render.pdf.pen import Pen

STEP, THICK, SIZE = 15.0, 7.5, 8.0


def chart_height(bars: tuple[Bar, ...]) -> float:
    """Height of the chart in points."""
    return len(bars) * STEP + 4


def draw_bars(pen: Pen, bars: tuple[Bar, ...], language: str, *, x: float, y: float, width: float) -> None:
    """The bars below `y`, all on one scale; a negative one is amber and goes to the left of the zero line."""
    labels = [pen.fit(clean_text(bar.label) or "", width * 0.34, SIZE) for bar in bars]
    figures = [_figure(bar, language) for bar in bars]
    left = max(pen.width(label, SIZE) for label in labels) + 12
    room = max(width - left - max(pen.width(figure, SIZE, bold=True) for figure in figures) - 12, 40)
    drawing = Drawing(room, chart_height(bars))
    low = min(0, *(bar.value for bar in bars))
    scale = room / (max(0, *(bar.value for bar in bars)) - low or 1)
    for number, (bar, label, figure) in enumerate(zip(bars, labels, figures, strict=True)):
        middle = chart_height(bars) - number * STEP - STEP / 2
        baseline = y - chart_height(bars) + middle - 3
        pen.text(x, baseline, label, SIZE)
        pen.text(x + width, baseline, figure, SIZE, bold=True, right=True)
        drawing.add(_rect(0, middle - THICK / 2, room, THICK, TRACK))
        length = max(abs(bar.value) * scale, 0.8 if bar.value else 0)
        start = (min(bar.value, 0) - low) * scale
        drawing.add(_rect(start, middle - THICK / 2, length, THICK, FILL if bar.value >= 0 else AMBER))
    if low < 0:
        drawing.add(_rect(-low * scale - 0.4, 2, 0.8, chart_height(bars) - 4, LINE_STRONG))
    pen.canvas.saveState()
    renderPDF.draw(drawing, pen.canvas, x + left, y - chart_height(bars))
    pen.canvas.restoreState()


def _figure(bar: Bar, language: str) -> str:
    return money(bar.value, bar.currency, language) if bar.currency else count(bar.value, language)


def _rect(x: float, y: float, width: float, height: float, colour: str) -> Rect:
    style: dict[str, Any] = {"fillColor": HexColor(colour), "strokeColor": None}
    return Rect(x, y, width, height, **style)
