"""The page of a gift, opened by its code alone."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from audit.actors import PUBLIC
from donations import codes
from donations.models import Alarm, Donation, Fact
from donations.published import BatchUse, batch_use
from web.pages.leave import SeeOther
from web.public import monthly, receipting
from web.public.forms import CodeForm, MonthlyForm
from web.public.guards import without_cookie
from web.public.pages_of_campaigns import words_of
from web.public.words import quarter_words

# In the order of donations.published.GROUPS.
GROUP_WORDS = (_("Counsel’s fees"), _("Appeals and court fees"), _("Visits and travel"), _("Everything else"))


@dataclass(frozen=True)
class QuarterRow:
    """One quarter of a batch's use; ``amounts`` in the order of GROUP_WORDS."""

    words: str
    amounts: tuple[int, ...]
    total_minor: int


@require_http_methods(["GET", "HEAD", "POST"])
@without_cookie
def find(request: HttpRequest) -> HttpResponse:
    """A form for the code."""
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and (plain := codes.plain(form.cleaned_data["code"])):
        return SeeOther(reverse("gift", args=[plain]))
    return render(request, "public/gift_find.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@without_cookie
def gift(request: HttpRequest, code: str) -> HttpResponse:
    """What became of a gift. The code is in the page's own address alone: in no title and no log.

    A POST makes the receipt, or changes, pauses or stops a monthly gift; whoever has the code may.
    """
    gifts = Donation.objects.select_related("fund", "recurring")
    found = gifts.filter(code_digest=codes.digest(code)).first()
    if found is None:
        return render(request, "public/gift_unknown.html", {"form": CodeForm()}, status=404)
    if receipting.is_asked(request):
        return receipting.paper(found, by=PUBLIC)
    form = MonthlyForm(request.POST if request.method == "POST" else None)
    if found.recurring is not None and form.is_bound and monthly.carried_out(form, found.recurring):
        return SeeOther(request.path)
    return render(request, "public/gift.html", context_of(found, form))


def context_of(found: Donation, form: MonthlyForm) -> dict[str, Any]:
    """What the page of a gift shows, by whatever way it was opened."""
    facts = {fact.kind: fact for fact in found.facts.select_related("batch")}
    settled = facts.get(Fact.Kind.SETTLED)
    use = batch_use(settled.batch, timezone.localdate()) if settled and settled.batch else None
    return {
        "gift": found,
        "purpose": purpose_of(found),
        "settled": settled,
        "risky": Fact.Kind.RISK_COUNTRY in facts,
        "use": use,
        "quarters": _rows(use),
        "form": form,
        "month": monthly.shown(found.recurring),
        "groups": [(number, word) for number, word in enumerate(GROUP_WORDS, start=1)],
        "asked": Alarm.objects.open().filter(kind=Alarm.Kind.LARGE, donation=found).exists(),
        "contact": settings.DONOR_CONTACT,
        "receipts": list(found.receipts.all()),
        "receipt_offered": settled is not None and receipting.offered(found),
    }


def _rows(use: BatchUse | None) -> list[QuarterRow]:
    if use is None:
        return []
    return [QuarterRow(quarter_words(q.starts_on), q.amounts, q.total_minor) for q in use.quarters]


def purpose_of(donation: Donation) -> str | Promise:
    """What it was given for, in words; a page that was taken down is not named."""
    page = getattr(donation.fund, "campaign_page", None)
    if page is None:
        return _("Where it is needed most")
    text = words_of(page) if page.state == page.State.PUBLISHED else None
    return text.title if text else _("A campaign that has ended")
