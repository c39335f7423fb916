"""Deadlines with the rule they rest on, and remedies asked of other bodies."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from cases.actions import remedies as filing_acts
from cases.actions import terms as acts
from cases.deadlines.remedies import WHY_CLOSED, draft
from cases.deadlines.words import Body, FilingState, Settled
from cases.drafting import facts_of
from cases.models import Deadline, RemedyFiling
from vault.fields import prefetch
from web.desk.acting import act_page, carry_out, sent
from web.desk.cases.frame import back_to, case_act, case_page, client_name, open_case
from web.desk.cases.terms_forms import (
    DeadlineForm,
    FilingForm,
    MoveFilingForm,
    ServiceForm,
    SettleForm,
    open_bodies,
)
from web.desk.cases.words import dated
from web.forms import OnceForm
from web.loading import load, room

TAB = "desk:case-terms"


@require_safe
@room("cases.work")
def terms(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """What runs, what has ended, and what was filed where."""
    case = open_case(request, case_id)
    deadlines = list(Deadline.objects.filter(case=case))
    filings = list(RemedyFiling.objects.filter(case=case))
    prefetch(deadlines, "reason")
    prefetch(filings, "next_step")
    return case_page(
        request,
        "terms",
        case,
        TAB,
        once=OnceForm(),
        running=[one for one in deadlines if not one.settled],
        settled=[one for one in deadlines if one.settled],
        filings=filings,
        bodies=[(name, remedy, WHY_CLOSED.get(remedy.why_closed)) for name, remedy in open_bodies()],
        today=timezone.localdate(),
    )


@require_http_methods(["GET", "POST"])
@room("cases.work")
def start(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """A term that nothing recorded here has set going."""
    case = open_case(request, case_id)
    form = sent(request, DeadlineForm, case=case)
    if form.is_valid() and carry_out(
        request,
        form,
        acts.start_deadline,
        _("The deadline is on the list."),
        case=case,
        rule=form.rule_chosen(),
        trigger_on=form.cleaned_data["trigger_on"],
    ):
        return back_to(case, TAB)
    lead = _("Rules carry their citation. None was checked by counsel yet: ask, and act early.")
    return act_page(request, form, case_act(case, _("Start a deadline"), _("Start it"), lead, TAB))


@require_http_methods(["GET", "POST"])
@room("cases.work")
def serve(request: HttpRequest, case_id: uuid.UUID, deadline_id: uuid.UUID) -> HttpResponse:
    """The copy of the verdict was served: the term runs from that day."""
    case = open_case(request, case_id)
    deadline = load(Deadline.objects.running().filter(provisional=True), deadline_id, case=case)
    form = sent(request, ServiceForm, initial={"served_on": timezone.localdate()})
    if form.is_valid() and carry_out(
        request,
        form,
        acts.record_service,
        _("The term now runs from the service of the copy."),
        deadline=deadline,
        served_on=form.cleaned_data["served_on"],
    ):
        return back_to(case, TAB)
    words = case_act(case, _("The verdict’s copy was served"), _("Count from that day"), tab=TAB)
    return act_page(request, form, words)


@require_http_methods(["GET", "POST"])
@room("cases.work")
def settle(request: HttpRequest, case_id: uuid.UUID, deadline_id: uuid.UUID) -> HttpResponse:
    """It was met, missed, or is not needed."""
    case = open_case(request, case_id)
    deadline = load(Deadline.objects.running(), deadline_id, case=case)
    form = sent(request, SettleForm, initial={"settled_on": timezone.localdate()})
    if form.is_valid() and carry_out(
        request,
        form,
        acts.settle_deadline,
        _("The deadline is settled."),
        deadline=deadline,
        settled=Settled(form.cleaned_data["settled"]),
        settled_on=form.cleaned_data["settled_on"],
        reason=form.cleaned_data["reason"],
    ):
        return back_to(case, TAB)
    return act_page(request, form, case_act(case, deadline.get_rule_display(), _("Settle it"), tab=TAB))


@require_http_methods(["GET", "POST"])
@room("cases.work")
def begin_filing(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Prepare a filing; a body that takes nothing any more is refused with the reason."""
    case = open_case(request, case_id)
    form = sent(request, FilingForm)
    if form.is_valid() and carry_out(
        request, form, filing_acts.begin_filing, _("The filing is on the list."), case=case, **form.told()
    ):
        return back_to(case, TAB, "filings")
    return act_page(request, form, case_act(case, _("Ask for a remedy"), _("Begin the filing"), tab=TAB))


@require_http_methods(["GET", "POST"])
@room("cases.work")
def move_filing(request: HttpRequest, case_id: uuid.UUID, filing_id: uuid.UUID) -> HttpResponse:
    """Filed, answered, given up."""
    case = open_case(request, case_id)
    filing = load(RemedyFiling.objects.exclude(state__in=filing_acts.OVER), filing_id, case=case)
    form = sent(request, MoveFilingForm, filing=filing, initial={"on": timezone.localdate()})
    if form.is_valid():
        given = form.cleaned_data
        if carry_out(
            request,
            form,
            filing_acts.move_filing,
            _("The filing is brought up to date."),
            filing=filing,
            state=FilingState(given["state"]),
            on=given["on"],
            number=given["number"],
            next_step=given["next_step"],
            next_on=given["next_on"],
        ):
            return back_to(case, TAB, "filings")
    return act_page(request, form, case_act(case, filing.get_body_display(), _("Record it"), tab=TAB))


@require_safe
@room("cases.work")
def show_draft(request: HttpRequest, case_id: uuid.UUID, filing_id: uuid.UUID) -> HttpResponse:
    """One page to begin the filing with, to be printed or copied; it opens the client's facts."""
    case = open_case(request, case_id)
    filing = load(RemedyFiling.objects.all(), filing_id, case=case)
    prefetch([case.client], "name")
    facts = facts_of(case, client_name(request, case), dated)
    paragraphs = draft(Body(filing.body), filing.categories.split(), facts)
    return case_page(request, "draft", case, TAB, filing=filing, paragraphs=paragraphs)
