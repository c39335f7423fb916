"""A fund over time: one bar for each month."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from treasury.models import Fund
from treasury.over_time import months
from web.desk.money.rooms import money_page
from web.loading import load, person, room


@require_safe
@room("money.see")
def fund_months(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The last 24 months: opening, in, paid, committed, closing; bars are drawn to one scale."""
    shown: Fund = load(Fund.objects.visible_to(person(request)), pk)
    rows = months(shown, timezone.localdate(), count=24)
    most = max((row.had_minor for row in rows), default=0)
    return money_page(request, "fund_months", "funds", fund=shown, rows=rows, most=most)
