"""Tasks, notes, and who is responsible."""

import datetime

from django.utils.translation import gettext_lazy as _

from accounts.actions.access import end_access, grant_access
from accounts.models import Grant, User
from audit.actions import DomainError, action, fact, touch
from audit.actors import Actor
from cases.actions.intake import refuse_idle
from cases.actions.papers import refuse_silence
from cases.models import Case, Note, Task
from cases.models.case_lists import GRANT_KIND


class NothingWritten(DomainError):
    code = "nothing-written"
    message = _("Write what it is about.")


class DoneAlready(DomainError):
    code = "done-already"
    message = _("This task was finished already.")


@action("task.added")
def add_task(
    *,
    owner: User,
    text: str,
    case: Case | None = None,
    due_on: datetime.date | None = None,
    by: Actor,
    at: datetime.datetime,
) -> Task:
    """Something to do. Raises NothingWritten."""
    if not text.strip():
        raise NothingWritten()
    client = case.client if case is not None else None
    task = Task(case=case, client=client, owner=owner, text=text, due_on=due_on)
    task.save()
    touch(task.id, owner.pk, *([case.id] if case else []))
    return task


@action("task.finished")
def finish_task(*, task: Task, by: Actor, at: datetime.datetime) -> Task:
    """It is done. Raises DoneAlready."""
    if task.done_at is not None:
        raise DoneAlready()
    task.done_at = at
    task.save()
    touch(task.id, *([task.case_id] if task.case_id else []))
    return task


@action("note.added")
def add_note(*, case: Case, text: str, is_public: bool = False, by: Actor, at: datetime.datetime) -> Note:
    """Write something down, sealed with the client's key. Raises NothingWritten, papers.BoundToSilence."""
    if not text.strip():
        raise NothingWritten()
    refuse_silence(case, is_public=is_public)
    note = Note(
        case=case,
        client=case.client,
        text=text,
        is_public=is_public,
        written_at=at,
        written_by=by.actor_id,
    )
    note.save()
    touch(case.id, case.client_id)
    return note


@action("case.handed_over")
def hand_over(
    *, giver: User, taker: User, cases: list[Case] | None = None, by: Actor, at: datetime.datetime
) -> int:
    """Make a colleague responsible for all of somebody's cases, or for these; how many.

    Open tasks of those cases go along. Raises intake.NotACoordinator.
    """
    refuse_idle(taker)
    held = Grant.objects.filter(
        user=giver, object_kind=GRANT_KIND, kind="responsible", ended_at=None, until__gt=at
    )
    if cases is not None:
        held = held.filter(object_id__in=[case.id for case in cases])
    grants = list(held)
    for grant in grants:
        end_access(grant=grant, reason=str(_("Handed over.")), by=by, at=at)
        grant_access(
            user=taker,
            object_kind=GRANT_KIND,
            object_id=grant.object_id,
            kind="responsible",
            by=by,
            at=at,
        )
    for task in Task.objects.open().filter(owner=giver, case__in=[grant.object_id for grant in grants]):
        task.owner = taker
        task.save()
    touch(giver.pk, taker.pk)
    fact(cases=len(grants))
    return len(grants)
