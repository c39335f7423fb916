"""A donor's year: the page, the same as one paper, and the same for programs."""

import json
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from donations import yearly
from donations.models import Donor, Fact
from donations.published import BatchUse, batch_use
from donations.yearly import Change, YearLine
from reports import yearly_paper
from web.public import receipting
from web.public.gift import GROUP_WORDS, purpose_of
from web.public.my import room
from web.public.my.room import donors_only


@dataclass(frozen=True)
class Row:
    """One gift on the page; each change with the reason in words."""

    line: YearLine
    purpose: str | Promise
    changes: list[tuple[Change, str]]


@require_http_methods(["GET", "HEAD", "POST"])
@donors_only
def year(request: HttpRequest, donor: Donor, year: int) -> HttpResponse:
    """All gifts of a calendar year with their events. A POST takes them home, as PDF or for programs."""
    lines = yearly.year_of(donor, year)
    if not lines:
        raise Http404
    if request.method == "POST":
        return _taken(request, year, lines)
    context = {
        "year": year,
        "rows": [Row(line, purpose_of(line.gift), _words(line)) for line in lines],
        "totals": list(yearly.totals(lines).items()),
        "uses": _uses(lines),
        "groups": [(number, word) for number, word in enumerate(GROUP_WORDS, start=1)],
        "offers_paper": bool(settings.RECEIPT_ISSUER),
        "token": room.token(request),
    }
    return render(request, "public/my/year.html", context)


def _taken(request: HttpRequest, year: int, lines: list[YearLine]) -> HttpResponse:
    if request.POST.get("as") == "json":
        text = json.dumps(yearly_paper.plain(year, lines), ensure_ascii=False, indent=2)
        response = HttpResponse(text, content_type="application/json; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="document.json"'
        return response
    if not settings.RECEIPT_ISSUER:
        raise Http404
    made_on = timezone.localdate()
    return receipting.as_file(
        yearly_paper.paper(year, lines, made_on=made_on, language=get_language() or "en")
    )


def _words(line: YearLine) -> list[tuple[Change, str]]:
    return [(change, yearly_paper.reason(change.kind)) for change in line.changes]


def _uses(lines: list[YearLine]) -> list[dict[str, Any]]:
    """What the closed batches of these gifts paid for, each batch once, as every giver of it may see it."""
    gifts = [line.gift for line in lines]
    settled = Fact.objects.filter(donation__in=gifts, kind=Fact.Kind.SETTLED).select_related("batch__fund")
    batches = {fact.batch_id: fact.batch for fact in settled.order_by("recorded_at") if fact.batch}
    shown = ((batch, batch_use(batch, timezone.localdate())) for batch in batches.values())
    return [{"currency": batch.fund.currency, "use": use, "sums": _sums(use)} for batch, use in shown if use]


def _sums(use: BatchUse) -> list[int]:
    """Over all quarters that may be told, in the order of the groups."""
    return [sum(quarter.amounts[number] for quarter in use.quarters) for number in range(len(GROUP_WORDS))]
