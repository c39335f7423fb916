"""Reading a list that somebody sent: CSV or XLSX into rows of texts, whole or not at all."""

from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from lawyers.intake import csv_table
from lawyers.intake.table import (
    Column,
    Limits,
    Row,
    Table,
    TableEmpty,
    TableTooBig,
    match_header,
    plain_header,
)


def read_table_file(path: Path, columns: Sequence[Column], limits: Limits | None = None) -> Table:
    """As `read_table`, from a file; its size is looked at before it is read. Raises OSError, TableRefused."""
    bound = limits or Limits()
    if path.stat().st_size > bound.file_bytes:
        raise TableTooBig(limit=bound.file_bytes // (1024 * 1024), unit=_("MB"))
    return read_table(path.read_bytes(), columns, bound)


def read_table(content: bytes, columns: Sequence[Column], limits: Limits | None = None) -> Table:
    """All rows of a CSV text or XLSX workbook, told apart by content, never by file name.

    Row 1 is the header; blank rows are skipped but counted. Raises a subclass of TableRefused.
    """
    bound = limits or Limits()
    if len(content) > bound.file_bytes:
        raise TableTooBig(limit=bound.file_bytes // (1024 * 1024), unit=_("MB"))
    if content.startswith(b"PK\x03\x04"):
        from lawyers.intake import xlsx_table  # here, because openpyxl is large and seldom wanted

        return _table(xlsx_table.records(content, bound), columns, bound, padded=True)
    known = {plain_header(header) for column in columns for header in (column.key, *column.headers)}

    def count_known(record: list[str]) -> int:
        return sum(plain_header(cell) in known for cell in record)

    return _table(
        csv_table.records(csv_table.decode(content), bound, count_known), columns, bound, padded=False
    )


def _table(records: Iterable[list[str]], columns: Sequence[Column], limits: Limits, *, padded: bool) -> Table:
    """`padded`: sheets have no ragged rows, so missing cells at the end are empty cells."""
    stream = iter(records)
    header = _trimmed(next(stream, []))
    _check_width(header, limits)
    keys = match_header(header, columns)
    rows = []
    for number, record in enumerate(islice(stream, limits.rows + 1), start=2):
        if number > limits.rows + 1:
            raise TableTooBig(limit=limits.rows, unit=_("rows"))
        _check_width(_trimmed(record) if padded else record, limits)
        if any(cell.strip() for cell in record):
            rows.append(_row(number, record, keys, padded=padded))
    if not rows:
        raise TableEmpty
    ignored = tuple(cell.strip() for cell, key in zip(header, keys, strict=True) if key is None)
    return Table(tuple(key for key in keys if key), len(header), rows, ignored)


def _row(number: int, record: list[str], keys: list[str | None], *, padded: bool) -> Row:
    if padded:
        record = _trimmed(record)
        record = record + [""] * (len(keys) - len(record))
    cells = {key: cell.strip() for key, cell in zip(keys, record, strict=False) if key}
    return Row(number, cells, len(record))


def _trimmed(record: list[str]) -> list[str]:
    width = max((index for index, cell in enumerate(record, start=1) if cell.strip()), default=0)
    return record[:width]


def _check_width(record: list[str], limits: Limits) -> None:
    if len(record) > limits.columns:
        raise TableTooBig(limit=limits.columns, unit=_("columns"))
