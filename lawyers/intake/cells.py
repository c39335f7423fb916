"""Reading single cells: partial dates, lists, whole numbers, and texts that may be broken."""

import calendar
import datetime
import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

Precision = Literal["day", "month", "year"]

_ISO = re.compile(r"^(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?(?:T00:00:00)?$")
_POINTS = re.compile(
    r"^(?:(?:(\d{1,2})[./])?(\d{1,2})[./])?(\d{4})\s*(?:г\.?|года|год|р\.?)?$", re.IGNORECASE
)
_SEPARATORS = re.compile(r"[;,\n|]")
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_LATIN = re.compile("[A-Za-zÀ-žḀ-ỿ]")
_WORD = re.compile(r"[^\W\d_]+(?:['’ʼ-][^\W\d_]+)*")
# UTF-8 read as Windows-1251 or Latin-1: "РќС–РЅР°", "ÐÐ²Ð°Ð½".
_MOJIBAKE = re.compile(
    "(?:[РС][\u00a0-\u00bf\u0400-\u040f\u0452-\u045f–—‘’“”•…†‡‰‹›€™]){2}|(?:[ÐÑ][\u0080-\u00bf]?){2}"
)
_LOST = re.compile(r"\?{2,}")
_EARLIEST_YEAR = 1900


class NotADate(ValueError):
    """No form of date we know."""


class ImpossibleDate(ValueError):
    """A date by its form, but the calendar has no such day."""


@dataclass(frozen=True)
class PartialDate:
    """A date known to the day, the month or the year; `first` is its earliest possible day."""

    first: datetime.date
    precision: Precision = "day"

    @property
    def last(self) -> datetime.date:
        """The latest day it can be."""
        if self.precision == "day":
            return self.first
        month = 12 if self.precision == "year" else self.first.month
        return datetime.date(self.first.year, month, calendar.monthrange(self.first.year, month)[1])

    def surely_after(self, other: "PartialDate") -> bool:
        """True when no reading of the two lets this one come first or fall on the same day."""
        return self.first > other.last

    def __str__(self) -> str:
        return self.first.isoformat()[: {"year": 4, "month": 7, "day": 10}[self.precision]]


def read_date(text: str) -> PartialDate | None:
    """1987-05-21, 1987-05, 1987, 21.05.1987, 05.1987, 21/05/1987; None for an empty text.

    Day before month, as in Belarus. Raises NotADate, ImpossibleDate.
    """
    plain = text.strip()
    if not plain:
        return None
    if match := _ISO.match(plain):
        year, month, day = match.groups()
    elif match := _POINTS.match(plain):
        day, month, year = match.groups()
    else:
        raise NotADate
    if int(year) < _EARLIEST_YEAR:
        raise ImpossibleDate
    try:
        first = datetime.date(int(year), int(month or 1), int(day or 1))
    except ValueError as impossible:
        raise ImpossibleDate from impossible
    return PartialDate(first, "day" if day else "month" if month else "year")


def read_list(text: str) -> tuple[str, ...]:
    """The items of a cell that holds several, separated by comma, semicolon, bar or line break."""
    return tuple(item.strip() for item in _SEPARATORS.split(text) if item.strip())


def read_whole_number(text: str, *, least: int = 0, most: int) -> int | None:
    """None for an empty text. Raises ValueError outside least..most."""
    if not text:
        return None
    number = int(text)
    if not least <= number <= most:
        raise ValueError("out of range")
    return number


def broken_text(text: str) -> bool:
    """Replacement marks, control characters, doubly decoded Cyrillic, or letters lost to question marks."""
    if "\ufffd" in text or _MOJIBAKE.search(text) or _LOST.search(text):
        return True
    return any(unicodedata.category(char) in {"Cc", "Co", "Cn"} and char not in "\n\t\r" for char in text)


def mixed_scripts(text: str) -> bool:
    """True when one word holds Cyrillic and Latin letters: a lookalike that no search would find."""
    return any(_CYRILLIC.search(word) and _LATIN.search(word) for word in _WORD.findall(text))
