"""What may be shown of gifts: by batch, late and rounded, so that no single gift can be read from it."""

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Max, Sum

from treasury.kinds import POSTED, AccountKind, Category
from treasury.models import Batch, Fund, Transfer

ROUND_TO_MINOR = 1_000  # ten euro


@dataclass(frozen=True)
class Raised:
    """``shown_minor`` covers closed batches only, rounded down; ``as_of`` is when the last one closed."""

    shown_minor: int
    as_of: datetime.date | None


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
