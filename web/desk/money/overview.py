"""The first page of the money room: what there is, what waits, whether the books are whole."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db.models import Count, Sum
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from treasury import advances, laws, standing
from treasury.kinds import TRACED, ClaimStatus
from treasury.models import Balance, Batch, Claim, Fund, FunderReport, Instalment, Journal
from web.desk.money.rooms import money_page
from web.loading import room

# Checking reads every transfer: beyond this many journals it is done only when asked for.
CHECKED_UNASKED = 5_000
_KEPT = 600
_AHEAD = datetime.timedelta(days=60)


@dataclass(frozen=True)
class FundLine:
    """A fund with what came in, went out, is committed and is free."""

    fund: Fund
    received_minor: int
    spent_minor: int
    committed_minor: int

    @property
    def free_minor(self) -> int:
        return self.received_minor - self.spent_minor - self.committed_minor


def fund_lines() -> list[FundLine]:
    """Every fund that is open or still holds money, in two queries."""
    balances = Balance.objects.filter(account__kind__in=TRACED).select_related("account")
    held = {kept.account.subject_id: kept for kept in balances}
    lines = []
    for fund in Fund.objects.select_related("grant"):
        kept = held.get(fund.pk)
        line = (
            FundLine(fund, kept.credit_posted, kept.debit_posted, kept.debit_pending)
            if kept
            else FundLine(fund, 0, 0, 0)
        )
        if fund.closed_on is None or line.received_minor > line.spent_minor:
            lines.append(line)
    return lines


@require_safe
@room("money.see")
def overview(request: HttpRequest) -> HttpResponse:
    """Funds, what waits, instalments that are due, batches, the state of the books."""
    today = timezone.localdate()
    lines = fund_lines()
    return money_page(
        request,
        "overview",
        "money",
        lines=lines,
        free_minor=sum(line.free_minor for line in lines),
        counts=_counts(today),
        instalments=_due(),
        batches=_open_batches(),
        reports=reports_due(today),
        uncovered_minor=standing.uncovered_minor(),
        books=_books(asked=False),
    )


@require_safe
@room("money.see")
def money_laws(request: HttpRequest) -> HttpResponse:
    """Every law of the books with its difference, checked now."""
    return money_page(request, "laws", "money", books=_books(asked=True))


def _counts(today: datetime.date) -> dict[str, Any]:
    claims = Claim.objects.order_by().values_list("status").annotate(n=Count("id"), total=Sum("base_minor"))
    found = {status: (count, total) for status, count, total in claims}
    late = Instalment.objects.filter(received_on=None, due_on__lt=today).count()
    return {
        "entered": found.get(ClaimStatus.ENTERED, (0, 0))[0],
        "approved": found.get(ClaimStatus.APPROVED, (0, 0))[0],
        "approved_minor": found.get(ClaimStatus.APPROVED, (0, 0))[1] or 0,
        "late_instalments": late,
        "late_advances": advances.overdue(today).count(),
    }


def reports_due(today: datetime.date) -> list[FunderReport]:
    """Reports that funders wait for within the next two months, the most urgent first."""
    waiting = FunderReport.objects.all().unsent().filter(due_on__lte=today + _AHEAD)
    return list(waiting.select_related("grant__fund")[:10])


def _due() -> list[Instalment]:
    due = Instalment.objects.filter(received_on=None).select_related("grant__fund")
    return list(due.order_by("due_on")[:10])


def _open_batches() -> list[Batch]:
    batches = Batch.objects.open().select_related("fund").annotate(left=Sum("lots__remaining_minor"))
    return list(batches.order_by("opened_on")[:20])


def _books(*, asked: bool) -> dict[str, Any] | None:
    """The laws as last checked; checked anew when asked for, or when it is quick and nobody has lately."""
    last = standing.last_number()
    found: dict[str, Any] | None = None if asked else cache.get(f"money-laws:{last}")
    if found is None and (asked or Journal.objects.count() <= CHECKED_UNASKED):
        checked = laws.check()
        broken = [law for law in checked if not law.ok]
        found = {"laws": checked, "broken": broken, "at": timezone.now(), "journal": last}
        cache.set(f"money-laws:{last}", found, _KEPT)
    return found
