"""Findings: asked by the auditor, answered by the organisation, closed by the auditor."""

import uuid
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from reports.audit_pack.procedures import Procedure
from reports.findings import actions
from reports.findings.models import Finding, Remark
from reports.sampling_room.models import SampleItem
from treasury.models import Journal
from vault.fields import prefetch
from web.desk.acting import Act, act_page, carry_out, sent
from web.forms import OnceForm
from web.loading import load, person, require, room

SEES = ("audit.see", "audit.answer")
_WORDS = _("Codes and numbers, no names: this goes into the archive that the auditor takes home.")


def _words_field(label: Any) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": 4})
    return forms.CharField(label=label, max_length=4000, widget=area, help_text=_WORDS)


class RaiseForm(OnceForm):
    procedure = forms.ChoiceField(label=_("Procedure"), choices=Procedure.choices)
    journal = forms.IntegerField(
        label=_("Journal"), min_value=1, required=False, help_text=_("Its number, if it is about one.")
    )
    words = _words_field(_("What you ask or found"))

    def clean_journal(self) -> Journal | None:
        number = self.cleaned_data["journal"]
        if number is None:
            return None
        found: Journal | None = Journal.objects.filter(number=number).first()
        if found is None:
            raise forms.ValidationError(_("There is no journal with this number."))
        return found


class SayForm(OnceForm):
    words = _words_field(_("Your words"))


class CloseForm(OnceForm):
    stands = forms.TypedChoiceField(
        label=_("Conclusion"),
        choices=[("no", _("The answer settles it")), ("yes", _("It stands as a finding"))],
        coerce=lambda answer: answer == "yes",
        widget=forms.RadioSelect,
    )
    words = _words_field(_("In words"))


@require_http_methods(["GET"])
@room(*SEES)
def findings(request: HttpRequest) -> HttpResponse:
    """All findings, those that wait first."""
    rows = list(Finding.objects.select_related("journal").order_by("-number")[:200])
    order = [Finding.State.OPEN, Finding.State.ANSWERED, Finding.State.CLOSED]
    rows.sort(key=lambda row: order.index(Finding.State(row.state)))
    context = {"rows": rows, "works": person(request).has("audit.work"), "here": "findings"}
    return render(request, "desk/audit/room/findings.html", context)


@require_http_methods(["GET", "POST"])
@room("audit.work")
def raise_one(request: HttpRequest) -> HttpResponse:
    """Ask, or state a finding; ``?item=`` is about a sampled payment, ``?journal=`` about a journal."""
    item = _item(request.GET.get("item", ""))
    start = {"journal": item.journal.number if item else request.GET.get("journal", "")}
    start["procedure"] = request.GET.get("procedure", Procedure.DOCUMENTS if item else "")
    form = sent(request, RaiseForm, initial=start)
    if form.is_valid():
        chosen = {name: form.cleaned_data[name] for name in ("procedure", "journal", "words")}
        if carry_out(request, form, actions.raise_finding, _("It waits for an answer."), item=item, **chosen):
            return redirect("desk:finding", pk=form.result.pk)
    lead = _("It waits on the treasurer's list until it is answered. What is said here stays.")
    act = Act(_("Ask, or state a finding"), _("Put it to them"), reverse("desk:findings"), lead)
    return act_page(request, form, act)


def _item(key: str) -> SampleItem | None:
    try:
        pk = uuid.UUID(key)
    except ValueError:
        return None
    found: SampleItem | None = SampleItem.objects.select_related("journal").filter(pk=pk).first()
    return found


@require_http_methods(["GET", "POST"])
@room(*SEES)
def finding(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What was said about one finding; whose turn it is may go on."""
    shown: Finding = load(Finding.objects.select_related("journal", "item__sample"), pk)
    user = person(request)
    works, answers = user.has("audit.work"), user.has("audit.answer")
    is_open = shown.state != Finding.State.CLOSED
    say = SayForm(prefix="say") if is_open and (works or answers) else None
    close = CloseForm(prefix="close") if works and shown.state == Finding.State.ANSWERED else None
    if request.method == "POST":
        done, say, close = _post(request, shown, say, close)
        if done:
            return redirect("desk:finding", pk=shown.pk)
    remarks = list(shown.remarks.all())
    prefetch(remarks, "text")
    context = {
        "finding": shown,
        "remarks": remarks,
        "questions": Remark.Kind.QUESTION,
        "say": say,
        "close": close,
        "works": works,
        "here": "findings",
    }
    return render(request, "desk/audit/room/finding.html", context)


def _post(
    request: HttpRequest, shown: Finding, say: SayForm | None, close: CloseForm | None
) -> tuple[bool, SayForm | None, CloseForm | None]:
    """Whether it was carried out, and the forms as they are shown again if not."""
    works = person(request).has("audit.work")
    if "close-once" in request.POST:
        require(request, "audit.work")
        close = CloseForm(request.POST, prefix="close")
        if not close.is_valid():
            return False, say, close
        chosen = {name: close.cleaned_data[name] for name in ("words", "stands")}
        words = _("The finding is closed.")
        return carry_out(request, close, actions.close_finding, words, finding=shown, **chosen), say, close
    require(request, "audit.work" if works else "audit.answer")
    say = SayForm(request.POST, prefix="say")
    if not say.is_valid():
        return False, say, close
    act = actions.ask_again if works else actions.answer_finding
    text = say.cleaned_data["words"]
    return carry_out(request, say, act, _("It is kept."), finding=shown, words=text), say, close
