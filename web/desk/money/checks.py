"""The dated check of somebody who gives much: who they are, where the money is from."""

import uuid

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from donations.actions.donors import record_check
from donations.models import Alarm, DonorCheck
from web.desk.acting import Act, carry_out, sent
from web.desk.money.gift_tabs import gifts_page
from web.desk.money.quarantine import LEADS, held_of
from web.forms import OnceForm
from web.loading import load, room


class CheckForm(OnceForm):
    """What was found; it is sealed under the giver's own key and goes with them."""

    outcome = forms.ChoiceField(
        label=_("What was found"), choices=DonorCheck.Outcome.choices, widget=forms.RadioSelect
    )
    words = forms.CharField(
        label=_("Who gives, and where the money is from"),
        help_text=_("Sealed; it goes when the giver is erased. Name no client and no lawyer."),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )


@require_http_methods(["GET", "POST"])
@room("donations.work")
def check(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Passed: the gift may be used, and a year long nothing is asked. Failed: on to giving it back."""
    waiting = Alarm.objects.open().filter(kind=Alarm.Kind.LARGE, donation__donor__isnull=False)
    alarm = load(waiting.select_related("donation__fund", "donation__donor"), pk)
    form = sent(request, CheckForm)
    values = {name: form.cleaned_data.get(name) for name in ("outcome", "words")} if form.is_valid() else {}
    if values and carry_out(request, form, record_check, _("The check is recorded."), alarm=alarm, **values):
        if values["outcome"] == DonorCheck.Outcome.FAILED:
            return redirect("desk:refund", alarm.donation_id)
        return redirect("desk:quarantine")
    act = Act(_("Who gives so much?"), _("Record the check"), reverse("desk:quarantine"), LEADS[alarm.kind])
    return gifts_page(request, "decide", "quarantine", form=form, act=act, alarm=alarm, **held_of(alarm))
