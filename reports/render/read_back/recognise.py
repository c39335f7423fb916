"""Which format a file has, told from its first bytes, never from its name."""

import os
import zipfile
import zlib
from csv import Error as CsvError
from typing import BinaryIO

from reports.render.read_back.from_csv import read_csv
from reports.render.read_back.from_hledger import read_hledger
from reports.render.read_back.from_json import read_json
from reports.render.read_back.from_pdf import read_pdf
from reports.render.read_back.model import NotAReport, ReadBack

MOST_BYTES = 512 * 1024 * 1024

# What the parsers raise on a file that is not what it pretends to be
BROKEN = (
    *(ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError, RecursionError, EOFError),
    *(OSError, SyntaxError, NotImplementedError, CsvError, zipfile.BadZipFile, zlib.error),
)


def read_report(file: BinaryIO) -> ReadBack:
    """Read a report in any of its formats. `file` must be seekable; it may come from a stranger.

    Raises `NotAReport` for everything else.
    """
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    start = file.read(24)
    file.seek(0)
    if size > MOST_BYTES:
        raise NotAReport("the file is too large to be a report")
    try:
        if start.startswith(b"%PDF-"):
            return read_pdf(file)
        if start.startswith(b"PK\x03\x04"):
            from reports.render.read_back.from_xlsx import read_xlsx  # openpyxl is large and seldom wanted

            return read_xlsx(file)
        if start.removeprefix(b"\xef\xbb\xbf").startswith((b"record,section", b"report,,")):
            return read_csv(file)
        if start.startswith(b'{"format":"abarona-'):
            return read_json(file)
        if start.startswith(b"; abarona-report-"):
            return read_hledger(file)
    except NotAReport:
        raise
    except BROKEN as error:
        raise NotAReport("the file is damaged, cut short, or not a report") from error
    raise NotAReport("the file is not a report in PDF, XLSX, CSV, JSON or hledger")
