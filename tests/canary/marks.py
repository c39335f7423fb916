"""Marks that no honest word contains, and finding them in raw bytes however they are written."""

import base64
import datetime
import io
import json
import zipfile
import zlib
from collections.abc import Iterator
from functools import cache
from urllib.parse import quote

from pypdf import PdfReader
from pypdf.errors import PyPdfError

# A day on which nothing else in the tests happens, as machines and pages write it.
DAY = datetime.date(1873, 2, 9)
# In two alphabets: names are transliterated, and texts are escaped differently.
STEMS = ("qzxkanar", "жвіркож", "1873-02-09", "9 february 1873", "09.02.1873")
_SHORTEST = 5


def mark(number: int) -> str:
    """A personal value: in Latin and Cyrillic letters, with a number that tells which field it was put in."""
    return f"Qzxkanar{number} Жвіркож"


def address(number: int) -> str:
    """The same as the address of somebody's mail."""
    return f"qzxkanar{number}@example.invalid"


@cache
def _disguises() -> dict[bytes, str]:
    """Every way in which a stem may stand in bytes whose ASCII letters were made small."""
    found: dict[bytes, str] = {}
    for stem in STEMS:
        for word in {stem, stem.upper(), stem.capitalize()}:
            written = {
                "utf-8": word.encode(),
                "utf-16-le": word.encode("utf-16-le"),
                "utf-16-be": word.encode("utf-16-be"),
                "json": json.dumps(word).strip('"').encode(),
                "url": quote(word).encode(),
                "hex": word.encode().hex().encode(),
            }
            for name, form in written.items():
                found.setdefault(form.lower(), name)
    return found


@cache
def _in_base64() -> tuple[bytes, ...]:
    found = []
    for stem in STEMS:
        for word in {stem, stem.capitalize()}:
            for shift in range(3):
                whole = base64.b64encode(b"\0" * shift + word.encode())
                # The signs at both ends also hold bits of the neighbours.
                found.append(whole[4 if shift else 0 : -4])
    return tuple(core for core in found if len(core) >= _SHORTEST)


def disguises_in(data: bytes) -> set[str]:
    """As what a mark stands in these bytes; ASCII letters of either size."""
    small = data.lower()
    found = {name for form, name in _disguises().items() if form in small}
    if any(core in data for core in _in_base64()):
        found.add("base64")
    return found


def unpacked(data: bytes) -> Iterator[bytes]:
    """The bytes, and what lies in them: parts of a ZIP (an XLSX too), the text of a PDF, deflated data."""
    yield data
    if data[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            for name in packed.namelist():
                yield name.encode()
                yield packed.read(name)
    elif data[:5] == b"%PDF-":
        try:
            reader = PdfReader(io.BytesIO(data))
            yield "\n".join(page.extract_text() for page in reader.pages).encode()
            yield str(reader.metadata).encode()
        except PyPdfError:
            return
    elif data[:1] == b"\x78":
        try:
            yield zlib.decompress(data)
        except zlib.error:
            return


def is_marked(data: bytes) -> set[str]:
    """As what a mark stands anywhere inside."""
    return set().union(*(disguises_in(part) for part in unpacked(data)))
