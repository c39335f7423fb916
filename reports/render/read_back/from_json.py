"""JSON: everything is in the file as it was."""

import json
from datetime import date
from typing import Any, BinaryIO

from reports.render.document import (
    Bar,
    Column,
    ControlSum,
    ControlTotals,
    Fact,
    Identity,
    Parameter,
    Row,
    Section,
    SectionControl,
    Value,
)
from reports.render.read_back.model import Format, NotAReport, ReadBack
from reports.render.records import FORMAT

Json = dict[str, Any]


def read_json(file: BinaryIO) -> ReadBack:
    """Read a JSON report."""
    data = json.load(file)
    return from_head(data, "json", tuple(_section(section) for section in data["sections"]))


def from_head(head: Json, file_format: Format, sections: tuple[Section, ...] | None) -> ReadBack:
    """A report from what `as_json.head_of` wrote."""
    if head["format"] != FORMAT:
        raise NotAReport("the file has an unknown version of the format")
    return ReadBack(
        format=file_format,
        type=str(head["type"]),
        language=str(head["language"]),
        period=(date.fromisoformat(head["period"]["from"]), date.fromisoformat(head["period"]["to"])),
        parameters=tuple(Parameter(**parameter) for parameter in head["parameters"]),
        identity=Identity(**head["identity"]),
        control=ControlTotals(tuple(map(_control, head["control"]))),
        mark=str(head["mark"]),
        sections=sections,
    )


def _control(data: Json) -> SectionControl:
    return SectionControl(
        data["section"], data["row_count"], tuple(ControlSum(**each) for each in data["sums"])
    )


def _section(data: Json) -> Section:
    columns = tuple(Column(**column) for column in data["columns"])
    totals = data["totals"]
    return Section(
        key=data["key"],
        title=data["title"],
        columns=columns,
        rows=[_row(columns, row) for row in data["rows"]],
        totals=None if totals is None else _row(columns, totals),
        note=data["note"],
        facts=tuple(_fact(fact) for fact in data["facts"]),
        bars=tuple(Bar(**bar) for bar in data["bars"]),
    )


def _row(columns: tuple[Column, ...], row: list[Any]) -> Row:
    return tuple(_value(column.kind, value) for column, value in zip(columns, row, strict=True))


def _fact(data: Json) -> Fact:
    return Fact(**{**data, "value": _value(data["kind"], data["value"])})


def _value(kind: str, value: Any) -> Value:
    return date.fromisoformat(value) if kind == "date" and value is not None else value
