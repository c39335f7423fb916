"""Which spellings are the same given name: Аляксандр, Александр, Aliaksandr, Alexander, Алесь, Саша.

The table `given_names.csv` is our own list of names usual in Belarus: one row per name with its spellings
in Belarusian, Russian and Latin letters, and its short forms. A short form may stand in several rows
(Саша is a man or a woman), so a word has a set of name ids.
"""

import csv
import functools
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz.distance import OSA

from cases.names.letters import readings

_TABLE = Path(__file__).with_name("given_names.csv")
_PATRONYMIC_ENDINGS = ("AvIč", "AvnA", "IčnA", "IvnA", "Ič")
_TYPO_LEAST = 0.8
_TYPO_SHORTEST = 5
_STEM_SHORTEST = 2


@dataclass(frozen=True)
class GivenNames:
    """The table, indexed by the written word, by its fold, and by the stems that patronymics grow from."""

    by_word: dict[str, frozenset[str]]
    by_fold: dict[str, frozenset[str]]
    full_folds: dict[str, frozenset[str]]
    by_stem: dict[str, frozenset[str]]


@functools.cache
def table() -> GivenNames:
    """The table, read once; it holds no person's data."""
    by_word: dict[str, set[str]] = {}
    by_fold: dict[str, set[str]] = {}
    full_folds: dict[str, set[str]] = {}
    by_stem: dict[str, set[str]] = {}
    with _TABLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for word in f"{row['full']} {row['short']}".split():
                by_word.setdefault(_written(word), set()).add(row["id"])
                for fold in readings(word):
                    by_fold.setdefault(fold, set()).add(row["id"])
            for word in row["full"].split():
                for fold in readings(word):
                    full_folds.setdefault(fold, set()).add(row["id"])
                    for stem in (fold, fold[:-1], fold[:-2]):
                        by_stem.setdefault(stem, set()).add(row["id"])
    parts = (by_word, by_fold, full_folds, by_stem)
    return GivenNames(*({key: frozenset(ids) for key, ids in part.items()} for part in parts))


def name_ids(word: str) -> frozenset[str]:
    """Ids of the given names this word writes exactly; empty for a word that is no known given name."""
    names = table()
    if known := names.by_word.get(_written(word)):
        return known
    return frozenset().union(*(names.by_fold.get(fold, frozenset()) for fold in readings(word)))


def nearest_name_ids(word: str) -> frozenset[str]:
    """As `name_ids`, but forgiving about one mistyped letter in a word of five letters or more."""
    if exact := name_ids(word):
        return exact
    best, ids = _TYPO_LEAST, frozenset[str]()
    for fold in readings(word):
        if len(fold) < _TYPO_SHORTEST:
            continue
        for known, known_ids in table().full_folds.items():
            close = OSA.normalized_similarity(fold, known, score_cutoff=best)
            if close > best or (close == best and not ids):
                best, ids = close, known_ids
    return ids


def looks_like_patronymic(word: str) -> bool:
    """True for Іванавіч, Ивановна, Ivanavich, Ільініча; surnames such as Статкевіч look so too."""
    return any(len(fold) > 3 and fold.endswith(_PATRONYMIC_ENDINGS) for fold in readings(word))


def father_ids(patronymic: str) -> frozenset[str]:
    """Ids of the father's name inside a patronymic: Мікалаеўна and Николаевна give the same."""
    found: set[str] = set()
    for fold in readings(patronymic):
        stem = next((fold.removesuffix(end) for end in _PATRONYMIC_ENDINGS if fold.endswith(end)), "")
        if len(stem) >= _STEM_SHORTEST:
            found |= table().by_stem.get(stem, frozenset())
    return frozenset(found)


def _written(word: str) -> str:
    return word.lower().replace("ё", "е").replace("’", "'").replace("ʼ", "'")
