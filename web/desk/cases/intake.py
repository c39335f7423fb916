"""Taking in a person on one page; likely duplicates are shown before anything is written."""

import datetime
import functools
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from audit import spent
from cases import finding
from cases.actions import desk
from cases.actions.intake import receive_case
from cases.models import Case, Court, IntakeDraft
from web.desk.acting import carry_out, press, sent
from web.desk.cases.intake_form import NEW_PERSON, IntakeForm
from web.loading import load, person, room
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
    draft = _draft(request)
    initial = draft.values if draft is not None else None
    return intake_page(request, receive_case, initial=initial, keeps_drafts=True)


@require_POST
@room("cases.open")
def drop_draft(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    """It is not wanted."""
    draft = load(IntakeDraft.objects.visible_to(person(request), timezone.now()), draft_id)
    return press(request, desk.drop_draft, _("The draft is gone."), reverse("desk:case-new"), draft=draft)


def _draft(request: HttpRequest) -> IntakeDraft | None:
    """The draft that the address names, of this person; the page then carries on where it stood."""
    try:
        key = uuid.UUID(request.GET.get("draft", ""))
    except ValueError:
        return None
    mine = IntakeDraft.objects.visible_to(person(request), timezone.now())
    found: IntakeDraft | None = mine.filter(pk=key).first()
    return found


def intake_page(
    request: HttpRequest,
    action: Callable[..., Case],
    *,
    initial: dict[str, Any] | None = None,
    back: tuple[str, Text] | None = None,
    keeps_drafts: bool = False,
    **more: Any,
) -> HttpResponse:
    """The intake, ended by ``action``, which takes ``intake``, ``client`` and what is in ``more``.

    ``initial`` fills the page, ``back`` is the way out of it: an address and its words. With
    ``keeps_drafts`` what was sent and not finished is found again on the empty page.
    """
    form = sent(request, IntakeForm, **({"initial": initial} if initial else {}))
    found: list[Candidate] = []
    if form.is_valid():
        again = spent.is_spent(f"form:{form.cleaned_data['once']}")
        duplicates = [] if again else finding.likely_duplicates(form.person(), limit=6)
        found = candidates(duplicates, person(request), timezone.now())
        if _decided(form, found) and _receive(request, form, duplicates, functools.partial(action, **more)):
            if keeps_drafts:
                _forget_draft(request, form)
            return redirect("desk:case", form.result.pk)
    if keeps_drafts and form.is_bound:
        _keep_draft(request, form)
    mine = IntakeDraft.objects.visible_to(person(request), timezone.now())
    context = {
        "drafts": list(mine) if keeps_drafts and not form.is_bound and not initial else [],
        "form": form,
        "candidates": found,
        "courts": court_names() if not found else [],
        "back": back or (reverse("desk:cases"), _("Cases")),
    }
    return render(request, "desk/cases/new.html", context)


def _keep_draft(request: HttpRequest, form: IntakeForm) -> None:
    """What was typed, under the page's own token; a page that took effect leaves none."""
    token = form.data.get("once", "")
    values = {name: form.data[name] for name in form.fields if name != "same" and form.data.get(name)}
    if len(values) > 1 and not spent.is_spent(f"form:{token}"):
        user = person(request)
        desk.keep_draft(owner=user, token=token[:64], values=values, by=user, at=timezone.now())


def _forget_draft(request: HttpRequest, form: IntakeForm) -> None:
    user, at = person(request), timezone.now()
    digest = desk.digest_of(form.cleaned_data["once"])
    for draft in IntakeDraft.objects.visible_to(user, at).filter(form_digest=digest):
        desk.drop_draft(draft=draft, by=user, at=at)


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
