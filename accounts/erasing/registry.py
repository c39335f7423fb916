"""What the rooms above say about erasing: their kinds of people, and traces of their own that must go.

Filled from each room's ``AppConfig.ready``; nothing here knows a client from a lawyer.
"""

import datetime
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from audit.actions import DomainError

Text = str | Promise


class NobodyToErase(DomainError):
    code = "nobody-to-erase"
    message = _("There is no client, lawyer, payee, donor or member of staff with this id.")


@dataclass(frozen=True)
class Obstacle:
    """Why somebody cannot be erased today, and what to do about it."""

    code: str
    text: Text


@dataclass(frozen=True)
class Person:
    """Somebody as the pages of erasure show them: by a name that is public among colleagues."""

    id: uuid.UUID
    kind: str
    called: str


# Everything a step needs: the person, and the ids of things that are about them alone (their cases).
Step = Callable[["Subject"], int]


@dataclass(frozen=True)
class Subject:
    """The person a step empties; ``about`` holds their id and those of what exists for them alone."""

    id: uuid.UUID
    kind: str
    about: frozenset[uuid.UUID]
    at: datetime.datetime


def _none(subject_id: uuid.UUID, at: datetime.datetime) -> Iterable[Obstacle]:
    return ()


def _alone(subject_id: uuid.UUID) -> Iterable[uuid.UUID]:
    return ()


@dataclass(frozen=True)
class Kind:
    """One kind of person. ``paths`` lead from other tables to them (``client_id``, ``case__client_id``).

    ``stays`` says in plain words what is kept without a name, and why.
    """

    name: str
    title: Text
    model: type[models.Model]
    called: Callable[[models.Model], str]
    stays: Text
    paths: tuple[str, ...] = ()
    obstacles: Callable[[uuid.UUID, datetime.datetime], Iterable[Obstacle]] = _none
    about: Callable[[uuid.UUID], Iterable[uuid.UUID]] = _alone


@dataclass(frozen=True)
class Trace:
    """Something that must go. ``outside`` is not in the database (files), so it is done before the commit.

    ``only`` names the one kind of person that can have left it, for pages that say what goes; "" for all.
    """

    label: str
    remove: Step
    outside: bool = False
    title: Text = ""
    only: str = ""


_kinds: dict[str, Kind] = {}
_traces: dict[str, Trace] = {}


def register_kind(kind: Kind) -> None:
    """Add a kind of person."""
    _kinds[kind.name] = kind


def on_erase(label: str, remove: Step, *, title: Text, outside: bool = False, only: str = "") -> None:
    """Add a trace. ``remove`` must be repeatable: a killed process runs it again. It counts what went."""
    _traces[label] = Trace(label, remove, outside, title, only)


def kinds() -> list[Kind]:
    """All kinds, in the order of their names."""
    return [_kinds[name] for name in sorted(_kinds)]


def kind_of(name: str) -> Kind:
    """A kind by its name. Raises KeyError."""
    return _kinds[name]


def traces(*, outside: bool) -> list[Trace]:
    """What must go, inside the database or outside it."""
    return [trace for trace in _traces.values() if trace.outside == outside]


def find(subject_id: uuid.UUID) -> tuple[Kind, Person]:
    """Whose id it is. Raises NobodyToErase."""
    for kind in kinds():
        row = kind.model._base_manager.filter(pk=subject_id).first()
        if row is not None:
            return kind, Person(subject_id, kind.name, kind.called(row))
    raise NobodyToErase()


def subject_of(kind: Kind, subject_id: uuid.UUID, at: datetime.datetime) -> Subject:
    """The person as the steps need them."""
    return Subject(subject_id, kind.name, frozenset({subject_id, *kind.about(subject_id)}), at)
