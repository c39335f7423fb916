"""Reference data shipped with the program: courts, articles, places of detention; each row with its citation.

No row was checked by counsel yet (`checked_by_counsel` is "no"): pages say so beside anything derived
from it. Codes are ours, so that lists keep working when a court is renamed: `by-<region>-<district>`,
`by-<city>-city-<city district>`, `by-<region>-region`, `by-minsk-city`, `by-supreme`, in the English
spelling of the place; places of detention are `<kind>-<official number>`. Codes are never reused.

Severity of an article, by its longest punishment: 1 administrative, 2 to 3 years, 3 to 6 years,
4 to 12 years, 5 above.
"""

import csv
import functools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal, TypeVar

from cases.intake.courts import CourtNames
from cases.reference.names import localised

_HERE = Path(__file__).parent
T = TypeVar("T")

Level = Literal["supreme", "regional", "district"]
ArticleCode = Literal["criminal", "administrative"]
PlaceKind = Literal["colony", "prison", "pretrial", "holding"]


@dataclass(frozen=True)
class CourtData:
    """A court; `region` is empty for the Supreme Court, `also` holds other names lists use."""

    code: str
    region: str
    level: Level
    name_be: str
    name_ru: str
    name_en: str
    also: tuple[str, ...]
    citation: str
    checked_by_counsel: bool


@dataclass(frozen=True)
class ArticleData:
    """An article of one of the two codes; `valid_from` is None where the date is not known to us."""

    number: str
    code: ArticleCode
    family: str
    title_be: str
    title_ru: str
    title_en: str
    severity: int
    valid_from: date | None
    citation: str
    checked_by_counsel: bool


@dataclass(frozen=True)
class PlaceData:
    """A place of detention; `holds` is "men", "women" or empty for both."""

    code: str
    kind: PlaceKind
    region: str
    name_be: str
    name_ru: str
    name_en: str
    holds: str
    also: tuple[str, ...]
    citation: str
    checked_by_counsel: bool

    @property
    def name(self) -> str:
        """The place's name in the reader's language."""
        return localised(self, "name")


@functools.cache
def courts() -> tuple[CourtData, ...]:
    """Every court, the Supreme Court first."""
    return _load("courts.csv", _court)


@functools.cache
def articles() -> tuple[ArticleData, ...]:
    """The articles used against protest, speech and giving."""
    return _load("articles.csv", _article)


@functools.cache
def places_of_detention() -> tuple[PlaceData, ...]:
    """Colonies, prisons, pre-trial and holding centres; open facilities are not listed yet."""
    return _load("places_of_detention.csv", _place)


def court_names() -> CourtNames:
    """Every name of every court, for reading lists."""
    return CourtNames(
        {court.code: (court.name_be, court.name_ru, court.name_en, *court.also) for court in courts()}
    )


def _load(name: str, build: Callable[[dict[str, str]], T]) -> tuple[T, ...]:
    with (_HERE / name).open(encoding="utf-8", newline="") as file:
        return tuple(build(row) for row in csv.DictReader(file, strict=True))


def _flag(text: str) -> bool:
    return {"yes": True, "no": False}[text]


def _several(text: str) -> tuple[str, ...]:
    return tuple(text.split("|")) if text else ()


def _court(row: dict[str, str]) -> CourtData:
    level: dict[str, Level] = {"supreme": "supreme", "regional": "regional", "district": "district"}
    return CourtData(
        code=row["code"],
        region=row["region"],
        level=level[row["level"]],
        name_be=row["name_be"],
        name_ru=row["name_ru"],
        name_en=row["name_en"],
        also=_several(row["also"]),
        citation=row["citation"],
        checked_by_counsel=_flag(row["checked_by_counsel"]),
    )


def _article(row: dict[str, str]) -> ArticleData:
    code: dict[str, ArticleCode] = {"criminal": "criminal", "administrative": "administrative"}
    return ArticleData(
        number=row["number"],
        code=code[row["code"]],
        family=row["family"],
        title_be=row["title_be"],
        title_ru=row["title_ru"],
        title_en=row["title_en"],
        severity=int(row["severity"]),
        valid_from=date.fromisoformat(row["valid_from"]) if row["valid_from"] else None,
        citation=row["citation"],
        checked_by_counsel=_flag(row["checked_by_counsel"]),
    )


def _place(row: dict[str, str]) -> PlaceData:
    kind: dict[str, PlaceKind] = {
        "colony": "colony",
        "prison": "prison",
        "pretrial": "pretrial",
        "holding": "holding",
    }
    return PlaceData(
        code=row["code"],
        kind=kind[row["kind"]],
        region=row["region"],
        name_be=row["name_be"],
        name_ru=row["name_ru"],
        name_en=row["name_en"],
        holds=row["holds"],
        also=_several(row["also"]),
        citation=row["citation"],
        checked_by_counsel=_flag(row["checked_by_counsel"]),
    )
