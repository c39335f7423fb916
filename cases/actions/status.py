"""The organisation's own steps with a case: verify, decide, close, reopen."""

import datetime
import uuid
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from audit.actions import DomainError, action, fact, touch
from audit.actors import Actor
from cases import kinds, status
from cases.actions.episodes import finish_episode
from cases.deadlines.words import Settled
from cases.kinds import CaseStatus
from cases.models import Case, Deadline, Hearing, Representation, Task
from treasury import commitments
from treasury.actions.commitments import release_commitment
from treasury.models import Commitment


class NotANextStep(DomainError):
    """``after`` does not follow ``before``; ``next`` names what does."""

    code = "not-a-next-step"
    message = _("A case that is “%(before)s” does not become “%(after)s”. Possible now: %(next)s.")


class WhichCase(DomainError):
    code = "which-case"
    message = _("Say which case it duplicates: another case, not itself.")


@dataclass(frozen=True)
class OpenMatters:
    """What a case still holds. Closing settles each: episodes end, offers are withdrawn, hearings are
    cancelled, tasks finished, deadlines waived, and what commitments hold is released, unless it is kept
    for work done."""

    representations: list[Representation]
    commitments: list[tuple[Commitment, int]]
    hearings: list[Hearing]
    tasks: list[Task]
    deadlines: list[Deadline]

    @property
    def nothing(self) -> bool:
        matters = (self.representations, self.commitments, self.hearings, self.tasks, self.deadlines)
        return not any(matters)


def open_matters(case: Case, at: datetime.datetime) -> OpenMatters:
    """What is open on a case; a held amount stands beside each commitment, in minor units."""
    held = [(row, commitments.releasable_minor(row)) for row in Commitment.objects.filter(case_id=case.id)]
    alone = Hearing.objects.coming(at).filter(trial__defendants__case=case)
    return OpenMatters(
        representations=list(Representation.objects.live().filter(case=case).select_related("lawyer")),
        commitments=[(row, amount) for row, amount in held if amount],
        hearings=list(alone.exclude(trial__in=_shared_trials(case))),
        tasks=list(Task.objects.open().filter(case=case)),
        deadlines=list(Deadline.objects.running().filter(case=case)),
    )


@action("case.status_changed")
def change_status(
    *,
    case: Case,
    to: CaseStatus,
    duplicate_of: Case | None = None,
    by: Actor,
    at: datetime.datetime,
) -> Case:
    """Take the next step. Raises NotANextStep, and WhichCase for a duplicate of nothing."""
    if not status.may_follow(case.status, to):
        possible = ", ".join(str(step.label) for step in status.NEXT[case.status])
        raise NotANextStep(before=CaseStatus(case.status).label, after=to.label, next=possible)
    if to == CaseStatus.DUPLICATE and (duplicate_of is None or duplicate_of.pk == case.pk):
        raise WhichCase()
    fact(before=case.status, after=to)
    case.status = to
    case.duplicate_of = duplicate_of if to == CaseStatus.DUPLICATE else None
    case.save()
    touch(case.id, *([duplicate_of.id] if duplicate_of else []))
    return case


@action("case.closed")
def close_case(
    *,
    case: Case,
    reason: kinds.ClosingReason,
    keep: list[Commitment] | None = None,
    by: Actor,
    at: datetime.datetime,
) -> Case:
    """Close a case and settle what is open on it (see :func:`open_matters`).

    ``keep`` are commitments for work that was done and will be claimed. Raises NotANextStep.
    """
    if case.status not in status.CLOSABLE:
        raise NotANextStep(
            before=CaseStatus(case.status).label,
            after=CaseStatus.CLOSED.label,
            next=CaseStatus.REOPENED.label,
        )
    matters = open_matters(case, at)
    kept = {row.pk for row in keep or []}
    for commitment, _held in matters.commitments:
        if commitment.pk not in kept:
            release_commitment(commitment=commitment, by=by, at=at)
    for episode in matters.representations:
        finish_episode(episode, kinds.EpisodeReason.CASE_CLOSED, at=at)
    for hearing in matters.hearings:
        hearing.status = kinds.HearingStatus.CANCELLED
        hearing.save()
    for task in matters.tasks:
        task.done_at = at
        task.save()
    for deadline in matters.deadlines:
        deadline.settled, deadline.settled_on = Settled.WAIVED, at.date()
        deadline.save()
    case.status, case.closed_at, case.closing_reason = CaseStatus.CLOSED, at, reason
    case.save()
    touch(case.id)
    fact(reason=reason, kept=len(kept))
    return case


@action("case.reopened")
def reopen_case(*, case: Case, by: Actor, at: datetime.datetime) -> Case:
    """Take a case up again that was closed, turned away or called a duplicate. Raises NotANextStep."""
    if not status.may_follow(case.status, CaseStatus.REOPENED):
        possible = ", ".join(str(step.label) for step in status.NEXT[case.status])
        raise NotANextStep(
            before=CaseStatus(case.status).label, after=CaseStatus.REOPENED.label, next=possible
        )
    case.status, case.closed_at, case.closing_reason = CaseStatus.REOPENED, None, ""
    case.duplicate_of = None
    case.save()
    touch(case.id)
    return case


def _shared_trials(case: Case) -> list[uuid.UUID]:
    """Trials in which other open cases stand too: their hearings go on."""
    others = Case.objects.open().exclude(pk=case.pk).filter(defendants__trial__defendants__case=case)
    found = others.values_list("defendants__trial", flat=True)
    return [trial_id for trial_id in found if trial_id is not None]
