"""Records of the first visible sheet of an XLSX workbook, read as texts; nothing is ever evaluated."""

import datetime
import io
import zipfile
from collections.abc import Iterator
from typing import Any

import openpyxl
from django.utils.translation import gettext_lazy as _
from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula

from lawyers.intake.table import Limits, TableBroken, TableHostile, TableNotText, TableTooBig

_MOST_PARTS = 2_000
_DECLARATIONS = (b"<!DOCTYPE", b"<!ENTITY")
_WIDEST = 1024  # cells without content are styled out to here by honest programs, hardly further
_SMALL_PART = 1024 * 1024


def records(content: bytes, limits: Limits) -> Iterator[list[str]]:
    """Every record of the first visible sheet; a formula is its own text ("=1+1").

    Raises TableHostile for zip bombs, entity tricks and encrypted parts, TableBroken for damage,
    TableNotText for a zip archive that is no workbook, TableTooBig above the limits.
    """
    _inspect(content, limits)
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
    except Exception as broken:  # openpyxl raises KeyError, ValueError, TypeError, XML errors alike
        raise TableBroken from broken
    try:
        yield from _sheet_records(book, limits)
    finally:
        book.close()


def _sheet_records(book: Any, limits: Limits) -> Iterator[list[str]]:
    sheet = next((sheet for sheet in book.worksheets if sheet.sheet_state == "visible"), None)
    if sheet is None:
        raise TableNotText
    sheet.reset_dimensions()  # the stored size may lie
    try:
        for values in sheet.iter_rows(values_only=True):
            if len(values) > _WIDEST:
                raise TableTooBig(limit=limits.columns, unit=_("columns"))
            yield [_text(value, limits) for value in values]
    except (TableTooBig, GeneratorExit):
        raise
    except Exception as broken:
        raise TableBroken from broken


def _text(value: Any, limits: Limits) -> str:
    text = _plain(value)
    if len(text) > limits.cell_chars:
        raise TableTooBig(limit=limits.cell_chars, unit=_("characters in a cell"))
    return text


def _plain(value: Any) -> str:
    """The cell as a person would type it: ISO dates, whole numbers without ".0"."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime.datetime | datetime.date | datetime.time):
        return value.isoformat().removesuffix("T00:00:00")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, ArrayFormula | DataTableFormula):
        return str(getattr(value, "text", None) or "=")
    return str(value)


def _inspect(content: bytes, limits: Limits) -> None:
    """Look at the archive before anything is unpacked; a part never unpacks beyond its declared size."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            _inspect_sizes(parts, len(content), limits)
            if "[Content_Types].xml" not in archive.namelist():
                raise TableNotText
            for part in parts:
                _inspect_part(archive, part)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, RuntimeError) as broken:
        raise TableBroken from broken


def _inspect_sizes(parts: list[zipfile.ZipInfo], packed: int, limits: Limits) -> None:
    unpacked = sum(part.file_size for part in parts)
    names = [part.filename for part in parts]
    encrypted = any(part.flag_bits & 0x1 for part in parts)
    if len(parts) > _MOST_PARTS or len(set(names)) != len(names) or encrypted:
        raise TableHostile
    if unpacked > limits.unpacked_bytes or (
        unpacked > _SMALL_PART and unpacked > limits.unpacked_ratio * packed
    ):
        raise TableHostile


def _inspect_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Workbooks never declare document types or entities; a file that does wants to harm its reader."""
    if not part.filename.lower().endswith((".xml", ".rels", ".vml")):
        return
    with archive.open(part) as stream:
        tail = b""
        while chunk := stream.read(1 << 20):
            piece = (tail + chunk).replace(b"\0", b"").upper()
            if any(sign in piece for sign in _DECLARATIONS):
                raise TableHostile
            tail = chunk[-32:]
