"""What a donor finds: their gifts, papers, what is kept about them and how to end it."""

import uuid
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.views.decorators.http import require_http_methods, require_POST

from donations.actions.donors import choose_yearly
from donations.models import Donation, Donor, RecurringDonation
from donations.models.gifts import BOOKED, Status
from web.pages.leave import SeeOther
from web.public.gift import purpose_of
from web.public.my import room
from web.public.my.room import donors_only

SHOWN = 200


@dataclass(frozen=True)
class Row:
    """One gift in the list."""

    gift: Donation
    purpose: str | Promise


@dataclass(frozen=True)
class MonthlyRow:
    """A monthly gift, and the gift on whose page it is changed."""

    mandate: RecurringDonation
    gift_id: uuid.UUID


@require_http_methods(["GET", "HEAD"])
@donors_only
def home(request: HttpRequest, donor: Donor) -> HttpResponse:
    """The first page after signing in."""
    found = donor.donations.exclude(status__in=[Status.DRAFT, Status.EXPIRED, Status.ABANDONED])
    gifts = list(found.select_related("fund__campaign_page").order_by("-given_on", "-pk")[:SHOWN])
    years = sorted({gift.given_on.year for gift in gifts if gift.status in BOOKED}, reverse=True)
    context = {
        "donor": donor,
        "rows": [Row(gift, purpose_of(gift)) for gift in gifts],
        "mandates": _shown(donor),
        "years": years,
        "in_touch": donor.level == Donor.Level.IN_TOUCH,
        "this_year": timezone.localdate().year,
        "token": room.token(request),
    }
    return render(request, "public/my/home.html", context)


def _shown(donor: Donor) -> list[MonthlyRow]:
    found = donor.recurring_donations.exclude(state=RecurringDonation.State.BEGUN)
    gifts = donor.donations.exclude(recurring=None).order_by("-given_on", "-pk")
    first = dict(gifts.values_list("recurring_id", "pk"))
    return [MonthlyRow(mandate, first[mandate.pk]) for mandate in found if mandate.pk in first]


@require_POST
@donors_only
def yearly(request: HttpRequest, donor: Donor) -> HttpResponse:
    """Whether to be told of a yearly statement; sending it twice changes nothing."""
    choose_yearly(donor=donor, yearly=request.POST.get("yearly") == "yes", by=donor, at=timezone.now())
    return SeeOther(reverse("my") + "#papers")
