"""What the pages of one case share: who may see what of it, its heading and its tabs."""

import datetime
import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Grant, TeamGrant, User
from cases import finding
from cases.models import Case
from cases.models.case_lists import GRANT_KIND
from web.desk.acting import Act
from web.loading import load, person
from web.pieces import Tab, Text

# (address, word, permission that opens the tab without a grant; "" where only a grant does)
_TABS: list[tuple[str, Text, str]] = [
    ("desk:case", _("Overview"), "cases.see"),
    ("desk:case-court", _("Court"), ""),
    ("desk:case-terms", _("Deadlines"), ""),
    ("desk:case-facts", _("Circumstances"), ""),
    ("desk:case-counsel", _("Counsel"), ""),
    ("desk:case-papers", _("Documents"), ""),
    ("desk:case-costs", _("Costs"), "claims.see"),
    ("desk:case-history", _("History"), "audit.see"),
    ("desk:case-opened", _("Openings"), "audit.see"),
]


def visible_case(request: HttpRequest, case_id: uuid.UUID) -> Case:
    """A case the reader may find; ``names_open`` says whether they hold a grant on it. Raises Http404."""
    user, at = person(request), timezone.now()
    seen = Case.objects.visible_to(user, at).with_names_open(user, at)
    return load(seen.select_related("client", "court"), case_id)


def open_case(request: HttpRequest, case_id: uuid.UUID) -> Case:
    """A case the reader holds a live grant on. Raises Http404."""
    user, at = person(request), timezone.now()
    held = Case.objects.open_to(user, at).with_names_open(user, at)
    return load(held.select_related("client", "court"), case_id)


def readable_case(request: HttpRequest, case_id: uuid.UUID, permission: str) -> Case:
    """A case that a grant or, without names, this permission opens. Raises Http404."""
    if person(request).has(permission):
        return visible_case(request, case_id)
    return open_case(request, case_id)


def case_page(
    request: HttpRequest, template: str, case: Case, here: str = "", **context: Any
) -> HttpResponse:
    """A page of the case under its heading and tabs; ``here`` is the address of the tab that is open."""
    user, now = person(request), timezone.now()
    own = live_grants(case, now).filter(user=user).first() if is_open_to_reader(case) else None
    heading = {
        "case": case,
        "name": client_name(request, case),
        "tabs": case_tabs(user, case, here),
        "own_grant": own,
        "now": now,
        "may_work": bool(is_open_to_reader(case)),
    }
    return render(request, f"desk/cases/{template}.html", {**heading, **context})


def case_tabs(user: User, case: Case, here: str) -> list[Tab]:
    """The tabs this reader may open, as far as their addresses exist."""
    tabs = []
    for name, word, permission in _TABS:
        if not (is_open_to_reader(case) or (permission and user.has(permission))):
            continue
        try:
            tabs.append(Tab(word, reverse(name, args=[case.pk]), current=name == here))
        except NoReverseMatch:
            continue
    return tabs


def client_name(request: HttpRequest, case: Case) -> str:
    """The client's name if a grant opens it, else "". Reading it is recorded."""
    if not is_open_to_reader(case):
        return ""
    return finding.open_names(person(request), [case], timezone.now()).get(case.pk, "")


def live_grants(case: Case, at: datetime.datetime) -> Any:
    """Who may open this case now, the responsible first."""
    held = Grant.objects.live(at).filter(object_kind=GRANT_KIND, object_id=case.pk)
    return held.select_related("user").order_by("started_at")


def live_team_grants(case: Case, at: datetime.datetime) -> Any:
    """Which teams may open this case now."""
    held = TeamGrant.objects.filter(
        object_kind=GRANT_KIND, object_id=case.pk, ended_at=None, until__gt=at, team__ended_at=None
    )
    return held.select_related("team").order_by("started_at")


def manages_access(user: User, case: Case, at: datetime.datetime) -> bool:
    """Whether this person opens the case to others: its responsible, its deputy, and second officers.

    A helper, and somebody who broke the glass, cannot pass on what they hold.
    """
    if not user.has("grants.give"):
        return False
    lasting = live_grants(case, at).filter(user=user, kind__in=["responsible", "deputy"])
    return user.has("approvals.decide") or lasting.exists()


def is_open_to_reader(case: Case) -> bool:
    """Whether the reader for whom the case was loaded holds a grant on it."""
    return bool(getattr(case, "names_open", False))


def case_act(case: Case, heading: Text, button: Text, lead: Text = "", tab: str = "desk:case") -> Act:
    """The words of a form about this case; the way back says which case it is, by code name."""
    word = f"{case.reference} {case.client.code_name}"
    return Act(heading, button, url_of(case, tab), lead, word)


def url_of(case: Case, name: str = "desk:case") -> str:
    """The address of a tab of this case."""
    return reverse(name, args=[case.pk])


def back_to(case: Case, name: str = "desk:case", mark: str = "") -> HttpResponse:
    """Go to a tab of this case."""
    return redirect(url_of(case, name) + (f"#{mark}" if mark else ""))
