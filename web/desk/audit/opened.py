"""Who opened this: one case, or one lawyer; who, why, when, which fields."""

import datetime
import uuid
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import Grant, TeamGrant, TeamMember
from audit.models import ReadSubject
from cases.models import Case
from cases.models.case_lists import GRANT_KIND
from lawyers.models import Lawyer
from vault.fields import prefetch
from web.desk.audit.purposes import PAST_COORDINATORS, purpose_word
from web.desk.cases.frame import case_page, readable_case
from web.desk.cases.words import GRANTS, opened_fields
from web.loading import load, person, room
from web.paging import Page, page_of
from web.pieces import Text

_ROWS = 50


@dataclass(frozen=True)
class Opening:
    """One reading of this person: ``under`` is the access they had then, "" if none stood."""

    at: datetime.datetime
    actor_id: str
    member_id: str
    page: Text
    under: Text
    reason: str
    fields: str


@require_safe
@room("cases.work", "audit.see")
def case_opened(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Every reading of the client of this case, newest first, with the access under which it was made."""
    case = readable_case(request, case_id, "audit.see")
    page = _readings(request, case.client_id)
    accesses = _accesses(case, page.rows)
    openings = [_opening(row, accesses.at(row)) for row in page.rows]
    context = {"page": page, "openings": openings, "knows_people": person(request).has("people.see")}
    return case_page(request, "opened", case, "desk:case-opened", **context)


@require_safe
@room("lawyers.see")
def lawyer_opened(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Every reading of this lawyer."""
    user = person(request)
    shown: Lawyer = load(Lawyer.objects.visible_to(user), key)
    page = _readings(request, shown.pk)
    openings = [_opening(row, ("", "")) for row in page.rows]
    context = {
        "page": page,
        "openings": openings,
        "knows_people": user.has("people.see"),
        "lawyer": shown,
        "back_url": reverse("desk:lawyer", args=[shown.pk]),
    }
    return render(request, "desk/lawyers/opened.html", context)


def _readings(request: HttpRequest, subject_id: uuid.UUID) -> Page[ReadSubject]:
    rows = ReadSubject.objects.filter(subject_id=subject_id).select_related("read")
    if not person(request).has("audit.see"):
        rows = rows.exclude(read__purpose__in=PAST_COORDINATORS)
    return page_of(rows, cursor=request.GET.get("cursor", ""), order="-read_id", size=_ROWS)


def _opening(row: ReadSubject, under: tuple[Text, str]) -> Opening:
    actor_id = row.read.actor_id
    kind, _sep, key = actor_id.partition(":")
    return Opening(
        at=row.read.at,
        actor_id=actor_id,
        member_id=key if kind == "staff" else "",
        page=purpose_word(row.read.purpose),
        under=under[0],
        reason=under[1],
        fields=opened_fields(row.fields),
    )


@dataclass(frozen=True)
class _Accesses:
    """All access to one case that ever stood, to say under which one a reading was made."""

    grants: list[Grant]
    members: list[tuple[TeamMember, list[TeamGrant]]]

    def at(self, row: ReadSubject) -> tuple[Text, str]:
        at, actor_id = row.read.at, row.read.actor_id
        for grant in self.grants:
            if grant.user.actor_id == actor_id and _stood(grant, at, grant.until):
                reason: Any = grant.reason if grant.kind == "glass" else ""
                return GRANTS.get(grant.kind, grant.kind), reason
        for member, grants in self.members:
            if member.user.actor_id == actor_id and _stood(member, at):
                for shared in grants:
                    if _stood(shared, at, shared.until):
                        return _("team %(name)s") % {"name": member.team.name}, ""
        return "", ""


def _stood(row: Any, at: datetime.datetime, until: datetime.datetime | None = None) -> bool:
    return (
        row.started_at <= at
        and (row.ended_at is None or at <= row.ended_at)
        and (until is None or at < until)
    )


def _accesses(case: Case, rows: list[ReadSubject]) -> _Accesses:
    ids = {found for row in rows if (found := _staff_id(row.read.actor_id)) is not None}
    on_case = Q(object_kind=GRANT_KIND, object_id=case.pk)
    grants = list(Grant.objects.filter(on_case, user__in=ids).select_related("user"))
    prefetch([grant for grant in grants if grant.kind == "glass"], "reason")
    shared: dict[uuid.UUID, list[TeamGrant]] = {}
    for grant in TeamGrant.objects.filter(on_case):
        shared.setdefault(grant.team_id, []).append(grant)
    members = TeamMember.objects.filter(team__in=shared, user__in=ids).select_related("user", "team")
    return _Accesses(grants, [(member, shared[member.team_id]) for member in members])


def _staff_id(actor_id: str) -> uuid.UUID | None:
    kind, _sep, key = actor_id.partition(":")
    try:
        return uuid.UUID(key) if kind == "staff" else None
    except ValueError:
        return None
