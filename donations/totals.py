"""What may be shown of gifts: by batch, late and rounded, so that no single gift can be read from it."""

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Max, Q, Sum
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
    return raised_by([fund])[fund.pk]


def raised_by(funds: Iterable[Fund]) -> dict[uuid.UUID, Raised]:
    """The same for many funds in two queries; every fund has its entry, by id."""
    ids = [fund.pk for fund in funds]
    closed = Batch.objects.filter(fund__in=ids).exclude(closed_on=None).order_by()
    last = dict(closed.values_list("fund_id").annotate(last=Max("closed_on")))
    gifts = Transfer.objects.filter(
        batch__in=closed, category=Category.GIFT, credit__kind=AccountKind.FUND, kind__in=POSTED
    )
    totals = dict(gifts.order_by().values_list("batch__fund_id").annotate(total=Sum("amount_minor")))
    return {
        fund_id: Raised(totals.get(fund_id, 0) // ROUND_TO_MINOR * ROUND_TO_MINOR, last.get(fund_id))
        for fund_id in ids
    }


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
