"""The page behind a figure: its transfers, and the event of the log that wrote each."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from reports import figures
from reports.models import Snapshot
from reports.types import TYPES
from treasury import chart
from web.desk.reports.shown import cell_text, head_of
from web.loading import load, person, room

PAGE = 100


@require_safe
@room("reports.build")
def figure(request: HttpRequest, pk: uuid.UUID, section: str, row: str, key: str) -> HttpResponse:
    """One figure of an issued report. The books do not change behind it, so pages are counted."""
    snapshot: Snapshot = load(Snapshot.objects.all(), pk)
    if snapshot.type not in TYPES:
        raise Http404
    try:
        found = figures.figure(snapshot, section, row, key)
    except figures.NoSuchFigure:
        raise Http404 from None
    pages = Paginator(found.transfers(), PAGE)
    page = pages.get_page(request.GET.get("page", "1"))
    total = found.total_minor()
    shown: Iterable[Any] = page.object_list  # annotated with the weight each has in the figure
    lines = [(transfer, transfer.amount_minor * transfer.weight) for transfer in shown]
    context = {
        "report": snapshot,
        "figure": found,
        "about": _about(found),
        "total": total,
        "agrees": found.made_by(total),
        "rounded": total != found.value_minor and found.made_by(total),
        "lines": lines,
        "count": pages.count,
        "page": page,
        "before": f"?page={page.previous_page_number()}" if page.has_previous() else "",
        "after": f"?page={page.next_page_number()}" if page.has_next() else "",
        "currency": chart.base_currency(),
        "may_see_journal": person(request).has("money.see"),
        "may_see_log": person(request).has("audit.see"),
        "back": reverse("desk:report", args=[pk]) + f"#s-{section}",
    }
    return render(request, "desk/reports/figure.html", context)


def _about(found: figures.Figure) -> list[tuple[str, str]]:
    """What the row of the figure says besides amounts."""
    if found.row is None:
        return []
    return [
        (head_of(column), cell_text(column, value, None, "en"))
        for column, value in zip(found.section.columns, found.row, strict=True)
        if column.kind not in ("money", "count") and value is not None
    ]
