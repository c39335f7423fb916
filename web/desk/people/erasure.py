"""One person's data: what would go and what must stay, erasing by two people, holds, a copy for them."""

import uuid
from typing import Any, TypeVar

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.actions import erasure as actions
from accounts.actions import handing_out, holds
from accounts.erasing import carrying_out, registry
from accounts.erasing.obstacles import obstacles
from accounts.erasing.statement import statement
from accounts.models import Erasure, LegalHold
from web.desk.acting import Act
from web.desk.acting import sent as sent_form
from web.desk.asking import Ask, after, agreed, ask_or_do, two_person_page, typed, was_asked
from web.desk.people.finding import person_or_404
from web.forms import OnceForm
from web.loading import load, person, room
from web.pieces import Text

ROOM = "people.erase"
# Retention and donors themselves need no second person, and no form here.
_BASES = (Erasure.Basis.ASKED, Erasure.Basis.MISTAKE)


class AboutForm(OnceForm):
    """Any form about one person: the colleague who decides sees whom it is about, by code name."""

    about: registry.Person

    def also_said(self) -> list[tuple[str, str]]:
        """Kind and code name; opaque among colleagues."""
        kind = registry.kind_of(self.about.kind)
        return [(gettext("About"), f"{kind.title} {self.about.called}")]


F = TypeVar("F", bound=AboutForm)


class EraseForm(AboutForm):
    basis = forms.ChoiceField(
        label=_("Why"),
        choices=[(one.value, one.label) for one in _BASES],
        widget=forms.RadioSelect,
    )


class HoldForm(AboutForm):
    reason = forms.CharField(
        label=_("Why it must be kept"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Which claim or proceeding. Sealed; write no more than a colleague needs to decide."),
    )


@require_safe
@room(ROOM)
def subject(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What is known of erasing this person: what is in the way, what goes, what stays, what was done."""
    kind, shown = person_or_404(pk)
    at = timezone.now()
    done = Erasure.objects.filter(subject_id=pk).first()
    context = {
        "shown": shown,
        "kind": kind,
        "obstacles": [] if done else obstacles(kind, pk, at),
        "traces": [trace for trace in _traces() if trace.only in ("", kind.name)],
        "erasure": done,
        "figures": _figures(done),
        "hold": LegalHold.objects.live().on(pk).first(),
        "statement": statement(),
    }
    return render(request, "desk/people/subject.html", context)


def _traces() -> list[registry.Trace]:
    return [*registry.traces(outside=True), *registry.traces(outside=False)]


def _figures(done: Erasure | None) -> list[tuple[Any, int]]:
    titles = {trace.label: trace.title for trace in _traces()}
    titles["index"] = _("Digests by which names and addresses were found")
    return [(titles.get(label, label), count) for label, count in done.figures.items()] if done else []


@require_http_methods(["GET", "POST"])
@room(ROOM)
def erase(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Ask for it, and once a colleague has agreed, carry it out."""
    _kind, shown = person_or_404(pk)
    if request.method == "GET" and Erasure.objects.filter(subject_id=pk).exists():
        return redirect("desk:subject", pk)  # it says when that was, and what it did not reach
    approval = agreed(request)
    form = _about(request, EraseForm, shown, initial=typed(approval, EraseForm))
    back = reverse("desk:subject", args=[pk])
    if form.is_valid():
        basis = form.cleaned_data["basis"]
        ask = Ask(actions.KIND, pk, actions.erasure_terms(basis=basis))
        words = gettext("The person is erased. What that does not reach stands below.")
        if ask_or_do(request, form, ask, actions.begin_erasure, words, subject_id=pk, basis=basis):
            if not was_asked(form):
                carrying_out.carry_on(form.result, by=person(request), at=timezone.now())
            return after(form, back)
    lead = _about_whom(
        shown, _("Their key is destroyed; nobody can bring it back. What the books must keep stays nameless.")
    )
    return two_person_page(request, form, Act(_("Erase a person"), _("Erase for ever"), back, lead), approval)


@require_POST
@room(ROOM)
def go_on(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """End an erasure that a dead process left half done."""
    broken_off: Erasure = load(Erasure.objects.unfinished(), pk)
    carrying_out.carry_on(broken_off, by=person(request), at=timezone.now())
    return redirect("desk:subject", broken_off.subject_id)


@require_http_methods(["GET", "POST"])
@room(ROOM)
def hold(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Keep everything about a person until two people lift it."""
    _kind, shown = person_or_404(pk)
    if request.method == "GET" and Erasure.objects.filter(subject_id=pk).exists():
        return redirect("desk:subject", pk)  # nothing is left to keep
    approval = agreed(request)
    form = _about(request, HoldForm, shown, initial=typed(approval, HoldForm))
    back = reverse("desk:subject", args=[pk])
    if form.is_valid():
        ask = Ask(holds.PUT, pk, holds.hold_terms())
        words = gettext("The hold is on. It is looked at again in half a year.")
        reason = form.cleaned_data["reason"]
        if ask_or_do(request, form, ask, holds.put_hold, words, subject_id=pk, reason=reason):
            return after(form, back)
    lead = _about_whom(
        shown, _("Nothing about this person is erased or deleted by retention while the hold lasts.")
    )
    return two_person_page(request, form, Act(_("Put a legal hold"), _("Put it"), back, lead), approval)


@require_http_methods(["GET", "POST"])
@room(ROOM)
def lift(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Let retention and erasure go on; ``pk`` is the hold."""
    held: LegalHold = load(LegalHold.objects.live(), pk)
    _kind, shown = person_or_404(held.subject_id)
    approval = agreed(request)
    form = _about(request, AboutForm, shown)
    back = reverse("desk:subject", args=[shown.id])
    if form.is_valid():
        ask = Ask(holds.LIFT, shown.id, holds.hold_terms())
        words = gettext("The hold is lifted.")
        if ask_or_do(request, form, ask, holds.lift_hold, words, hold=held):
            return after(form, back)
    lead = _about_whom(
        shown, _("What the table of retention says applies to this person again from tonight.")
    )
    return two_person_page(request, form, Act(_("Lift a legal hold"), _("Lift it"), back, lead), approval)


@require_http_methods(["GET", "POST"])
@room(ROOM)
def export(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A copy of everything about a person, for themselves: asked, agreed, then taken once as a file."""
    _kind, shown = person_or_404(pk)
    approval = agreed(request)
    form = _about(request, AboutForm, shown)
    back = reverse("desk:subject", args=[pk])
    if form.is_valid():
        ask = Ask(handing_out.KIND, pk, handing_out.export_terms())
        if ask_or_do(request, form, ask, handing_out.export_person, gettext("Taken."), subject_id=pk):
            return after(form, back) if was_asked(form) else _file(form.result)
    lead = _about_whom(
        shown, _("Everything held about this person in one JSON file; taking it opens it, which is recorded.")
    )
    act = Act(_("Copy for the person"), _("Take the file"), back, lead)
    return two_person_page(request, form, act, approval)


def _about_whom(shown: registry.Person, words: Text) -> str:
    return f"{registry.kind_of(shown.kind).title} {shown.called}. {words}"


def _file(copied: dict[str, Any]) -> HttpResponse:
    answer = JsonResponse(copied, json_dumps_params={"ensure_ascii": False, "indent": 2})
    answer["Content-Disposition"] = 'attachment; filename="copy.json"'  # no name, no code name
    return answer


def _about(request: HttpRequest, form: type[F], shown: registry.Person, **more: Any) -> F:
    made = sent_form(request, form, **more)
    made.about = shown
    return made
