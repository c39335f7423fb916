"""Days on which courts do not work. Working days moved by yearly decisions are not known to it."""

import csv
import datetime
import functools
from dataclasses import dataclass
from pathlib import Path

_HERE = Path(__file__).parent
_SATURDAY = 5


@dataclass(frozen=True)
class Holiday:
    """A yearly holiday: ``day`` is "MM-DD", or "easter+N" from Orthodox Easter."""

    day: str
    valid_from: datetime.date
    valid_until: datetime.date | None
    name: str
    citation: str
    checked_by_counsel: bool

    def on(self, year: int) -> datetime.date | None:
        """Its day in a year; None where it was none yet, or no more."""
        if self.day.startswith("easter+"):
            day = orthodox_easter(year) + datetime.timedelta(days=int(self.day.removeprefix("easter+")))
        else:
            day = datetime.date(year, int(self.day[:2]), int(self.day[3:]))
        known = self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)
        return day if known else None


@functools.cache
def holidays() -> tuple[Holiday, ...]:
    """As shipped."""
    with (_HERE / "holidays.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            Holiday(
                day=row["day"],
                valid_from=datetime.date.fromisoformat(row["valid_from"]),
                valid_until=datetime.date.fromisoformat(row["valid_until"]) if row["valid_until"] else None,
                name=row["name"],
                citation=row["citation"],
                checked_by_counsel=row["checked_by_counsel"] == "yes",
            )
            for row in csv.DictReader(file, strict=True)
        )


@functools.cache
def free_days(year: int) -> frozenset[datetime.date]:
    """The public holidays of a year."""
    return frozenset(day for holiday in holidays() if (day := holiday.on(year)) is not None)


def is_working(day: datetime.date) -> bool:
    """Neither a weekend nor a public holiday."""
    return day.weekday() < _SATURDAY and day not in free_days(day.year)


def next_working(day: datetime.date) -> datetime.date:
    """This day, or the first working one after it."""
    while not is_working(day):
        day += datetime.timedelta(days=1)
    return day


def orthodox_easter(year: int) -> datetime.date:
    """In the Gregorian calendar, by Meeus' Julian algorithm; right from 1900 to 2099."""
    lunar = (19 * (year % 19) + 15) % 30
    weekday = (2 * (year % 4) + 4 * (year % 7) - lunar + 34) % 7
    month, day = divmod(lunar + weekday + 114, 31)
    return datetime.date(year, month, day + 1) + datetime.timedelta(days=13)
