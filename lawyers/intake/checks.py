"""Checks that every kind of row shares: length, broken text, width, dates."""

import datetime
from collections.abc import Mapping

from lawyers.intake.cells import (
    ImpossibleDate,
    NotADate,
    PartialDate,
    broken_text,
    mixed_scripts,
    read_date,
)
from lawyers.intake.problems import Problems
from lawyers.intake.table import Row, Table


def check_width(row: Row, table: Table, problems: Problems) -> bool:
    """A row wider or narrower than the header is not looked at further: its cells stand in wrong columns."""
    if row.width == table.width:
        return True
    problems.add("", "column-count")
    return False


def check_texts(row: Row, longest: Mapping[str, int], one_script: frozenset[str], problems: Problems) -> None:
    """`longest`: characters allowed per column; `one_script`: names, where lookalike letters hide people."""
    for column, text in row.cells.items():
        if len(text) > longest.get(column, 0):
            problems.add(column, "too-long")
        elif broken_text(text) or (column in one_script and mixed_scripts(text)):
            problems.add(column, "broken-text")


def date_cell(row: Row, column: str, problems: Problems) -> PartialDate | None:
    """The date of a column, or None with a problem added when it is no date."""
    try:
        return read_date(row.text(column))
    except (NotADate, ImpossibleDate):
        problems.add(column, "date-not-understood")
        return None


def birth_cell(row: Row, column: str, today: datetime.date, problems: Problems) -> PartialDate | None:
    """The birth date of a column, or None with a problem added when it cannot be one."""
    try:
        born = read_date(row.text(column))
    except (NotADate, ImpossibleDate):
        problems.add(column, "birth-date-impossible")
        return None
    if born is not None and born.first > today:
        problems.add(column, "birth-date-in-future")
        return None
    return born
