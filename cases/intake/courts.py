"""Finding a court by what a list calls it."""

import re
from collections.abc import Iterable, Mapping

_NOT_WORD = re.compile(r"[\W_]+")
_SHORT = {
    "г": "города", "р": "района", "на": "", "обл": "областной", "суд": "", "court": "", "of": "", "the": "",
    "горада": "города", "раёна": "района", "район": "района", "раён": "района", "district": "района",
    "раённы": "районный", "city": "города",
}  # fmt: skip


class CourtNames:
    """The known courts: codes and every name, compared without case, signs and the words for "court"."""

    def __init__(self, names: Mapping[str, Iterable[str]]) -> None:
        """`names`: code to its names in any language. A name two courts share finds neither."""
        self._codes: dict[str, str | None] = {}
        for code, written in names.items():
            for name in (code, *written):
                plain = plain_court(name)
                known = self._codes.get(plain, code)
                self._codes[plain] = code if known == code else None

    def find(self, name: str) -> str | None:
        """The code of the court, None when unknown or ambiguous."""
        return self._codes.get(plain_court(name))


def plain_court(name: str) -> str:
    """A court's name without what lists write differently: "Суд р-на", "г. Минска", "Court of"."""
    words = _NOT_WORD.sub(" ", name.casefold().replace("ё", "е").replace("р-н", "район")).split()
    return " ".join(sorted(plain for word in words if (plain := _SHORT.get(word, word))))
