"""The list of lawyers: who they are by code name, and who can take a case now."""

import datetime

from django import forms
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from lawyers.models import Lawyer
from lawyers.models.panel import LawyerQuerySet
from lawyers.standing import SOON
from web.desk.cases.words import REGIONS
from web.desk.lawyers.sight import seen, with_load, with_practice
from web.forms import FilterForm
from web.loading import person, room
from web.paging import page_of

LICENCE = [
    ("", _("Any")),
    ("active", _("In force")),
    ("lapsing", _("Ends within 30 days")),
    ("lost", _("Not in force")),
    ("unknown", _("Not known: ask")),
]
ROOM = [
    ("", _("Any")),
    ("free", _("Has room")),
    ("full", _("Full")),
    ("unknown", _("Not known: ask")),
]


_ONE_DAY = datetime.timedelta(days=1)


class PanelFilter(FilterForm):
    """Where, with which licence, with how much room."""

    region = forms.ChoiceField(label=_("Region"), choices=[("", _("Any")), *REGIONS.items()])
    licence = forms.ChoiceField(label=_("Licence"), choices=LICENCE)
    room = forms.ChoiceField(label=_("Room for cases"), choices=ROOM)
    off = forms.BooleanField(label=_("Those off the panel"))


@require_safe
@room("lawyers.see")
def lawyers(request: HttpRequest) -> HttpResponse:
    """The panel by code name. Names open on request, all of the page in one recorded reading."""
    user, today = person(request), timezone.localdate()
    filters = PanelFilter(request.GET)
    chosen = filters.cleaned_data if filters.is_valid() else {}
    among = Lawyer.objects.visible_to(user)
    among = among.filter(is_active=False) if chosen.get("off") else among.on_panel()
    listed = narrowed(among, chosen, today)
    page = page_of(with_practice(listed), cursor=request.GET.get("cursor", ""), order="code_name")
    names = request.GET.get("names") == "open"
    everybody = Lawyer.objects.visible_to(user).on_panel()
    return render(
        request,
        "desk/lawyers/list.html",
        {
            "rows": seen(page.rows, today, names=names),
            "page": page,
            "filters": filters,
            "names": names,
            "names_url": _names_url(request, names),
            "counts": counts(everybody, today),
            "may_work": user.has("lawyers.work"),
        },
    )


def narrowed(listed: LawyerQuerySet, chosen: dict[str, str], on: datetime.date) -> QuerySet[Lawyer]:
    """The lawyers that fit the filters."""
    if chosen.get("region"):
        listed = listed.covering(chosen["region"])
    return _by_room(_by_licence(with_load(listed), chosen.get("licence", ""), on), chosen.get("room", ""))


def _by_licence(found: QuerySet[Lawyer], licence: str, on: datetime.date) -> QuerySet[Lawyer]:
    active = Lawyer.objects.licensed(on).order_by().values("pk")
    if licence == "active":
        return found.filter(pk__in=active)
    if licence == "lapsing":
        # Active today and no longer active after thirty days, as far as anybody knows.
        later = Lawyer.objects.licensed(on + SOON + _ONE_DAY).order_by().values("pk")
        return found.filter(pk__in=active).exclude(pk__in=later)
    unknown = Lawyer.objects.licence_unknown().order_by().values("pk")
    if licence == "lost":
        return found.exclude(pk__in=active).exclude(pk__in=unknown)
    return found.filter(pk__in=unknown) if licence == "unknown" else found


def _by_room(found: QuerySet[Lawyer], room_for: str) -> QuerySet[Lawyer]:
    if room_for == "free":
        return found.filter(capacity__max_open__gt=F("open_now"))
    if room_for == "full":
        return found.filter(capacity__max_open__lte=F("open_now"))
    return found.filter(capacity=None) if room_for == "unknown" else found


def counts(listed: LawyerQuerySet, on: datetime.date) -> dict[str, int]:
    """What stands above the list; each figure leads to its filter."""
    return {
        "all": listed.count(),
        "free": narrowed(listed, {"licence": "active", "room": "free"}, on).count(),
        "lapsing": narrowed(listed, {"licence": "lapsing"}, on).count(),
        "unknown": narrowed(listed, {"licence": "unknown"}, on).count(),
    }


def _names_url(request: HttpRequest, open_now: bool) -> str:
    query = request.GET.copy()
    query.pop("names", None)
    if not open_now:
        query["names"] = "open"
    return "?" + query.urlencode()
