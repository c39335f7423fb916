"""What a giver may see of a batch: closed, large, quarter by quarter, late and in round figures."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from treasury import tracing
from treasury.batches import gifts_in
from treasury.kinds import Category
from treasury.models import Batch

LATE_MONTHS = 3
ROUND_GIFTS_TO = 10
ROUND_TO_MINOR = 10_000  # a hundred units: one payment alone is not to be read from a quarter
# Four groups: a bar has four colours, and a rare category would point at a case.
FEES, APPEALS, ROAD, OTHER = "fees", "appeals", "road", "other"
GROUPS = (FEES, APPEALS, ROAD, OTHER)
_GROUP_OF: dict[str, str] = {
    Category.FEE: FEES,
    Category.APPEAL: APPEALS,
    Category.COURT_FEE: APPEALS,
    Category.VISIT: ROAD,
    Category.TRAVEL: ROAD,
}
# Money that left a batch without paying for anything; when it did would point at one gift.
_NO_USE = (Category.REFUND, Category.DISPUTE, Category.PROCESSING_FEE, Category.ALLOCATION)


@dataclass(frozen=True)
class Quarter:
    """What a batch paid in one quarter: rounded minor units of its fund, in the order of GROUPS."""

    starts_on: datetime.date
    amounts: tuple[int, ...]

    @property
    def total_minor(self) -> int:
        """All groups together."""
        return sum(self.amounts)


@dataclass(frozen=True)
class BatchUse:
    """A closed batch as its givers may see it; ``next_on`` is when the next quarter will be shown."""

    gifts: int
    total_minor: int
    quarters: tuple[Quarter, ...]
    next_on: datetime.date

    @property
    def left_minor(self) -> int:
        """Used later, not yet, or given back."""
        return max(0, self.total_minor - sum(quarter.total_minor for quarter in self.quarters))


def batch_use(batch: Batch, on: datetime.date) -> BatchUse | None:
    """What may be shown of the batch on this day; None while it is open.

    A quarter is shown three months after its end. Amounts are rounded down to hundreds.
    """
    if batch.closed_on is None:
        return None
    sums: dict[datetime.date, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for use in tracing.what_became(batch):
        if use.category in _NO_USE:
            continue
        sums[quarter_of(use.booked_on)][_GROUP_OF.get(use.category, OTHER)] += use.amount_minor
    shown = [
        Quarter(first, tuple(_rounded(sums[first][group]) for group in GROUPS))
        for first in sorted(sums)
        if shown_on(first) <= on
    ]
    return BatchUse(
        gifts=gifts_in(batch) // ROUND_GIFTS_TO * ROUND_GIFTS_TO,
        total_minor=_rounded(_received(batch)),
        quarters=tuple(shown),
        next_on=_next_on(on, batch.opened_on),
    )


def quarter_of(day: datetime.date) -> datetime.date:
    """The first day of its quarter."""
    return day.replace(month=day.month - (day.month - 1) % 3, day=1)


def shown_on(quarter: datetime.date) -> datetime.date:
    """The day from which a quarter, named by its first day, may be shown."""
    return _later(quarter, 3 + LATE_MONTHS)


def ends_on(quarter: datetime.date) -> datetime.date:
    """The last day of a quarter that is named by its first."""
    return _later(quarter, 3) - datetime.timedelta(days=1)


def _next_on(on: datetime.date, opened_on: datetime.date) -> datetime.date:
    quarter = quarter_of(opened_on)
    while shown_on(quarter) <= on:
        quarter = _later(quarter, 3)
    return shown_on(quarter)


def _later(first: datetime.date, months: int) -> datetime.date:
    month = first.year * 12 + first.month - 1 + months
    return datetime.date(month // 12, month % 12 + 1, 1)


def _received(batch: Batch) -> int:
    gifts: Iterable[int] = batch.transfers.filter(
        category=Category.GIFT, credit__subject_id=batch.fund_id
    ).values_list("amount_minor", flat=True)
    return sum(gifts)


def _rounded(minor: int) -> int:
    return minor // ROUND_TO_MINOR * ROUND_TO_MINOR
