"""The mark of one copy: which download these bytes came from. It stands after the file that was issued.

The issued file is one and its hash is kept. Each download gets its own id at the end, where the format
bears it (a comment, a last line, a key), and `verify` takes it off again, so the mark lies outside everything
that is hashed. In a PDF the mark is also shown on each page: see :mod:`reports.copies_pdf`. The id says
nothing to a stranger; here it names who took the copy, and when.
"""

import hashlib
import re
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from reports.copies_pdf import NEEDED as PDF_TAIL
from reports.copies_pdf import FormSeeker, pdf_mark

_ID = rb"([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})"
_CHUNK = 1 << 16
# What is taken off the end of a file, and what is put back in its place.
_MARKS = (
    (re.compile(rb"\n%abarona-copy " + _ID + rb"\n.*\Z", re.DOTALL), b""),
    (re.compile(rb',"copy":"' + _ID + rb'"\}\n\Z'), b"}\n"),
    (re.compile(rb"copy,," + _ID + rb",*\r\n\Z"), b""),
    (re.compile(rb"; abarona-copy " + _ID + rb"\n\Z"), b""),
    (re.compile(rb"\x31\x00abarona-copy " + _ID + rb"\Z"), b"\x00\x00"),
)
_LONGEST = 2 * PDF_TAIL


def marked(path: Path, file_format: str, copy: uuid.UUID) -> Iterator[bytes]:
    """The bytes of the issued file with the mark of one download."""
    size = path.stat().st_size
    seeker = FormSeeker()
    with path.open("rb") as file:
        file.seek(max(0, size - _LONGEST))
        tail = file.read()
        file.seek(0)
        for chunk in _chunks(file, size - len(tail)):
            seeker.feed(chunk)
            yield chunk
    seeker.feed(tail)
    yield _with_mark(tail, file_format, str(copy).encode(), size, seeker)


def _chunks(file: BinaryIO, left: int) -> Iterator[bytes]:
    while left:
        chunk = file.read(min(_CHUNK, left))
        left -= len(chunk)
        yield chunk


def _with_mark(tail: bytes, file_format: str, copy: bytes, size: int, seeker: FormSeeker) -> bytes:
    if file_format == "pdf":
        return tail + pdf_mark(tail, copy, size, seeker.number)
    if file_format == "json":
        return tail.removesuffix(b"}\n") + b',"copy":"' + copy + b'"}\n'
    if file_format == "csv":
        width = tail[tail[:-2].rindex(b"\r\n") + 2 :].count(b",")
        return tail + b"copy,," + copy + b"," * (width - 2) + b"\r\n"
    if file_format == "hledger":
        return tail + b"; abarona-copy " + copy + b"\n"
    return tail.removesuffix(b"\x00\x00") + b"\x31\x00abarona-copy " + copy


def digest_without_mark(file: BinaryIO) -> tuple[str, uuid.UUID | None]:
    """SHA-256 of the file as it was issued, and the download it was handed out in, if it bears a mark."""
    size = file.seek(0, 2)
    start = max(0, size - _LONGEST)
    file.seek(start)
    whole = file.read()
    file.seek(0)
    digest, seeker = hashlib.sha256(), FormSeeker()
    for chunk in _chunks(file, start):
        seeker.feed(chunk)
        digest.update(chunk)
    tail, copy = _without_mark(whole, start, seeker)
    digest.update(tail)
    return digest.hexdigest(), copy


def _without_mark(whole: bytes, start: int, seeker: FormSeeker) -> tuple[bytes, uuid.UUID | None]:
    for pattern, instead in _MARKS:
        if match := pattern.search(whole):
            tail = whole[: match.start()] + instead
            seeker.feed(tail)
            # What stands after a PDF is drawn on its pages: it must be the mark and nothing else.
            if whole.startswith(b"\n%abarona-copy ", match.start()):
                mark = pdf_mark(tail, match[1], start + len(tail), seeker.number)
                if mark != match[0]:
                    break
            return tail, uuid.UUID(match[1].decode())
    return whole, None
