"""Invented people for the demonstration data; the same seed gives the same people.

No donors: they have no names anywhere. Surnames come from `words.SURNAMES`, which leaves out everybody
known from the news, so no invented person is a real prisoner, lawyer or judge by surname and fame.
"""

import datetime
import random
from dataclasses import dataclass
from typing import Literal

from config.demo.latin import passport_latin
from config.demo.words import BIRDS, MEN, SURNAMES, TREES, WOMEN

Sex = Literal["m", "f"]
PayeeKind = Literal["law-office", "relative", "partner", "translator", "transport"]

REGIONS = ("minsk-city", "minsk", "brest", "vitsebsk", "homel", "hrodna", "mahilou")
_FAMILIES = ("protest", "speech", "extremism", "security", "administrative", "prison-regime")
_SEXES: tuple[Sex, ...] = ("m", "f")
_PAYEE_KINDS: tuple[PayeeKind, ...] = ("law-office", "relative", "partner", "translator", "transport")
_DAYS_IN_YEAR = 365
_AGES = (18, 74)


@dataclass(frozen=True)
class DemoPerson:
    """An invented person: given name, patronymic, surname in two languages, passport Latin, birth date."""

    sex: Sex
    name_be: str
    name_ru: str
    name_latin: str
    born_on: datetime.date

    @property
    def list_name(self) -> str:
        """Surname first, as Russian lists write it."""
        *given, surname = self.name_ru.split()
        return " ".join([surname, *given])


@dataclass(frozen=True)
class DemoLawyer:
    """An invented lawyer; regions, families and languages are codes, loads are cases."""

    person: DemoPerson
    regions: tuple[str, ...]
    families: tuple[str, ...]
    languages: tuple[str, ...]
    most_open: int
    new_per_week: int


@dataclass(frozen=True)
class DemoPayee:
    """An invented receiver of money; the name is invented too."""

    kind: PayeeKind
    name: str


class People:
    """A source of invented people; no two of them share a full name."""

    def __init__(self, *, seed: int, today: datetime.date) -> None:
        self._random = random.Random(seed)  # noqa: S311  # the same people for the same seed
        self._today = today
        self._names: set[str] = set()
        self._clients = self._codes(TREES)
        self._lawyers = self._codes(BIRDS)

    def person(self, sex: Sex | None = None) -> DemoPerson:
        """A grown-up nobody was given before. Raises RuntimeError when the names run out (over 60,000)."""
        for _ in range(1000):
            drawn: Sex = self._random.choice(_SEXES)
            person = self._any_person(sex or drawn)
            if person.name_be not in self._names:
                self._names.add(person.name_be)
                return person
        raise RuntimeError("no unused name left")

    def lawyer(self) -> DemoLawyer:
        """A lawyer for one to three regions; every second one takes administrative cases too."""
        families = self._random.sample(_FAMILIES[:4], self._random.randint(2, 4))
        if self._random.random() < 0.5:
            families += self._random.sample(_FAMILIES[4:], 1)
        languages = ("be", "ru") if self._random.random() < 0.7 else ("ru",)
        return DemoLawyer(
            person=self.person(),
            regions=tuple(sorted(self._random.sample(REGIONS, self._random.randint(1, 3)))),
            families=tuple(sorted(families)),
            languages=languages,
            most_open=self._random.randint(4, 18),
            new_per_week=self._random.randint(1, 4),
        )

    def judge(self) -> str:
        """A judge as lists name them: surname and initials, in Russian."""
        surname, given, father = self.person().list_name.split()
        return f"{surname} {given[0]}. {father[0]}."

    def payee(self, kind: PayeeKind | None = None) -> DemoPayee:
        """Somebody who is paid; offices and firms carry a code name, people their own."""
        drawn: PayeeKind = self._random.choice(_PAYEE_KINDS)
        chosen = kind or drawn
        if chosen in {"relative", "translator"}:
            return DemoPayee(chosen, self.person().name_latin)
        titles = {"law-office": "Advocates' office", "partner": "Aid society", "transport": "Travel bureau"}
        return DemoPayee(
            chosen, f"{titles[chosen]} {self._random.choice(TREES)} & {self._random.choice(TREES)}"
        )

    def client_code(self) -> str:
        """A client's code name, never the same twice: Rowan-42."""
        return self._clients.pop()

    def lawyer_code(self) -> str:
        """A lawyer's code name, never the same twice: Heron-03."""
        return self._lawyers.pop()

    def _codes(self, words: tuple[str, ...]) -> list[str]:
        """Two digits while they last, then three; taken from the end."""
        short = [f"{word}-{number:02d}" for word in words for number in range(1, 100)]
        long = [f"{word}-{number}" for word in words for number in range(100, 1000)]
        self._random.shuffle(short)
        self._random.shuffle(long)
        return long + short

    def _any_person(self, sex: Sex) -> DemoPerson:
        surname, father = self._random.choice(SURNAMES), self._random.choice(MEN)
        given = self._random.choice(MEN if sex == "m" else WOMEN)
        shift = 0 if sex == "m" else 1
        name_be = f"{given[0]} {father[2 + shift]} {surname[0 + shift]}"
        name_ru = f"{given[1]} {father[4 + shift]} {surname[2 + shift]}"
        latin = passport_latin(f"{given[0]} {surname[0 + shift]}")
        return DemoPerson(sex, name_be, name_ru, latin, self._birth_date())

    def _birth_date(self) -> datetime.date:
        youngest, oldest = _AGES
        age_in_days = self._random.randint(youngest * (_DAYS_IN_YEAR + 1), oldest * _DAYS_IN_YEAR)
        return self._today - datetime.timedelta(days=age_in_days)
