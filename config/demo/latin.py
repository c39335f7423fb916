"""Belarusian names in the Latin letters of passports.

Rule: the Ministry of the Interior's instruction on transliteration of names, no. 288 of 2008: г is h,
х is kh, ў is u, я ё ю е are ia io iu e after a consonant and ya yo yu ye elsewhere, soft signs and
apostrophes are left out; a last й after ы or і too (Юрый is Yury).
"""

import re

_PLAIN = {
    "а": "a", "б": "b", "в": "v", "г": "h", "д": "d", "ж": "zh", "з": "z", "і": "i", "й": "i", "к": "k",
    "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ў": "u",
    "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "ы": "y", "э": "e", "ь": "", "'": "",
}  # fmt: skip
_IOTATED = {"е": ("ye", "e"), "ё": ("yo", "io"), "ю": ("yu", "iu"), "я": ("ya", "ia")}
_LAST_SHORT_I = re.compile("(?<=[ыі])й$")
_VOWELS = "аеёіоуыэюяў'й"


def passport_latin(belarusian: str) -> str:
    """One or several words; raises KeyError for a letter that is not Belarusian."""
    return " ".join("-".join(_word(part) for part in word.split("-")) for word in belarusian.split())


def _word(word: str) -> str:
    letters, before = [], ""
    for letter in _LAST_SHORT_I.sub("", word.lower()):
        if letter in _IOTATED:
            letters.append(_IOTATED[letter][bool(before) and before not in _VOWELS])
        else:
            letters.append(_PLAIN[letter])
        before = letter
    return "".join(letters).capitalize()
