"""Pairs that nothing was tuned on: other names, drawn by a seed, spelt by rules; read through by a human.

`python -m tests.names.heldout` writes `heldout.csv` anew. It was made before it was first measured. Whoever
tunes `cases.names` by it has to draw another.
"""

import csv
import itertools
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.names import spelling
from tests.names.measure import Pair, read_pairs

PAIRS = Path(__file__).with_name("heldout.csv")
_STOCK = Path(__file__).with_name("heldout_names.csv")
_SEED = 20_261
_SLIPS = ("swapped", "doubled", "lost", "vowel")
_Spelt = tuple[str, str] | None  # None where the rule changes nothing


@dataclass(frozen=True)
class Stocked:
    """A name in both languages; ``near`` are short forms of a given name, or surnames of other people."""

    sex: str
    be: str
    ru: str
    near: tuple[str, ...]


@dataclass(frozen=True)
class Drawn:
    """Somebody invented."""

    given: Stocked
    father: Stocked
    surname: Stocked

    @property
    def be(self) -> str:
        return f"{self.given.be} {self.surname.be}"

    @property
    def ru(self) -> str:
        return f"{self.given.ru} {self.surname.ru}"


def stock(kind: str) -> list[Stocked]:
    with _STOCK.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["kind"] == kind]
    return [Stocked(row["sex"], row["be"], row["ru"], tuple(row["near"].split())) for row in rows]


def heldout_pairs() -> list[Pair]:
    """The pairs as they are shipped."""
    return read_pairs(PAIRS)


def draw() -> list[Pair]:
    """The same pairs for the same seed: of each surname four spellings of one person and two other people."""
    rng = random.Random(_SEED)
    rules, others = list(_SAME), [rule for rule in _OTHER if rule != "like surname"]
    found: dict[tuple[str, str], Pair] = {}
    turn = itertools.cycle(rules)
    for number, surname in enumerate(stock("surname")):
        person, taken = _person(surname, rng), 0
        while taken < 4:
            rule = next(turn)
            if (spelt := _SAME[rule](person, rng)) is not None:
                found[spelt] = Pair(*spelt, True, rule)
                taken += 1
        for rule in ("like surname", others[number % len(others)]):
            apart = _OTHER[rule](person, rng)
            found[apart] = Pair(*apart, False, rule)
    return list(found.values())


def _person(surname: Stocked, rng: random.Random) -> Drawn:
    given = rng.choice([one for one in stock("given") if surname.sex in ("", one.sex)])
    father = rng.choice([one for one in stock("father") if one.sex == given.sex])
    return Drawn(given, father, surname)


def _slip(person: Drawn, rng: random.Random) -> tuple[str, str]:
    wrong = spelling.misspelt(person.surname.ru, rng.choice(_SLIPS), rng)
    return person.be, f"{wrong} {person.given.ru}"


def _slip_latin(person: Drawn, rng: random.Random) -> tuple[str, str]:
    wrong = spelling.misspelt(person.surname.be, rng.choice(_SLIPS), rng)
    return spelling.passport_from_belarusian(f"{wrong} {person.given.be}"), person.ru


def _short(person: Drawn, rng: random.Random) -> _Spelt:
    if not person.given.near:
        return None
    return f"{rng.choice(person.given.near)} {person.surname.be}", person.ru


def _taraskievica(person: Drawn, rng: random.Random) -> _Spelt:
    spelt = spelling.taraskievica(person.be)
    return (person.ru, spelt) if spelt != person.be else None


def _signs_lost(person: Drawn, rng: random.Random) -> _Spelt:
    a, b = person.be.replace("'", ""), person.ru.replace("ё", "е")
    return (a, b) if (a, b) != (person.be, person.ru) else None


def _initials(person: Drawn, rng: random.Random) -> tuple[str, str]:
    full = f"{person.given.be} {person.father.be} {person.surname.be}"
    return full, f"{person.surname.ru} {person.given.ru[0]}.{person.father.ru[0]}."


def _double(person: Drawn, rng: random.Random) -> tuple[str, str]:
    other = rng.choice([one for one in stock("surname") if one.sex == "" and one != person.surname])
    return f"{person.given.be} {person.surname.be}-{other.be}", f"{other.ru} {person.given.ru}"


_SAME: dict[str, Callable[[Drawn, random.Random], _Spelt]] = {
    "Russian form": lambda one, rng: (one.be, one.ru),
    "passport from Belarusian": lambda one, rng: (one.ru, spelling.passport_from_belarusian(one.be)),
    "slip in a Russian surname": _slip,
    "passport from Russian": lambda one, rng: (one.be, spelling.passport_from_russian(one.ru)),
    "Łacinka": lambda one, rng: (one.ru, spelling.lacinka(one.be)),
    "patronymics": lambda one, rng: (
        f"{one.given.be} {one.father.be} {one.surname.be}",
        f"{one.surname.ru} {one.given.ru} {one.father.ru}",
    ),
    "short or folk form": _short,
    "English from Russian": lambda one, rng: (one.be, spelling.english_from_russian(one.ru)),
    "Łacinka without its marks": lambda one, rng: (one.be, spelling.lacinka_without_marks(one.be)),
    "initials": _initials,
    "Taraškievica": _taraskievica,
    "two passports": lambda one, rng: (
        spelling.passport_from_belarusian(one.be),
        spelling.passport_from_russian(one.ru),
    ),
    "slip in a passport": _slip_latin,
    "mixed languages, capitals": lambda one, rng: (one.be, f"{one.surname.be} {one.given.ru}".upper()),
    "half of a double surname": _double,
    "ё and apostrophe lost": _signs_lost,
    "patronymic in a passport": lambda one, rng: (
        spelling.passport_from_belarusian(f"{one.surname.be} {one.given.be}"),
        f"{one.given.ru} {one.father.ru} {one.surname.ru}",
    ),
}  # fmt: skip


def _sibling(person: Drawn, rng: random.Random) -> tuple[str, str]:
    alike = [one for one in stock("given") if one.sex == person.given.sex and one != person.given]
    return person.be, f"{rng.choice(alike).ru} {person.surname.ru}"


def _same_initial(person: Drawn, rng: random.Random) -> tuple[str, str]:
    others = [one for one in stock("given") if one != person.given and one.sex == person.given.sex]
    other = rng.choice([one for one in others if one.be[0] == person.given.be[0]] or others)
    return person.ru, spelling.passport_from_belarusian(f"{other.be} {person.surname.be}")


def _other_father(person: Drawn, rng: random.Random) -> tuple[str, str]:
    alike = [one for one in stock("father") if one.sex == person.given.sex and one != person.father]
    full = f"{person.given.be} {person.father.be} {person.surname.be}"
    return full, f"{person.surname.ru} {person.given.ru} {rng.choice(alike).ru}"


def _near(person: Drawn, rng: random.Random) -> tuple[str, str]:
    return person.be, f"{person.given.ru} {_of_sex(person.surname.near[0], person.given.sex)}"


def _near_in_latin(person: Drawn, rng: random.Random) -> tuple[str, str]:
    near = _of_sex(person.surname.near[-1], person.given.sex)
    return person.be, spelling.passport_from_russian(f"{near} {person.given.ru}")


def _of_sex(surname: str, sex: str) -> str:
    """A man's surname as a woman bears it."""
    if sex == "m":
        return surname
    if surname.endswith(("ский", "цкий", "той")):
        return surname[:-2] + "ая"
    return surname + "а" if surname.endswith(("ов", "ев", "ин")) else surname


_OTHER: dict[str, Callable[[Drawn, random.Random], tuple[str, str]]] = {
    "like surname": _near,
    "like surname in Latin": _near_in_latin,
    "sibling": _sibling,
    "other father": _other_father,
    "same surname, other given name": _same_initial,
}


def main() -> None:
    with PAIRS.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["a", "b", "same", "rule"])
        out.writerows([pair.a, pair.b, int(pair.same), pair.rule] for pair in draw())


if __name__ == "__main__":
    main()
