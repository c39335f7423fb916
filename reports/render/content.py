"""What a report says, apart from how it looks: control totals and the content hash.

**The content hash** is SHA-256 over lines of UTF-8 text, each ended by LF, in this order:

    ["abarona-content-1",type,from,to]
    ["parameter",key,value]                        for each parameter, sorted by key
    for each section, in the order of the report:
    ["section",key]
    ["column",key,kind,currency,currency_from]     for each column, in order
    ["row",value,value,...]                        for each row, in order
    ["totals",value,value,...]                     if the section has totals
    ["fact",key,kind,currency,value]               for each fact, in order
    ["bar",key,currency,value]                     for each bar, in order

Each line is a JSON array without spaces between its parts; inside strings only `"`, `\\` and control
characters are escaped (what `json.dumps(x, ensure_ascii=False, separators=(",", ":"))` and JavaScript's
`JSON.stringify(x)` write). Days are strings `YYYY-MM-DD`. Money is an integer of minor units. Whatever is
missing is `null`, also an empty text. Texts have LF as line end; other control characters, direction
overrides (U+202A-202E, U+2066-2069) and lone surrogates are U+FFFD; over 16,000 characters a text is cut and
ends with U+2026. Titles, labels, notes, language, organisation and recipient are not part of it.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import date

from reports.render.batches import Columns, Tally, batches, canonical_row, canonical_value, clean_text
from reports.render.document import (
    Column,
    ControlTotals,
    Document,
    FunderForm,
    Identity,
    Parameter,
    Row,
    Section,
    SectionControl,
    Value,
)
from reports.render.wording import Wording

SCHEME = "abarona-content-1"

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def assemble(
    *,
    report_type: str,
    title: str,
    subtitle: str,
    description: str,
    language: str,
    organisation: str,
    period: tuple[date, date],
    parameters: Iterable[Parameter],
    sections: Iterable[Section],
    log_size: int,
    root_hex: str,
    ruleset_version: str,
    produced_from: str,
    wording: Wording | None = None,
    mark: str = "",
    form: FunderForm | None = None,
) -> Document:
    """A document with its control totals and identity, from one walk over all rows.

    Raises `WrongValue` for a row that does not fit its columns, `BadReport` for a contradiction.
    """
    chosen, tables = tuple(parameters), tuple(sections)
    control, content_hash = measure(report_type, period, chosen, tables)
    return Document(
        type=report_type,
        title=title,
        subtitle=subtitle,
        description=description,
        language=language,
        organisation=organisation,
        period=period,
        parameters=chosen,
        sections=tables,
        control=control,
        identity=Identity(
            log_size, root_hex, ruleset_version, content_hash, control.row_count, produced_from
        ),
        wording=wording or Wording(),
        mark=mark,
        form=form,
    )


def measure(
    report_type: str, period: tuple[date, date], parameters: Iterable[Parameter], sections: Iterable[Section]
) -> tuple[ControlTotals, str]:
    """Control totals and content hash (64 hexadecimal digits) of these sections."""
    digest = hashlib.sha256(_line(SCHEME, report_type, period[0].isoformat(), period[1].isoformat()))
    for parameter in sorted(parameters, key=lambda parameter: parameter.key):
        digest.update(_line("parameter", parameter.key, clean_text(parameter.value)))
    controls: list[SectionControl] = []
    for section in sections:
        tally = Tally(section)
        for piece in _section_bytes(section, tally):
            digest.update(piece)
        controls.append(tally.control())
    return ControlTotals(tuple(controls)), digest.hexdigest()


def plain_value(value: Value) -> str | int | None:
    """A value as JSON holds it: a day becomes `YYYY-MM-DD`."""
    return value.isoformat() if isinstance(value, date) else value


def plain_rows(section: Section, columns: Columns) -> Iterable[tuple[str | int | None, ...]]:
    """The rows of one batch, ready for JSON."""
    plain = [
        tuple(map(plain_value, values)) if column.kind == "date" else values
        for column, values in zip(section.columns, columns, strict=True)
    ]
    return zip(*plain, strict=True)


def _section_bytes(section: Section, tally: Tally) -> Iterator[bytes]:
    yield _line("section", section.key)
    for column in section.columns:
        yield _line("column", column.key, column.kind, column.currency, column.currency_from)
    for columns in batches(section):
        tally.add(columns)
        rows = plain_rows(section, columns)
        yield "".join(_encode(("row", *row)) + "\n" for row in rows).encode()
    if section.totals is not None:
        yield _line("totals", *_plain_totals(section, section.totals))
    for fact in section.facts:
        value = canonical_value(Column("fact", "", fact.kind, fact.currency), fact.value)
        yield _line("fact", fact.key, fact.kind, fact.currency, plain_value(value))
    for bar in section.bars:
        kind = Column("bar", "", "money" if bar.currency else "count", bar.currency)
        yield _line("bar", clean_text(bar.key), bar.currency, plain_value(canonical_value(kind, bar.value)))


def _plain_totals(section: Section, totals: Row) -> tuple[str | int | None, ...]:
    return tuple(map(plain_value, canonical_row(section, totals)))


def _line(*parts: str | int | None) -> bytes:
    return (_encode(parts) + "\n").encode()
