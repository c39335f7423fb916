"""Builds a report from its records (see `reports.render.records`)."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from reports.render.document import (
    Bar,
    Column,
    ControlSum,
    ControlTotals,
    Fact,
    Identity,
    Kind,
    Parameter,
    Row,
    Section,
    SectionControl,
    Value,
)
from reports.render.figures import parse_amount
from reports.render.read_back.model import Format, NotAReport, ReadBack
from reports.render.records import FORMAT

RowsOf = Callable[[str, tuple[Column, ...], int], Iterable[Row]]


@dataclass
class Draft:
    """A section while its records come in."""

    title: str
    note: str
    columns: list[tuple[str, Kind, str, str, str]] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    facts: list[Fact] = field(default_factory=list)
    bars: list[Bar] = field(default_factory=list)
    totals: Sequence[str] | None = None
    row_count: int = 0
    sums: list[ControlSum] = field(default_factory=list)

    def table(self) -> tuple[Column, ...]:
        """The columns with their labels."""
        return tuple(
            Column(key, label, kind, currency or None, source or None, self.codes.get(key, {}))
            for key, kind, currency, source, label in self.columns
        )


class RecordReader:
    """Takes records one by one, then gives the report."""

    def __init__(self) -> None:
        self.report: dict[str, str] = {}
        self.parameters: list[Parameter] = []
        self.drafts: dict[str, Draft] = {}

    def take(self, record: Sequence[str]) -> None:
        """One record, padded with empty texts to the width of its kind."""
        name, section, *cells = record
        if name == "report":
            self.report[cells[0]] = cells[1]
        elif name == "parameter":
            self.parameters.append(Parameter(cells[0], cells[2], cells[1]))
        elif name == "copy":
            return  # the mark of one copy, outside everything that is hashed
        elif name == "section":
            self.drafts[section] = Draft(cells[0], cells[1])
        else:
            _take_into(self.drafts[section], name, cells)

    def build(self, file_format: Format, rows_of: RowsOf) -> ReadBack:
        """The report; `rows_of` gives the rows of a section from its key, columns and row count."""
        report = self.report
        if report.get("format") != FORMAT:
            raise NotAReport("the file has an unknown version of the format")
        if "content_hash" not in report:
            raise NotAReport("the file was cut short: its last line is missing")
        controls = [
            SectionControl(key, each.row_count, tuple(each.sums)) for key, each in self.drafts.items()
        ]
        return ReadBack(
            format=file_format,
            type=report["type"],
            language=report["language"],
            period=(date.fromisoformat(report["period_from"]), date.fromisoformat(report["period_to"])),
            parameters=tuple(self.parameters),
            identity=Identity(
                int(report["log_size"]),
                report["log_root"],
                report["ruleset_version"],
                report["content_hash"],
                int(report["row_count"]),
                report["produced_from"],
            ),
            control=ControlTotals(tuple(controls)),
            mark=report["mark"],
            sections=tuple(_section(key, draft, rows_of) for key, draft in self.drafts.items()),
        )


def read_row(columns: tuple[Column, ...], cells: Sequence[str]) -> Row:
    """A row from machine texts, where empty ones at the end may be missing; money in its row's currency."""
    cells = [*cells, *[""] * (len(columns) - len(cells))]
    texts = {column.key: cell for column, cell in zip(columns, cells, strict=True)}
    return tuple(
        read_value(
            column.kind, cell, texts[column.currency_from] if column.currency_from else column.currency
        )
        for column, cell in zip(columns, cells, strict=True)
    )


def read_value(kind: Kind, text: str, currency: str | None) -> Value:
    """One value from its machine text; None from an empty one."""
    if not text:
        return None
    if kind == "money":
        return parse_amount(text, currency)
    if kind == "count":
        return int(text)
    return date.fromisoformat(text) if kind == "date" else text


def _take_into(draft: Draft, name: str, cells: list[str]) -> None:
    if name == "column":
        draft.columns.append((cells[0], cells[1], cells[2], cells[3], cells[4]))  # type: ignore[arg-type]
    elif name == "code":
        draft.codes.setdefault(cells[0], {})[cells[1]] = cells[2]
    elif name == "fact":
        kind, currency = cells[1], cells[2] or None
        value = read_value(kind, cells[3], currency)  # type: ignore[arg-type]
        draft.facts.append(Fact(cells[0], cells[4], kind, value, currency))  # type: ignore[arg-type]
    elif name == "bar":
        value = read_value("money" if cells[1] else "count", cells[2], cells[1] or None)
        draft.bars.append(Bar(cells[0], cells[3], int(str(value)), cells[1] or None))
    elif name == "totals":
        draft.totals = cells
    elif name == "rows":
        draft.row_count = int(cells[0])
    elif name == "sum":
        draft.sums.append(ControlSum(cells[0], cells[1], parse_amount(cells[2], cells[1])))
    else:
        raise NotAReport("the file holds a record of an unknown kind")


def _section(key: str, draft: Draft, rows_of: RowsOf) -> Section:
    columns = draft.table()
    return Section(
        key=key,
        title=draft.title,
        columns=columns,
        rows=list(rows_of(key, columns, draft.row_count)),
        totals=None if draft.totals is None else read_row(columns, draft.totals[: len(columns)]),
        note=draft.note or None,
        facts=tuple(draft.facts),
        bars=tuple(draft.bars),
    )
