"""What happened to a case: its events, and each change of case and client, field by field.

Sealed values are never opened here: a change of one says only that it changed.
"""

import datetime
import json
import uuid
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from audit import timeline
from audit.models import Event
from cases.models import Case, Client, Defendant, Hearing, Representation
from web.desk.audit.things import act_word
from web.desk.audit.values import ShownVersion, fact_words, shown
from web.desk.cases.frame import case_page, readable_case
from web.loading import room
from web.paging import page_of
from web.pieces import Text

TAB = "desk:case-history"
_EVENTS = 40


@dataclass(frozen=True)
class Happened:
    """One event of the log; ``facts`` are pairs of a word and a value, without personal data."""

    seq: int
    at: datetime.datetime
    actor_id: str
    word: Text
    facts: list[tuple[str, str]]


@require_safe
@room("cases.work", "audit.see")
def history(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Events newest first, in pages; beside them what changed in case and client."""
    case = readable_case(request, case_id, "audit.see")
    logged = Event.objects.filter(subjects__subject_id__in=[str(case.pk), str(case.client_id)]).distinct()
    page = page_of(logged, cursor=request.GET.get("cursor", ""), order="-seq", size=_EVENTS)
    changed = [
        *versions(Case, [case.pk]),
        *versions(Client, [case.client_id]),
        *versions(Defendant, _ids(Defendant, case)),
        *versions(Hearing, _hearings(case)),
        *versions(Representation, _ids(Representation, case)),
    ]
    changed.sort(key=lambda one: one.at, reverse=True)
    return case_page(
        request,
        "history",
        case,
        TAB,
        page=page,
        events=[happened(row) for row in page.rows],
        versions=changed,
    )


def happened(event: Event) -> Happened:
    """An event in words."""
    body = json.loads(event.body)
    facts = [fact_words(name, value) for name, value in sorted(body["facts"].items())]
    return Happened(event.seq, event.at, event.actor_id, act_word(event.kind), facts)


def versions(model: type[models.Model], ids: list[uuid.UUID]) -> list[ShownVersion]:
    """The changes of rows; the first version is the row's beginning and shows nothing."""
    return [
        shown(version)
        for version in timeline.versions(model, ids, placed=False)
        if version.kind == timeline.CHANGED and version.changes
    ]


def _ids(model: Any, case: Case) -> list[uuid.UUID]:
    return list(model.objects.filter(case=case).values_list("id", flat=True))


def _hearings(case: Case) -> list[uuid.UUID]:
    return list(Hearing.objects.filter(trial__defendants__case=case).values_list("id", flat=True))
