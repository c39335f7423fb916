"""Reading a full name: which word is the surname, the given name, the patronymic."""

import re
from dataclasses import dataclass

from cases.names.given import father_ids, looks_like_patronymic, name_ids, nearest_name_ids
from cases.names.letters import readings

_IN_BRACKETS = re.compile(r"[(\[«\"].*?[)\]»\"]")
_WORD = re.compile(r"[^\W\d_]+(?:['’ʼ‘`\-‐‑][^\W\d_]+)*", re.UNICODE)
_MOST_WORDS = 6


@dataclass(frozen=True)
class Word:
    """One word of a name with everything that comparing it needs."""

    text: str
    folds: tuple[str, ...]

    @property
    def is_initial(self) -> bool:
        return len(self.text) == 1


@dataclass(frozen=True)
class NameParts:
    """One way to read a full name; `given` and `patronymic` may be missing, `surname` never is."""

    surname: tuple[Word, ...]
    given: Word | None = None
    given_ids: frozenset[str] = frozenset()
    patronymic: Word | None = None
    father_ids: frozenset[str] = frozenset()


def words(full_name: str) -> list[Word]:
    """The words of a name in order; bracketed nicknames and signs are dropped."""
    found = _WORD.findall(_IN_BRACKETS.sub(" ", full_name))
    return [Word(text, readings(text)) for text in found[:_MOST_WORDS]]


def read_name(full_name: str) -> list[NameParts]:
    """Every plausible reading, the likeliest first; empty for a text without letters.

    Surname first or last, patronymic or none; where two words could both be the given name
    (Максім Раман), both readings are returned.
    """
    parts = words(full_name)
    if len(parts) < 2:
        return [NameParts(surname=(word,)) for word in parts]
    exact = [index for index, word in enumerate(parts) if not word.is_initial and name_ids(word.text)]
    given_at = exact or [index for index, word in enumerate(parts) if nearest_name_ids(word.text)]
    followed = [index for index in given_at if _patronymic_at(parts, index)]
    if followed:
        given_at = followed
    if not given_at:
        given_at = _given_by_place(parts)
    return [_reading(parts, index) for index in given_at[:3]]


def _given_by_place(parts: list[Word]) -> list[int]:
    initials = [index for index, word in enumerate(parts) if word.is_initial]
    if initials and len(initials) < len(parts):
        return initials[:1]
    patronymic = next((i for i in range(1, len(parts)) if looks_like_patronymic(parts[i].text)), 0)
    return [patronymic - 1] if patronymic and len(parts) > 2 else [1, 0]


def _patronymic_at(parts: list[Word], given: int) -> bool:
    """Is the word after the given name its patronymic? A surname must be left over."""
    if len(parts) < 3 or given + 1 >= len(parts):
        return False
    after = parts[given + 1]
    return after.is_initial or looks_like_patronymic(after.text)


def _reading(parts: list[Word], given: int) -> NameParts:
    has_patronymic = _patronymic_at(parts, given)
    taken = {given, given + 1} if has_patronymic else {given}
    word = parts[given]
    patronymic = parts[given + 1] if has_patronymic else None
    return NameParts(
        surname=tuple(part for index, part in enumerate(parts) if index not in taken),
        given=word,
        given_ids=frozenset() if word.is_initial else nearest_name_ids(word.text),
        patronymic=patronymic,
        father_ids=father_ids(patronymic.text) if patronymic else frozenset(),
    )
