"""Gifts by day, amount and fund. There is no giver in them."""

from django import forms
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from donations.models import Donation, Fact
from donations.models.gifts import Status
from treasury.models import Fund
from web.desk.money.fund_forms import DAY
from web.desk.money.rooms import money_page
from web.forms import FilterForm
from web.loading import room
from web.paging import page_of


class DonationFilter(FilterForm):
    status = forms.ChoiceField(label=_("State"), choices=[("", _("Any")), *Status.choices])
    fund = forms.ModelChoiceField(label=_("Fund"), queryset=Fund.objects.all(), empty_label=_("Any"))
    since = forms.DateField(label=_("From"), widget=forms.DateInput(attrs=DAY))
    until = forms.DateField(label=_("To"), widget=forms.DateInput(attrs=DAY))
    held = forms.BooleanField(label=_("Only flagged"))


@require_safe
@room("donations.see")
def donations(request: HttpRequest) -> HttpResponse:
    """Every gift, newest day first, flagged where a human has to decide."""
    filters = DonationFilter(request.GET)
    found = Donation.objects.select_related("fund").annotate(
        differs=Exists(_facts(Fact.Kind.DIFFERS)), risk=Exists(_facts(Fact.Kind.RISK_COUNTRY))
    )
    if filters.is_valid():
        chosen = filters.cleaned_data
        names = {"status": "status", "fund": "fund", "since": "given_on__gte", "until": "given_on__lte"}
        found = found.filter(**{names[key]: value for key, value in chosen.items() if value and key in names})
        if chosen["held"]:
            flagged = [Fact.Kind.DIFFERS, Fact.Kind.RISK_COUNTRY]
            found = found.filter(pk__in=Fact.objects.filter(kind__in=flagged).values("donation"))
    page = page_of(found, cursor=request.GET.get("cursor", ""), order="-given_on")
    return money_page(request, "donations", "donations", page=page, filters=filters)


def _facts(kind: str) -> QuerySet[Fact]:
    return Fact.objects.filter(donation=OuterRef("pk"), kind=kind)
