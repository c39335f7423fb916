"""Feedback and complaints by a code that a client or a relative was given."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from accounts import codes
from audit.actors import PUBLIC
from cases.actions.asking import asked_in_an_hour
from cases.actions.feedback import send_feedback
from cases.models import Feedback, FeedbackCode
from cases.models.asking import FeedbackKind
from vault import keys
from web.public.asking.forms import BackForm, FeedbackForm
from web.public.guards import without_cookie


@require_http_methods(["GET", "HEAD", "POST"])
@without_cookie
def send(request: HttpRequest) -> HttpResponse:
    """A code, what it is, the words; they go past the coordinator."""
    at = timezone.now()
    asks = asked_in_an_hour(at) >= settings.HELP_EASY
    form = FeedbackForm(request.POST if request.method == "POST" else None, asks=asks)
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        code = _code(given["code"])
        if code is None:
            form.add_error("code", _("We know no such code, or it has ended. Look at each sign once more."))
        elif form.carry_out(
            send_feedback, code=code, kind=FeedbackKind(given["kind"]), words=given["words"], by=PUBLIC, at=at
        ):
            return render(request, "public/help/sent.html")
    return render(request, "public/help/feedback.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@without_cookie
def answers(request: HttpRequest) -> HttpResponse:
    """What was answered, for whoever has the code; never what was sent."""
    form = BackForm(request.POST if request.method == "POST" else None)
    code = _code(form.cleaned_data["code"]) if form.is_bound and form.is_valid() else None
    if code is None:
        if form.is_bound and form.is_valid():
            form.add_error("code", _("We know no such code, or it has ended. Look at each sign once more."))
        return render(request, "public/help/answers_find.html", {"form": form})
    rows = list(Feedback.objects.filter(code=code).order_by("-sent_at"))
    return render(request, "public/help/answers.html", {"rows": rows})


def _code(typed: str) -> FeedbackCode | None:
    """The live code of a client who is not erased."""
    digest = codes.digest(typed)
    found: FeedbackCode | None = (
        FeedbackCode.objects.filter(code_digest=digest, ended_at=None).select_related("case").first()
    )
    return found if found is not None and keys.exists(found.case.client_id) else None
