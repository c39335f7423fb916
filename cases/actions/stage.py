"""Recording where the court process stands."""

import datetime

from django.utils.translation import gettext_lazy as _

from audit.actions import DomainError, action, fact, touch
from audit.actors import Actor
from cases import kinds, stages
from cases.actions.terms import start_terms
from cases.deadlines.words import Trigger
from cases.models import Case, StageEvent


class OddJump(DomainError):
    """The step is unusual; ``before`` and ``after`` are the stages. A reason makes it right."""

    code = "odd-jump"
    message = _("From “%(before)s” to “%(after)s” is an unusual step. Say in a few words why it is right.")


class FutureFact(DomainError):
    code = "future-fact"
    message = _("A stage is recorded once it has come. Put a coming date down as a hearing.")


class CorrectedAlready(DomainError):
    code = "corrected-already"
    message = _("This entry was corrected already. Correct the newer one.")


@action("stage.recorded")
def record_stage(
    *,
    case: Case,
    stage: stages.Stage,
    occurred_on: datetime.date,
    precision: kinds.Precision = kinds.Precision.DAY,
    end_kind: stages.EndKind | str = "",
    source: kinds.Source,
    reliability: kinds.Reliability = kinds.Reliability.PROBABLE,
    reason: str = "",
    by: Actor,
    at: datetime.datetime,
) -> StageEvent:
    """Record a fact about the stage, late or early, in any order. ``known_at`` is now.

    Raises FutureFact, and OddJump when a step it makes is unusual and no reason is given.
    """
    if occurred_on > at.date() + datetime.timedelta(days=1):
        raise FutureFact()
    event = StageEvent(
        case=case,
        client=case.client,
        stage=stage,
        end_kind=end_kind,
        occurred_on=occurred_on,
        precision=precision,
        known_at=at,
        recorded_by=by.actor_id,
        source=source,
        reliability=reliability,
        reason=reason,
    )
    odd = stages.odd_steps(case.kind, standing_events(case), event)
    if odd and not reason.strip():
        before, after = odd[0]
        raise OddJump(before=_label(before), after=_label(after))
    event.save()
    _project(case)
    touch(case.id, case.client_id)
    fact(stage=stage, occurred_on=occurred_on.isoformat(), odd=bool(odd))
    if stage == stages.Stage.DETAINED and precision == kinds.Precision.DAY:
        start_terms(case, Trigger.DETAINED, occurred_on, by=by, at=at)
    return event


@action("stage.corrected")
def correct_stage(
    *,
    event: StageEvent,
    stage: stages.Stage | None = None,
    occurred_on: datetime.date | None = None,
    precision: kinds.Precision | None = None,
    end_kind: stages.EndKind | str = "",
    reason: str,
    by: Actor,
    at: datetime.datetime,
) -> StageEvent:
    """Put another fact in the place of a wrong one, or nothing. The first version stays to be seen.

    Raises CorrectedAlready.
    """
    if StageEvent.objects.filter(corrects=event).exists():
        raise CorrectedAlready()
    correction = StageEvent(
        case=event.case,
        client=event.client,
        stage=stage or "",
        end_kind=end_kind if stage in stages.ENDS else "",
        occurred_on=occurred_on or event.occurred_on,
        precision=precision or event.precision,
        known_at=at,
        recorded_by=by.actor_id,
        source=event.source,
        reliability=event.reliability,
        reason=reason,
        corrects=event,
    )
    correction.save()
    _project(event.case)
    touch(event.case_id, event.client_id)
    fact(stage=stage or "withdrawn")
    return correction


def standing_events(case: Case) -> list[StageEvent]:
    """The facts that hold: neither corrected nor withdrawn."""
    return list(StageEvent.objects.filter(case=case, corrected_by=None).exclude(stage=""))


def _project(case: Case) -> None:
    standing = stages.current(case.kind, standing_events(case))
    if (case.stage, case.stage_on, case.stage_precision, case.in_custody) == (
        standing.stage,
        standing.on,
        standing.precision,
        standing.in_custody,
    ):
        return
    case.stage, case.stage_on = standing.stage, standing.on
    case.stage_precision, case.in_custody = standing.precision, standing.in_custody
    case.save()


def _label(stage: str) -> object:
    return stages.Stage(stage).label if stage else _("nothing")
