"""Pages and papers of a signed-in donor: one gift, its receipt, a year's statement, a copy of everything."""

import json
import uuid

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST

from accounts.erasing import copying, registry
from donations import aftercare, receipts
from donations.models import Donation, Donor, Receipt
from donations.models.gifts import Status
from reports import receipts as papers
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
def statement(request: HttpRequest, donor: Donor, year: int) -> HttpResponse:
    """All gifts of a calendar year that were not given back, as one paper."""
    lines = [_line(gift) for gift in aftercare.gifts_of_year(donor, year)]
    if not lines or not settings.RECEIPT_ISSUER:
        raise Http404
    made_on = timezone.localdate()
    paper = papers.statement(year, lines, made_on=made_on, language=get_language() or "en")
    return receipting.as_file(paper)


def _line(gift: Donation) -> papers.Line:
    due = receipts.due(gift)
    valid = gift.receipts.filter(state=Receipt.State.VALID).first()
    amount, currency = (due.amount_minor, due.currency) if due else (0, gift.currency)
    return papers.Line(gift.given_on, valid.number if valid else "", amount, currency)


@require_POST
@donors_only
def copy(request: HttpRequest, donor: Donor) -> HttpResponse:
    """Everything that is kept about them, for themselves; the opening is recorded in their own name."""
    kind, person = registry.find(donor.pk)
    text = json.dumps(copying.copy_of(kind, person, timezone.now()), ensure_ascii=False, indent=2)
    response = HttpResponse(text, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="document.json"'
    return response
