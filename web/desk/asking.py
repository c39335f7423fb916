"""Acts that take two people: the first sending asks, a colleague agrees, the second sending does it.

What was typed is kept sealed with the request, so that the colleague reads exactly what they agree to and
the person who asked need not type it again. The action compares the hash itself.
"""

import datetime
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from accounts.approvals import find_approved, request_approval
from accounts.models import Approval
from web.amounts import AmountField
from web.desk.acting import Act, carry_out
from web.formats import write_moment, write_money
from web.forms import OnceForm
from web.loading import person


@dataclass(frozen=True)
class Ask:
    """What a colleague has to agree to, as the action will compare it."""

    kind: str
    object_id: uuid.UUID
    payload: Mapping[str, Any]


def ask_or_do(
    request: HttpRequest, form: OnceForm, ask: Ask, action: Callable[..., Any], done: str, **arguments: Any
) -> bool:
    """Carry the action out if a colleague has agreed to exactly this; else ask for it. False if refused."""
    at = timezone.now()
    agreed = find_approved(kind=ask.kind, object_id=ask.object_id, payload=dict(ask.payload), at=at)
    if agreed is not None:
        return carry_out(request, form, action, done, **arguments)
    return carry_out(
        request,
        form,
        request_approval,
        _("Asked. It can go on once a colleague agrees; you find it here."),
        kind=ask.kind,
        object_id=ask.object_id,
        payload=dict(ask.payload),
        summary=_summary(request, form),
    )


def was_asked(form: OnceForm) -> bool:
    """Whether the form ended in a request instead of the act."""
    return isinstance(form.result, Approval)


def after(form: OnceForm, to: str) -> HttpResponse:
    """Where a person goes next: to what waits for a colleague, or to the page of the thing."""
    return redirect(reverse("desk:approvals") if was_asked(form) else to)


def agreed(request: HttpRequest) -> Approval | None:
    """The request that this page was opened to carry out (``?approval=``), if it still may be."""
    key = request.GET.get("approval", "")
    if not key:
        return None
    try:
        known = Approval.objects.filter(pk=uuid.UUID(key), state="approved", until__gt=timezone.now())
    except ValueError:
        raise Http404 from None
    found: Approval | None = known.filter(asked_by=person(request)).first()
    if found is not None and isinstance(kept(found), dict):
        return found
    if request.method == "POST":  # the same form once more: the action says that it was done
        return None
    raise Http404


def kept(approval: Approval) -> Any:
    """The sealed summary: words, or what a page of ours kept."""
    return approval.summary


def typed(approval: Approval | None, form: type[forms.Form]) -> dict[str, Any]:
    """What was typed when it was asked for, as the form's first values."""
    if approval is None:
        return {}
    values_of: dict[str, list[str]] = kept(approval).get("form", {})
    return {
        name: values if _is_list(form.base_fields[name]) else values[0]
        for name, values in values_of.items()
        if name in form.base_fields and values
    }


def two_person_page(
    request: HttpRequest,
    form: OnceForm,
    act: Act,
    approval: Approval | None,
    *,
    template: str = "desk/two_people.html",
    **more: Any,
) -> HttpResponse:
    """The form; or, when a colleague has agreed, what was agreed and one button."""
    lines = kept(approval)["said"] if approval is not None else []
    return render(request, template, {"form": form, "act": act, "said": lines, **more})


def _is_list(field: forms.Field) -> bool:
    return isinstance(field, forms.MultipleChoiceField | forms.ModelMultipleChoiceField)


def _summary(request: HttpRequest, form: OnceForm) -> Any:
    match = request.resolver_match
    hidden_words = getattr(form, "never_kept", ())
    fields = [bound for bound in form.visible_fields() if bound.name not in hidden_words]
    data: Any = form.data
    return {
        "said": [[str(bound.label), said(bound)] for bound in fields if said(bound)]
        + [[str(label), str(words)] for label, words in getattr(form, "also_said", list)()],
        "form": {bound.name: data.getlist(bound.html_name) for bound in fields}
        | getattr(form, "also_kept", dict)(),
        "page": reverse(match.view_name, kwargs=match.kwargs) if match else "",
    }


def said(bound: forms.BoundField) -> str:
    """What was answered, in the words of the page."""
    value = bound.data
    chosen = value if isinstance(value, list) else [value]
    names = {str(key): str(name) for key, name in _flat(getattr(bound.field, "choices", []))}
    words = [names.get(str(one), str(one)) for one in chosen if one not in (None, "")]
    if isinstance(bound.field, AmountField) and bound.field.currency and words:
        return write_money(bound.field.clean(words[0]), bound.field.currency)
    if isinstance(bound.field, forms.DateField) and words:
        day: datetime.date | None = parse_date(words[0])
        return write_moment(day) if day else words[0]
    return ", ".join(words)


def _flat(choices: Any) -> list[tuple[Any, Any]]:
    flat: list[tuple[Any, Any]] = []
    for key, name in choices:
        flat += _flat(name) if isinstance(name, list | tuple) else [(key, name)]
    return flat
