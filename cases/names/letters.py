"""One spelling for all spellings of a word in a name.

Sources of the rules:
- Narkamaŭka and Taraškievica: "Правілы беларускай арфаграфіі і пунктуацыі" (1957 and the law of 2008),
  and "Беларускі клясычны правапіс" (2005): unstressed о/е written а/я (аканне, яканне), ў after a vowel,
  ц and дз before a soft vowel where Russian has т and д, hard р and ч, a soft sign or none (сьнег, снег).
- Łacinka: the instruction on geographical names of the State Committee of Land Resources, no. 15 of 2000,
  as amended in 2007 (č š ž ŭ ł, `ch` for х, `c` for ц), which people also type without its marks.
- Passports: the Ministry of the Interior's instruction on transliteration of names, no. 288 of 2008
  (Kavaliou, Tsikhan), and ICAO Doc 9303 part 3 for Russian forms (Kovalev, Tikhon).

A *fold* writes a word in 20 consonants and three vowel classes: `A` (а о э е ё я), `I` (и і ы й), `U` (у ю).
"""

import re
import unicodedata

_CYRILLIC = dict(
    zip(
        "абвгґдежзійклмнопрстуўфхцчшыэиє",
        "abvggdežziiklmnoprstuvfxcčšieie",
        strict=True,
    )
) | {"ё": "jo", "ю": "ju", "я": "ja", "щ": "šč", "ї": "ji", "ь": "", "ъ": ""}

_MARKED = {"č": "č", "š": "š", "ž": "ž", "ż": "ž", "ł": "l", "ŭ": "v"}
_LACINKA_MARK = re.compile("[čšžżłŭńśźć]")
# A bare `c` before anything but `h`, `k`, `z`, or a `j` before a vowel: Łacinka typed without its marks.
_LACINKA_BARE = re.compile(r"c(?![hkz])|h?j[aeou]")
_PASSPORT = re.compile("kh|sh|zh|ts|y[aeou]")

_ENGLISH = (
    ("x", "ks"), ("shch", "šč"), ("sch", "šč"), ("tsch", "č"), ("tch", "č"), ("dzh", "dž"), ("kh", "x"),
    ("zh", "ž"), ("sh", "š"), ("cz", "č"), ("sz", "š"), ("ts", "c"), ("tz", "c"), ("ph", "f"), ("th", "t"),
    ("q", "k"), ("w", "v"), ("y", "i"),
)  # fmt: skip

# Letters that look alike in both scripts: such a word is read in the script that most of it is in.
_TO_CYRILLIC = str.maketrans("aceiopxyktmhb", "асеіорхуктмнв")
_TO_LATIN = str.maketrans("асеіорхуктмнв", "aceiopxyktmhb")
_CYRILLIC_LETTER = re.compile("[\u0400-\u04ff]")
_LATIN_LETTER = re.compile("[a-zà-žḁ-ỿ]")

_VOWEL_CLASS = str.maketrans("aoeiju", "AAAIIU")
_DOUBLED = re.compile(r"(.)\1+")
_SYLLABIC_U = re.compile(r"(?<=[aoe])u(?![aoeiju])")
# Шчасны, Счастный; Праздны, Празны: a middle consonant nobody hears.
_SILENT = re.compile(r"(?<=s)t(?=[nl])|(?<=z)d(?=n)")
# Passports write Крапіўка as Krapiuka, and Радзюк as Radziuk.
_SHORT_U = re.compile(r"(?<=[^aeou][iy])u(?![aeiouy])")
_GLIDE = re.compile(r"[ij]+(?=[aoeu])")
# Воўк, Доўгі, Тоўсты are Волк, Долгий, Толстый in Russian.
_OL = re.compile(r"^([бвгджзклмнпрстфхцчш]{1,2})оў(?=[бвгджзклмнпрстфхцчш])")


def mixed_script(word: str) -> bool:
    """True when Cyrillic and Latin letters meet in one word: a lookalike letter or a broken keyboard."""
    lowered = word.lower()
    return bool(_CYRILLIC_LETTER.search(lowered) and _LATIN_LETTER.search(lowered))


def readings(word: str) -> tuple[str, ...]:
    """The folds of one word; two when the spelling is ambiguous (Latin `ch` is ч in passports, х in Łacinka).

    Never empty: a word without any known letter folds to itself, lower-cased.
    """
    plain = unicodedata.normalize("NFC", word).lower().replace("’", "'").replace("ʼ", "'")
    if mixed_script(plain):
        plain = _unmix(plain)
    sounds = _cyrillic_sounds(plain) if _CYRILLIC_LETTER.search(plain) else _latin_sounds(plain)
    folds = (_fold(sound) for sound in sounds)
    return tuple(dict.fromkeys(fold for fold in folds if fold)) or (plain,)


def skeleton(fold: str) -> str:
    """The consonants of a fold, after the class of a vowel that opens it."""
    return fold[:1] + fold[1:].translate({65: None, 73: None, 85: None})


def _unmix(word: str) -> str:
    cyrillic, latin = len(_CYRILLIC_LETTER.findall(word)), len(_LATIN_LETTER.findall(word))
    return word.translate(_TO_CYRILLIC if cyrillic >= latin else _TO_LATIN)


def _cyrillic_sounds(word: str) -> list[str]:
    spellings = [word]
    if _OL.search(word):
        spellings.append(_OL.sub(r"\1ол", word))
    return ["".join(_CYRILLIC.get(letter, "") for letter in spelling) for spelling in spellings]


def _latin_sounds(word: str) -> list[str]:
    marked = bool(_LACINKA_MARK.search(word))
    bare = "".join(_MARKED.get(letter) or _without_mark(letter) for letter in word)
    if marked:
        return [_lacinka(bare)]
    if "ch" in bare and not _PASSPORT.search(bare.replace("sch", "")):
        return [_english(bare), _lacinka(bare)]
    if _LACINKA_BARE.search(bare) and not _PASSPORT.search(bare):
        return [_lacinka(bare)]
    return [_english(spelling) for spelling in dict.fromkeys((bare, _SHORT_U.sub("v", bare)))]


def _without_mark(letter: str) -> str:
    base = unicodedata.normalize("NFKD", letter)[:1]
    return base if base.isalpha() else ""


def _lacinka(bare: str) -> str:
    return bare.replace("ch", "x").replace("w", "v").replace("y", "i")


def _english(bare: str) -> str:
    if bare.endswith("ff"):
        bare = bare[:-2] + "v"
    for written, sound in _ENGLISH:
        bare = bare.replace(written, sound)
    return bare.replace("ch", "č")


def _fold(sound: str) -> str:
    sound = _SYLLABIC_U.sub("v", sound)
    sound = _GLIDE.sub("", sound)
    sound = sound.replace("dž", "Ž").replace("dz", "d").replace("Ž", "dž")
    sound = sound.replace("ts", "c").replace("c", "t").replace("sč", "šč")
    sound = sound.replace("x", "g").replace("h", "g").replace("j", "i")
    sound = _DOUBLED.sub(r"\1", sound.translate(_VOWEL_CLASS))
    return _SILENT.sub("", sound)
