"""How alike two names are, and how well a searched word fits a name."""

from collections.abc import Iterable

from rapidfuzz.distance import OSA

from cases.names.given import table
from cases.names.letters import readings, skeleton
from cases.names.parts import NameParts, Word, read_name, words

# Chosen on tests/names/pairs.csv; `python -m tests.names.measure` prints recall and precision there.
SAME_PERSON_LIKELY = 0.82
_FOLD_WEIGHT = 0.65
_GIVEN_POWER, _FATHER_POWER = 0.5, 0.3
_SHORT_FORM, _OTHER_NAME = 0.95, 0.35
_WITHOUT_GIVEN = 0.9
_SHORTEST_SEARCH = 2
_BEGINNING = 0.95
_HALF_SIGNS = ("c", "k", "s", "z")  # ch, kh, sh, zh
_ONE_VOWEL = str.maketrans("IU", "AA")


def similarity(a: str, b: str) -> float:
    """0..1: 1 for two spellings of one name, about 0.8 with a typo, below that for two people.

    Patronymics count only when both names have one; a surname alone reaches 0.9 at most.
    """
    return compare_readings(read_name(a), read_name(b))


def compare_readings(a: list[NameParts], b: list[NameParts]) -> float:
    """As `similarity`, over names that were read already."""
    return max((_compare(one, other) for one in a for other in b), default=0.0)


def word_similarity(a: Word, b: Word) -> float:
    """0..1 for two words, over all their readings; vowels weigh less than consonants."""
    return max(_fold_similarity(one, other) for one in a.folds for other in b.folds)


def search_score(query: str, name: str) -> float:
    """0..1: how well a part of a name, perhaps misspelt, fits the name; every word of the query must fit.

    Half a surname is enough: a query word is compared with the beginning of each word too, and of each half
    of a double surname.
    """
    return score_words(typed_folds(query), searched_folds(name))


def typed_folds(query: str) -> list[tuple[str, ...]]:
    """The readings of each typed word; one broken off inside a Latin sign (Shavc|henka) is also ended."""
    typed = [word.text for word in words(query)]
    return [tuple(dict.fromkeys(readings(text) + _ended(text))) for text in typed]


def searched_folds(name: str) -> list[tuple[str, ...]]:
    """The readings of each word of a name, and of the halves of a double surname."""
    present = words(name)
    halves = [half for word in present if len(parts := list(_halves((word,)))) > 1 for half in parts]
    return [word.folds for word in present] + [readings(half) for half in halves]


def score_words(wanted: list[tuple[str, ...]], present: list[tuple[str, ...]]) -> float:
    """As `search_score`, over words that were read already."""
    if not wanted or not present:
        return 0.0
    return min(max(_beginning_fits(word, other) for other in present) for word in wanted)


def _ended(text: str) -> tuple[str, ...]:
    return readings(text + "h") if text[-1:].lower() in _HALF_SIGNS else ()


def _fold_similarity(a: str, b: str) -> float:
    if a == b:
        return 1.0
    whole = OSA.normalized_similarity(a, b)
    bones = OSA.normalized_similarity(skeleton(a), skeleton(b))
    return _FOLD_WEIGHT * whole + (1 - _FOLD_WEIGHT) * bones


def _beginning_fits(wanted: tuple[str, ...], present: tuple[str, ...]) -> float:
    best = 0.0
    for fold in wanted:
        for other in present:
            if fold == other:
                return 1.0
            best = max(best, _fold_similarity(fold, other))
            if len(fold) >= _SHORTEST_SEARCH:
                best = max(best, _BEGINNING * _typed_similarity(fold, other[: len(fold)]))
    return best


def _typed_similarity(a: str, b: str) -> float:
    """As of folds, but another vowel is half a mistake: of the few letters typed, one weighs much."""
    near = _fold_similarity(a, b)
    if near == 1.0:
        return near
    return (near + _fold_similarity(a.translate(_ONE_VOWEL), b.translate(_ONE_VOWEL))) / 2


def _compare(a: NameParts, b: NameParts) -> float:
    surname = _surname_similarity(a.surname, b.surname)
    if a.given is None or b.given is None:
        return surname * _WITHOUT_GIVEN
    score: float = surname * _given_similarity(a, b) ** _GIVEN_POWER
    return score * float(_father_similarity(a, b) ** _FATHER_POWER)


def _surname_similarity(a: tuple[Word, ...], b: tuple[Word, ...]) -> float:
    """Whole surnames, or one half of a double surname against a single one (a little below 1)."""
    halves_a, halves_b = list(_halves(a)), list(_halves(b))
    if len(halves_a) == len(halves_b) == 1:
        return word_similarity(a[0], b[0])
    whole = _best("".join(halves_a), "".join(halves_b))
    if len(halves_a) == len(halves_b):
        return whole
    return max(whole, 0.92 * max(_best(one, other) for one in halves_a for other in halves_b))


def _halves(surname: tuple[Word, ...]) -> Iterable[str]:
    for word in surname:
        yield from (half for half in word.text.replace("‐", "-").replace("‑", "-").split("-") if half)


def _best(a: str, b: str) -> float:
    return max(_fold_similarity(one, other) for one in readings(a) for other in readings(b))


def _given_similarity(a: NameParts, b: NameParts) -> float:
    if a.given is None or b.given is None:
        return 1.0
    if a.given.is_initial or b.given.is_initial:
        return _initial_similarity(a, b)
    if a.given_ids and b.given_ids:
        return 1.0 if a.given_ids & b.given_ids else _OTHER_NAME
    return word_similarity(a.given, b.given)


def _initial_similarity(a: NameParts, b: NameParts) -> float:
    short, full = (a, b) if a.given and a.given.is_initial else (b, a)
    letters = first_letters(short.given) if short.given else set()
    return _SHORT_FORM if letters & all_first_letters(full) else _OTHER_NAME


def first_letters(word: Word) -> set[str]:
    """The first sound of each reading of a word."""
    return {fold[0] for fold in word.folds}


def all_first_letters(name: NameParts) -> set[str]:
    """The first sounds of every spelling of the given name: Н. and М. both stand for Мікалай."""
    found = first_letters(name.given) if name.given else set()
    return found | {fold[0] for fold, ids in table().full_folds.items() if ids & name.given_ids}


def _father_similarity(a: NameParts, b: NameParts) -> float:
    if a.patronymic is None or b.patronymic is None:
        return 1.0
    if a.patronymic.is_initial or b.patronymic.is_initial:
        return 1.0
    if a.father_ids and b.father_ids:
        return 1.0 if a.father_ids & b.father_ids else _OTHER_NAME
    return word_similarity(a.patronymic, b.patronymic)
