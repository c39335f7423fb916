"""The mark of a copy on each page of a PDF, as a later revision of one object.

Every page of an issued PDF draws one empty form in its foot. A copy appends an incremental update (ISO 32000,
7.5.6) in which that form shows the id of the download: the issued bytes before it stay as they are, and what
was appended can be computed again from them, letter by letter.
"""

import re

# The end of a file in which its trailer surely stands.
NEEDED = 2000

_FORM = re.compile(rb"/FormXob\.abarona-copy (\d{1,9}) 0 R")
_LONGEST_NAME = 100
_PLACES = {name: re.compile(rb"/" + name + rb" (\d{1,9}(?: 0 R)?)") for name in (b"Info", b"Root", b"Size")}
_START = re.compile(rb"startxref\s+(\d{1,12})\s+%%EOF\s*\Z")


class FormSeeker:
    """Finds the number of the form object in a file that is read piece by piece; None until it is found."""

    def __init__(self) -> None:
        self.number: int | None = None
        self._rest = b""

    def feed(self, chunk: bytes) -> None:
        """The next piece of the file."""
        if self.number is None:
            seen = self._rest + chunk
            match = _FORM.search(seen)
            self.number = int(match[1]) if match else None
            self._rest = seen[-_LONGEST_NAME:]


def pdf_mark(tail: bytes, copy: bytes, size: int, form: int | None) -> bytes:
    """What is appended to a PDF of ``size`` bytes that ends with ``tail``.

    Only a comment where there is no form to fill, as in files of earlier versions.
    """
    comment = b"\n%abarona-copy " + copy + b"\n"
    start = _START.search(tail)
    trailer = tail.rfind(b"trailer")
    if form is None or start is None or trailer < 0:
        return comment
    found = {name: pattern.search(tail, trailer) for name, pattern in _PLACES.items()}
    kept = b"".join(b"/" + name + b" " + match[1] for name, match in found.items() if match)
    shown = b"BT /F1 6 Tf 0.33 g (copy " + copy + b") Tj ET"
    thing = (
        b"%d 0 obj\n<</Type/XObject/Subtype/Form/FormType 1/BBox[0 -2 300 8]"
        b"/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>/Length %d>>\n"
        b"stream\n%s\nendstream\nendobj\n"
    ) % (form, len(shown), shown)
    at = size + len(comment)
    table = b"xref\n%d 1\n%010d 00000 n \ntrailer\n<<%s/Prev %s>>\nstartxref\n%d\n%%%%EOF\n" % (
        form,
        at,
        kept,
        start[1],
        at + len(thing),
    )
    return comment + thing + table
