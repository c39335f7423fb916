"""What the payment company paid out to the bank, matched to the cent."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from donations.models import Payout
from web.desk.money.gift_tabs import gifts_page
from web.loading import load, room
from web.paging import page_of


@require_safe
@room("donations.see")
def payouts(request: HttpRequest) -> HttpResponse:
    """Every payout, newest first, beside the sum of what it pays."""
    page = page_of(Payout.objects.all(), cursor=request.GET.get("cursor", ""), order="-created_at")
    return gifts_page(request, "payouts", "payouts", page=page)


@require_safe
@room("donations.see")
def payout(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One payout with the transactions it names."""
    shown = load(Payout.objects.all(), pk)
    page = page_of(shown.lines.all(), cursor=request.GET.get("cursor", ""), order="transaction_id")
    return gifts_page(request, "payout", "payouts", payout=shown, page=page)
