"""Articles as lists write them: "342 ч. 1, 361-2", "ч. 1 ст. 342 УК", "24.23 КаАП", "342 part 1"."""

import re
from dataclasses import dataclass

# "361¹" and "361-1" are the same article.
_SUPERSCRIPT = str.maketrans(
    {"¹": "-1", "²": "-2", "³": "-3", "⁴": "-4", "⁵": "-5", "–": "-", "—": "-", "‑": "-"}
)
_NOISE = re.compile(
    r"\b(?:УК|КК|КоАП|КаАП|РБ|Республики|Рэспублікі|Беларусь|Уголовного|кодекса|Criminal|Administrative|Code|CC)\b\.?",
    re.IGNORECASE,
)
_SPLIT = re.compile(r"\s*(?:[,;\n]|\s(?:и|і|and|&|\+)\s)\s*", re.IGNORECASE)
_ARTICLE_WORD = r"(?:ст(?:\.|атья|атьи)?|арт(?:\.|ыкул)?|art(?:\.|icle)?)\s*"
_PART_WORD = r"(?:ч(?:\.|асть|асти|астка)?|part|p\.)\s*"
_NUMBER = r"(\d{3}(?:-\d{1,2})?|\d{1,2}\.\d{1,2}(?:-\d{1,2})?)"
_PART = r"(\d{1,2}(?:-\d)?)"
_NUMBER_FIRST = re.compile(rf"^(?:{_ARTICLE_WORD})?{_NUMBER}(?:\s*{_PART_WORD}{_PART})?$", re.IGNORECASE)
_PART_FIRST = re.compile(rf"^{_PART_WORD}{_PART}\s*{_ARTICLE_WORD}{_NUMBER}$", re.IGNORECASE)
_PART_ALONE = re.compile(rf"^(?:{_PART_WORD})?{_PART}$", re.IGNORECASE)


class ArticleNotUnderstood(ValueError):
    """Some item of the text is no article."""


@dataclass(frozen=True)
class ArticleRef:
    """A provision: criminal numbers have three digits (342, 361-2), administrative ones a point (24.23)."""

    number: str
    part: str = ""

    @property
    def is_administrative(self) -> bool:
        return "." in self.number


def read_articles(text: str) -> tuple[ArticleRef, ...]:
    """The articles in order, without repeats; "342 ч. 1, 2" is two parts of one.

    Raises ArticleNotUnderstood.
    """
    plain = _NOISE.sub(" ", text.translate(_SUPERSCRIPT))
    found: list[ArticleRef] = []
    for written in _SPLIT.split(plain.strip(" .;,")):
        item = " ".join(written.split()).rstrip(" .")
        if item:
            found.append(_read_one(item, found))
    return tuple(dict.fromkeys(found))


def _read_one(item: str, before: list[ArticleRef]) -> ArticleRef:
    if match := _NUMBER_FIRST.match(item):
        return ArticleRef(match[1], match[2] or "")
    if match := _PART_FIRST.match(item):
        return ArticleRef(match[2], match[1])
    if before and before[-1].part and (match := _PART_ALONE.match(item)):
        return ArticleRef(before[-1].number, match[1])
    raise ArticleNotUnderstood
