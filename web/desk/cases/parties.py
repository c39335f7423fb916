"""Whether somebody related to a case is a client of ours: a human looks and says so."""

import uuid
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from cases import finding
from cases.actions import circumstances as acts
from cases.models import Client, RelatedParty
from web.desk.acting import act_page, carry_out, sent
from web.desk.cases.entries import TAB
from web.desk.cases.frame import back_to, case_act, open_case
from web.desk.cases.intake import Candidate, candidates
from web.forms import OnceForm
from web.loading import load, person, room

NOBODY = "nobody"


class WhoForm(OnceForm):
    """Which client of ours a related person is, or none."""

    person = forms.ChoiceField(label=_("It is"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, offered: list[Candidate], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["person"]
        named = [(one.client_id, _candidate_words(one)) for one in offered]
        field.choices = [(NOBODY, _("Nobody we defend")), *named]


def _candidate_words(one: Candidate) -> str:
    cases = ", ".join(case.reference for case in one.cases)
    return f"{one.name or one.code_name} ({cases})" if cases else one.name or one.code_name


@require_http_methods(["GET", "POST"])
@room("cases.work")
def who(request: HttpRequest, case_id: uuid.UUID, entry_id: uuid.UUID) -> HttpResponse:
    """Say whether a related person is a client of ours: their counsel is then bound."""
    case = open_case(request, case_id)
    party = load(RelatedParty.objects.standing(), entry_id, case=case)
    alike = finding.likely_duplicates(Client(name=party.name), limit=6)
    known = {str(one.client.pk): one.client for one in alike if one.client.pk != case.client_id}
    offered = [one for one in candidates(alike, person(request), timezone.now()) if one.client_id in known]
    form = sent(request, WhoForm, offered=offered, initial={"person": str(party.person_id or NOBODY)})
    if form.is_valid() and carry_out(
        request,
        form,
        acts.recognise_party,
        _("It is recorded."),
        party=party,
        person=known.get(form.cleaned_data["person"]),
    ):
        return back_to(case, TAB, "parties")
    lead = _(
        "Where it is a client of ours, lawyers of one are proposed to the other no more. Names alone decide"
        " nothing: look at the birth date and the place too."
    )
    act = case_act(case, _("Is it somebody we defend?"), _("Keep it"), lead, tab=TAB)
    return act_page(request, form, act, template="desk/cases/who.html", party=party, found=bool(offered))
