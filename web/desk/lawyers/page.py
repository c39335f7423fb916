"""One lawyer: what is known of their practice, what they defend, what was recorded, who opened it."""

import uuid
from typing import Any

from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import User
from audit.models import EventSubject, ReadSubject
from cases import standins
from cases.kinds import CaseKind, Instance
from cases.models import Case, Court, LawyerLoss, Representation
from cases.standins import StandIn
from lawyers import wording
from lawyers.models import Lawyer, Licence
from web.desk.cases.words import region_name, who
from web.desk.lawyers.sight import opened, seen, with_practice
from web.loading import load, person, room
from web.pieces import Happening

_EVENTS, _READS = 30, 15


@require_safe
@room("lawyers.see")
def lawyer(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Everything about one lawyer. The name opens with the page, the contact only when asked for."""
    user, today = person(request), timezone.localdate()
    found = load(with_practice(Lawyer.objects.visible_to(user)), key)
    (sight,) = seen([found], today, names=True)
    return render(
        request,
        "desk/lawyers/page.html",
        {
            "sight": sight,
            "lawyer": found,
            "latin_name": opened(found, "latin_name"),
            "contact": opened(found, "contact") if request.GET.get("contact") == "open" else None,
            "risks": _risks(found),
            "licences": _licences(found),
            "competences": [_competence(row) for row in found.competences.all()],
            "coverage": _coverage(found),
            "aways": sorted(found.aways.all(), key=lambda row: row.from_on, reverse=True),
            "today": today,
            **_defended(found, user),
            "standins": _standins(found, user),
            "history": _history(found, user),
            "reads": _reads(found, user),
            "may_work": user.has("lawyers.work"),
            "lost": LawyerLoss.objects.filter(lawyer=found).exists(),
        },
    )


def _risks(lawyer: Lawyer) -> str:
    words = {**dict(CaseKind.choices), **wording.FAMILIES}
    return ", ".join(dict.fromkeys(wording.word(words, code) for code in lawyer.risks.split()))


def _licences(lawyer: Lawyer) -> list[tuple[Licence, str]]:
    """Episodes, the newest first, with where each is known from."""
    rows = sorted(lawyer.licences.all(), key=lambda row: row.from_on, reverse=True)
    return [(row, opened(row, "source")) for row in rows]


def _competence(row: Any) -> dict[str, Any]:
    """One family with its severity; no instance means that nobody has asked."""
    instances = dict(Instance.choices)
    return {
        "family": wording.word(wording.FAMILIES, row.article_family),
        "severity": row.max_severity,
        "instances": wording.listed(instances, row.instances.split()),
    }


def _coverage(lawyer: Lawyer) -> list[dict[str, Any]]:
    rows = list(lawyer.coverages.all())
    codes = {row.court_code for row in rows if row.court_code}
    courts = {court.code: court.name for court in Court.objects.filter(code__in=codes)} if codes else {}
    return [
        {
            "region": region_name(row.region),
            "court": courts.get(row.court_code, row.court_code),
            "travels": row.travels,
        }
        for row in sorted(rows, key=lambda row: (row.travels, row.region, row.court_code))
    ]


def _defended(lawyer: Lawyer, user: User) -> dict[str, Any]:
    """Open episodes in cases the reader may find; of the others only how many there are."""
    live = Representation.objects.live().filter(lawyer=lawyer)
    visible = Case.objects.visible_to(user, timezone.now()).order_by().filter(pk=OuterRef("case_id"))
    shown = live.filter(Exists(visible)).select_related("case__client").order_by("-offered_at", "pk")
    rows = list(shown)
    return {"episodes": rows, "hidden": live.count() - len(rows)}


def _standins(lawyer: Lawyer, user: User) -> list[StandIn]:
    """Hearings on days of a suspension at which nobody else defends, in cases the reader may find."""
    led = Representation.objects.lead().defending().filter(lawyer=lawyer).order_by().values("case")
    at = timezone.now()
    return standins.needed(Case.objects.visible_to(user, at).filter(pk__in=led), at)


def _history(lawyer: Lawyer, user: User) -> list[Happening]:
    """The newest events about the lawyer. They name no case and no client."""
    subjects = EventSubject.objects.filter(subject_id=str(lawyer.pk)).select_related("event")
    return [
        Happening(
            at=row.event.at,
            title=wording.word(wording.EVENTS, row.event.kind),
            known=_("Recorded by: %(who)s") % {"who": who(row.event.actor_id, user)},
        )
        for row in subjects.order_by("-event_id")[:_EVENTS]
    ]


def _reads(lawyer: Lawyer, user: User) -> list[dict[str, Any]]:
    labels = {
        "lawyer.name": _("name"),
        "lawyer.latin_name": _("name in Latin letters"),
        "lawyer.contact": _("contact"),
        "licence.source": _("source of the licence"),
    }
    found = ReadSubject.objects.filter(subject_id=lawyer.pk).select_related("read").order_by("-read_id")
    return [
        {
            "at": row.read.at,
            "who": who(row.read.actor_id, user),
            "what": ", ".join(labels.get(label, label) for label in row.fields.split()),
        }
        for row in found[:_READS]
    ]
