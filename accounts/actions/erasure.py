"""The three recorded steps of an erasure. :mod:`accounts.erasing.carrying_out` puts them in order."""

import datetime
import uuid
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts import approvals
from accounts.erasing import obstacles, registry
from accounts.models import Approval, Erasure
from audit.actions import DomainError, action, fact, touch
from audit.actors import Actor
from vault import indexes

KIND = "erasure"


class NotYourself(DomainError):
    code = "not-yourself"
    message = _("Only the donor themself can erase a donor without a second person.")


def erasure_terms(*, basis: str) -> dict[str, Any]:
    """The payload a second person approves (kind "erasure", object: the person)."""
    return {"basis": str(basis)}


@action("person.erasing")
def begin_erasure(*, subject_id: uuid.UUID, basis: str, by: Actor, at: datetime.datetime) -> Erasure:
    """Decide it: after this commit the person will be erased, whatever dies in between.

    Retention needs no approval of its own, as two people decided its table; the basis is in the event. A
    donor may erase themself, and nobody else.

    Raises NotYourself, NobodyToErase, ErasedAlready, Held, CannotBeErased, NeedsSecondPerson.
    """
    kind, _person = registry.find(subject_id)
    if Erasure.objects.filter(subject_id=subject_id).exists():
        raise obstacles.ErasedAlready()
    if basis == Erasure.Basis.SELF and by.actor_id != f"donor:{subject_id}":
        raise NotYourself()
    obstacles.check(kind, subject_id, at)
    touch(subject_id)
    fact(person=kind.name, basis=str(basis))
    return Erasure.objects.create(
        subject_id=subject_id,
        kind=kind.name,
        basis=basis,
        approval=_approval(subject_id, basis, by, at),
        begun_at=at,
    )


def _approval(subject_id: uuid.UUID, basis: str, by: Actor, at: datetime.datetime) -> Approval | None:
    if basis in (Erasure.Basis.RETENTION, Erasure.Basis.SELF):
        return None
    terms = erasure_terms(basis=basis)
    return approvals.use_approval(kind=KIND, object_id=subject_id, payload=terms, by=by, at=at)


@action("person.emptied")
def empty_person(
    *,
    erasure: Erasure,
    subject: registry.Subject,
    outside: dict[str, int],
    by: Actor,
    at: datetime.datetime,
) -> Erasure:
    """Remove every trace inside the database; the key is gone already. Counts go into the event."""
    figures = dict(outside)
    figures["index"] = indexes.forget(subject.id)
    for trace in registry.traces(outside=False):
        figures[trace.label] = trace.remove(subject)
    erasure.figures = {label: count for label, count in sorted(figures.items()) if count}
    erasure.state = Erasure.State.EMPTIED
    erasure.save()
    touch(subject.id)
    fact(removed=erasure.figures)
    return erasure


@action("person.erased")
def finish_erasure(*, erasure: Erasure, by: Actor, at: datetime.datetime) -> Erasure:
    """Say that nothing of the person can be read here any more."""
    erasure.state, erasure.finished_at = Erasure.State.ERASED, at
    erasure.save()
    touch(erasure.subject_id)
    return erasure
