"""Recall and precision of the names package: on the pairs it was tuned on, and on others held out.

Run `python -m tests.names.measure` for the figures and every pair that is judged wrongly.
"""

import csv
import functools
from dataclasses import dataclass
from pathlib import Path

from cases.names import SAME_PERSON_LIKELY, candidate_keys, search_names, similarity
from cases.names.parts import read_name

LONG_ENOUGH = 6
_OTHER_VOWEL = dict(zip("аоэеыіиуaeiou", "оаеэіыеоeaoui", strict=True))
PAIRS = Path(__file__).with_name("pairs.csv")


@dataclass(frozen=True)
class Pair:
    """Two written names, whether they name one person, and the spelling rule between them."""

    a: str
    b: str
    same: bool
    rule: str


@dataclass(frozen=True)
class Figures:
    """Shares 0..1 over the labelled pairs; `wrong` holds the pairs the threshold misjudges."""

    pairs: int
    recall: float
    precision: float
    key_recall: float
    wrong: list[tuple[float, Pair]]


def labelled_pairs() -> list[Pair]:
    """The pairs that the names package was tuned on."""
    return read_pairs(PAIRS)


def read_pairs(path: Path) -> list[Pair]:
    with path.open(encoding="utf-8", newline="") as file:
        return [Pair(row["a"], row["b"], row["same"] == "1", row["rule"]) for row in csv.DictReader(file)]


def measure(pairs: list[Pair], threshold: float = SAME_PERSON_LIKELY) -> Figures:
    """Judge every pair at the threshold, and ask whether the true pairs share an index key."""
    scored = [(similarity(pair.a, pair.b), pair) for pair in pairs]
    true = [pair for pair in pairs if pair.same]
    found = [pair for score, pair in scored if score >= threshold]
    hits = sum(pair.same for pair in found)
    return Figures(
        pairs=len(pairs),
        recall=hits / len(true),
        precision=hits / len(found),
        key_recall=sum(bool(candidate_keys(p.a) & candidate_keys(p.b)) for p in true) / len(true),
        wrong=[(score, pair) for score, pair in scored if (score >= threshold) != pair.same],
    )


@dataclass(frozen=True)
class SearchFigures:
    """Searching by half a misspelt surname among all names of the set: shares 0..1 of ``searches``.

    ``found``: the right name is among the fifty best; ``first``: among the best three.
    """

    searches: int
    found: float
    first: float


def measure_search(pairs: list[Pair]) -> SearchFigures:
    """Type the first half of a surname as the other spelling writes it, with a wrong vowel in it."""
    names = [(name, name) for name in dict.fromkeys(pair.a for pair in pairs)]
    search = functools.cache(lambda typed: [ref for ref, _score in search_names(typed, names)])
    found = first = searches = 0
    for pair in pairs:
        surname = "".join(word.text for word in read_name(pair.b)[0].surname)
        if not pair.same or len(surname) < LONG_ENOUGH:
            continue
        searches += 1
        answers = search(half_misspelt(surname))
        found += pair.a in answers
        first += pair.a in answers[:3]
    return SearchFigures(searches, found / searches, first / searches)


def half_misspelt(surname: str) -> str:
    """The first half of it, four letters at least, its first vowel after the beginning another one."""
    half = surname[: max(4, (len(surname) + 1) // 2)]
    for place, letter in enumerate(half[1:], start=1):
        if letter in _OTHER_VOWEL:
            return half[:place] + _OTHER_VOWEL[letter] + half[place + 1 :]
    return half


def told(name: str, figures: Figures, search: SearchFigures) -> str:
    """The figures in two lines."""
    return (
        f"{name}, {figures.pairs} pairs: recall {figures.recall:.3f}, precision {figures.precision:.3f}, "
        f"share of true pairs with a common key {figures.key_recall:.3f}\n"
        f"{name}, {search.searches} searches by half a misspelt surname: found {search.found:.3f}"
    )


def main() -> None:
    from tests.names.heldout import heldout_pairs

    for name, pairs in (("Tuned on", labelled_pairs()), ("Held out", heldout_pairs())):
        figures = measure(pairs)
        print(told(name, figures, measure_search(pairs)))
        _print_wrong(figures)


def _print_wrong(figures: Figures) -> None:
    for score, pair in figures.wrong:
        print(f"  {'missed' if pair.same else 'false '} {score:.2f}  {pair.a} | {pair.b}  ({pair.rule})")


if __name__ == "__main__":
    main()
