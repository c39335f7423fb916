"""Gifts by day, amount and fund, and one gift with all its facts. There is no giver in them."""

import datetime
import uuid

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from donations import held
from donations.actions import refunds
from donations.models import Alarm, Donation, Fact
from donations.models.gifts import Status
from treasury.models import Fund
from web.desk.money.fund_forms import DAY
from web.desk.money.gift_tabs import gifts_page
from web.forms import FilterForm
from web.loading import load, room
from web.paging import page_of

_MIND = [
    ("", _("Any")),
    ("open", _("Waits for a decision")),
    ("refunded", _("Given back, in part or whole")),
    ("disputed", _("Contested")),
    ("monthly", _("Monthly")),
]


class DonationFilter(FilterForm):
    status = forms.ChoiceField(label=_("State"), choices=[("", _("Any")), *Status.choices])
    fund = forms.ModelChoiceField(label=_("Fund"), queryset=Fund.objects.all(), empty_label=_("Any"))
    since = forms.DateField(label=_("From"), widget=forms.DateInput(attrs=DAY))
    until = forms.DateField(label=_("To"), widget=forms.DateInput(attrs=DAY))
    mind = forms.ChoiceField(label=_("Mind"), choices=_MIND)


@require_safe
@room("donations.see")
def donations(request: HttpRequest) -> HttpResponse:
    """Every gift, newest day first, flagged where a human has to decide."""
    filters = DonationFilter(request.GET)
    found = Donation.objects.select_related("fund").annotate(waits=Exists(_alarms()))
    if filters.is_valid():
        chosen = filters.cleaned_data
        names = {"status": "status", "fund": "fund", "since": "given_on__gte", "until": "given_on__lte"}
        found = found.filter(**{names[key]: value for key, value in chosen.items() if value and key in names})
        found = found.filter(_minded(chosen["mind"]))
    page = page_of(found, cursor=request.GET.get("cursor", ""), order="-given_on")
    return gifts_page(request, "donations", "donations", page=page, filters=filters)


def _alarms() -> QuerySet[Alarm]:
    return Alarm.objects.open().filter(donation=OuterRef("pk"))


def _minded(chosen: str) -> Q:
    return {
        "open": Q(waits=True),
        "refunded": Q(refunded_minor__gt=0),
        "disputed": Q(disputed_minor__gt=0),
        "monthly": Q(recurring__isnull=False),
    }.get(chosen, Q())


@require_safe
@room("donations.see")
def donation(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One gift: its state, every fact with what moved, what waits, what went back."""
    shown = load(Donation.objects.select_related("fund", "recurring"), pk)
    return gifts_page(
        request,
        "donation",
        "donations",
        gift=shown,
        facts=sorted(shown.facts.select_related("batch__fund"), key=_place),
        alarms=shown.alarms.all(),
        refunds=shown.refunds.all(),
        left_minor=refunds.refundable_minor(shown),
        held_minor=held.held_minor(shown),
        books_currency=shown.fund.currency,
    )


def _place(fact: Fact) -> tuple[datetime.datetime, int]:
    """Facts learnt together in the order in which they come about."""
    return fact.recorded_at, Fact.Kind.values.index(fact.kind)
