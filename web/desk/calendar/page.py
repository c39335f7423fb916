"""The agenda: hearings of a day, a week or four, in order of day, court or region; printed as it stands."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from cases import finding, worklist
from cases.models import Case, Court, Hearing, Representation
from web.desk.cases.fields import DayField
from web.desk.cases.words import REGIONS, region_name
from web.formats import write_moment
from web.forms import FilterForm
from web.loading import person, room
from web.pieces import Tab, Text

DAY = datetime.timedelta(days=1)
SPANS: dict[str, tuple[Text, int]] = {
    "day": (gettext_lazy("Day"), 1),
    "week": (gettext_lazy("Week"), 7),
    "weeks": (gettext_lazy("Four weeks"), 28),
}
ORDERS: dict[str, Text] = {
    "day": gettext_lazy("Day"),
    "court": gettext_lazy("Court"),
    "region": gettext_lazy("Region"),
}


_MOST = 300  # on one page; beyond that nobody reads it, and region, court or fewer days narrow it


class AgendaForm(FilterForm):
    """Which hearings, and in which order; the stretch of days is chosen by tabs."""

    on = DayField(label=gettext_lazy("From"))
    by = forms.ChoiceField(label=gettext_lazy("In order of"), choices=list(ORDERS.items()))
    region = forms.ChoiceField(
        label=gettext_lazy("Region"), choices=[("", gettext_lazy("Any")), *REGIONS.items()]
    )
    court = forms.ModelChoiceField(
        label=gettext_lazy("Court"),
        queryset=Court.objects.none(),
        to_field_name="code",
        empty_label=gettext_lazy("Any"),
    )
    mine = forms.BooleanField(label=gettext_lazy("Only cases I hold"))
    paper = forms.BooleanField(label=gettext_lazy("Without names, for paper"))
    span = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        court: Any = self.fields["court"]
        court.queryset = Court.objects.filter(trials__hearings__isnull=False).distinct()

    def in_use(self) -> list[tuple[str, str]]:
        """The stretch of days is a tab, no filter to take away."""
        return [row for row in super().in_use() if row[0] != "span"]


@dataclass(frozen=True)
class Line:
    """One hearing: its place in the order, and the reader's cases in it, each with who defends."""

    hearing: Hearing
    on: datetime.date
    cases: tuple[tuple[Case, str, str], ...]  # the case, the name or "", and counsel


@dataclass(frozen=True)
class Section:
    """Hearings under one heading."""

    heading: str
    lines: tuple[Line, ...]


@require_safe
@room("cases.see")
def agenda(request: HttpRequest) -> HttpResponse:
    """Names stand where the reader holds a grant; elsewhere the code name alone."""
    user, now = person(request), timezone.now()
    form = AgendaForm(request.GET)
    form.is_valid()
    asked = getattr(form, "cleaned_data", {})
    span = request.GET.get("span", "week") if request.GET.get("span") in SPANS else "week"
    first = asked.get("on") or timezone.localdate(now)
    days = SPANS[span][1]
    seen = Case.objects.open_to(user, now) if asked.get("mine") else Case.objects.visible_to(user, now)
    hearings = worklist.coming_hearings(seen, _midnight(first), _midnight(first + days * DAY))
    if asked.get("region"):
        hearings = hearings.filter(trial__court__region=asked["region"])
    if asked.get("court"):
        hearings = hearings.filter(trial__court=asked["court"])
    rows = list(hearings[: _MOST + 1])
    more, rows = len(rows) > _MOST, rows[:_MOST]
    names = {} if asked.get("paper") else finding.open_names(user, _cases(rows), now)
    lines = _lines(rows, names)
    context = {
        "form": form,
        "tabs": _tabs(request, span),
        "sections": _sections(lines, asked.get("by") or "day"),
        "by": asked.get("by") or "day",
        "first": first,
        "last": first + (days - 1) * DAY,
        "count": len(rows),
        "more": more,
        "earlier": _link(request, on=first - days * DAY),
        "later": _link(request, on=first + days * DAY),
        "works": user.has("cases.work"),
        "paper": bool(asked.get("paper")),
        "paper_url": _link(request, paper="on"),
    }
    return render(request, "desk/calendar/agenda.html", context)


def _midnight(on: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(on, datetime.time()))


def _cases(rows: list[Hearing]) -> list[Case]:
    return [place.case for row in rows for place in row.trial.defendants.all()]


def _lines(rows: list[Hearing], names: dict[Any, str]) -> list[Line]:
    led = Representation.objects.lead().defending().filter(case__in=[case.pk for case in _cases(rows)])
    counsel = {row.case_id: row for row in led.select_related("lawyer")}
    return [
        Line(
            row,
            row.starts_at.astimezone(ZoneInfo(row.zone)).date(),
            tuple(
                (place.case, names.get(place.case_id, ""), _counsel(counsel.get(place.case_id)))
                for place in row.trial.defendants.all()
            ),
        )
        for row in rows
    ]


def _counsel(episode: Representation | None) -> str:
    """Code name of the panel's lawyer, or what kind of counsel it is; "" for nobody."""
    if episode is None:
        return ""
    return episode.lawyer.code_name if episode.lawyer else str(episode.get_source_display())


def _sections(lines: list[Line], by: str) -> list[Section]:
    heading: Callable[[Line], str] = {"day": _day, "court": _court, "region": _region}[by]
    if by != "day":
        lines = sorted(lines, key=lambda line: (heading(line), line.hearing.starts_at))
    return [Section(words, tuple(found)) for words, found in groupby(lines, key=heading)]


def _day(line: Line) -> str:
    return write_moment(line.on, weekday=True)


def _court(line: Line) -> str:
    court = line.hearing.trial.court
    return court.name if court else _("Court not known")


def _region(line: Line) -> str:
    court = line.hearing.trial.court
    return str(region_name(court.region)) if court and court.region else _("Region not known")


def _tabs(request: HttpRequest, span: str) -> list[Tab]:
    return [Tab(word, _link(request, span=key), current=key == span) for key, (word, _days) in SPANS.items()]


def _link(request: HttpRequest, **changed: Any) -> str:
    query = request.GET.copy()
    for name, value in changed.items():
        query[name] = str(value)
    return "?" + query.urlencode()
