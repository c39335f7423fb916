"""Asking for help: one page, a code, and the way back with it. Nothing of it stands in an address."""

import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from accounts import codes
from audit.actors import PUBLIC
from cases.actions.asking import add_help_note, ask_for_help, asked_in_an_hour
from cases.models import HelpRequest
from cases.models.asking import HelpState
from vault import keys
from web.public.asking.forms import BackForm, HelpForm, NoteForm
from web.public.guards import without_cookie

# A line that drops before the answer came: the same page sent again shows the same code for so long.
AGAIN = datetime.timedelta(minutes=10)


@require_http_methods(["GET", "HEAD", "POST"])
@without_cookie
def ask(request: HttpRequest) -> HttpResponse:
    """The form; after it the code, shown once."""
    at = timezone.now()
    asks = asked_in_an_hour(at) >= settings.HELP_EASY
    form = HelpForm(request.POST if request.method == "POST" else None, asks=asks)
    if form.is_bound and form.is_valid():
        code = form.fresh_code()
        if _kept(form, code, at) or _kept_just_now(code, at):
            return render(request, "public/help/code.html", {"code": code})
    return render(request, "public/help/ask.html", {"form": form})


def _kept(form: HelpForm, code: str, at: datetime.datetime) -> bool:
    given = form.cleaned_data
    told = {name: given[name] for name in ("words", "name", "contact", "hearing_on")}
    return form.carry_out(ask_for_help, code=code, language=get_language() or "en", by=PUBLIC, at=at, **told)


def _kept_just_now(code: str, at: datetime.datetime) -> bool:
    made = HelpRequest.objects.filter(code_digest=codes.digest(code), asked_at__gt=at - AGAIN)
    return made.exists()


@require_http_methods(["GET", "HEAD", "POST"])
@without_cookie
def back(request: HttpRequest) -> HttpResponse:
    """The state behind a code, in coarse words, and a few more words to add."""
    if request.method != "POST":
        return render(request, "public/help/back.html", {"form": BackForm()})
    form = BackForm(request.POST)
    found = _request_of(form.cleaned_data["code"]) if form.is_valid() else None
    if found is None:
        if form.is_valid():
            form.add_error("code", _("We know no such code, or it has ended. Look at each sign once more."))
        return render(request, "public/help/back.html", {"form": form})
    context: dict[str, Any] = {"asked": found, "note_form": _empty(form)}
    if "text" in request.POST:
        note = NoteForm(request.POST)
        if note.is_valid() and note.carry_out(
            add_help_note, asked=found, text=note.cleaned_data["text"], by=PUBLIC, at=timezone.now()
        ):
            context["added"] = True
        else:
            context["note_form"] = note
    context["may_add"] = found.state != HelpState.REFUSED
    return render(request, "public/help/state.html", context)


def _empty(form: BackForm) -> NoteForm:
    return NoteForm(initial={"code": form.cleaned_data["code"]})


def _request_of(code: str) -> HelpRequest | None:
    """The request behind a code while its words are kept."""
    found: HelpRequest | None = HelpRequest.objects.filter(code_digest=codes.digest(code)).first()
    return found if found is not None and keys.exists(found.pk) else None
