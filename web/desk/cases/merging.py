"""Joining two records of one person, and taking one record of two people apart: a colleague agrees first."""

import uuid
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from audit.actions import DomainError
from cases import finding
from cases.actions import merging as acts
from cases.models import Case, Client
from web.desk.asking import Ask, after, agreed, ask_or_do, two_person_page, typed
from web.desk.cases.frame import case_act, open_case, url_of
from web.desk.cases.intake import Candidate, candidates
from web.forms import OnceForm
from web.loading import person, room


class MergeForm(OnceForm):
    """A case of the other record; the reader holds a grant on it too."""

    reference = forms.CharField(
        label=_("A case of the other record"),
        max_length=20,
        help_text=_("A reference, such as BY-2026-0042. All cases of that record come to this one."),
    )

    def __init__(self, *args: Any, case: Case, among: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.case, self.among = case, among

    def clean_reference(self) -> Case:
        """The case, whose record can be joined; what stands in the way is said before anybody is asked."""
        wanted = self.cleaned_data["reference"].strip()
        found: Case | None = self.among.filter(reference__iexact=wanted).select_related("client").first()
        if found is None:
            raise forms.ValidationError(_("You hold no grant on a case with this reference."))
        try:
            acts.refuse_merge(self.case.client, found.client)
        except DomainError as refusal:
            raise forms.ValidationError(refusal.text) from None
        return found

    def also_said(self) -> list[tuple[object, object]]:
        """For the colleague: both records by their code names."""
        other = self.cleaned_data["reference"].client
        return [(_("Record that stands"), self.case.client.code_name), (_("Joined to it"), other.code_name)]


class SplitForm(OnceForm):
    """Which cases are somebody else's, and who that is."""

    cases = forms.MultipleChoiceField(
        label=_("These cases are the other person’s"), widget=forms.CheckboxSelectMultiple
    )
    back_to = forms.ChoiceField(label=_("They go to"), required=False)
    name = forms.CharField(
        label=_("Name of the other person"),
        required=False,
        max_length=120,
        help_text=_("For a new record. More is written down on its page afterwards."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, cases: list[Case], merged: list[Client], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = {str(case.pk): case for case in cases}
        self.merged = {str(row.pk): row for row in merged}
        fields: Any = self.fields
        fields["cases"].choices = [
            (key, f"{case.reference}, {case.get_kind_display()}, {case.get_status_display()}")
            for key, case in self.known.items()
        ]
        back = [(key, _("The record merged before: %s") % row.code_name) for key, row in self.merged.items()]
        fields["back_to"].choices = [("", _("A new record")), *back]
        if not merged:
            del self.fields["back_to"]

    def clean(self) -> dict[str, Any]:
        """A new record needs a name."""
        found: dict[str, Any] = super().clean() or {}
        if not found.get("back_to") and not (found.get("name") or "").strip():
            self.add_error("name", _("Write a name or an alias for the new record."))
        return found

    def chosen(self) -> list[Case]:
        return [self.known[key] for key in self.cleaned_data["cases"]]


@require_http_methods(["GET", "POST"])
@room("cases.open")
def merge(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Ask a colleague to agree that two records are one person; then join them."""
    case, approval = open_case(request, case_id), agreed(request)
    among = Case.objects.open_to(person(request), timezone.now())
    data = request.POST if request.method == "POST" else None
    form = MergeForm(data, initial=typed(approval, MergeForm), case=case, among=among)
    if form.is_valid():
        other = form.cleaned_data["reference"].client
        ask = Ask(acts.MERGE, other.pk, acts.merge_terms(case.client))
        done = _("The records are one. The merged one can be taken apart again.")
        if ask_or_do(request, form, ask, acts.merge_clients, str(done), survivor=case.client, merged=other):
            return after(form, url_of(case))
    lead = _(
        "Look at names, birth dates and places of both first. Everything recorded in the cases of the other"
        " record comes along; money and episodes stay with their cases. A colleague has to agree."
    )
    act = case_act(case, _("The same person was recorded twice"), _("Join the records"), lead)
    alike = [] if approval else _alike(request, case)
    return two_person_page(request, form, act, approval, template="desk/cases/merge.html", alike=alike)


def _alike(request: HttpRequest, case: Case) -> list[Candidate]:
    """Records that may be the same person, likeliest first; those merged already hold no case."""
    found = finding.likely_duplicates(case.client, limit=6)
    return [one for one in candidates(found, person(request), timezone.now()) if one.cases]


@require_http_methods(["GET", "POST"])
@room("cases.open")
def split(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Ask a colleague to agree that one record is two people; then take it apart."""
    case, approval = open_case(request, case_id), agreed(request)
    held = Case.objects.open_to(person(request), timezone.now()).filter(client=case.client)
    options: dict[str, Any] = {"cases": list(held), "merged": list(case.client.merged.all())}
    data = request.POST if request.method == "POST" else None
    form = SplitForm(data, initial=typed(approval, SplitForm), **options)
    if form.is_valid():
        chosen = form.chosen()
        back_to = form.merged.get(form.cleaned_data.get("back_to") or "")
        ask = Ask(acts.SPLIT, case.client_id, acts.split_terms(chosen, back_to))
        given = {
            "client": case.client,
            "cases": chosen,
            "back_to": back_to,
            "name": form.cleaned_data["name"],
        }
        if ask_or_do(request, form, ask, acts.split_client, str(_("There are two records now.")), **given):
            return after(form, url_of(case))
    lead = _(
        "Names, contacts and authorities stay on this record; the chosen cases go with everything recorded in"
        " them. A colleague has to agree."
    )
    act = case_act(case, _("Two people stand under one record"), _("Take them apart"), lead)
    return two_person_page(request, form, act, approval)
