"""Taking in a person on one page; likely duplicates are shown before anything is written."""

import datetime
import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from audit import spent
from cases import finding
from cases.actions.intake import receive_case
from cases.models import Case, Court
from web.desk.acting import carry_out, sent
from web.desk.cases.intake_form import NEW_PERSON, IntakeForm
from web.loading import person, room
from web.pieces import Text

_ALIKE, _VERY_ALIKE = 0.72, 0.85


@dataclass(frozen=True)
class Candidate:
    """Somebody who may be the same person; the name only where the reader may open it."""

    client_id: str
    code_name: str
    name: str
    cases: list[Case]
    why: list[Text]


@require_http_methods(["GET", "POST"])
@room("cases.open")
def new_case(request: HttpRequest) -> HttpResponse:
    """The empty page; after Save, likely duplicates and a choice; then the new case."""
    return intake_page(request, receive_case)


def intake_page(
    request: HttpRequest,
    action: Callable[..., Case],
    *,
    initial: dict[str, Any] | None = None,
    back: tuple[str, Text] | None = None,
    **more: Any,
) -> HttpResponse:
    """The intake, ended by ``action``, which takes ``intake``, ``client`` and what is in ``more``.

    ``initial`` fills the page, ``back`` is the way out of it: an address and its words.
    """
    form = sent(request, IntakeForm, **({"initial": initial} if initial else {}))
    found: list[Candidate] = []
    if form.is_valid():
        again = spent.is_spent(f"form:{form.cleaned_data['once']}")
        duplicates = [] if again else finding.likely_duplicates(form.person(), limit=6)
        found = candidates(duplicates, person(request), timezone.now())
        if _decided(form, found) and _receive(request, form, duplicates, functools.partial(action, **more)):
            return redirect("desk:case", form.result.pk)
    context = {
        "form": form,
        "candidates": found,
        "courts": court_names() if not found else [],
        "back": back or (reverse("desk:cases"), _("Cases")),
    }
    return render(request, "desk/cases/new.html", context)


def candidates(duplicates: list[finding.Duplicate], user: User, at: datetime.datetime) -> list[Candidate]:
    """Who may be the same, likeliest first, as this reader may see them."""
    ids = [one.client.id for one in duplicates]
    listed = Case.objects.visible_to(user, at).filter(client__in=ids).select_related("client")
    cases = list(listed.order_by("-year", "-number"))
    names = finding.open_names(user, cases, at) if cases else {}
    found = []
    for one in duplicates:
        theirs = [case for case in cases if case.client_id == one.client.id]
        name = next((names[case.id] for case in theirs if case.id in names), "")
        found.append(Candidate(str(one.client.id), one.client.code_name, name, theirs, reasons(one)))
    return found


def reasons(one: finding.Duplicate) -> list[Text]:
    """What makes somebody a candidate, in words."""
    words: list[Text] = [
        _("The name is very much alike.") if one.name >= _VERY_ALIKE
        else _("The name is alike.") if one.name >= _ALIKE
        else _("The name is a little alike.")
    ]  # fmt: skip
    if one.birth >= 1:
        words.append(_("The birth date agrees."))
    elif one.birth < 0.7:
        words.append(_("The birth date differs."))
    if one.place >= 1:
        words.append(_("The place agrees."))
    return words


def court_names() -> list[str]:
    """The names offered while one types a court."""
    return [court.name for court in Court.objects.all()]


def _decided(form: IntakeForm, found: list[Candidate]) -> bool:
    """Nobody is alike, or the person at the page has said who it is."""
    chosen = form.cleaned_data["same"]
    if not found or chosen == NEW_PERSON or chosen in {one.client_id for one in found}:
        return True
    if chosen:
        form.add_error(None, _("Choose one of these people, or say that it is somebody else."))
    return False


def _receive(
    request: HttpRequest,
    form: IntakeForm,
    duplicates: list[finding.Duplicate],
    action: Callable[..., Case],
) -> bool:
    at = timezone.now()
    chosen = form.cleaned_data["same"]
    client = next((one.client for one in duplicates if str(one.client.id) == chosen), None)
    intake = form.intake(at)
    done = _("A new case of somebody we know is taken in.") if client else _("The case is taken in.")
    return carry_out(request, form, action, done, intake=intake, client=client)
