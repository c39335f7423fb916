"""Renders into memory and reads back."""

from io import BytesIO

from reports.render import RENDERERS
from reports.render.document import Document
from reports.render.read_back import ReadBack, read_report


def rendered(document: Document, name: str) -> bytes:
    """The bytes of one format."""
    out = BytesIO()
    RENDERERS[name](document, out)
    return out.getvalue()


def read(data: bytes) -> ReadBack:
    """What a file says about itself."""
    return read_report(BytesIO(data))
