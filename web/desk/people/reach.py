"""What an account could read and did read; cutting it off, letting it in again, a lost second factor."""

import uuid

from allauth.mfa.utils import is_mfa_enabled
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actions import cutting
from accounts.actions.people import reset_second_factor
from accounts.blast import blast_radius
from accounts.models import CutOff, User
from web.desk.acting import Act, act_page, carry_out, sent
from web.desk.asking import Ask, after, agreed, ask_or_do, two_person_page
from web.forms import OnceForm
from web.loading import load, person, room


class ReasonForm(OnceForm):
    """A reason that is sealed and read by colleagues later."""

    reason = forms.CharField(
        label=_("Why"), widget=forms.Textarea(attrs={"rows": 2}), min_length=10, max_length=1000
    )


class AboutForm(OnceForm):
    """Nothing to fill in; the colleague reads whom it is about."""

    whom = ""

    def also_said(self) -> list[tuple[str, str]]:
        return [(gettext("For"), self.whom)] if self.whom else []


@require_safe
@room("people.cut_off")
def reach(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """After an arrest or a stolen phone: what was within reach, and what was taken from there."""
    shown: User = load(User.objects.all(), pk)
    user = person(request)
    context = {
        "member": shown,
        "radius": blast_radius(shown, timezone.now()),
        "is_self": user.pk == shown.pk,
        "may_audit": user.has("audit.see"),
        "has_factor": is_mfa_enabled(shown),
    }
    return render(request, "desk/people/reach.html", context)


@require_http_methods(["GET", "POST"])
@room("people.cut_off")
def cut_off(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One press ends all that the account can do."""
    shown: User = load(User.objects.active(), pk)
    back = reverse("desk:reach", args=[pk])
    if shown.pk == person(request).pk:
        messages.error(request, gettext("This is your own account. A colleague has to cut it off."))
        return redirect(back)
    form = sent(request, ReasonForm)
    if form.is_valid():
        done = _("Cut off. Nothing of this account opens anything any more.")
        values = {"user": shown, "reason": form.cleaned_data["reason"]}
        if carry_out(request, form, cutting.cut_off, done, **values):
            return redirect(back)
    lead = _(
        "Sessions, tokens, access to cases, teams, calendar feeds and sign-in of %s end at once. Two people"
        " can let them sign in again; access to cases is then given anew."
    )
    act = Act(_("Cut off"), _("Cut off now"), back, lead % shown.username)
    return act_page(request, form, act)


@require_http_methods(["GET", "POST"])
@room("people.cut_off")
def let_in(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Sign-in opens again, by two people."""
    cut: CutOff = load(CutOff.objects.filter(restored_at=None).select_related("user"), _cut_of(pk))
    back = reverse("desk:reach", args=[pk])
    approval, form = agreed(request), sent(request, AboutForm)
    form.whom = cut.user.short
    if form.is_valid():
        ask = Ask("access.restore", pk, {})
        if ask_or_do(
            request, form, ask, cutting.let_in_again, gettext("They may sign in again."), user=cut.user
        ):
            return after(form, back)
    lead = _("For %s. Be sure that it is they who ask, and that the device is in their hands.")
    act = Act(_("Let somebody sign in again"), _("Let them in"), back, lead % cut.user.username)
    return two_person_page(request, form, act, approval)


@require_http_methods(["GET", "POST"])
@room("people.cut_off")
def reset_factor(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A lost second factor is taken away, by two people; a new one is set up at the next sign-in."""
    shown: User = load(User.objects.active(), pk)
    back = reverse("desk:reach", args=[pk])
    approval, form = agreed(request), sent(request, AboutForm)
    form.whom = shown.short
    if shown.pk == person(request).pk:
        messages.error(request, gettext("This is your own. Two colleagues have to do it."))
        return redirect(back)
    if form.is_valid():
        ask = Ask("second-factor.reset", pk, {})
        done = gettext("It is taken away. They set up a new one when they sign in next.")
        if ask_or_do(request, form, ask, reset_second_factor, done, user=shown):
            return after(form, back)
    lead = _("For %s. Speak with them first, by a way that does not go through the lost device.")
    act = Act(_("Take a lost second factor away"), _("Take it away"), back, lead % shown.username)
    return two_person_page(request, form, act, approval)


def _cut_of(user_id: uuid.UUID) -> uuid.UUID:
    found = CutOff.objects.filter(user=user_id, restored_at=None).values_list("pk", flat=True).first()
    return found or user_id
