"""Who may open a case: giving and ending access, asking for it, and breaking the glass."""

import uuid

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from accounts.actions import glass
from accounts.actions.access import end_access, grant_access
from accounts.actions.teams import end_team_access, grant_team
from cases.actions.office import add_task
from cases.models import Case
from cases.models.case_lists import GRANT_KIND
from web.desk.acting import act_page, carry_out, sent
from web.desk.cases.access_forms import AskForm, EndForm, GiveForm, GlassForm, TeamForm
from web.desk.cases.frame import (
    back_to,
    case_act,
    is_open_to_reader,
    live_grants,
    live_team_grants,
    manages_access,
    visible_case,
)
from web.loading import load, person, room


@require_http_methods(["GET", "POST"])
@room("grants.give")
def give(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Open the case to a colleague, with a reason."""
    case, now = visible_case(request, case_id), timezone.now()
    _require_manager(request, case)
    # A break-glass grant ends by itself, so its holder can be given a lasting one.
    lasting = live_grants(case, now).exclude(kind="glass")
    holders = [*lasting.values_list("user_id", flat=True), person(request).pk]
    form = sent(request, GiveForm, holders=holders)
    if form.is_valid() and carry_out(
        request,
        form,
        grant_access,
        _("Access is given."),
        user=form.cleaned_data["user"],
        object_kind=GRANT_KIND,
        object_id=case.pk,
        kind=form.cleaned_data["kind"],
        reason=form.cleaned_data["reason"],
    ):
        return back_to(case, mark="access")
    lead = _("They will see the name and everything on this case, for a year or until it is ended.")
    return act_page(request, form, case_act(case, _("Give access"), _("Give access"), lead))


@require_http_methods(["GET", "POST"])
@room("grants.give")
def end(request: HttpRequest, case_id: uuid.UUID, grant_id: uuid.UUID) -> HttpResponse:
    """Close the case to somebody, or to oneself, with a reason."""
    case = visible_case(request, case_id)
    grant = load(live_grants(case, timezone.now()), grant_id)
    if grant.user_id != person(request).pk:
        _require_manager(request, case)
    form = sent(request, EndForm)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        if carry_out(request, form, end_access, _("Access is ended."), grant=grant, reason=reason):
            return back_to(case, mark="access")
    lead = _("Names and papers of this case close to %s at once.") % grant.user.username
    return act_page(request, form, case_act(case, _("End access"), _("End it"), lead))


@require_http_methods(["GET", "POST"])
@room("grants.give")
def give_team(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Open the case to everybody in a team, with a reason."""
    case, now = visible_case(request, case_id), timezone.now()
    _require_manager(request, case)
    form = sent(request, TeamForm, holders=[grant.team_id for grant in live_team_grants(case, now)])
    if form.is_valid() and carry_out(
        request,
        form,
        grant_team,
        _("The case is open to the team."),
        team=form.cleaned_data["team"],
        object_kind=GRANT_KIND,
        object_id=case.pk,
        reason=form.cleaned_data["reason"],
    ):
        return back_to(case, mark="access")
    lead = _("It opens to whoever belongs to the team at that moment, for a year or until it is ended.")
    return act_page(request, form, case_act(case, _("Give a team access"), _("Give access"), lead))


@require_http_methods(["GET", "POST"])
@room("grants.give")
def end_team(request: HttpRequest, case_id: uuid.UUID, grant_id: uuid.UUID) -> HttpResponse:
    """Close the case to a team, with a reason."""
    case = visible_case(request, case_id)
    _require_manager(request, case)
    grant = load(live_team_grants(case, timezone.now()), grant_id)
    form = sent(request, EndForm)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        if carry_out(request, form, end_team_access, _("Access is ended."), grant=grant, reason=reason):
            return back_to(case, mark="access")
    lead = _("The case closes to the team %s, but for those who hold access of their own.") % grant.team.name
    return act_page(request, form, case_act(case, _("End a team’s access"), _("End it"), lead))


@require_http_methods(["GET", "POST"])
@room("cases.work")
def ask(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Put a task on the responsible colleague's list; nothing opens by it."""
    case = visible_case(request, case_id)
    if is_open_to_reader(case):
        return back_to(case)
    grant = live_grants(case, timezone.now()).filter(kind__in=["responsible", "deputy"]).first()
    form = sent(request, AskForm)
    if grant is None:
        messages.error(request, gettext("Nobody is responsible for this case. Ask a second officer."))
        return back_to(case)
    if form.is_valid():
        words = gettext("%(who)s asks for access: %(reason)s") % {
            "who": person(request).username,
            "reason": form.cleaned_data["reason"],
        }
        if carry_out(
            request,
            form,
            add_task,
            _("Asked. The colleague who is responsible finds it among their tasks."),
            owner=grant.user,
            case=case,
            text=words,
        ):
            return back_to(case)
    return act_page(request, form, case_act(case, _("Ask for access"), _("Ask")))


@require_http_methods(["GET", "POST"])
@room("cases.work")
def break_glass(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Open the case to oneself for a short time. The reason is mandatory, and so is the review after it."""
    case = visible_case(request, case_id)
    if is_open_to_reader(case):  # never in the place of a longer grant
        return back_to(case)
    form = sent(request, GlassForm)
    if form.is_valid() and carry_out(
        request,
        form,
        glass.break_glass,
        _("The case is open to you for a short time. A colleague will look at it."),
        object_kind=GRANT_KIND,
        object_id=case.pk,
        reason=form.cleaned_data["reason"],
    ):
        return back_to(case)
    lead = _(
        "It opens at once, for %(hours)s hours. It is recorded, and the responsible colleague or a second"
        " officer looks at each one."
    ) % {"hours": settings.GLASS_HOURS}
    return act_page(request, form, case_act(case, _("Break the glass"), _("Open it now"), lead))


def _require_manager(request: HttpRequest, case: Case) -> None:
    if not manages_access(person(request), case, timezone.now()):
        raise Http404
