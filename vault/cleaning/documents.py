"""PDFs: the pages are kept, everything else is left behind."""

import io
from typing import Any

from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, StreamObject

from vault.cleaning.kinds import Reason, Refused
from vault.cleaning.pictures import bare_jpeg

MOST_PAGES = 500
# Keys of any object in a document that say who made it, carry files, or do something when looked at.
_LEFT_BEHIND = (
    "/Metadata", "/PieceInfo", "/LastModified", "/AA", "/OpenAction", "/A", "/PA", "/JS", "/JavaScript",
    "/Names", "/AF", "/EF", "/EmbeddedFiles", "/Thumb", "/SpiderInfo", "/StructParents", "/Tabs", "/B",
)  # fmt: skip
# Notes that are drawn on the page stay as what is seen of them; the rest is files, sound and links.
_DRAWN = frozenset(
    {"/Widget", "/FreeText", "/Stamp", "/Ink", "/Highlight", "/Underline", "/StrikeOut", "/Square", "/Circle"}
    | {"/Line", "/Polygon", "/PolyLine", "/Squiggly", "/Caret"}
)
_KEPT_OF_NOTES = ("/Type", "/Rect", "/AP", "/AS", "/F", "/C", "/BS", "/Border")


def clean_document(content: bytes) -> bytes:
    """The same pages without information on their making, scripts, links, files and forms. Raises Refused."""
    try:
        reader = PdfReader(io.BytesIO(content), strict=False)
        if reader.is_encrypted:
            raise Refused(Reason.LOCKED)
        if len(reader.pages) > MOST_PAGES:
            raise Refused(Reason.BOMB)
        first = _pages(reader)
        for thing in first._objects:  # noqa: SLF001  pypdf has no other walk over all objects
            _strip(thing)
        # Written twice: what only the things left behind pointed at is not reachable any more.
        return _bytes(_pages(PdfReader(io.BytesIO(_bytes(first)))))
    except (MemoryError, RecursionError):
        raise Refused(Reason.BOMB) from None
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, OSError):
        raise Refused(Reason.BROKEN) from None


def _pages(reader: PdfReader) -> PdfWriter:
    writer = PdfWriter()
    for page in reader.pages:
        writer.add_page(page)
    if not writer.pages:
        raise Refused(Reason.BROKEN)
    return writer


def _bytes(writer: PdfWriter) -> bytes:
    writer.metadata = None
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _strip(thing: Any) -> None:
    if not isinstance(thing, DictionaryObject):
        return
    if thing.get("/Type") == "/Page":
        _keep_what_is_drawn(thing)
    for key in _LEFT_BEHIND:
        thing.pop(NameObject(key), None)
    for value in thing.values():
        _strip(value)
    if isinstance(thing, StreamObject) and thing.get("/Filter") in ("/DCTDecode", ["/DCTDecode"]):
        thing._data = bare_jpeg(thing._data)  # noqa: SLF001  as stored, so that no dot is lost


def _keep_what_is_drawn(page: DictionaryObject) -> None:
    notes = page.get("/Annots")
    if notes is None:
        return
    kept = ArrayObject()
    for reference in notes.get_object():
        note = reference.get_object()
        if isinstance(note, DictionaryObject) and note.get("/Subtype") in _DRAWN and "/AP" in note:
            for key in [key for key in note if key not in _KEPT_OF_NOTES]:
                del note[key]
            # A filled-in field without its form is not drawn; a stamp is.
            note[NameObject("/Subtype")] = NameObject("/Stamp")
            kept.append(reference)
    page[NameObject("/Annots")] = kept
