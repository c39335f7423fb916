"""What a donor finds: their gifts, papers, what is kept about them and how to end it."""

import uuid
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.views.decorators.http import require_http_methods, require_POST

from audit.actions import DomainError
from donations.actions.donors import choose_level, choose_yearly
from donations.models import Donation, Donor, RecurringDonation
from donations.models.gifts import BOOKED, Status
from web.pages.leave import SeeOther
from web.public.forms import AddressForm
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
    return _shown_to(request, donor, AddressForm())


def _shown_to(request: HttpRequest, donor: Donor, form: AddressForm, status: int = 200) -> HttpResponse:
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
        "form": form,
    }
    return render(request, "public/my/home.html", context, status=status)


@require_POST
@donors_only
def level(request: HttpRequest, donor: Donor) -> HttpResponse:
    """Stay in touch from now on, or no longer: then the address goes."""
    wanted = request.POST.get("level", "")
    if wanted not in Donor.Level.values:
        return SeeOther(reverse("my") + "#kept")
    form = AddressForm(request.POST)
    if wanted == Donor.Level.IN_TOUCH and not form.is_valid():
        return _shown_to(request, donor, form, 422)
    try:
        address = request.POST.get("email", "")
        choose_level(donor=donor, level=wanted, address=address, by=donor, at=timezone.now())
    except DomainError as refusal:
        form.add_error("email", refusal.text)
        return _shown_to(request, donor, form, 422)
    return SeeOther(reverse("my") + "#kept")


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
