"""Scored candidates for one person among many; a human decides."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from rapidfuzz.distance import OSA

from cases.names.letters import readings
from cases.names.parts import NameParts, Word, read_name, words
from cases.names.similarity import (
    compare_readings,
    score_words,
    searched_folds,
    typed_folds,
    word_similarity,
)

Precision = Literal["day", "month", "year"]

# Factors on the name's similarity. A date that agrees never makes a bad name good; one that contradicts
# keeps a good name in sight, because birth dates in lists are often wrong.
_BIRTH_UNKNOWN, _BIRTH_NEAR, _BIRTH_DIFFERS = 0.92, 0.88, 0.6
_PLACE_UNKNOWN, _PLACE_DIFFERS = 0.98, 0.94
_SAME_PLACE = 0.8
_NO_PLACE = {
    fold
    for word in ("горад", "город", "city", "вобласць", "область", "region", "раён", "район", "district")
    for fold in readings(word)
}


@dataclass(frozen=True)
class PersonFacts:
    """What is known of a person: every spelling of the name, birth date as precisely as known, place."""

    ref: str
    names: tuple[str, ...]
    born_on: date | None = None
    born_precision: Precision = "day"
    place: str = ""


@dataclass(frozen=True)
class Scored:
    """A candidate: `score` is the product of the three factors, each 0..1."""

    person: PersonFacts
    score: float
    name: float
    birth: float
    place: float


def score_candidates(query: PersonFacts, pool: Iterable[PersonFacts], *, least: float = 0.55) -> list[Scored]:
    """Candidates scoring at least `least`, best first (then by ref, so that the order is stable)."""
    wanted = _readings(query)
    scored = (_score(query, wanted, person) for person in pool if person.ref != query.ref)
    return sorted((one for one in scored if one.score >= least), key=lambda one: (-one.score, one.person.ref))


def search_names(
    query: str, names: Iterable[tuple[str, str]], *, least: float = 0.75, limit: int = 50
) -> list[tuple[str, float]]:
    """(ref, score) of the names that fit a typed part of a name, best first; `names` yields (ref, full name).

    A person with several spellings may be yielded once per spelling; the best counts.
    """
    wanted = typed_folds(query)
    best: dict[str, float] = {}
    for ref, name in names:
        score = score_words(wanted, searched_folds(name))
        if score >= least and score > best.get(ref, 0.0):
            best[ref] = score
    return sorted(best.items(), key=lambda item: (-item[1], item[0]))[:limit]


def birth_factor(a: PersonFacts, b: PersonFacts) -> float:
    """1 when the dates agree at the coarser precision; less when unknown, near (one slip), or different."""
    if a.born_on is None or b.born_on is None:
        return _BIRTH_UNKNOWN
    precisions = {a.born_precision, b.born_precision}
    length = 1 if "year" in precisions else 2 if "month" in precisions else 3
    one, other = _digits(a.born_on)[:length], _digits(b.born_on)[:length]
    if one == other:
        return 1.0
    return _BIRTH_NEAR if _one_slip(one, other) else _BIRTH_DIFFERS


def _digits(day: date) -> tuple[str, str, str]:
    return f"{day.year:04d}", f"{day.month:02d}", f"{day.day:02d}"


def _one_slip(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """Day and month swapped, one digit mistyped, two digits swapped, or the year alone off by one."""
    if len(a) == 1:
        return abs(int(a[0]) - int(b[0])) == 1
    if len(a) == 3 and a[0] == b[0] and (a[1], a[2]) == (b[2], b[1]):
        return True
    return OSA.distance("".join(a), "".join(b)) == 1


def place_factor(a: str, b: str) -> float:
    """1 when any word of the two places is the same in any spelling (г. Мінск, Minsk)."""
    one, other = _place_words(a), _place_words(b)
    if not one or not other:
        return _PLACE_UNKNOWN
    same = any(word_similarity(x, y) >= _SAME_PLACE for x in one for y in other)
    return 1.0 if same else _PLACE_DIFFERS


def _place_words(place: str) -> list[Word]:
    return [word for word in words(place) if len(word.text) > 2 and not _NO_PLACE & set(word.folds)]


def _readings(person: PersonFacts) -> list[NameParts]:
    return [reading for name in person.names for reading in read_name(name)]


def _score(query: PersonFacts, wanted: list[NameParts], person: PersonFacts) -> Scored:
    name = compare_readings(wanted, _readings(person))
    birth, place = birth_factor(query, person), place_factor(query.place, person.place)
    return Scored(person=person, score=name * birth * place, name=name, birth=birth, place=place)
