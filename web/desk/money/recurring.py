"""Monthly gifts: the list, finding one on a giver's word, stopping it."""

import re
import uuid

from django import forms
from django.contrib import messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from donations import mandates, tasks
from donations.actions import recurring as actions
from donations.models import RecurringDonation
from donations.models.gifts import BOOKED
from donations.stripe_gateway import GatewayError
from web.amounts import AmountField
from web.desk.acting import Act, act_page, carry_out, sent
from web.desk.money.fund_forms import day_field
from web.desk.money.gift_tabs import gifts_page
from web.forms import FilterForm, OnceForm
from web.loading import load, person, room
from web.paging import page_of


class RecurringFilter(FilterForm):
    state = forms.ChoiceField(label=_("State"), choices=[("", _("Any")), *RecurringDonation.State.choices])


class FindForm(OnceForm):
    """What a giver who lost their code still knows. Nothing of it is stored."""

    amount_minor = AmountField(label=_("Amount each month"))
    on = day_field(_("A day on which it was taken"), help_text=_("A day too early or late does not matter."))
    last_four = forms.CharField(
        label=_("Last four digits of the card or account"),
        help_text=_("Compared at the payment company; we neither have nor keep them."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "num"}),
    )

    def clean_last_four(self) -> str:
        """Four digits."""
        digits = str(self.cleaned_data["last_four"]).strip()
        if not re.fullmatch(r"[0-9]{4}", digits):
            raise forms.ValidationError(_("Write four digits."))
        return digits


def _rows() -> QuerySet[RecurringDonation]:
    from django.db.models import Q

    paid = Count("donations", filter=Q(donations__status__in=BOOKED))
    return RecurringDonation.objects.select_related("fund").annotate(months=paid)


@require_safe
@room("donations.see")
def recurring(request: HttpRequest) -> HttpResponse:
    """Every monthly gift, newest first."""
    filters = RecurringFilter(request.GET)
    found = _rows()
    if filters.is_valid() and filters.cleaned_data["state"]:
        found = found.filter(state=filters.cleaned_data["state"])
    page = page_of(found, cursor=request.GET.get("cursor", ""), order="-begun_at")
    return gifts_page(request, "recurring", "recurring", page=page, filters=filters)


@require_http_methods(["GET", "POST"])
@room("donations.work")
def find(request: HttpRequest) -> HttpResponse:
    """Find a monthly gift by amount, day and last four digits, to stop it for its giver."""
    form = sent(request, FindForm)
    back = reverse("desk:recurring")
    if form.is_valid():
        asked = {name: form.cleaned_data[name] for name in ("amount_minor", "on", "last_four")}
        try:
            found = mandates.find(**asked, gateway=tasks.gateway())
        except GatewayError:
            form.add_error(None, _("The payment company does not answer. Try again in a minute."))
        else:
            if len(found) == 1:
                return redirect("desk:recurring-stop", found[0].pk)
            none = _("No monthly gift fits. Ask for another day, or for the amount on the bank statement.")
            many = _("More than one fits. Ask for the day of another month.")
            form.add_error(None, many if found else none)
    lead = _("For givers who lost their code and want it to end. Do not ask who they are.")
    return act_page(request, form, Act(_("Find a monthly gift"), _("Find it"), back, lead))


@require_http_methods(["GET", "POST"])
@room("donations.work")
def stop(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Stop one for its giver. The wish is stored first; Stripe is told at once."""
    mandate = load(_rows(), pk)
    form = sent(request, OnceForm)
    back = reverse("desk:recurring")
    if form.is_valid():
        reason = RecurringDonation.StopReason.STAFF
        words = _("It is stopped. Nothing more will be taken.")
        if carry_out(request, form, actions.ask_stop, words, mandate=mandate, reason=reason):
            _tell(request, form.result)
            return redirect(back)
    act = Act(_("Stop this monthly gift"), _("Stop it"), back, _("This is final. A new one can be begun."))
    return gifts_page(request, "recurring_stop", "recurring", form=form, act=act, mandate=mandate)


def _tell(request: HttpRequest, mandate: RecurringDonation) -> None:
    try:
        mandates.finish_stop(mandate, tasks.gateway(), at=timezone.now(), by=person(request))
    except GatewayError:
        words = _("The payment company does not answer now. It is told within five minutes.")
        messages.warning(request, str(words))
