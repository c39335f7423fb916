"""The first page: what is needed, campaigns, who defended, what giving reveals."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from treasury.chart import base_currency
from web.middleware import public_page
from web.public import arch, figures
from web.public.pages_of_campaigns import campaigns, published
from web.public.words import per_cent, quarter_words

SHOWN = 3


@require_safe
@public_page
def home(request: HttpRequest) -> HttpResponse:
    """Everything on it is late, coarse and about all cases together."""
    today = timezone.localdate()
    known = figures.known_trials(today)
    shown = campaigns(published())
    asking = [campaign for campaign in shown if campaign.is_open]
    context: dict[str, Any] = {
        "known": known,
        "lacking_minor": figures.lacking_minor(today),
        "campaigns": asking[:SHOWN],
        "campaign_count": len(shown),
        "campaigns_lack_minor": sum(campaign.lacking_minor for campaign in asking),
        "currency": base_currency(),
    }
    if known is not None:
        context |= {
            "dots": arch.dots(known),
            "rows": figures.rows(known),
            "prompt": figures.promptness(today),
            "quarter": quarter_words(known.starts_on),
            "ours_share": per_cent(known.ours, known.total),
            "with_counsel": known.total - known.nobody,
        }
    return render(request, "public/home.html", context)
