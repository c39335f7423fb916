"""What may be shown of gifts: by batch, late and rounded, so that no single gift can be read from it."""

import datetime
from dataclasses import dataclass

from django.db.models import Q, Sum
from django.db.models.functions import TruncQuarter

from treasury.kinds import POSTED, AccountKind, Category
from treasury.models import Batch, Fund, Transfer

ROUND_TO_MINOR = 1_000  # ten euro
_INCOMING = (Category.GIFT, Category.GRANT, Category.OPENING, Category.ALLOCATION)


@dataclass(frozen=True)
class Raised:
    """``shown_minor`` covers closed batches only, rounded down; ``as_of`` is when the last one closed."""

    shown_minor: int
    as_of: datetime.date | None


@dataclass(frozen=True)
class Use:
    """What one batch paid for in one quarter."""

    quarter: datetime.date
    category: str
    amount_minor: int


def raised(fund: Fund) -> Raised:
    """The total that a thermometer may show."""
    closed = fund.batches.exclude(closed_on=None)
    last = closed.order_by("-closed_on").values_list("closed_on", flat=True).first()
    total = (
        Transfer.objects.filter(
            batch__in=closed, category=Category.GIFT, credit__kind=AccountKind.FUND, kind__in=POSTED
        ).aggregate(total=Sum("amount_minor"))["total"]
        or 0
    )
    return Raised(total - total % ROUND_TO_MINOR, last)


def use_of(batch: Batch) -> list[Use]:
    """What became of a closed batch, by quarter and category; nothing while it is open."""
    if batch.closed_on is None:
        return []
    paid = (
        Transfer.objects.filter(batch=batch, kind__in=POSTED, debit__kind=AccountKind.FUND)
        .exclude(Q(category__in=_INCOMING) | Q(credit__kind=AccountKind.FUND))
        .annotate(quarter=TruncQuarter("journal__booked_on"))
        .values("quarter", "category")
        .annotate(total=Sum("amount_minor"))
        .order_by("quarter", "category")
    )
    return [Use(row["quarter"], row["category"], row["total"]) for row in paid]
