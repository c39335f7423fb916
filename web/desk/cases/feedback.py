"""Codes for feedback, given by who works on a case; what was sent by them, answered by somebody else."""

import uuid

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import codes
from cases.actions import feedback as acts
from cases.models import Feedback
from vault.fields import prefetch
from web.desk.acting import carry_out, press, say_errors
from web.desk.cases.fields import WordsField
from web.desk.cases.frame import back_to, open_case, url_of
from web.forms import OnceForm
from web.loading import load, person, room

_SHOWN = 200


class AnswerForm(OnceForm):
    """The words that whoever has the code reads; no name belongs in them."""

    answer = WordsField(
        label=_("Your answer"),
        rows=5,
        max_length=4000,
        help_text=_("Whoever has the code reads it. Name nobody: the code may be found on a searched phone."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )


@require_safe
@room("feedback.answer")
def listing(request: HttpRequest) -> HttpResponse:
    """What is open, oldest first, by the case's code name; the words are opened on their own page."""
    now = timezone.now()
    seen = Feedback.objects.visible_to(person(request), now).select_related("case__client")
    context = {
        "open": seen.open()[:_SHOWN],
        "closed": seen.exclude(closed_at=None).order_by("-closed_at")[:20],
        "now": now,
    }
    return render(request, "desk/asked/feedback.html", context)


@require_http_methods(["GET", "POST"])
@room("feedback.answer")
def one(request: HttpRequest, feedback_id: uuid.UUID) -> HttpResponse:
    """The words, opened and recorded, and the answer."""
    row = _load(request, feedback_id)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if (
        form.is_bound
        and form.is_valid()
        and carry_out(
            request,
            form,
            acts.answer_feedback,
            _("The answer is kept for whoever has the code."),
            feedback=row,
            answer=form.cleaned_data["answer"],
        )
    ):
        return redirect("desk:feedback-one", row.pk)
    prefetch([row], "words")
    return render(request, "desk/asked/feedback_one.html", {"row": row, "form": form, "now": timezone.now()})


@require_POST
@room("feedback.answer")
def close(request: HttpRequest, feedback_id: uuid.UUID) -> HttpResponse:
    """Nothing more is to be done."""
    row = _load(request, feedback_id)
    to = reverse("desk:feedback-one", args=[row.pk])
    return press(request, acts.close_feedback, _("Closed."), to, feedback=row)


@require_POST
@room("cases.work")
def give_code(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """A new code for the client or a relative, shown in this one answer."""
    case = open_case(request, case_id)
    form, code = OnceForm(request.POST), codes.new_code()
    if not form.is_valid() or not form.carry_out(
        acts.give_feedback_code, case=case, code=code, by=person(request), at=timezone.now()
    ):
        say_errors(request, form)
        return back_to(case)
    return render(request, "desk/asked/code.html", {"code": code, "case": case, "back_url": url_of(case)})


@require_POST
@room("cases.work")
def end_codes(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """No code of this case works any more."""
    case = open_case(request, case_id)
    done = _("No code of this case works any more.")
    return press(request, acts.end_feedback_codes, done, url_of(case), case=case)


def _load(request: HttpRequest, feedback_id: uuid.UUID) -> Feedback:
    seen = Feedback.objects.visible_to(person(request), timezone.now())
    return load(seen.select_related("case__client"), feedback_id)
