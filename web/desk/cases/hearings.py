"""Sittings: scheduled, moved, adjourned, cancelled, held."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from cases.actions import court as acts
from cases.actions.hearing_reports import report_hearing
from cases.models import Case, Hearing, Trial
from web.desk.acting import act_page, carry_out, press, sent
from web.desk.cases.court_forms import HearingForm, MoveForm, OutcomeForm, WhenForm, local_parts
from web.desk.cases.frame import back_to, case_act, open_case, url_of
from web.loading import load, room

TAB = "desk:case-court"


@require_http_methods(["GET", "POST"])
@room("cases.work")
def schedule(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """One more sitting; without any trial the way leads there first."""
    case = open_case(request, case_id)
    trials = Trial.objects.filter(defendants__case=case).select_related("court").order_by("-started_on", "pk")
    if not trials:
        return back_to(case, "desk:case-trial-new")
    form = sent(request, HearingForm, trials=trials, initial={"trial": request.GET.get("trial")})
    if form.is_valid() and carry_out(
        request, form, acts.schedule_hearing, _("The hearing is scheduled."), **form.told()
    ):
        return back_to(case, TAB)
    return act_page(request, form, case_act(case, _("Schedule a hearing"), _("Schedule it"), tab=TAB))


@require_http_methods(["GET", "POST"])
@room("cases.work")
def move(request: HttpRequest, case_id: uuid.UUID, hearing_id: uuid.UUID) -> HttpResponse:
    """The right hour or room, where the court itself did not adjourn."""
    case, hearing = _load(request, case_id, hearing_id)
    form = sent(request, MoveForm, initial=local_parts(hearing))
    if form.is_valid() and carry_out(
        request,
        form,
        acts.move_hearing,
        _("The hearing is corrected."),
        hearing=hearing,
        room=form.cleaned_data["room"],
        **form.when(),
    ):
        return back_to(case, TAB)
    lead = _("Calendars take the change over. If the court adjourned it, use “Adjourned” instead.")
    return act_page(request, form, case_act(case, _("Correct a hearing"), _("Correct it"), lead, tab=TAB))


@require_http_methods(["GET", "POST"])
@room("cases.work")
def adjourn(request: HttpRequest, case_id: uuid.UUID, hearing_id: uuid.UUID) -> HttpResponse:
    """The court set a new date: a new hearing to which this one points."""
    case, hearing = _load(request, case_id, hearing_id)
    form = sent(request, WhenForm)
    if form.is_valid() and carry_out(
        request,
        form,
        acts.reschedule_hearing,
        _("The hearing is adjourned to the new date."),
        hearing=hearing,
        **form.when(),
    ):
        return back_to(case, TAB)
    return act_page(request, form, case_act(case, _("Adjourned to"), _("Adjourn it"), tab=TAB))


@require_http_methods(["GET", "POST"])
@room("cases.work")
def record_outcome(request: HttpRequest, case_id: uuid.UUID, hearing_id: uuid.UUID) -> HttpResponse:
    """What happened at a sitting, from whom it is known, and how the court decided about this client."""
    case, hearing = _load(request, case_id, hearing_id)
    form = sent(request, OutcomeForm)
    place = hearing.trial.defendants.get(case=case)
    if form.is_valid() and carry_out(
        request,
        form,
        report_hearing,
        _("What happened is recorded."),
        hearing=hearing,
        **form.told(place),
    ):
        return back_to(case, TAB)
    lead = _("Only what is public. A verdict here is this client’s; the appeal’s term begins with it.")
    return act_page(
        request, form, case_act(case, _("What happened at the hearing"), _("Record it"), lead, tab=TAB)
    )


@require_POST
@room("cases.work")
def cancel(request: HttpRequest, case_id: uuid.UUID, hearing_id: uuid.UUID) -> HttpResponse:
    """It will not take place, and no date was set."""
    case, hearing = _load(request, case_id, hearing_id)
    done = _("The hearing is cancelled. Calendars show it as cancelled.")
    return press(request, acts.cancel_hearing, done, url_of(case, TAB), hearing=hearing)


def _load(request: HttpRequest, case_id: uuid.UUID, hearing_id: uuid.UUID) -> tuple[Case, Hearing]:
    case = open_case(request, case_id)
    hearing = load(
        Hearing.objects.select_related("trial").distinct(), hearing_id, trial__defendants__case=case
    )
    return case, hearing
