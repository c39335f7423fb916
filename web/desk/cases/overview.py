"""The first page of a case: the client, where things stand, notes, tasks, who may open it and who did."""

import datetime
import uuid
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from audit.models import ReadSubject
from cases import kinds, status
from cases.models import Case, Hearing, Note, Representation, StageEvent, Task
from treasury import chart, standing
from vault.fields import prefetch
from web.desk.audit.purposes import PAST_COORDINATORS
from web.desk.cases import access_forms, office_forms
from web.desk.cases.frame import (
    case_page,
    is_open_to_reader,
    live_grants,
    live_team_grants,
    manages_access,
    visible_case,
)
from web.forms import OnceForm
from web.loading import person, room
from web.pieces import Text

_OPENINGS = 8


@dataclass(frozen=True)
class Step:
    """One button of the organisation's own next steps."""

    to: str
    word: Text


@dataclass(frozen=True)
class Moment:
    """One line of the timeline: a stage, or a hearing that is expected or over."""

    on: datetime.date
    event: StageEvent | None = None
    hearing: Hearing | None = None
    expected: bool = False


@require_safe
@room("cases.see")
def overview(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """All of it for those with a grant; for others the code name, and ways to ask."""
    case = visible_case(request, case_id)
    if not is_open_to_reader(case):
        return _closed(request, case)
    user, now = person(request), timezone.now()
    merged = list(case.client.merged.all())
    prefetch([case.client, *merged], "name")
    row = costs_of(case.pk)
    tasks = list(Task.objects.open().filter(case=case).select_related("owner", "client"))
    return case_page(
        request,
        "overview",
        case,
        "desk:case",
        once=OnceForm(),
        steps=next_steps(case),
        may_close=case.status in status.CLOSABLE,
        may_reopen=status.may_follow(case.status, kinds.CaseStatus.REOPENED),
        duplicates=kinds.CaseStatus.DUPLICATE in status.NEXT[case.status],
        timeline=timeline(case, now),
        earlier=_corrected(case),
        authorities=_authorities(case),
        other_cases=Case.objects.visible_to(user, now).filter(client=case.client).exclude(pk=case.pk),
        merged_records=merged,
        counsel=_counsel(case),
        costs=row if user.has("claims.see") else None,
        free_minor=free_minor(row),
        currency=chart.base_currency(),
        notes=list(Note.objects.filter(case=case)),
        note_form=office_forms.NoteForm(auto_id="note_%s"),
        tasks=tasks,
        task_form=office_forms.CaseTaskForm(auto_id="task_%s", initial={"owner": user.pk}),
        grants=live_grants(case, now),
        team_grants=live_team_grants(case, now),
        may_give=manages_access(user, case, now),
        openings=openings(case.client_id),
    )


def _closed(request: HttpRequest, case: Case) -> HttpResponse:
    """What somebody without a grant sees: no name, no fact about the person."""
    user, now = person(request), timezone.now()
    works = user.has("cases.work")
    return case_page(
        request,
        "closed",
        case,
        "desk:case",
        responsible=live_grants(case, now).filter(kind__in=["responsible", "deputy"]),
        may_give=manages_access(user, case, now),
        ask_form=access_forms.AskForm(auto_id="ask_%s") if works else None,
        glass_hours=settings.GLASS_HOURS,
        glass_form=access_forms.GlassForm(auto_id="glass_%s") if works else None,
    )


def next_steps(case: Case) -> list[Step]:
    """The steps that one press takes; duplicates, closing and reopening ask for more."""
    pressed = {
        kinds.CaseStatus.VERIFIED: _("Verified"),
        kinds.CaseStatus.ELIGIBLE: _("Eligible: we defend"),
        kinds.CaseStatus.NOT_ELIGIBLE: _("Not eligible"),
        kinds.CaseStatus.SEEKING: _("Seek counsel"),
        kinds.CaseStatus.REPRESENTED: _("Represented"),
    }
    return [Step(step.value, pressed[step]) for step in status.NEXT[case.status] if step in pressed]


def timeline(case: Case, now: datetime.datetime) -> list[Moment]:
    """Stages that hold and hearings, what is expected first, then back in time."""
    standing_events = StageEvent.objects.filter(case=case, corrected_by=None).exclude(stage="")
    hearings = Hearing.objects.filter(trial__defendants__case=case).select_related("trial__court")
    found = [Moment(event.occurred_on, event=event) for event in standing_events]
    for hearing in hearings:
        scheduled = hearing.status == kinds.HearingStatus.SCHEDULED
        day = timezone.localdate(hearing.starts_at)
        found.append(Moment(day, hearing=hearing, expected=scheduled and day >= timezone.localdate(now)))
    return sorted(found, key=lambda one: (one.expected, one.on), reverse=True)


def _corrected(case: Case) -> list[StageEvent]:
    """First versions of entries that were corrected or taken back, newest correction first."""
    wrong = StageEvent.objects.filter(case=case, corrected_by__isnull=False)
    return list(wrong.select_related("corrected_by").order_by("-known_at"))


def _authorities(case: Case) -> list[Any]:
    live_first = case.client.authorities.order_by("withdrawn_on", "kind")
    return sorted(live_first, key=lambda one: (one.withdrawn_on is not None, one.kind))


def _counsel(case: Case) -> Representation | None:
    live = Representation.objects.live().filter(case=case).select_related("lawyer")
    return live.order_by("role", "-offered_at").first()


def costs_of(case_id: uuid.UUID) -> standing.CaseRow:
    """What the case costs, zero throughout where nothing was approved or raised."""
    rows = standing.case_costs(case_id=case_id)
    return next((row for row in rows if row.case_id == case_id), standing.CaseRow(case_id))


def free_minor(row: standing.CaseRow) -> int:
    """What the ceiling still leaves to be committed."""
    return max(row.budget_minor - row.paid_minor - row.committed_minor, 0)


def openings(client_id: uuid.UUID) -> list[ReadSubject]:
    """The last readings of anything sealed about the client, but of complaints, whoever looks."""
    told = ReadSubject.objects.exclude(read__purpose__in=PAST_COORDINATORS)
    read = told.filter(subject_id=client_id).select_related("read")
    return list(read.order_by("-read_id")[:_OPENINGS])
