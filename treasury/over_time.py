"""A fund month by month: what was there, what came in, what was paid, what is committed, what is left."""

import datetime
from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Sum
from django.db.models.functions import TruncMonth

from treasury.kinds import POSTED, TRACED, TransferKind
from treasury.models import Fund, Transfer

_HELD = {TransferKind.PEND: 1, TransferKind.POST_PEND: -1, TransferKind.VOID_PEND: -1}


@dataclass(frozen=True)
class Month:
    """One month in minor units; ``committed_minor`` is what is held at its end."""

    first: datetime.date
    opening_minor: int
    in_minor: int
    paid_minor: int
    committed_minor: int

    @property
    def closing_minor(self) -> int:
        return self.opening_minor + self.in_minor - self.paid_minor

    @property
    def free_minor(self) -> int:
        return self.closing_minor - self.committed_minor

    @property
    def had_minor(self) -> int:
        """All that could be spent in it."""
        return self.opening_minor + self.in_minor


def months(fund: Fund, today: datetime.date, count: int = 12) -> list[Month]:
    """The last months up to today's, oldest first, none before the fund's first movement.

    A month is that of the day a journal is booked on. Money that came back counts where it came: an undone
    payment as money in.
    """
    moved = _moved(fund)
    if not moved:
        return []
    first, last = min(moved), today.replace(day=1)
    found, held, there = [], 0, 0
    month = first
    while month <= max(last, *moved):
        came, paid, holds = moved.get(month, (0, 0, 0))
        held += holds
        found.append(Month(month, there, came, paid, held))
        there += came - paid
        month = _next(month)
    return [row for row in found if row.first <= last][-count:]


def _next(month: datetime.date) -> datetime.date:
    return (month + datetime.timedelta(days=32)).replace(day=1)


def _moved(fund: Fund) -> dict[datetime.date, tuple[int, int, int]]:
    """{month: came, paid, change of what is held}, in two queries."""
    sums: dict[datetime.date, list[int]] = defaultdict(lambda: [0, 0, 0])
    for side in ("credit", "debit"):
        rows = Transfer.objects.filter(
            **{f"{side}__subject_id": fund.pk, f"{side}__kind__in": TRACED}
        ).order_by()
        grouped = rows.annotate(month=TruncMonth("journal__booked_on")).values_list("month", "kind")
        for month, kind, total in grouped.annotate(total=Sum("amount_minor")):
            if kind in POSTED:
                sums[month][0 if side == "credit" else 1] += total
            if side == "debit":
                sums[month][2] += _HELD.get(kind, 0) * total
    return {month: (row[0], row[1], row[2]) for month, row in sums.items()}
