"""What happened at a hearing, told in one go: held, put off or called off, and how the court decided."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from audit.actions import DomainError, action, touch
from audit.actors import Actor
from cases import kinds
from cases.actions import court
from cases.kinds import HearingOutcome, HearingStatus
from cases.models import Defendant, Hearing


class NoNewDate(DomainError):
    code = "no-new-date"
    message = _("Write the day to which it was adjourned, or say that it did not take place.")


class NoOutcome(DomainError):
    code = "no-outcome"
    message = _("Say what came of the hearing, or “held, outcome not known”.")


class NotJudged(DomainError):
    code = "not-judged"
    message = _("A verdict comes with the outcome “judgment given”. Choose that, or leave the verdict empty.")


@dataclass(frozen=True)
class Judged:
    """How the court decided about one defendant; ``sentence`` as ``court.record_verdict`` takes it."""

    defendant: Defendant
    verdict: kinds.Verdict
    sentence: dict[str, object] | None = None
    plea: kinds.Plea | None = None


@action("hearing.reported")
def report_hearing(
    *,
    hearing: Hearing,
    happened: HearingStatus,
    source: kinds.Source,
    outcome: HearingOutcome | None = None,
    is_closed: bool | None = None,
    observers_admitted: bool | None = None,
    next_starts_at: datetime.datetime | None = None,
    next_time_known: bool = True,
    judged: Sequence[Judged] = (),
    by: Actor,
    at: datetime.datetime,
) -> Hearing:
    """Record one report of a hearing: its end, the next date, and the verdicts, or nothing of it.

    ``happened`` is held, adjourned or cancelled. Raises NoNewDate, NoOutcome, NotJudged, and of
    ``actions.court`` HearingIsOver and NotYetHeld; ValueError for another ``happened``.
    """
    if judged and (happened != HearingStatus.HELD or outcome != HearingOutcome.JUDGMENT):
        raise NotJudged()
    touch(hearing.pk)
    if happened == HearingStatus.ADJOURNED:
        if next_starts_at is None:
            raise NoNewDate()
        court.reschedule_hearing(
            hearing=hearing, starts_at=next_starts_at, time_known=next_time_known, source=source, by=by, at=at
        )
    elif happened == HearingStatus.CANCELLED:
        court.cancel_hearing(hearing=hearing, source=source, by=by, at=at)
    elif happened == HearingStatus.HELD:
        if outcome is None:
            raise NoOutcome()
        court.record_outcome(
            hearing=hearing,
            outcome=outcome,
            source=source,
            is_closed=is_closed,
            observers_admitted=observers_admitted,
            next_starts_at=next_starts_at,
            next_time_known=next_time_known,
            by=by,
            at=at,
        )
    else:
        raise ValueError(happened)
    _decide(hearing, judged, by=by, at=at)
    return hearing


def _decide(hearing: Hearing, judged: Sequence[Judged], *, by: Actor, at: datetime.datetime) -> None:
    on = hearing.starts_at.astimezone(ZoneInfo(hearing.zone)).date()
    for one in judged:
        court.record_verdict(
            defendant=one.defendant,
            verdict=one.verdict,
            verdict_on=on,
            sentence=one.sentence,
            plea=one.plea,
            by=by,
            at=at,
        )
