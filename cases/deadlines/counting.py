"""Which rule holds on a day, and when its term ends."""

import calendar as months
import csv
import datetime
import functools
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from cases.deadlines.calendar import next_working
from cases.deadlines.words import Rule, Trigger, Unit

_HERE = Path(__file__).parent


class OutOfForce(ValueError):
    """The rule did not hold on the day from which it was to be counted."""


@dataclass(frozen=True)
class Term:
    """One rule as shipped. ``ours`` says that we have to act; otherwise we watch what others must do.

    ``in_custody`` narrows it to people held (True) or free (False); None is for both.
    ``rolls``: an end on a free day moves to the next working day (not so where liberty runs out).
    """

    code: Rule
    case_kinds: tuple[str, ...]
    trigger: Trigger
    count: int
    unit: Unit
    rolls: bool
    ours: bool
    in_custody: bool | None
    valid_from: datetime.date
    valid_until: datetime.date | None
    citation: str
    checked_by_counsel: bool

    def in_force(self, on: datetime.date) -> bool:
        """Whether it held on that day."""
        return self.valid_from <= on and (self.valid_until is None or on <= self.valid_until)

    def ends_on(self, trigger_on: datetime.date) -> datetime.date:
        """The last day of the term; the day of the trigger itself is not counted. Raises OutOfForce."""
        if not self.in_force(trigger_on):
            raise OutOfForce(self.code.value)
        end = _later(trigger_on, self.count, self.unit)
        return next_working(end) if self.rolls else end


def _later(on: datetime.date, count: int, unit: Unit) -> datetime.date:
    if unit == Unit.MONTHS:
        year, month = divmod(on.year * 12 + on.month - 1 + count, 12)
        last = months.monthrange(year, month + 1)[1]
        return datetime.date(year, month + 1, min(on.day, last))
    return on + datetime.timedelta(days=count if unit == Unit.DAYS else count // 24)


@functools.cache
def terms() -> dict[str, Term]:
    """Every rule by its code."""
    with (_HERE / "rules.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: _term(row) for row in csv.DictReader(file, strict=True)}


def _term(row: dict[str, str]) -> Term:
    held = {"yes": True, "no": False}
    return Term(
        code=Rule(row["code"]),
        case_kinds=tuple(row["case_kinds"].split("|")),
        trigger=Trigger(row["trigger"]),
        count=int(row["count"]),
        unit=Unit(row["unit"]),
        rolls=held[row["rolls"]],
        ours=held[row["ours"]],
        in_custody=held.get(row["in_custody"]),
        valid_from=datetime.date.fromisoformat(row["valid_from"]),
        valid_until=datetime.date.fromisoformat(row["valid_until"]) if row["valid_until"] else None,
        citation=row["citation"],
        checked_by_counsel=held[row["checked_by_counsel"]],
    )


def running_from(
    trigger: Trigger, on: datetime.date, *, kind: str, in_custody: bool | None, among: Iterable[Term] = ()
) -> list[Term]:
    """The rules that a fact of this day sets running in a case of this kind.

    Where nobody knows whether the person is held, the rules for both run: the sooner one is safe.
    """
    found = [one for one in among or terms().values() if one.trigger == trigger and kind in one.case_kinds]
    return [
        one
        for one in found
        if one.in_force(on) and (in_custody is None or one.in_custody in (None, in_custody))
    ]
