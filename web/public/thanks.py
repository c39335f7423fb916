"""Back from the payment page: what our own database knows, and the code, once."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from donations.models import Donation
from donations.models.gifts import Status
from web.loading import load
from web.public import code_cookie

LOOK_AGAIN_SECONDS = 5
_SENT = Donation.objects.exclude(status=Status.DRAFT)
_WAITING = (Status.OPEN, Status.PAID)
_FAILED = (Status.FAILED, Status.EXPIRED)


@require_safe
def thanks(request: HttpRequest, donation_id: uuid.UUID) -> HttpResponse:
    """The state of a gift. Stripe knows this address too, so it shows neither amount nor purpose.

    While the code is on the screen the page does not look again by itself: the code would vanish.
    """
    donation = load(_SENT.all(), donation_id)
    code = "" if request.method == "HEAD" else code_cookie.code_in(request, donation_id)
    failed, waiting = donation.status in _FAILED, donation.status in _WAITING
    context = {"status": donation.status, "code": code, "failed": failed, "waiting": waiting}
    response = render(request, "public/thanks.html", context)
    if code:
        code_cookie.take_back(response, path=request.path)
    elif waiting:
        response["Refresh"] = str(LOOK_AGAIN_SECONDS)
    return response


@require_safe
def stopped(request: HttpRequest, donation_id: uuid.UUID) -> HttpResponse:
    """Back without a gift: the browser forgets the code. Says nothing about the gift, known or not."""
    response = render(request, "public/give_stopped.html")
    code_cookie.take_back(response, path=reverse("give-thanks", args=[donation_id]))
    return response
