"""The one shape of every change: a function that is one transaction and leaves exactly one event."""

import datetime
import functools
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, ClassVar, ParamSpec, TypeVar

from django.db import models, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from audit.actors import Actor

P = ParamSpec("P")
R = TypeVar("R")


class OutsideAction(Exception):
    """A tracked model was written where no action runs, so nobody would know who did it."""


class DomainError(Exception):
    """A refusal with words for the person who asked; subclasses stand beside the function that raises.

    ``code`` is stable (machines branch on it); ``message`` says what to do next, with ``params`` filled
    in. ``str()`` carries the code alone: it ends in logs, where no word about a person may.
    """

    code: ClassVar[str] = "refused"
    message: ClassVar[str | Promise] = _("This cannot be done as things stand.")

    def __init__(self, **params: Any) -> None:
        self.params = params
        super().__init__(self.code)

    @property
    def text(self) -> str:
        """The message in the reader's language."""
        return str(self.message) % self.params


class AlreadyDone(DomainError):
    """The same form or request arrived a second time; the first one took effect."""

    code = "already-done"
    message = _("This was done already. Nothing was changed a second time.")


@dataclass
class Act:
    """What one action has done so far; inner actions are steps of the outermost one."""

    kind: str
    by: str
    at: datetime.datetime
    id: uuid.UUID = field(default_factory=uuid.uuid4)
    records: list[list[str]] = field(default_factory=list)
    subjects: set[str] = field(default_factory=set)
    facts: dict[str, Any] = field(default_factory=dict)
    steps: list[dict[str, Any]] = field(default_factory=list)
    # History rows by their table. They are written with the event, in one go, by the outermost action.
    history: dict[type[models.Model], list[dict[str, Any]]] = field(default_factory=dict)


_act: ContextVar[Act | None] = ContextVar("act", default=None)
_once: ContextVar[str | None] = ContextVar("once", default=None)


def current() -> Act:
    """The action that runs now. Raises OutsideAction."""
    act = _act.get()
    if act is None:
        raise OutsideAction("a tracked write outside an action")
    return act


def touch(*subject_ids: uuid.UUID | str) -> None:
    """Name the people and things this action is about; opaque ids only."""
    current().subjects.update(str(subject_id) for subject_id in subject_ids)


def fact(**facts: Any) -> None:
    """Add facts to the event. Never a name, address or free text: the log is shown to outsiders."""
    current().facts.update(facts)


def bind(table: str, key: object, sha256: str) -> None:
    """Tie the stored text of one written record to the event."""
    current().records.append([table, str(key), sha256])


@contextmanager
def once(key: str) -> Iterator[None]:
    """Let the outermost action in this block happen once for this key (a form's token, a request's key).

    The key is spent in the action's own transaction; a refused action leaves it unspent.
    The action raises AlreadyDone when the key was spent before.
    """
    token = _once.set(key)
    try:
        yield
    finally:
        _once.reset(token)


def action(kind: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a function an action: keyword-only, ``by`` an Actor and ``at`` an aware moment.

    The outermost action is a durable transaction and appends one event, last of all, because the lock
    on the log's tail is held from there to the commit. Inner actions are savepoints; their event is a
    step of the outer one and falls away with it.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(function)
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            by, at = _who_and_when(kind, args, kwargs)
            outer = _act.get()
            if outer is None:
                return _outermost(Act(kind, by, at), lambda: function(*args, **kwargs))
            return _step(outer, Act(kind, by, at, id=outer.id), lambda: function(*args, **kwargs))

        run.kind = kind  # type: ignore[attr-defined]
        return run

    return decorate


def _who_and_when(kind: str, args: Any, kwargs: Any) -> tuple[str, datetime.datetime]:
    by, at = kwargs.get("by"), kwargs.get("at")
    if args or by is None or not isinstance(at, datetime.datetime) or at.tzinfo is None:
        raise TypeError(f"{kind}: actions take keywords only, with by= an actor and at= an aware moment")
    actor: Actor = by
    return actor.actor_id, at


def _outermost(act: Act, call: Callable[[], R]) -> R:
    from audit import log, spent

    with transaction.atomic(durable=True):
        if (key := _once.get()) is not None:
            spent.spend(key, act.at)
        result = _inside(act, call)
        log.append(act)
    return result


def _step(outer: Act, act: Act, call: Callable[[], R]) -> R:
    with transaction.atomic():
        result = _inside(act, call)
    outer.records += act.records
    for kept_in, rows in act.history.items():
        outer.history.setdefault(kept_in, []).extend(rows)
    outer.subjects |= act.subjects
    outer.steps += [{"kind": act.kind, "facts": act.facts}, *act.steps]
    return result


def _inside(act: Act, call: Callable[[], R]) -> R:
    token = _act.set(act)
    try:
        return call()
    finally:
        _act.reset(token)
