"""A page of a voucher, drawn from where its words and pictures stand."""

import io

import pytest
from PIL import Image
from pypdf import PdfReader
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from reports.sampling_room import pages


def test_a_page_of_a_document_keeps_its_layout() -> None:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(400, 200), pageCompression=0)
    canvas.drawString(20, 170, "Invoice 7")
    canvas.drawRightString(380, 60, "640.00 EUR")
    canvas.line(20, 50, 380, 50)
    canvas.drawImage(ImageReader(Image.new("RGB", (10, 10), (200, 0, 0))), 300, 120, 40, 40)
    canvas.save()
    page = PdfReader(out).pages[0]
    drawn = pages.drawn(page)
    assert drawn.size == (pages.WIDEST, pages.WIDEST // 2)
    scale = drawn.width / 400

    def inked(left: int, top: int, right: int, bottom: int) -> bool:
        part = drawn.crop(tuple(round(edge * scale) for edge in (left, top, right, bottom))).convert("L")
        return part.getextrema()[0] < 100

    assert inked(20, 15, 80, 35)  # the words above
    assert inked(300, 128, 385, 145)  # the amount at the right
    assert not inked(20, 60, 280, 145)  # nothing between them
    assert drawn.getpixel((round(320 * scale), round(60 * scale))) == pytest.approx((200, 0, 0), abs=6)
    assert drawn.getpixel((round(200 * scale), round(150 * scale))) != (255, 255, 255)  # the rule
    assert pages.other_pictures(page) == []
