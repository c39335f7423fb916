"""The list of campaigns and the page of one."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cases.published import LEAST_CASES, code_names
from treasury import pledges
from web.loading import load
from web.middleware import public_page
from web.public.pages_of_campaigns import campaigns, published


@require_safe
@public_page
def listing(request: HttpRequest) -> HttpResponse:
    """All published campaigns, those that take gifts first."""
    shown = sorted(campaigns(published()), key=lambda campaign: not campaign.is_open)
    return render(request, "public/campaigns.html", {"campaigns": shown})


@require_safe
@public_page
def campaign(request: HttpRequest, page_id: uuid.UUID) -> HttpResponse:
    """One campaign: a group of cases under code names, never who defends or is paid."""
    found = campaigns([load(published(), page_id)])
    if not found:
        raise Http404
    names = code_names(list(found[0].page.fund.cases.values_list("case_id", flat=True)))
    # A handful that agreed, out of a larger group, would stand out.
    fund = found[0].page.fund
    context = {
        "campaign": found[0],
        "names": names if len(names) >= LEAST_CASES else [],
        "doubled_minor": pledges.doubled(fund),
        "pledges": pledges.promised(fund, timezone.localdate()),
    }
    return render(request, "public/campaign.html", context)
