"""Trials, who stands in them, and their hearings."""

import datetime
import uuid

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from audit.actions import DomainError, action, fact, touch
from audit.actors import Actor
from cases import kinds
from cases.actions.terms import start_terms
from cases.deadlines.words import Trigger
from cases.models import Accusation, Article, Case, Court, Defendant, Hearing, Trial


class InTrialAlready(DomainError):
    code = "in-trial-already"
    message = _("This case is in that trial already.")


class HearingIsOver(DomainError):
    code = "hearing-is-over"
    message = _("This hearing was held, adjourned or cancelled already. Schedule a new one.")


class NotYetHeld(DomainError):
    code = "not-yet-held"
    message = _("This hearing has not begun. Record its outcome afterwards, or adjourn it.")


class AccusedAlready(DomainError):
    code = "accused-already"
    message = _("This article is among the accusations already.")


@action("trial.added")
def add_trial(
    *,
    court: Court | None,
    instance: kinds.Instance = kinds.Instance.FIRST,
    case: Case | None = None,
    judge: str = "",
    started_on: datetime.date | None = None,
    by: Actor,
    at: datetime.datetime,
) -> Trial:
    """Proceedings at one instance; with ``case``, its defendant at once."""
    trial = Trial(court=court, court_instance=instance, judge=judge, started_on=started_on)
    trial.save()
    touch(trial.id)
    fact(instance=instance)
    if case is not None:
        add_defendant(trial=trial, case=case, by=by, at=at)
    return trial


@action("trial.defendant_added")
def add_defendant(
    *, trial: Trial, case: Case, interest_group: str = "", by: Actor, at: datetime.datetime
) -> Defendant:
    """Put a case into a trial; different letters of interest groups are adverse. Raises InTrialAlready."""
    if Defendant.objects.filter(trial=trial, case=case).exists():
        raise InTrialAlready()
    defendant = Defendant(trial=trial, case=case, client=case.client, interest_group=interest_group.upper())
    defendant.save()
    if trial.court_id is not None and case.court_id is None:
        case.court, case.region = trial.court, trial.court.region if trial.court else case.region
        case.save()
    touch(trial.id, case.id)
    return defendant


@action("trial.defence_recorded")
def record_defence(
    *, defendant: Defendant, defended_by: kinds.DefendedBy, by: Actor, at: datetime.datetime
) -> Defendant:
    """Who defends here, or why nobody does."""
    defendant.defended_by = defended_by
    defendant.save()
    touch(defendant.trial_id, defendant.case_id)
    fact(defended_by=defended_by)
    return defendant


@action("trial.verdict_recorded")
def record_verdict(
    *,
    defendant: Defendant,
    verdict: kinds.Verdict,
    verdict_on: datetime.date,
    sentence: dict[str, object] | None = None,
    plea: kinds.Plea | None = None,
    by: Actor,
    at: datetime.datetime,
) -> Defendant:
    """How the court decided about one defendant; the terms that run from it begin."""
    defendant.verdict, defendant.verdict_on = verdict, verdict_on
    if sentence is not None:
        defendant.sentence = sentence
    if plea is not None:
        defendant.plea = plea
    defendant.save()
    touch(defendant.trial_id, defendant.case_id)
    fact(verdict=verdict)
    first = defendant.trial.court_instance == kinds.Instance.FIRST
    if first and verdict in (kinds.Verdict.CONVICTED, kinds.Verdict.TREATMENT):
        administrative = defendant.case.kind == kinds.CaseKind.ADMINISTRATIVE
        trigger = Trigger.RULING if administrative else Trigger.VERDICT
        start_terms(defendant.case, trigger, verdict_on, by=by, at=at)
    return defendant


@action("accusation.added")
def add_accusation(
    *,
    case: Case,
    article: Article,
    since_on: datetime.date | None = None,
    by: Actor,
    at: datetime.datetime,
) -> Accusation:
    """One more article. Raises AccusedAlready."""
    if case.accusations.filter(article=article, until_on=None).exists():
        raise AccusedAlready()
    accusation = Accusation(case=case, article=article, since_on=since_on)
    accusation.save()
    touch(case.id)
    return accusation


@action("accusation.dropped")
def drop_accusation(
    *, accusation: Accusation, until_on: datetime.date, by: Actor, at: datetime.datetime
) -> Accusation:
    """It was dropped or changed on that day."""
    accusation.until_on = until_on
    accusation.save()
    touch(accusation.case_id)
    return accusation


@action("hearing.scheduled")
def schedule_hearing(
    *,
    trial: Trial,
    starts_at: datetime.datetime,
    time_known: bool = True,
    room: str = "",
    kind: kinds.HearingKind = kinds.HearingKind.TRIAL,
    is_closed: bool | None = None,
    zone: str | None = None,
    by: Actor,
    at: datetime.datetime,
) -> Hearing:
    """One sitting. ``starts_at`` is midnight at the court when only the day is known."""
    hearing = Hearing(
        trial=trial,
        starts_at=starts_at,
        time_known=time_known,
        zone=zone or settings.TIME_ZONE,
        room=room,
        kind=kind,
        is_closed=is_closed,
    )
    hearing.save()
    touch(hearing.id, *_cases(trial))
    fact(hearing=kind)
    return hearing


@action("hearing.rescheduled")
def reschedule_hearing(
    *,
    hearing: Hearing,
    starts_at: datetime.datetime,
    time_known: bool = True,
    source: kinds.Source | str = "",
    by: Actor,
    at: datetime.datetime,
) -> Hearing:
    """Adjourn it to a new date: a new hearing that this one points to. Raises HearingIsOver."""
    _refuse_over(hearing)
    new = Hearing(
        trial=hearing.trial,
        starts_at=starts_at,
        time_known=time_known,
        zone=hearing.zone,
        room=hearing.room,
        kind=hearing.kind,
        is_closed=hearing.is_closed,
    )
    new.save()
    hearing.status, hearing.adjourned_to = kinds.HearingStatus.ADJOURNED, new
    hearing.source = source
    hearing.save()
    touch(hearing.id, new.id, *_cases(hearing.trial))
    return new


@action("hearing.moved")
def move_hearing(
    *,
    hearing: Hearing,
    starts_at: datetime.datetime,
    time_known: bool = True,
    room: str | None = None,
    by: Actor,
    at: datetime.datetime,
) -> Hearing:
    """Correct the hour or room of a hearing that was not adjourned by the court. Raises HearingIsOver."""
    _refuse_over(hearing)
    hearing.starts_at, hearing.time_known = starts_at, time_known
    if room is not None:
        hearing.room = room
    hearing.save()
    touch(hearing.id, *_cases(hearing.trial))
    return hearing


@action("hearing.cancelled")
def cancel_hearing(
    *, hearing: Hearing, source: kinds.Source | str = "", by: Actor, at: datetime.datetime
) -> Hearing:
    """It will not take place and no date was set. Raises HearingIsOver."""
    _refuse_over(hearing)
    hearing.status, hearing.source = kinds.HearingStatus.CANCELLED, source
    hearing.save()
    touch(hearing.id, *_cases(hearing.trial))
    return hearing


@action("hearing.held")
def record_outcome(
    *,
    hearing: Hearing,
    outcome: kinds.HearingOutcome,
    source: kinds.Source | str = "",
    is_closed: bool | None = None,
    observers_admitted: bool | None = None,
    next_starts_at: datetime.datetime | None = None,
    next_time_known: bool = True,
    by: Actor,
    at: datetime.datetime,
) -> Hearing:
    """What came of a hearing that was held; with ``next_starts_at``, the next sitting is scheduled.

    Raises HearingIsOver, NotYetHeld.
    """
    _refuse_over(hearing)
    if hearing.starts_at > at:
        raise NotYetHeld()
    hearing.status, hearing.outcome, hearing.source = kinds.HearingStatus.HELD, outcome, source
    hearing.is_closed = hearing.is_closed if is_closed is None else is_closed
    hearing.observers_admitted = observers_admitted
    hearing.save()
    touch(hearing.id, *_cases(hearing.trial))
    fact(outcome=outcome)
    if next_starts_at is not None:
        schedule_hearing(
            trial=hearing.trial,
            starts_at=next_starts_at,
            time_known=next_time_known,
            room=hearing.room,
            kind=kinds.HearingKind(hearing.kind),
            zone=hearing.zone,
            by=by,
            at=at,
        )
    return hearing


def _refuse_over(hearing: Hearing) -> None:
    if hearing.status != kinds.HearingStatus.SCHEDULED:
        raise HearingIsOver()


def _cases(trial: Trial) -> list[uuid.UUID]:
    return list(trial.defendants.values_list("case_id", flat=True))
