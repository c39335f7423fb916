"""What a human has to decide about gifts: what differs, comes from a risk country, or was lost."""

import uuid
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from donations import held
from donations.actions import alarms as actions
from donations.models import Alarm
from treasury.actions import allocation
from treasury.models import Fund
from web.desk.acting import Act, carry_out, sent
from web.desk.asking import Ask, after, agreed, ask_or_do, two_person_page, typed
from web.desk.money.fund_forms import open_funds
from web.desk.money.gift_tabs import gifts_page
from web.formats import write_money
from web.forms import FilterForm, OnceForm
from web.loading import load, room
from web.paging import page_of

Kind, Decision = Alarm.Kind, Alarm.Decision
# What each asks, in words for somebody who has never met one.
LEADS: dict[str, Any] = {
    Kind.DIFFERS: _("The gift asked for another amount or currency. What arrived is booked."),
    Kind.RISK_COUNTRY: _(
        "The giver may be in danger: their bank has seen the payment. A refund is a second line in the same"
        " records, so it does not undo the first; think before you choose. A monthly gift was stopped."
    ),
    Kind.FOREIGN: _("The money lies at the payment company in another currency and is not in the books."),
    Kind.UNKNOWN: _("The payment company moved money for a reason we do not know. It waits in suspense."),
    Kind.STRAY: _("Somebody paid, and no gift of ours asked for it. The money waits in suspense."),
    Kind.LOSS: _("The money went back after the fund had spent it. Two people decide which fund bears it."),
    Kind.DISPUTE: _(
        "The giver’s bank contests the payment or asks about it. Answer on the payment company’s dashboard."
        " Send no facts about the giver: we have none."
    ),
    Kind.REFUND_FAILED: _("The refund could not be delivered and the money is ours again."),
    Kind.PAYOUT_FAILED: _("Our bank sent the payout back. Check the account at the payment company."),
    Kind.PAYOUT_DIFFERS: _(
        "The payout is not the sum of the transactions it names. Ask the payment company."
    ),
    Kind.AFTER_STOP: _("A month was taken after the monthly gift was to stop. Normally it goes back."),
    Kind.LARGE: _(
        "A gift, or the gifts of one giver within a year, above the ceiling for gifts without identity. It is"
        " booked, and held until it is known who gives and where the money is from."
    ),
    Kind.DECLINES: _(
        "More than half of the cards tried within an hour were declined: somebody may be testing stolen ones."
        " Nothing was stopped. Look at the payment company’s dashboard; take a campaign page down if it"
        " goes on."
    ),
    Kind.FUND_CLOSED: _("The giver wanted the money back should the fund end, and it has ended."),
}


class AlarmFilter(FilterForm):
    kind = forms.ChoiceField(label=_("What"), choices=[("", _("Any")), *Kind.choices])
    decided = forms.BooleanField(label=_("Decided ones too"))


class DecideForm(OnceForm):
    """One of the decisions that fit."""

    decision = forms.ChoiceField(label=_("Decision"), widget=forms.RadioSelect)

    def __init__(self, *args: object, alarm: Alarm, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        offers = actions.OFFERS[alarm.kind]
        self.fields["decision"].choices = [(key, Decision(key).label) for key in offers]  # type: ignore[attr-defined]


class FundForm(OnceForm):
    """The fund that bears it."""

    fund = forms.ModelChoiceField(label=_("Fund"), queryset=Fund.objects.none())

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fund"].queryset = open_funds().order_by("-kind", "code")  # type: ignore[attr-defined]


@require_safe
@room("donations.see")
def quarantine(request: HttpRequest) -> HttpResponse:
    """What waits for a decision, newest first."""
    filters = AlarmFilter(request.GET)
    found = Alarm.objects.select_related("donation__fund")
    chosen = filters.cleaned_data if filters.is_valid() else {}
    if not chosen.get("decided"):
        found = found.open()
    if chosen.get("kind"):
        found = found.filter(kind=chosen["kind"])
    page = page_of(found, cursor=request.GET.get("cursor", ""), order="-raised_at")
    return gifts_page(request, "quarantine", "quarantine", page=page, filters=filters)


@require_http_methods(["GET", "POST"])
@room("donations.work")
def decide(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Decide one: keep, see, or go on to the page that gives back, books or covers."""
    alarm = load(Alarm.objects.open().select_related("donation__fund"), pk)
    if alarm.kind == Kind.LARGE and alarm.donation and alarm.donation.donor_id:
        return redirect("desk:donor-check", alarm.pk)
    form = sent(request, DecideForm, alarm=alarm)
    back = reverse("desk:quarantine")
    if form.is_valid():
        decision = form.cleaned_data["decision"]
        if decision == Decision.REFUND:
            return redirect("desk:refund", alarm.donation_id)
        if decision in (Decision.FEE, Decision.COVERED):
            return redirect("desk:alarm-fund", alarm.pk)
        if carry_out(request, form, actions.decide_alarm, _("Decided."), alarm=alarm, decision=decision):
            return redirect(back)
    act = Act(alarm.get_kind_display(), _("Decide"), back, LEADS[alarm.kind])
    return gifts_page(request, "decide", "quarantine", form=form, act=act, alarm=alarm, **held_of(alarm))


def held_of(alarm: Alarm) -> dict[str, Any]:
    """For the page that decides: what of the gift is held meanwhile."""
    if alarm.donation is None:
        return {}
    return {"held_minor": held.held_minor(alarm.donation), "books_currency": alarm.donation.fund.currency}


@require_http_methods(["GET", "POST"])
@room("donations.work")
def fund_of_alarm(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Name the fund that bears a loss (two people) or a fee."""
    alarm = load(Alarm.objects.open(), pk)
    approval = agreed(request)
    form = sent(request, FundForm, initial=typed(approval, FundForm))
    back = reverse("desk:quarantine")
    if form.is_valid():
        fund = form.cleaned_data["fund"]
        if alarm.kind != Kind.LOSS:
            if carry_out(request, form, actions.book_alarm, _("Booked."), alarm=alarm, fund=fund):
                return redirect(back)
        else:
            terms = allocation.cover_terms(fund=fund, amount_minor=alarm.amount_minor)
            ask = Ask("allocation", fund.pk, terms)
            words = str(_("The loss is covered."))
            if ask_or_do(request, form, ask, actions.cover_alarm, words, alarm=alarm, fund=fund):
                return after(form, back)
    amount = write_money(alarm.amount_minor, alarm.currency)
    heading = _("Which fund bears %s?") % amount
    return two_person_page(request, form, Act(heading, _("Go on"), back, LEADS[alarm.kind]), approval)
