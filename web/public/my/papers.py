"""Pages and papers of a signed-in donor: one gift, its receipt, a copy of everything."""

import json
import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.erasing import copying, registry
from donations.models import Donation, Donor
from donations.models.gifts import Status
from web.loading import load
from web.pages.leave import SeeOther
from web.public import monthly, receipting
from web.public.forms import MonthlyForm
from web.public.gift import context_of
from web.public.my import room
from web.public.my.room import donors_only

_GIFTS = Donation.objects.exclude(status=Status.DRAFT).select_related("fund__campaign_page", "recurring")


@require_http_methods(["GET", "HEAD", "POST"])
@donors_only
def gift(request: HttpRequest, donor: Donor, gift_id: uuid.UUID) -> HttpResponse:
    """One gift of theirs, as its code would open it. A POST makes the receipt or changes a monthly gift."""
    found = load(_GIFTS.filter(donor=donor), gift_id)
    if receipting.is_asked(request):
        return receipting.paper(found, by=donor)
    form = MonthlyForm(request.POST if request.method == "POST" else None)
    if form.is_bound and found.recurring and monthly.carried_out(form, found.recurring, by=donor):
        return SeeOther(request.path)
    context = context_of(found, form) | {"donor": donor, "token": room.token(request)}
    return render(request, "public/gift.html", context)


@require_POST
@donors_only
def copy(request: HttpRequest, donor: Donor) -> HttpResponse:
    """Everything that is kept about them, for themselves; the opening is recorded in their own name."""
    kind, person = registry.find(donor.pk)
    text = json.dumps(copying.copy_of(kind, person, timezone.now()), ensure_ascii=False, indent=2)
    response = HttpResponse(text, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="document.json"'
    return response
