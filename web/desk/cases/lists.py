"""The list of cases: names where the reader holds a grant, code names elsewhere."""

import datetime
import uuid
from dataclasses import dataclass
from typing import Any

from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.models import User
from cases import finding, kinds, worklist
from cases.models import Case
from cases.models.case_lists import CaseQuerySet
from cases.models.dates import NEVER
from treasury import chart
from web.desk.cases.filters import (
    VIEWS,
    CaseFilter,
    KeepForm,
    SearchForm,
    as_query,
    narrowed,
    saved_for,
    searched,
    view_counts,
)
from web.desk.cases.frame import is_open_to_reader
from web.desk.cases.words import near
from web.loading import person, room
from web.paging import Page, page_of
from web.pieces import Tab

PAGE = 50


@dataclass(frozen=True)
class Row:
    """One line of the list. ``shape`` marks a status that presses; ``covered_minor`` is spent or held."""

    case: Any
    name: str
    shape: str
    custody_days: int | None

    @property
    def begun_at(self) -> datetime.datetime | None:
        """The hearing that has begun, by which the row stands so high: nobody has said what came of it."""
        kept: datetime.datetime | None = getattr(self.case, "sort_at", None)
        return kept if kept is not None and self.case.next_at != kept != NEVER else None

    @property
    def covered_minor(self) -> int | None:
        if self.case.ceiling_minor is None:
            return None
        return int(self.case.ceiling_minor - (self.case.room_minor or 0))


@require_http_methods(["GET", "HEAD", "POST"])
@room("cases.see")
def cases(request: HttpRequest) -> HttpResponse:
    """Filtered, searched, in pages; one record of reading for all names on the page."""
    user, now = person(request), timezone.now()
    form = CaseFilter(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    search = SearchForm(request.POST if request.method == "POST" else None)
    text = search.cleaned_data["q"].strip() if search.is_valid() else ""
    visible = Case.objects.visible_to(user, now)
    found = narrowed(visible, wanted, user, now, anywhere=bool(text))
    page = _best(found, text, user, now) if text else _page(found, request, wanted, user, now)
    counts = view_counts(visible, user, now)
    view = wanted.get("view", "")
    context = {
        "filter_form": form,
        "saved": saved_for(user, now),
        "keep_form": KeepForm(initial={"query": as_query(form)}) if form.in_use() else None,
        "search": search,
        "tabs": _views(request, view, counts),
        "page": page,
        "rows": rows(page.rows, now),
        "order": wanted.get("order", ""),
        "other_order": _other_order(request, wanted.get("order", "")),
        "narrowed": bool(form.in_use() or text),
        "text": text,
        "now": now,
        "currency": chart.base_currency(),
        "may_take_in": user.has("cases.open"),
        "opens_names": user.has("cases.work"),
        "shows_money": user.has("claims.see"),
    }
    return render(request, "desk/cases/list.html", context)


def rows(found: list[Case], now: datetime.datetime) -> list[Row]:
    """The lines of these cases, listed for this reader, their names opened where the list said so."""
    open_ones = [case for case in found if is_open_to_reader(case)]
    names = finding.names_of(open_ones) if open_ones else {}
    return [Row(case, names.get(case.id, ""), _shape(case, now), _custody(case, now)) for case in found]


def _page(
    found: CaseQuerySet, request: HttpRequest, wanted: dict[str, str], user: User, now: datetime.datetime
) -> Page[Case]:
    """Which cases stand on the page, by their order alone; then what a line shows, of those few."""
    cursor, lean = request.GET.get("cursor", ""), found.only("received_at")
    if wanted.get("order") == "newest":
        page = page_of(lean, cursor=cursor, order="-received_at", size=PAGE)
    else:
        soonest = lean.annotate(sort_at=F("next_hearing__starts_at"))
        page = page_of(soonest, cursor=cursor, order="sort_at", size=PAGE)
    return Page(_in_order([case.pk for case in page.rows], user, now), page.after, page.before)


def _best(found: CaseQuerySet, text: str, user: User, now: datetime.datetime) -> Page[Case]:
    """What a search finds, best first, on one page."""
    return Page(_in_order(searched(found, text, user, now), user, now), "", "")


def _in_order(ids: list[uuid.UUID], user: User, now: datetime.datetime) -> list[Case]:
    """These cases with all that a line shows."""
    listed = worklist.with_room(Case.objects.filter(id__in=ids).for_list(user, now))
    place = {case_id: index for index, case_id in enumerate(ids)}
    return sorted(listed, key=lambda case: place[case.id])


def _views(request: HttpRequest, view: str, counts: dict[str, int]) -> list[Tab]:
    """The views above the list; filters in use are kept."""
    tabs = []
    for key, word in VIEWS.items():
        query = request.GET.copy()
        query.pop("cursor", None)
        query["view"] = key
        tabs.append(Tab(word, "?" + query.urlencode(), current=key == view, count=counts[key]))
    return tabs


def _other_order(request: HttpRequest, order: str) -> str:
    """The same list in the other order."""
    query = request.GET.copy()
    query.pop("cursor", None)
    query["order"] = "" if order else "newest"
    return "?" + query.urlencode()


def _shape(case: Any, now: datetime.datetime) -> str:
    """A case whose hearing nears and whom nobody defends presses; else its status says the shape."""
    looking = case.status in (kinds.CaseStatus.ELIGIBLE, kinds.CaseStatus.SEEKING, kinds.CaseStatus.REOPENED)
    if looking and not case.own_counsel and not case.counsel and case.next_at is not None:
        css = near(case.next_at, now).css
        return case.status if css == "soft" else css
    return str(case.status)


def _custody(case: Case, now: datetime.datetime) -> int | None:
    if not case.in_custody or case.detained_on is None:
        return None
    return (timezone.localdate(now) - case.detained_on).days
