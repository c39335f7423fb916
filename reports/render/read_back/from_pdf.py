"""PDF: the identity stands in the keywords of the document information.

Only what we write is understood: a classic cross-reference table, as in the files of reportlab, and later
revisions appended to it, as a signature makes them. Page content is never looked at, so no text of a row can
pass for the identity.
"""

import base64
import json
import re
from typing import BinaryIO

from reports.render.read_back.from_json import from_head
from reports.render.read_back.model import NotAReport, ReadBack
from reports.render.records import FORMAT

MOST_REVISIONS = 50

_START = re.compile(rb"startxref\s+(\d{1,12})\s+%%EOF")
_SUBSECTION = re.compile(rb"(\d{1,10}) (\d{1,10})\s*\n")
_INFO = re.compile(rb"/Info (\d{1,10}) \d+ R")
_PREVIOUS = re.compile(rb"/Prev (\d{1,12})")
_KEYWORDS = re.compile(rb"/Keywords \(([^()\\]*)\)")
_HEAD = re.compile(r"head=([A-Za-z0-9_=-]+)$")


def read_pdf(file: BinaryIO) -> ReadBack:
    """Read the identity of a PDF report."""
    data = file.read()
    starts = _START.findall(data[-4096:])
    if not starts:
        raise NotAReport("the PDF was cut short")
    offset, information, places = int(starts[-1]), b"", dict[int, int]()
    for _revision in range(MOST_REVISIONS):
        trailer = _read_table(data, offset, places)
        information = information or _first(_INFO, trailer)
        previous = _first(_PREVIOUS, trailer)
        if not previous:
            break
        offset = int(previous)
    place = places[int(information)]
    keywords = _first(_KEYWORDS, data[place : data.index(b"endobj", place)]).decode("ascii")
    head = _HEAD.search(keywords)
    if not keywords.startswith(FORMAT) or not head:
        raise NotAReport("the PDF is not a report of this system")
    return from_head(json.loads(base64.urlsafe_b64decode(head[1])), "pdf", None)


def _read_table(data: bytes, offset: int, places: dict[int, int]) -> bytes:
    """Note where each object is, unless a later revision has it; return the trailer."""
    if not data.startswith(b"xref", offset):
        raise NotAReport("the PDF was rewritten by another program; use the file as it was issued")
    at = offset + 4
    while data[at : at + 1].isspace():
        at += 1
    while match := _SUBSECTION.match(data, at):
        first, size = int(match[1]), int(match[2])
        at = match.end()
        for number in range(first, first + size):
            entry = data[at : at + 20]
            if len(entry) < 20:
                raise NotAReport("the PDF was cut short")
            if entry[17:18] == b"n":
                places.setdefault(number, int(entry[:10]))
            at += 20
    end = data.find(b"startxref", at)
    return data[at : end if end >= 0 else None]


def _first(pattern: re.Pattern[bytes], data: bytes) -> bytes:
    match = pattern.search(data)
    return match[1] if match else b""
