"""Which cases a list shows: views, filters, and the search by name."""

import datetime
import re
import uuid
from collections.abc import Iterator
from urllib.parse import urlencode

from django import forms
from django.db.models import Count, Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from accounts.models import User
from accounts.models.teams import held
from cases import finding, kinds, stages
from cases.actions import desk
from cases.models import Client, Court, Representation, SavedFilter
from cases.models.case_lists import CLOSED, GRANT_KIND, CaseQuerySet
from vault.fields import prefetch
from web.desk.acting import carry_out, press, say_errors
from web.desk.cases.fields import any_of
from web.desk.cases.words import region_name
from web.forms import FilterForm, Form, OnceForm
from web.loading import load, person, room

VIEWS = {"": _("Open"), "mine": _("Mine"), "closed": _("Closed"), "all": _("All")}
_COUNSEL = [
    ("", _("Any")),
    ("none", _("None")),
    ("offered", _("Offer out")),
    ("panel", _("Our panel")),
    ("own", _("Own counsel")),
]
_ORDER = [("", _("Next date")), ("newest", _("Newest first"))]
_MOST_FOUND = 50
_REFERENCE = re.compile(r"[A-Za-z]{2}-\d{4}-\d{4,}")
_CODE_NAME = re.compile(r"[A-Za-z]+-\d+")


class SearchForm(Form):
    """What somebody looks for. It is posted, because an address with a name in it ends in histories."""

    q = forms.CharField(
        label=_("Name, code name or reference"),
        max_length=60,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )


class CaseFilter(FilterForm):
    """The filters of the list; ``view`` is chosen by the tabs above them."""

    view = forms.ChoiceField(label=_("Show"), choices=list(VIEWS.items()), widget=forms.HiddenInput)
    status = forms.ChoiceField(label=_("Case status"), choices=any_of(kinds.CaseStatus))
    stage = forms.ChoiceField(label=_("Stage"), choices=any_of(stages.Stage))
    region = forms.ChoiceField(label=_("Region"))
    urgency = forms.ChoiceField(label=_("Urgency"), choices=any_of(kinds.Urgency))
    counsel = forms.ChoiceField(label=_("Counsel"), choices=_COUNSEL)
    order = forms.ChoiceField(label=_("Order by"), choices=_ORDER, widget=forms.HiddenInput)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region"].choices = [("", _("Any")), *region_choices()]  # type: ignore[attr-defined]

    def in_use(self) -> list[tuple[str, str]]:
        """The tabs say the view, and an order narrows nothing."""
        return [(name, words) for name, words in super().in_use() if name not in ("view", "order")]


def region_choices() -> list[tuple[str, object]]:
    """The regions that courts stand in, by code."""
    codes = Court.objects.exclude(region="").order_by("region").values_list("region", flat=True).distinct()
    return [(code, region_name(code)) for code in codes]


def narrowed(
    visible: CaseQuerySet,
    wanted: dict[str, str],
    user: User,
    at: datetime.datetime,
    *,
    anywhere: bool = False,
) -> CaseQuerySet:
    """The cases of a view that pass every filter but the search.

    A search (``anywhere``) and a status look among all cases, unless a view is chosen.
    """
    beyond = anywhere or wanted.get("status")
    found = of_view(visible, wanted.get("view") or ("all" if beyond else ""), user, at)
    for field in ("status", "stage", "region", "urgency"):
        if value := wanted.get(field):
            found = found.filter(**{field: value})
    return _by_counsel(found, wanted.get("counsel", ""))


def of_view(visible: CaseQuerySet, view: str, user: User, at: datetime.datetime) -> CaseQuerySet:
    """Open cases, those the reader holds a grant on, closed ones, or all."""
    if view == "mine":
        return visible.open().filter(held(user, GRANT_KIND, at))
    if view == "closed":
        return visible.filter(status__in=CLOSED)
    return visible if view == "all" else visible.open()


def view_counts(visible: CaseQuerySet, user: User, at: datetime.datetime) -> dict[str, int]:
    """How many cases each view holds, in one query."""
    closed = Q(status__in=CLOSED)
    counts: dict[str, int] = visible.order_by().aggregate(
        open=Count("pk", filter=~closed),
        mine=Count("pk", filter=~closed & held(user, GRANT_KIND, at)),
        closed=Count("pk", filter=closed),
        all=Count("pk"),
    )
    return {"": counts.pop("open"), **counts}


def _by_counsel(found: CaseQuerySet, counsel: str) -> CaseQuerySet:
    lead = Representation.objects.lead().filter(case=OuterRef("pk"))
    if counsel == "none":
        return found.without_counsel()
    if counsel == "offered":
        return found.filter(Exists(lead.offered()))
    if counsel == "panel":
        return found.filter(Exists(lead.defending().exclude(lawyer=None)))
    if counsel == "own":
        return found.filter(Exists(lead.defending().filter(lawyer=None)))
    return found


def searched(found: CaseQuerySet, text: str, user: User, at: datetime.datetime) -> list[uuid.UUID]:
    """The ids that a typed text fits, best first.

    References and code names are asked of the database. Names are compared only where the reader holds a
    grant, in memory; every name that was compared is in the record of the reading.
    """
    for direct in _direct(found, text.strip()):
        ids = list(direct.order_by("-year", "-number").values_list("id", flat=True)[:_MOST_FOUND])
        if ids:
            return ids
    mine = found.open_to(user, at).select_related("client")
    return [case.id for case in finding.find_cases(cases=mine, text=text, actor=user, at=at)]


def _direct(found: CaseQuerySet, text: str) -> Iterator[CaseQuerySet]:
    """By reference or code name: a whole one by its index, then parts of one, which walk all cases.

    Neither has other letters than English ones, so that most names cost nothing here.
    """
    if not text.isascii():
        return
    if _REFERENCE.fullmatch(text):
        yield found.filter(reference=text.upper())
    if _CODE_NAME.fullmatch(text):
        yield found.filter(client__code_name=text.capitalize())
    named = Client.objects.filter(code_name__icontains=text).order_by().values("pk")
    yield found.filter(Q(reference__icontains=text) | Q(client__in=named))


class KeepForm(OnceForm):
    """A name for the filters in use; they travel along, hidden."""

    name = forms.CharField(
        label=_("Keep these filters as"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    query = forms.CharField(widget=forms.HiddenInput, required=False, max_length=300)

    def clean_query(self) -> str:
        """Codes of the closed lists alone: an address could carry any word."""
        chosen = CaseFilter(QueryDict(self.cleaned_data["query"]))
        return as_query(chosen)


def as_query(chosen: CaseFilter) -> str:
    """What narrows a list now as an address has it: codes of closed lists, in one order."""
    if not chosen.is_valid():
        return ""
    return urlencode({name: value for name, value in sorted(chosen.cleaned_data.items()) if value})


def saved_for(user: User, at: datetime.datetime) -> list[SavedFilter]:
    """One's own filters, their names opened in one query for the key."""
    found = list(SavedFilter.objects.visible_to(user, at))
    if found:
        prefetch(found, "name")
    return found


@require_POST
@room("cases.see")
def keep(request: HttpRequest) -> HttpResponse:
    """Keep the filters in use under a name."""
    form = KeepForm(request.POST)
    user = person(request)
    if not form.is_valid() or not carry_out(
        request, form, desk.keep_filter, _("Kept."), owner=user, **_told(form)
    ):
        say_errors(request, form)
    query = form.cleaned_data.get("query", "")
    return redirect(reverse("desk:cases") + (f"?{query}" if query else ""))


@require_POST
@room("cases.see")
def drop(request: HttpRequest, filter_id: uuid.UUID) -> HttpResponse:
    """Keep one of one's own no more."""
    saved = load(SavedFilter.objects.visible_to(person(request), timezone.now()), filter_id)
    return press(request, desk.drop_filter, _("Dropped."), reverse("desk:cases"), saved=saved)


def _told(form: KeepForm) -> dict[str, str]:
    return {"name": form.cleaned_data["name"], "query": form.cleaned_data["query"]}
