"""The facts about a report as flat records, for formats that have only cells (CSV, XLSX).

Each record is a tuple of texts; the first says what it is, the second names the section or is empty:

    report      ""       key  value
    parameter   ""       key  value     label
    section     section  title  note
    column      section  key  kind      currency  currency_from  label
    code        section  column  code   label
    fact        section  key  kind      currency  value  label
    bar         section  key  currency  value     label
    rows        section  row count
    sum         section  column  currency  amount
    totals      section  value  value  ...
    report      ""       content_hash  value

Amounts are decimals with a point, days are `YYYY-MM-DD`. The content hash comes last, so a file that was cut
short has none.
"""

from collections.abc import Iterator

from reports.render.batches import canonical_row
from reports.render.document import Document, Kind, Row, Section, Value
from reports.render.figures import machine_amount

FORMAT = "abarona-report-1"
WIDTH = 7  # cells of the widest record, totals apart

Record = tuple[str, ...]


def records(document: Document) -> Iterator[Record]:
    """All records of a report, in the order given above."""
    yield from _report_records(document)
    for parameter in document.parameters:
        yield "parameter", "", parameter.key, parameter.value, parameter.label
    for section in document.sections:
        yield from _section_records(section)
    for control in document.control.sections:
        yield "rows", control.section, str(control.row_count)
        for total in control.sums:
            yield (
                "sum",
                control.section,
                total.column,
                total.currency,
                machine_amount(total.minor, total.currency),
            )
    yield "report", "", "content_hash", document.identity.content_hash


def machine_text(kind: Kind, value: Value, currency: str | None) -> str:
    """A value as it stands in a CSV cell, before formula characters are neutralised; empty for None."""
    if value is None:
        return ""
    if kind == "money" and isinstance(value, int):
        return machine_amount(value, currency)
    return str(value)


def row_currency(section: Section, row: Row, index: int) -> str | None:
    """The currency of the money value at `index` of a row."""
    column = section.columns[index]
    if column.currency_from is None:
        return column.currency
    keys = [other.key for other in section.columns]
    currency = row[keys.index(column.currency_from)]
    return currency if isinstance(currency, str) else None


def _report_records(document: Document) -> Iterator[Record]:
    identity, (start, end) = document.identity, document.period
    values = {
        "format": FORMAT,
        "type": document.type,
        "language": document.language,
        "organisation": document.organisation,
        "title": document.title,
        "subtitle": document.subtitle,
        "description": document.description,
        "period_from": start.isoformat(),
        "period_to": end.isoformat(),
        "log_size": str(identity.log_size),
        "log_root": identity.root_hex,
        "ruleset_version": identity.ruleset_version,
        "produced_from": identity.produced_from,
        "mark": document.mark,
        "row_count": str(identity.row_count),
    }
    if document.form is not None:
        values["form_sheets"] = "1"
    for key, value in values.items():
        yield "report", "", key, value


def _section_records(section: Section) -> Iterator[Record]:
    yield "section", section.key, section.title, section.note or ""
    for column in section.columns:
        currencies = (column.currency or "", column.currency_from or "")
        yield "column", section.key, column.key, column.kind, *currencies, column.label
        for code, label in column.labels.items():
            yield "code", section.key, column.key, code, label
    for fact in section.facts:
        value = machine_text(fact.kind, fact.value, fact.currency)
        yield "fact", section.key, fact.key, fact.kind, fact.currency or "", value, fact.label
    for bar in section.bars:
        value = machine_text("money" if bar.currency else "count", bar.value, bar.currency)
        yield "bar", section.key, bar.key, bar.currency or "", value, bar.label
    if section.totals is not None:
        totals = canonical_row(section, section.totals)
        cells = (
            machine_text(column.kind, value, row_currency(section, totals, index))
            for index, (column, value) in enumerate(zip(section.columns, totals, strict=True))
        )
        yield "totals", section.key, *cells
