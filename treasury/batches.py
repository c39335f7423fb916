"""Batches: opening, closing, and which lots pay first. Called under the lock of the books."""

import datetime

from django.conf import settings
from django.db.models import Max

from treasury import chart
from treasury.drawing import Lots
from treasury.kinds import BatchKind, Category
from treasury.models import Batch, Fund, Lot

# A known single gift must not be readable from a batch: both must be reached before it is closed.
LEAST_GIFTS = int(settings.BATCH_LEAST_GIFTS)
LEAST_DAYS = int(settings.BATCH_LEAST_DAYS)


def open_batch(fund: Fund, kind: BatchKind, *, on: datetime.date) -> Batch:
    """A new batch of a fund, numbered from 1."""
    last = fund.batches.aggregate(last=Max("number"))["last"] or 0
    return Batch.objects.create(fund=fund, kind=kind, number=last + 1, opened_on=on)


def gifts_batch(fund: Fund, *, on: datetime.date) -> Batch:
    """The batch that a gift to this fund belongs to now."""
    found = fund.batches.filter(kind=BatchKind.GIFTS, closed_on=None).first()
    return found or open_batch(fund, BatchKind.GIFTS, on=on)


def close(batch: Batch, *, on: datetime.date) -> None:
    """No gift joins it any more."""
    batch.closed_on = on
    batch.save()


def is_due(batch: Batch, on: datetime.date) -> bool:
    """Whether enough gifts and enough days have come together."""
    old_enough = (on - batch.opened_on).days >= LEAST_DAYS
    return old_enough and gifts_in(batch) >= LEAST_GIFTS


def gifts_in(batch: Batch) -> int:
    """How many gifts the batch holds."""
    return batch.transfers.filter(category=Category.GIFT, credit__subject_id=batch.fund_id).count()


def lots_of(fund: Fund) -> list[Lot]:
    """What is left of each batch in a fund, oldest first."""
    lots = Lot.objects.filter(account=chart.fund(fund), remaining_minor__gt=0).select_related("batch")
    return list(lots.order_by("batch__opened_on", "batch__number", "id"))


def lots(fund: Fund) -> Lots[Batch]:
    """The same as an amount to take from, oldest first."""
    return Lots((lot.batch, lot.remaining_minor) for lot in lots_of(fund))


def open_gift_batches() -> list[Batch]:
    """Batches that still take gifts, with their funds."""
    return list(Batch.objects.open().filter(kind=BatchKind.GIFTS).select_related("fund"))
