"""Requests for help at the desk: the list, one request, and what becomes of it."""

import uuid
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases.actions import asking
from cases.models import HelpRequest
from cases.models.asking import ASKING, REFUSING, HelpAnswer
from vault.fields import prefetch
from vault.keys import existing, exists
from web.desk.acting import carry_out, press, say_errors
from web.desk.cases.intake import intake_page
from web.forms import OnceForm
from web.loading import load, person, room

_SHOWN = 200


def _answers(among: tuple[HelpAnswer, ...]) -> list[tuple[str, Any]]:
    return [(answer.value, answer.label) for answer in among]


class RefuseForm(OnceForm):
    """Why we cannot help; the one who asked reads this sentence."""

    answer = forms.ChoiceField(label=_("They read"), choices=_answers(REFUSING), widget=forms.RadioSelect)


class BackForm(OnceForm):
    """What we still need; the one who asked reads this sentence."""

    answer = forms.ChoiceField(label=_("They read"), choices=_answers(ASKING), widget=forms.RadioSelect)


@require_safe
@room("cases.open")
def asked(request: HttpRequest) -> HttpResponse:
    """Undecided requests, those with a near day in court first. No name is opened here."""
    now = timezone.now()
    found = HelpRequest.objects.visible_to(person(request), now).to_read().select_related("case")
    return render(request, "desk/asked/list.html", {"requests": found[:_SHOWN], "now": now})


@require_safe
@room("cases.open")
def one(request: HttpRequest, request_id: uuid.UUID) -> HttpResponse:
    """What somebody wrote, opened and recorded; the ways on."""
    row = _load(request, request_id)
    forgotten = not exists(row.pk)
    added = list(row.notes.all())
    there = existing(note.subject_id for note in added)
    notes = [note for note in added if note.subject_id in there]  # later ones have the client's own key
    prefetch(notes, "text")
    if not forgotten:
        prefetch([row], "words")
    context = {
        "asked": row,
        "forgotten": forgotten,
        "notes": notes,
        "unread": any(note.read_at is None for note in added),
        "refuse_form": RefuseForm(auto_id="refuse_%s"),
        "back_form": BackForm(auto_id="back_%s"),
        "now": timezone.now(),
    }
    return render(request, "desk/asked/one.html", context)


@require_http_methods(["GET", "POST"])
@room("cases.open")
def take(request: HttpRequest, request_id: uuid.UUID) -> HttpResponse:
    """The intake page, filled with what they wrote; its action makes the case and settles the request."""
    row = _load(request, request_id)
    if row.decided_at is not None or not exists(row.pk):
        return redirect("desk:asked-one", row.pk)
    written = "\n\n".join([row.words, *(note.text for note in row.notes.all())])
    initial = {
        "name": row.name,
        "contacts": row.contact,
        "summary": written,
        "hearing_on": row.hearing_on,
        "client_kind": "detainee",
        "source": "family",
    }
    return intake_page(
        request,
        asking.take_help_request,
        initial=initial,
        back=(reverse("desk:asked-one", args=[row.pk]), _("The request")),
        asked=row,
    )


@require_POST
@room("cases.open")
def refuse(request: HttpRequest, request_id: uuid.UUID) -> HttpResponse:
    """We cannot help here."""
    return _answer(request, request_id, RefuseForm, asking.refuse_help_request, _("The request is refused."))


@require_POST
@room("cases.open")
def ask_back(request: HttpRequest, request_id: uuid.UUID) -> HttpResponse:
    """Ask for more."""
    return _answer(request, request_id, BackForm, asking.ask_back, _("They read it when they come back."))


@require_POST
@room("cases.open")
def notes_read(request: HttpRequest, request_id: uuid.UUID) -> HttpResponse:
    """The notes were read."""
    row = _load(request, request_id)
    to = reverse("desk:asked-one", args=[row.pk])
    return press(request, asking.read_help_notes, _("Marked as read."), to, asked=row)


def _load(request: HttpRequest, request_id: uuid.UUID) -> HelpRequest:
    seen = HelpRequest.objects.visible_to(person(request), timezone.now())
    return load(seen.select_related("case"), request_id)


def _answer(
    request: HttpRequest, request_id: uuid.UUID, form_class: type[OnceForm], action: Any, done: Any
) -> HttpResponse:
    row, form = _load(request, request_id), form_class(request.POST)
    if not form.is_valid() or not carry_out(
        request, form, action, done, asked=row, answer=HelpAnswer(form.cleaned_data["answer"])
    ):
        say_errors(request, form)
        return redirect("desk:asked-one", row.pk)
    return redirect("desk:asked")
