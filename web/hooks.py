"""Webhooks: believed only when signed, stored before they are answered."""

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from donations import inbox
from donations.stripe_gateway import BadSignature, verify_webhook
from donations.tasks import drain_inbox


@csrf_exempt
@require_POST
def stripe(request: HttpRequest) -> HttpResponse:
    """400 for what Stripe did not sign or another mode's events; 200 once the hint is stored.

    An unknown type is stored too: a 4xx would make Stripe switch the endpoint off in time.
    """
    now = timezone.now()
    try:
        hint = verify_webhook(
            request.body,
            request.headers.get("Stripe-Signature", ""),
            settings.STRIPE_WEBHOOK_SECRETS,
            now,
        )
    except BadSignature:
        return HttpResponse(status=400)
    if hint.livemode != settings.STRIPE_LIVE:
        return HttpResponse(status=400)
    with transaction.atomic():
        if inbox.store(hint, at=now):
            drain_inbox.enqueue()
    return HttpResponse(status=200)
