"""JSON: one object, UTF-8, one row per line; money in minor units, days `YYYY-MM-DD`, codes as codes.

The values of a row stand in the order of `columns` and are exactly those of the content hash, so a reader can
hash the file's own rows (see `content`).
"""

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any, BinaryIO

from reports.render.batches import canonical_row, counted_batches
from reports.render.content import plain_rows, plain_value
from reports.render.document import Document, Section
from reports.render.records import FORMAT

Json = dict[str, Any]

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def render(document: Document, out: BinaryIO) -> None:
    """Write the report as JSON. Raises `RowsChanged` if the rows no longer add up."""
    head = _encode(head_of(document))
    out.write(f'{head[:-1]},"sections":['.encode())
    for index, section in enumerate(document.sections):
        out.write(b",\n" if index else b"\n")
        out.writelines(piece.encode("utf-8", "replace") for piece in _section_pieces(document, section))
    out.write(b"\n]}\n")


def head_of(document: Document) -> Json:
    """Everything about a report but its sections, ready for JSON; PDF carries the same."""
    start, end = document.period
    return {
        "format": FORMAT,
        "type": document.type,
        "title": document.title,
        "subtitle": document.subtitle,
        "description": document.description,
        "language": document.language,
        "organisation": document.organisation,
        "period": {"from": start.isoformat(), "to": end.isoformat()},
        "parameters": [asdict(parameter) for parameter in document.parameters],
        "identity": asdict(document.identity),
        "control": [asdict(control) for control in document.control.sections],
        "mark": document.mark,
    }


def _section_pieces(document: Document, section: Section) -> Iterator[str]:
    head = _encode(_section_head(section))
    yield f'{head[:-1]},"rows":['
    first = True
    for columns in counted_batches(document, section):
        rows = ",\n".join(map(_encode, plain_rows(section, columns)))
        yield f"\n{rows}" if first else f",\n{rows}"
        first = False
    yield "\n]}"


def _section_head(section: Section) -> Json:
    totals = section.totals
    plain = None if totals is None else [plain_value(value) for value in canonical_row(section, totals)]
    return {
        "key": section.key,
        "title": section.title,
        "note": section.note,
        "columns": [{**asdict(column), "labels": dict(column.labels)} for column in section.columns],
        "totals": plain,
        "facts": [{**asdict(fact), "value": plain_value(fact.value)} for fact in section.facts],
        "bars": [asdict(bar) for bar in section.bars],
    }
