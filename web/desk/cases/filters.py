"""Which cases a list shows: views, filters, and the search by name."""

import datetime
import uuid

from django import forms
from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.models.teams import held
from cases import finding, kinds, stages
from cases.models import Court, Representation
from cases.models.case_lists import CLOSED, GRANT_KIND, CaseQuerySet
from web.desk.cases.fields import any_of
from web.desk.cases.words import region_name
from web.forms import FilterForm, Form

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
    direct = found.filter(Q(reference__icontains=text) | Q(client__code_name__icontains=text))
    ids = list(direct.order_by("-year", "-number").values_list("id", flat=True)[:_MOST_FOUND])
    if ids:
        return ids
    mine = found.open_to(user, at).select_related("client")
    return [case.id for case in finding.find_cases(cases=mine, text=text, actor=user, at=at)]
