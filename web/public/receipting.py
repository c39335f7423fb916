"""The receipt of a gift as a file; made or renewed the moment somebody asks for it."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language

from audit.actors import Actor
from donations.actions.receipts import keep_receipt
from donations.models import Donation
from donations.models.gifts import BOOKED, Level
from reports import receipts as papers


def is_asked(request: HttpRequest) -> bool:
    """Whether the button of the receipt was pressed."""
    return request.method == "POST" and request.POST.get("do") == "receipt"


def offered(gift: Donation) -> bool:
    """Booked, not quiet, nothing about it to be decided, and somebody issues receipts."""
    booked = bool(settings.RECEIPT_ISSUER) and gift.status in BOOKED and gift.level != Level.QUIET
    return booked and not Donation.objects.held().filter(pk=gift.pk).exists()


def paper(gift: Donation, *, by: Actor) -> HttpResponse:
    """The valid receipt, in the language of the page. Raises Http404 where none can be had."""
    made = keep_receipt(donation=gift, by=by, at=timezone.now()) if offered(gift) else None
    if made is None:
        raise Http404
    line = papers.Line(made.given_on, made.number, made.amount_minor, made.currency)
    issued_on = timezone.localdate(made.issued_at)
    return as_file(papers.receipt(line, issued_on=issued_on, ended="", language=get_language() or "en"))


def as_file(paper: bytes) -> HttpResponse:
    """A download whose name says nothing."""
    response = HttpResponse(paper, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{papers.FILE_NAME}"'
    return response
