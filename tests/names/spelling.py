"""Spelling rules as tables say them, written apart from `cases.names` so that they can judge it.

Passports from Belarusian: instruction no. 288 of 2008 of the Ministry of the Interior; from Russian: ICAO Doc
9303 part 3. Łacinka: instruction no. 15 of 2000 as amended in 2007. Taraškievica: the code of 2005, for the
soft sign alone.
"""

import random
import re
from collections.abc import Callable

_VOWELS = "аеёіоуыэюяи"
_PASSPORT_BE = dict(zip("абвгдзійклмнопрстуўфыэ", "abvhdziiklmnoprstuufye", strict=True)) | {
    "ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "ь": "", "'": "",
}  # fmt: skip
_PASSPORT_RU = dict(zip("абвгдезийклмнопрстуфыэё", "abvgdeziiklmnoprstufyee", strict=True)) | {
    "ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ю": "iu", "я": "ia", "ь": "",
    "ъ": "ie",
}  # fmt: skip
_LACINKA = dict(zip("абвгджзйкмнопрстуўфхцчшыэ", "abvhdžzjkmnoprstuŭfxcčšye", strict=True)) | {"'": ""}
_SOFTENED = {"a": "ia", "o": "io", "u": "iu", "e": "ie"}
_IOTATED = {"я": "a", "ё": "o", "ю": "u", "е": "e"}
_SOFT = {"н": "ń", "с": "ś", "з": "ź", "ц": "ć", "л": "l"}
_WITHOUT_MARKS = str.maketrans("čšžŭłńśźć", "cszulnszc")
_ASSIMILATED = re.compile(r"([сзц])(?=(?:[бвлмнп]|дз|ц|с)[еёіюя])")


def passport_from_belarusian(name: str) -> str:
    """Я, ё, ю, е are ia, io, iu, e after a consonant and ya, yo, yu, ye elsewhere."""
    return _each_word(name, _passport_be)


def passport_from_russian(name: str) -> str:
    return _each_word(name, lambda word: "".join(_PASSPORT_RU[letter] for letter in word))


def english_from_russian(name: str) -> str:
    """As newspapers write it: -ий and -ый are y, я and ю ya and yu, е at the start or after a vowel ye."""
    return _each_word(name, _english)


def lacinka(name: str) -> str:
    return _each_word(name, _lacinka)


def lacinka_without_marks(name: str) -> str:
    return "".join(
        letter.upper() if old.isupper() else letter
        for old, letter in zip(lacinka(name), lacinka(name).lower().translate(_WITHOUT_MARKS), strict=True)
    )


def taraskievica(name: str) -> str:
    """The softness that is heard before a soft consonant is written: Свірыдаў, Сьвірыдаў."""
    return _each_word(name, lambda word: _ASSIMILATED.sub(r"\1ь", word))


def misspelt(word: str, kind: str, rng: random.Random) -> str:
    """One slip past the first letter: letters "swapped", one "doubled", one "lost", a "vowel" mistaken."""
    places = [place for place in range(1, len(word) - 1) if _fits(word, place, kind)]
    place = rng.choice(places)
    before, letter, after = word[:place], word[place], word[place + 1 :]
    if kind == "swapped":
        return before + after[0] + letter + after[1:]
    if kind == "vowel":
        return before + {"а": "о", "о": "а", "е": "и", "и": "е", "і": "е", "э": "е"}[letter] + after
    return before + letter * 2 + after if kind == "doubled" else before + after


def _fits(word: str, place: int, kind: str) -> bool:
    letter, following = word[place], word[place + 1]
    if kind == "vowel":
        return letter in "аоеиіэ"
    if kind == "swapped":
        return letter != following and "-" not in (letter, following)
    return letter not in _VOWELS and letter not in "ьъ'-"


def _each_word(name: str, spell: Callable[[str], str]) -> str:
    return " ".join(
        "-".join(spell(half.lower()).capitalize() for half in word.split("-")) for word in name.split()
    )


def _passport_be(word: str) -> str:
    written = ""
    for place, letter in enumerate(word):
        if letter in _IOTATED:
            alone = place == 0 or word[place - 1] in _VOWELS + "'ўьй"
            written += ("y" if alone else "" if letter == "е" else "i") + _IOTATED[letter]
        else:
            written += _PASSPORT_BE[letter]
    return written


def _english(word: str) -> str:
    word = re.sub("[иы]й$", "ы", word)
    written = ""
    for place, letter in enumerate(word):
        alone = place == 0 or word[place - 1] in _VOWELS + "ьъ"
        if letter == "е" and alone:
            written += "ye"
        elif letter in "юяё":
            written += {"ю": "yu", "я": "ya", "ё": "yo"}[letter]
        elif letter == "й":
            written += "y"
        else:
            written += _PASSPORT_RU[letter]
    return written


def _lacinka(word: str) -> str:
    written, place = "", 0
    while place < len(word):
        letter, following = word[place], word[place + 1 : place + 2]
        alone = place == 0 or word[place - 1] in _VOWELS + "'ўьй"
        if letter in _IOTATED:
            written += _iotated(_IOTATED[letter], alone=alone, after_l=word[place - 1 : place] == "л")
        elif letter == "і":
            written += "ji" if place and word[place - 1] in "'ь" else "i"
        elif letter == "л":
            written += "l" if following and following in "еёіюяь" else "ł"
        elif letter == "х":
            written += "ch"
        elif following == "ь" and letter in _SOFT:
            written += _SOFT[letter]
        elif letter != "ь":
            written += _LACINKA[letter]
        place += 1
    return written


def _iotated(vowel: str, *, alone: bool, after_l: bool) -> str:
    if alone:
        return "j" + vowel
    return vowel if after_l else _SOFTENED[vowel]
