"""CSV: rows first, then the records that say how to read them."""

import csv
from collections.abc import Iterable
from io import TextIOWrapper
from typing import BinaryIO

from reports.render.document import Column, Row
from reports.render.formulas import restore
from reports.render.read_back.from_records import RecordReader, read_row
from reports.render.read_back.model import ReadBack
from reports.render.records import WIDTH


def read_csv(file: BinaryIO) -> ReadBack:
    """Read a CSV report."""
    rows: dict[str, list[list[str]]] = {}
    reader = RecordReader()
    text = TextIOWrapper(file, encoding="utf-8-sig", newline="")
    for line in csv.reader(text):
        if line[0] == "row":
            rows.setdefault(line[1], []).append(line[2:])
        elif line[0] != "record":
            reader.take([restore(cell) for cell in line] + [""] * (WIDTH - len(line)))
    text.detach()

    def rows_of(section: str, columns: tuple[Column, ...], row_count: int) -> Iterable[Row]:
        for cells in rows.pop(section, []):
            yield read_row(columns, [restore(cell) for cell in cells[: len(columns)]])

    return reader.build("csv", rows_of)
