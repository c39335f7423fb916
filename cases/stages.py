"""Where the court process stands, as a projection of dated facts that arrive in any order; no queries."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from django.db import models
from django.utils.translation import gettext_lazy as _


class Stage(models.TextChoices):
    """The court's view. Criminal cases run through the upper group, administrative ones the lower."""

    DETAINED = "detained", _("Detained")
    CHARGED = "charged", _("Charged")
    INVESTIGATION = "investigation", _("Investigation")
    FIRST_INSTANCE = "first-instance", _("First instance")
    APPEAL = "appeal", _("Appeal")
    CASSATION = "cassation", _("Cassation")
    SUPERVISORY = "supervisory", _("Supervisory review")
    SERVING = "serving", _("Serving")
    ENDED = "ended", _("Ended")
    COURT = "court", _("Court")
    EXECUTED = "executed", _("Executed")


class EndKind(models.TextChoices):
    """How it ended."""

    SERVED = "served", _("Served")
    PARDON = "pardon", _("Pardoned")
    EXPELLED = "expelled", _("Expelled without a passport")
    EXCHANGE = "exchange", _("Exchanged")
    REFUSED_TO_LEAVE = "refused-to-leave", _("Refused to leave")
    ACQUITTED = "acquitted", _("Acquitted")
    TERMINATED = "terminated", _("Terminated")
    DIED = "died", _("Died")
    RELEASED = "released", _("Released, reason not known")


ENDS = (Stage.ENDED, Stage.EXECUTED)

_CRIMINAL = (
    Stage.DETAINED,
    Stage.CHARGED,
    Stage.INVESTIGATION,
    Stage.FIRST_INSTANCE,
    Stage.APPEAL,
    Stage.CASSATION,
    Stage.SUPERVISORY,
    Stage.SERVING,
    Stage.ENDED,
)
_ADMINISTRATIVE = (Stage.DETAINED, Stage.COURT, Stage.APPEAL, Stage.EXECUTED)
COURSES: dict[str, tuple[Stage, ...]] = {
    "criminal": _CRIMINAL,
    "administrative": _ADMINISTRATIVE,
    "regime": (Stage.SERVING, Stage.COURT, Stage.APPEAL, Stage.ENDED),
    "remedy": (Stage.CASSATION, Stage.SUPERVISORY, Stage.SERVING, Stage.ENDED),
    "after-release": (Stage.CHARGED, Stage.COURT, Stage.APPEAL, Stage.ENDED),
}

# Steps that are usual although they are not to the next stage of the course.
_USUAL = {
    (Stage.DETAINED, Stage.INVESTIGATION),
    (Stage.DETAINED, Stage.ENDED),
    (Stage.CHARGED, Stage.FIRST_INSTANCE),
    (Stage.CHARGED, Stage.ENDED),
    (Stage.INVESTIGATION, Stage.ENDED),
    (Stage.FIRST_INSTANCE, Stage.SERVING),
    (Stage.FIRST_INSTANCE, Stage.ENDED),
    (Stage.APPEAL, Stage.SERVING),
    (Stage.APPEAL, Stage.SUPERVISORY),
    (Stage.APPEAL, Stage.ENDED),
    (Stage.CASSATION, Stage.SERVING),
    (Stage.CASSATION, Stage.ENDED),
    (Stage.SUPERVISORY, Stage.ENDED),
    (Stage.SERVING, Stage.CASSATION),
    (Stage.SERVING, Stage.SUPERVISORY),
    (Stage.COURT, Stage.EXECUTED),
    (Stage.COURT, Stage.ENDED),
    (Stage.DETAINED, Stage.EXECUTED),
    (Stage.SERVING, Stage.APPEAL),
}
_IN_CUSTODY = {
    Stage.DETAINED: True,
    Stage.SERVING: True,
    Stage.ENDED: False,
    Stage.EXECUTED: False,
}


class Dated(Protocol):
    """What the projection needs of a stage event."""

    @property
    def stage(self) -> str: ...
    @property
    def occurred_on(self) -> datetime.date: ...
    @property
    def precision(self) -> str: ...
    @property
    def known_at(self) -> datetime.datetime: ...


@dataclass(frozen=True)
class Fact:
    """One stage event without its row; ``precision`` as in ``kinds.Precision``."""

    stage: str
    occurred_on: datetime.date
    precision: str
    known_at: datetime.datetime


@dataclass(frozen=True)
class Standing:
    """Where a case stands; ``in_custody`` is None where the stage does not tell."""

    stage: str = ""
    on: datetime.date | None = None
    precision: str = "day"
    in_custody: bool | None = None


def timeline(kind: str, events: Iterable[Dated]) -> list[Dated]:
    """The events in the order in which they happened, whatever the order in which they became known.

    Ties (a month, a year) follow the course of this kind of case, then what was known first.
    """
    return sorted(events, key=lambda event: _place(kind, event))


def current(kind: str, events: Iterable[Dated]) -> Standing:
    """Where the case stands after these events, in whatever order they come."""
    ordered = timeline(kind, events)
    if not ordered:
        return Standing()
    last = ordered[-1]
    custody = next((_IN_CUSTODY[Stage(e.stage)] for e in reversed(ordered) if e.stage in _IN_CUSTODY), None)
    return Standing(last.stage, last.occurred_on, last.precision, custody)


def known_then(events: Iterable[Dated], at: datetime.datetime) -> list[Dated]:
    """The events that were known at a moment."""
    return [event for event in events if event.known_at <= at]


def is_odd(kind: str, before: str, after: str) -> bool:
    """Whether a step between two neighbours of the timeline needs a reason."""
    if before == after or not before:
        return False
    if (Stage(before), Stage(after)) in _USUAL:
        return False
    course = COURSES[kind]
    if before not in course or after not in course:
        return True
    return course.index(Stage(after)) != course.index(Stage(before)) + 1


def odd_steps(kind: str, events: Sequence[Dated], added: Dated) -> list[tuple[str, str]]:
    """The odd steps that adding an event to a timeline makes, each as (stage before, stage after)."""
    ordered = timeline(kind, [*events, added])
    at = next(index for index, event in enumerate(ordered) if event is added)
    pairs = list(zip(ordered[max(at - 1, 0) : at + 2], ordered[max(at - 1, 0) + 1 : at + 2], strict=False))
    steps = [(one.stage, other.stage) for one, other in pairs]
    first_not_in_course = [("", added.stage)] if added.stage not in COURSES[kind] else []
    return [step for step in steps if is_odd(kind, *step)] or first_not_in_course


def _place(kind: str, event: Dated) -> tuple[datetime.date, int, datetime.datetime]:
    course = COURSES[kind]
    rank = course.index(Stage(event.stage)) if event.stage in course else len(course)
    return _last_day(event), rank, event.known_at


def _last_day(event: Dated) -> datetime.date:
    """The latest day it can have been: a month known only as March does not come before 15 March."""
    on = event.occurred_on
    if event.precision == "year":
        return datetime.date(on.year, 12, 31)
    if event.precision == "month":
        return (on.replace(day=1) + datetime.timedelta(days=31)).replace(day=1) - datetime.timedelta(days=1)
    return on
