"""Short phonetic keys that bring two spellings of a name into one bucket.

Plaintext here; `vault.indexes.name_index` turns each into a truncated digest before it is stored.
"""

from cases.names.letters import readings, skeleton
from cases.names.parts import NameParts, Word, read_name

_LONGEST = 7


def candidate_keys(full_name: str) -> set[str]:
    """Keys such that two spellings of one name, even with one mistyped consonant, share at least one.

    `s:` keys hold the surname's consonants alone. `d:` keys hold them with one left out, beside the given
    name (deletion neighbours: two words one edit apart share a deletion). Usually 5 to 20 keys, never
    a birth date, which is too easy to enumerate.
    """
    keys: set[str] = set()
    for reading in read_name(full_name):
        given = _given_marks(reading)
        for bones in _surname_bones(reading):
            keys.add(f"s:{bones}")
            keys.update(f"d:{mark}:{shorter}" for mark in given for shorter in _neighbours(bones))
    return keys


def _surname_bones(reading: NameParts) -> set[str]:
    found: set[str] = set()
    for word in reading.surname:
        for text in {word.text, *word.text.split("-")}:
            found.update(skeleton(fold)[:_LONGEST] for fold in _folds(text, word))
    return {bones for bones in found if bones}


def _folds(text: str, word: Word) -> tuple[str, ...]:
    return word.folds if text == word.text else readings(text)


def _given_marks(reading: NameParts) -> set[str]:
    if reading.given is None or reading.given.is_initial:
        return set()
    return set(reading.given_ids) or {skeleton(fold)[:2] for fold in reading.given.folds}


def _neighbours(bones: str) -> set[str]:
    return {bones} | {bones[:index] + bones[index + 1 :] for index in range(len(bones)) if len(bones) > 1}
