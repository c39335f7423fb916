"""The cells of a table as texts in the language of the report."""

from collections.abc import Callable, Iterable
from datetime import date
from itertools import repeat

from reports.render.batches import Columns, canonical_row, clean_text
from reports.render.document import Column, Document, Section, Value
from reports.render.figures import amount_writer, count, short_day

NUMERIC = ("money", "count")
LONG = ("text", "code")


def head_text(column: Column) -> str:
    """A column's heading, with its currency."""
    label = f"{column.label}, {column.currency}" if column.currency else column.label
    return " ".join((clean_text(label) or "").split())


def cell_texts(document: Document, section: Section, columns: Columns) -> list[list[str]]:
    """One batch as texts in the language of the report."""
    return [column_texts(document, section, columns, index) for index in range(len(section.columns))]


def column_texts(document: Document, section: Section, columns: Columns, index: int) -> list[str]:
    """One column of a batch as texts."""
    column, values, language = section.columns[index], columns[index], document.language
    if column.kind == "money":
        return _amounts(values, _currencies(section, columns, column), language)
    if column.kind == "count":
        return [count(value, language) if isinstance(value, int) else "" for value in values]
    if column.kind == "date":
        days = {day: short_day(day, language) for day in set(values) if isinstance(day, date)}
        return [days[value] if isinstance(value, date) else "" for value in values]
    if column.labels:
        labels = {code: clean_text(label) or code for code, label in column.labels.items()}
        return [labels.get(str(value), str(value)) if value is not None else "" for value in values]
    return [str(value) if value is not None else "" for value in values]


def widest_texts(document: Document, section: Section, columns: Columns, index: int) -> set[str]:
    """Texts of one column of a batch among which the widest is; the longest twenty of many."""
    column, values = section.columns[index], columns[index]
    if column.currency_from is None and column.kind in NUMERIC:
        numbers = [value for value in values if isinstance(value, int)]
        batch: Columns = [()] * len(columns)
        batch[index] = (min(numbers), max(numbers)) if numbers else ()
        return set(column_texts(document, section, batch, index))
    texts = set(column_texts(document, section, columns, index))
    return set(sorted(texts, key=lambda text: (len(text), text))[-20:])


def totals_texts(document: Document, section: Section) -> list[str]:
    """The totals as texts; the word for "total" stands in the first free cell."""
    if section.totals is None:
        return []
    columns: Columns = [(value,) for value in canonical_row(section, section.totals)]
    texts = [cells[0] for cells in cell_texts(document, section, columns)]
    for index, column in enumerate(section.columns):
        if not texts[index] and column.kind not in NUMERIC:
            texts[index] = document.wording.total
            break
    return texts


def _currencies(section: Section, columns: Columns, column: Column) -> Iterable[Value]:
    if column.currency_from is None:
        return repeat(column.currency)
    keys = [other.key for other in section.columns]
    return columns[keys.index(column.currency_from)]


def _amounts(values: tuple[Value, ...], currencies: Iterable[Value], language: str) -> list[str]:
    pairs = zip(values, currencies, strict=False)
    writers: dict[Value, Callable[[int], str]] = {}
    texts = []
    for value, currency in pairs:
        if not isinstance(value, int):
            texts.append("")
            continue
        if currency not in writers:
            writers[currency] = amount_writer(str(currency), language)
        texts.append(writers[currency](value))
    return texts
