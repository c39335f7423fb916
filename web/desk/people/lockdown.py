"""The house locked down, and opened again by two people."""

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from accounts import lockdown as parts
from accounts.actions import cutting
from web.desk.acting import sent
from web.desk.asking import Ask, after, agreed, ask_or_do
from web.desk.people.reach import AboutForm, ReasonForm
from web.loading import person, room


@require_http_methods(["GET", "POST"])
@room("people.cut_off")
def lockdown(request: HttpRequest) -> HttpResponse:
    """Whether one stands; to begin one takes one person, to lift it two."""
    row = parts.standing()
    if row is None:
        return _begin(request)
    approval, form = agreed(request), sent(request, AboutForm)
    form.whom = gettext("Everybody")
    if form.is_valid():
        ask = Ask("lockdown.lift", row.pk, {})
        if ask_or_do(request, form, ask, cutting.lift_lockdown, gettext("People may sign in again.")):
            return after(form, "/desk/people/lockdown/")
    context = {"row": row, "form": form, "approval": approval}
    return render(request, "desk/people/locked.html", context)


def _begin(request: HttpRequest) -> HttpResponse:
    form = sent(request, ReasonForm)
    if form.is_valid():
        user, at = person(request), timezone.now()
        if form.carry_out(cutting.lock_down, reason=form.cleaned_data["reason"], by=user, at=at):
            for done in parts.run_parts(by=user, at=at):
                if done.error:
                    words = gettext("%(part)s failed; run the command “lockdown” again.") % {
                        "part": gettext(done.name)
                    }
                    messages.error(request, words)
            logout(request)  # this session has ended with all others
            return redirect("account_login")
    context = {"form": form, "parts": parts.parts(), "button": _("Lock the house down")}
    return render(request, "desk/people/lockdown.html", context)
