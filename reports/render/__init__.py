"""Pure renderers: a `Document` goes in, bytes come out. No database, no clock, no request."""

from collections.abc import Callable
from typing import BinaryIO

from reports.render import as_csv, as_hledger, as_json, as_xlsx, pdf
from reports.render.document import Document

RENDERERS: dict[str, Callable[[Document, BinaryIO], None]] = {
    "pdf": pdf.render,
    "xlsx": as_xlsx.render,
    "csv": as_csv.render,
    "json": as_json.render,
}

# Formats that only some types of report can have.
SPECIAL_RENDERERS: dict[str, Callable[[Document, BinaryIO], None]] = {"hledger": as_hledger.render}
