"""What views hand to the parts: small frozen records, so that templates hold no logic."""

from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise

Text = str | Promise


@dataclass(frozen=True)
class Tab:
    """A link between pages of one thing; ``count`` stands after the word when given."""

    word: Text
    url: str
    current: bool = False
    count: int | None = None


@dataclass(frozen=True)
class Answer:
    """One line of a summary. ``about`` completes the link for who hears it: "Change the amount"."""

    question: Text
    answer: Text
    change_url: str = ""
    about: Text = ""


@dataclass(frozen=True)
class Happening:
    """One entry of a timeline. ``expected`` is what should come, not a fact; ``known`` says whence."""

    at: date
    title: Text
    text: Text = ""
    known: Text = ""
    expected: bool = False


@dataclass(frozen=True)
class Chip:
    """A filter in use; ``url`` is the same list without it."""

    word: Text
    url: str


@dataclass(frozen=True)
class Language:
    """One choice of the language menu; no ``url`` means that the choice is posted."""

    code: str
    name: str
    url: str
    current: bool
