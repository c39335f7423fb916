"""The client of a case: facts that are opened on a page of their own, and authorities."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from cases import kinds
from cases.actions import people
from cases.models import Authority
from vault.fields import prefetch
from web.desk.acting import act_page, carry_out, sent
from web.desk.cases.frame import back_to, case_act, open_case
from web.desk.cases.people_forms import AuthorityForm, ClientForm, WithdrawForm
from web.loading import load, room


@require_http_methods(["GET", "POST"])
@room("cases.work")
def client(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Names, birth date, place and contacts, to read and to change."""
    case = open_case(request, case_id)
    prefetch([case.client], "name")
    form = sent(request, ClientForm, initial=ClientForm.known(case.client))
    if form.is_valid():
        changes = form.changes()
        if not changes:
            return back_to(case)
        if carry_out(
            request, form, people.change_client, _("The change is kept."), client=case.client, **changes
        ):
            return back_to(case)
    lead = _("You have opened all of this, and the opening is recorded. Every change stays in History.")
    return act_page(request, form, case_act(case, _("The client"), _("Keep the change"), lead))


@require_http_methods(["GET", "POST"])
@room("cases.work")
def add_authority(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Record what may be done for the client."""
    case = open_case(request, case_id)
    form = sent(request, AuthorityForm, initial={"given_on": timezone.localdate()})
    if form.is_valid():
        given = form.cleaned_data
        if carry_out(
            request,
            form,
            people.add_authority,
            _("The authority is recorded."),
            client=case.client,
            kind=kinds.AuthorityKind(given["kind"]),
            basis=kinds.Basis(given["basis"]),
            relation=kinds.Relation(given["relation"]),
            given_on=given["given_on"],
            given_by=given["given_by"],
            detail=given["detail"],
        ):
            return back_to(case, mark="authorities")
    lead = _("The client cannot always speak, so it says on whose word something may be done.")
    return act_page(request, form, case_act(case, _("Add an authority"), _("Record it"), lead))


@require_http_methods(["GET", "POST"])
@room("cases.work")
def withdraw_authority(request: HttpRequest, case_id: uuid.UUID, authority_id: uuid.UUID) -> HttpResponse:
    """It ends on a day."""
    case = open_case(request, case_id)
    authority = load(Authority.objects.select_related("client"), authority_id, client=case.client)
    form = sent(request, WithdrawForm, initial={"withdrawn_on": timezone.localdate()})
    if form.is_valid() and carry_out(
        request,
        form,
        people.withdraw_authority,
        _("The authority is withdrawn."),
        authority=authority,
        withdrawn_on=form.cleaned_data["withdrawn_on"],
    ):
        return back_to(case, mark="authorities")
    lead = _("What was published or shared under it stops now; what was done before stays lawful.")
    act = case_act(case, authority.get_kind_display(), _("Withdraw it"), lead)
    return act_page(request, form, act)
