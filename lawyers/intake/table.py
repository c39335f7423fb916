"""A list sent to us as a table: columns, rows, limits, and the reasons to refuse it whole."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from audit.actions import DomainError

_NOT_WORD = re.compile(r"[\W_]+")


class TableRefused(DomainError):
    """The whole file is refused before any row is looked at; subclasses say why."""

    code: ClassVar[str] = "table-refused"
    message: ClassVar[str | Promise] = _("This file cannot be read as a list.")


class TableTooBig(TableRefused):
    code = "table-too-big"
    message = _("The file is larger than %(limit)s %(unit)s. Split it and send the parts one by one.")


class TableEmpty(TableRefused):
    code = "table-empty"
    message = _("The file holds no rows below its header. Check that the right sheet or file was saved.")


class TableNotText(TableRefused):
    code = "table-not-text"
    message = _("This is neither a CSV text nor an XLSX workbook. Save the list as CSV (UTF-8) or as XLSX.")


class TableBroken(TableRefused):
    code = "table-broken"
    message = _("The file is damaged: it cannot be read to its end. Save it again and send it again.")


class TableHostile(TableRefused):
    code = "table-hostile"
    message = _(
        "The workbook is built in a way no spreadsheet program saves. Save the list as CSV and send that."
    )


class HeaderUnknown(TableRefused):
    code = "header-unknown"
    message = _("The first row names no column that is known here. Columns known: %(known)s.")


class HeaderIncomplete(TableRefused):
    code = "header-incomplete"
    message = _("A column is missing: %(missing)s. Add it to the first row.")


class HeaderTwice(TableRefused):
    code = "header-twice"
    message = _("Two columns mean the same: %(column)s. Remove one of them.")


@dataclass(frozen=True)
class Limits:
    """The most that is read. Bytes for the file, characters for a cell, counts for the rest."""

    file_bytes: int = 50 * 1024 * 1024
    unpacked_bytes: int = 300 * 1024 * 1024
    unpacked_ratio: int = 200
    rows: int = 100_000
    columns: int = 64
    cell_chars: int = 20_000


@dataclass(frozen=True)
class Column:
    """A column we know: its key in code and the headers people write, in any language and case."""

    key: str
    headers: tuple[str, ...]
    required: bool = False


@dataclass(frozen=True)
class Row:
    """One row: its number as spreadsheets show it (header = 1), texts by column key, cells written."""

    number: int
    cells: Mapping[str, str]
    width: int

    def text(self, key: str) -> str:
        """The trimmed text of a column; empty when the column or the cell is missing."""
        return self.cells.get(key, "")


@dataclass(frozen=True)
class Table:
    """A whole list; `width` is the number of header cells, `ignored` the headers nobody here knows."""

    columns: tuple[str, ...]
    width: int
    rows: Sequence[Row]
    ignored: tuple[str, ...] = field(default=())


def match_header(written: Sequence[str], known: Sequence[Column]) -> list[str | None]:
    """The column key for each header cell, None where it is unknown.

    Raises HeaderUnknown, HeaderIncomplete, HeaderTwice.
    """
    keys = {plain_header(header): column.key for column in known for header in (column.key, *column.headers)}
    found = [keys.get(plain_header(header)) for header in written]
    present = [key for key in found if key]
    if not present:
        raise HeaderUnknown(known=", ".join(column.key for column in known))
    if twice := next((key for key in present if present.count(key) > 1), None):
        raise HeaderTwice(column=twice)
    if missing := [column.key for column in known if column.required and column.key not in present]:
        raise HeaderIncomplete(missing=", ".join(missing))
    return found


def plain_header(header: str) -> str:
    """A header without case, punctuation and spacing, so that "Date of Birth:" is "date of birth"."""
    return _NOT_WORD.sub(" ", header.casefold()).strip()
