"""References that survive people: ten signs, of which two check the others. Pure.

The 31 signs leave out I, L, O, Q and U, and reading turns O into 0 and I and L into 1. 31 is prime, so the
two sums below find every wrong sign, every two wrong signs, and so every two signs that changed places.
"""

import re
from collections.abc import Callable

SIGNS = "0123456789ABCDEFGHJKMNPRSTVWXYZ"
LENGTH = 10
_VALUES = {sign: value for value, sign in enumerate(SIGNS)} | {"O": 0, "I": 1, "L": 1}
_OTHER = re.compile(r"[^0-9A-Z]")


def make(below: Callable[[int], int]) -> str:
    """A new reference; ``below(n)`` gives a random number from 0 to n - 1 (``secrets.randbelow``)."""
    body = [below(31) for _ in range(LENGTH - 2)]
    total = sum(body)
    weighted = sum(place * value for place, value in enumerate(body, start=1))
    last = (9 * total - weighted) % 31
    return "".join(SIGNS[value] for value in [*body, (-total - last) % 31, last])


def is_valid(code: str) -> bool:
    """Whether ten signs, already without spaces and in capitals, check each other."""
    values = [_VALUES.get(sign) for sign in code]
    if len(values) != LENGTH or None in values:
        return False
    known = [value or 0 for value in values]
    weighted = sum(place * value for place, value in enumerate(known, start=1))
    return sum(known) % 31 == 0 and weighted % 31 == 0


def read(text: str) -> str:
    """The reference that somebody typed, in its own signs, or nothing."""
    code = _plain(text)
    return _own(code) if is_valid(code) else ""


def found_in(*texts: str) -> frozenset[str]:
    """Every reference that may stand in these texts, whatever spaces and signs are between.

    One text in a thousand of other things looks like one by chance: look it up before believing it.
    """
    found = set()
    for text in texts:
        plain = _plain(text)
        windows = (plain[start : start + LENGTH] for start in range(len(plain) - LENGTH + 1))
        found |= {_own(window) for window in windows if is_valid(window)}
    return frozenset(found)


def spelled(code: str) -> str:
    """For people: ``AB3D-9KFT-2M``."""
    return f"{code[:4]}-{code[4:8]}-{code[8:]}"


def _plain(text: str) -> str:
    return _OTHER.sub("", text.upper())


def _own(code: str) -> str:
    return "".join(SIGNS[_VALUES[sign]] for sign in code)
