"""What happens around a case, on one tab: each kind of entry has its form, its end, and may be struck out."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases.actions import circumstances as acts
from cases.circumstances import ReferralOutcome
from cases.models import (
    CustodyPeriod,
    HearingObserver,
    Incident,
    OfficialPart,
    Recognition,
    Referral,
    RelatedParty,
    Testimony,
)
from cases.reference.load import places_of_detention
from vault.fields import prefetch
from web.desk.acting import act_page, carry_out, press, sent
from web.desk.cases import entry_forms as forms
from web.desk.cases.frame import back_to, case_act, case_page, open_case, url_of
from web.forms import OnceForm
from web.loading import load, room
from web.pieces import Text

TAB = "desk:case-facts"


@dataclass(frozen=True)
class Ending:
    """How an entry ends: its action, the action's words for the row and the day."""

    action: Callable[..., Any]
    row: str
    day: str
    word: Text
    form: type[OnceForm] = forms.EndForm


@dataclass(frozen=True)
class Sort:
    """One kind of entry: its words, form and actions; ``opens`` is a sealed field that lists show."""

    title: Text
    add: Text
    none: Text
    model: Any
    form: type[forms.EntryForm]
    action: Callable[..., Any]
    opens: str = ""
    ending: Ending | None = None


SORTS: dict[str, Sort] = {
    "custody": Sort(
        _("Custody"), _("Record where they are held"), _("No place of detention is recorded."),
        CustodyPeriod, forms.CustodyForm, acts.record_custody, "detail",
        Ending(acts.end_custody, "period", "until_on", _("Not held there any more")),
    ),
    "incidents": Sort(
        _("Incidents"), _("Record an incident"), _("No incident is recorded."),
        Incident, forms.IncidentForm, acts.record_incident, "account",
    ),
    "testimonies": Sort(
        _("Testimonies"), _("Take a testimony"), _("No testimony is recorded."),
        Testimony, forms.TestimonyForm, acts.take_testimony, "account",
        Ending(acts.withdraw_testimony, "testimony", "withdrawn_on", _("Withdrawn")),
    ),
    "officials": Sort(
        _("Officials"), _("Name an official"), _("No official is named."),
        OfficialPart, forms.OfficialForm, acts.name_official, "name",
    ),
    "parties": Sort(
        _("Related people"), _("Name somebody related"), _("Nobody related is named."),
        RelatedParty, forms.PartyForm, acts.name_party, "name",
    ),
    "recognitions": Sort(
        _("Recognitions"), _("Record a recognition"), _("No organisation has recognised the client yet."),
        Recognition, forms.RecognitionForm, acts.record_recognition, "",
        Ending(acts.end_recognition, "recognition", "ended_on", _("Taken back")),
    ),
    "referrals": Sort(
        _("Referrals"), _("Refer the client"), _("The client was referred nowhere yet."),
        Referral, forms.ReferralForm, acts.refer_client, "whom",
        Ending(
            acts.record_referral_outcome, "referral", "outcome_on", _("Outcome"), forms.ReferralEndForm
        ),
    ),
    "observers": Sort(
        _("Observers at hearings"), _("Record observers"), _("Nobody is recorded as having watched."),
        HearingObserver, forms.ObserversForm, acts.record_observers,
    ),
}  # fmt: skip


@require_safe
@room("cases.work")
def facts(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """All of it, each kind in a section of its own."""
    case = open_case(request, case_id)
    sections = []
    for slug, sort in SORTS.items():
        rows = list(sort.model.objects.standing().filter(case=case))
        if sort.opens:
            prefetch(rows, sort.opens)
        sections.append((slug, sort, rows))
    places = {place.code: place.name for place in places_of_detention()}
    return case_page(request, "facts", case, TAB, sections=sections, places=places, once=OnceForm())


@require_http_methods(["GET", "POST"])
@room("cases.work")
def add(request: HttpRequest, case_id: uuid.UUID, sort: str) -> HttpResponse:
    """One more entry of a kind."""
    case, wanted = open_case(request, case_id), _sort(sort)
    form = sent(request, wanted.form, case=case)
    if form.is_valid() and carry_out(
        request, form, wanted.action, _("It is recorded."), case=case, **form.told()
    ):
        return back_to(case, TAB, sort)
    return act_page(request, form, case_act(case, wanted.add, _("Record it"), tab=TAB))


@require_http_methods(["GET", "POST"])
@room("cases.work")
def end(request: HttpRequest, case_id: uuid.UUID, sort: str, entry_id: uuid.UUID) -> HttpResponse:
    """It ended on a day, or this came of it."""
    case, wanted = open_case(request, case_id), _sort(sort)
    ending = wanted.ending
    if ending is None:
        raise Http404
    entry = load(wanted.model.objects.standing(), entry_id, case=case)
    form = sent(request, ending.form, initial={"on": timezone.localdate()})
    if form.is_valid():
        told = {ending.row: entry, ending.day: form.cleaned_data["on"]}
        if "outcome" in form.cleaned_data:
            told["outcome"] = ReferralOutcome(form.cleaned_data["outcome"])
        if carry_out(request, form, ending.action, _("It is recorded."), **told):
            return back_to(case, TAB, sort)
    return act_page(request, form, case_act(case, ending.word, _("Record it"), tab=TAB))


@require_POST
@room("cases.work")
def strike(request: HttpRequest, case_id: uuid.UUID, sort: str, entry_id: uuid.UUID) -> HttpResponse:
    """It was recorded by mistake."""
    case = open_case(request, case_id)
    entry = load(_sort(sort).model.objects.standing(), entry_id, case=case)
    to = url_of(case, TAB) + f"#{sort}"
    return press(request, acts.strike_entry, _("It is struck out; History keeps it."), to, entry=entry)


def _sort(slug: str) -> Sort:
    if slug not in SORTS:
        raise Http404
    return SORTS[slug]
