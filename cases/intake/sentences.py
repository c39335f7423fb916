"""Sentences as lists write them: "5 лет колонии", "2 гады 6 месяцаў хіміі", "15 сутак", "штраф 100 БВ"."""

import re
from dataclasses import dataclass
from typing import Literal

Kind = Literal["prison", "open-facility", "home-restriction", "arrest", "fine", "community-work", "treatment"]

_KINDS: tuple[tuple[Kind, str], ...] = (
    ("home-restriction", r"без\s+направ|без\s+накіраван|домашн\w+\s+хим|хатн\w+\s+хімі|home"),
    ("open-facility", r"с\s+направ|з\s+накіраван|хими[яию]|хімі|откры|адкрыт|open"),
    ("treatment", r"принудит\w*\s+леч|прымусов\w*\s+лячэн|compulsory|psychiatr"),
    ("community-work", r"общественн|грамадск\w+\s+прац|community"),
    ("fine", r"штраф|fine|базов\w+\s+вел|\bБВ\b"),
    ("arrest", r"арест|арышт|arrest|сут(?:ок|ак|ки|кі)"),
    (
        "prison",
        r"колони|калоні|лишени|пазбаўлен|тюр|турм|prison|colony|imprison|строг|усилен|узмоц|общ\w+\s+реж",
    ),
)
_REGIMES = (
    ("strict", r"строг|strict"),
    ("enhanced", r"усилен|узмоц|enhanced|medium"),
    ("general", r"общ\w+\s+реж|агульн|general"),
)
_YEARS = re.compile(r"(\d{1,2})(?:[.,](5))?\s*(?:год\w*|гады|гадоў|года|лет|years?|y\b|г\.)", re.IGNORECASE)
_MONTHS = re.compile(r"(\d{1,2})\s*(?:мес\w*|months?|m\b)", re.IGNORECASE)
_DAYS = re.compile(r"(\d{1,2})\s*(?:сут\w*|дней|дня|день|дзён|дзен|дні|days?)", re.IGNORECASE)
_UNITS = re.compile(r"(\d{1,4})\s*(?:БВ|б\.?\s?в\.?|базов\w+|base|basic)", re.IGNORECASE)
_LONGEST_YEARS, _MONTHS_IN_YEAR = 25, 12
_LIFE = re.compile(r"пожизнен|пажыццё|\blife\b", re.IGNORECASE)


class SentenceNotUnderstood(ValueError):
    """No duration and no kind of punishment we know."""


@dataclass(frozen=True)
class Sentence:
    """A punishment: `months` of deprivation or restriction of liberty, `days` of arrest, fine in base units.

    `life` goes with months = 0. A base unit is the state's amount by which fines are counted.
    """

    kind: Kind
    months: int = 0
    days: int = 0
    base_units: int = 0
    regime: str = ""
    life: bool = False


def read_sentence(text: str) -> Sentence | None:
    """None for an empty text. A bare duration is prison when in years or months, arrest when in days.

    Raises SentenceNotUnderstood, also for more than 25 years and for 12 months or more beside years.
    """
    plain = " ".join(text.split())
    if not plain:
        return None
    months, days, units = _months(plain), _number(_DAYS, plain), _number(_UNITS, plain)
    life = bool(_LIFE.search(plain))
    kind = next((kind for kind, pattern in _KINDS if re.search(pattern, plain, re.IGNORECASE)), None)
    if kind is None and (months or life):
        kind = "prison"
    if kind is None and days:
        kind = "arrest"
    if kind is None or not (months or days or units or life or kind in {"treatment", "fine"}):
        raise SentenceNotUnderstood
    return Sentence(kind, months, days, units, _regime(plain), life)


def _months(text: str) -> int:
    years = _YEARS.search(text)
    whole = int(years[1]) if years else 0
    months = _number(_MONTHS, text)
    if whole > _LONGEST_YEARS or (years and months >= _MONTHS_IN_YEAR):
        raise SentenceNotUnderstood
    return whole * _MONTHS_IN_YEAR + (6 if years and years[2] else 0) + months


def _number(pattern: re.Pattern[str], text: str) -> int:
    match = pattern.search(text)
    return int(match[1]) if match else 0


def _regime(text: str) -> str:
    return next((name for name, pattern in _REGIMES if re.search(pattern, text, re.IGNORECASE)), "")
