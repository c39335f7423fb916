"""The table of retention: every room adds its own rules from ``AppConfig.ready``."""

import datetime
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from audit.actors import Actor

Text = str | Promise
# A rule that somebody else decided says so itself.
DEFAULT = _("The program's default, until the organisation's board confirms or changes it, with counsel")


class Then(StrEnum):
    """What happens when the time is over."""

    DELETE = "delete"
    FORGET_WORDS = "forget-words"
    ERASE = "erase"


THEN: dict[str, Text] = {
    Then.DELETE: _("Deleted"),
    Then.FORGET_WORDS: _("The words are forgotten (their key is destroyed), the decision stays"),
    Then.ERASE: _("The person is erased; the books stay without a name"),
}


@dataclass(frozen=True)
class Moment:
    """When a rule is applied: what lies before ``before`` is over; ``held`` are people under legal hold."""

    before: datetime.datetime
    at: datetime.datetime
    by: Actor
    held: frozenset[uuid.UUID]


@dataclass(frozen=True)
class Rule:
    """One kind of record. ``days`` count from the moment that ``since`` names.

    ``due`` says how many records are over, without touching them. ``remove`` takes them away and counts
    them: inside the action of the rule, or by itself where ``alone`` says that it makes actions of its
    own. A rule that erases gives ``people`` instead of ``remove``.
    """

    name: str
    records: Text
    basis: Text
    days: int
    since: Text
    then: Then
    due: Callable[[Moment], int]
    remove: Callable[[Moment], int] | None = None
    people: Callable[[Moment], Iterable[uuid.UUID]] | None = None
    alone: bool = False
    decided: Text = DEFAULT

    @property
    def period(self) -> int:
        """Days, as this organisation decided them (``RETENTION_DAYS``), else as written here."""
        return _decided_otherwise().get(self.name, self.days)

    def before(self, at: datetime.datetime) -> datetime.datetime:
        """What is older than this moment is over."""
        return at - datetime.timedelta(days=self.period)


class BadPeriod(ValueError):
    """``RETENTION_DAYS`` names no rule, or no whole number of days above zero."""


_rules: dict[str, Rule] = {}


def register(*rules: Rule) -> None:
    """Add rules; a name is used once."""
    for rule in rules:
        _rules[rule.name] = rule


def erases(name: str, *, people: Callable[[Moment], Iterable[uuid.UUID]], days: int, **words: Text) -> Rule:
    """A rule that erases people: how many are due is how many there are."""

    def due(moment: Moment) -> int:
        return len(list(people(moment)))

    return Rule(name=name, people=people, due=due, days=days, then=Then.ERASE, **words)  # type: ignore[arg-type]


def rules() -> list[Rule]:
    """The whole table, in the order of names."""
    return [_rules[name] for name in sorted(_rules)]


def _decided_otherwise() -> dict[str, int]:
    decided = {}
    for word in settings.RETENTION_DAYS.split():
        name, _equals, days = word.partition("=")
        if name not in _rules or not days.isdecimal() or int(days) < 1:
            raise BadPeriod(f"RETENTION_DAYS: {word}")
        decided[name] = int(days)
    return decided
