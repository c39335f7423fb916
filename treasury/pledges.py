"""Pledges as they stand: which batches they double, what may be shown of it."""

import datetime
from collections.abc import Iterable

from django.db.models import Count, F, Q, Sum

from treasury import chart
from treasury.batches import LEAST_GIFTS
from treasury.kinds import POSTED, AccountKind, BatchKind, Category
from treasury.models import Batch, Doubling, Fund, Pledge, Transfer

# Owed and not yet booked.
BOOKABLE = Q(booked_in__isnull=True, amount_minor__gt=0)
ROUND_TO_MINOR = 1_000  # ten euro, as for what was raised


def running() -> list[Pledge]:
    """Pledges that may still double something."""
    return list(Pledge.objects.filter(closed_on=None, doubled_minor__lt=F("limit_minor")).order_by("id"))


def batches_to_double(pledge: Pledge) -> list[Batch]:
    """Closed batches that share days with the pledge and were not looked at for it, oldest first."""
    closed = Batch.objects.filter(fund_id=pledge.fund_id, kind=BatchKind.GIFTS, closed_on__isnull=False)
    shared = closed.filter(opened_on__lte=pledge.ends_on, closed_on__gte=pledge.starts_on)
    return list(shared.exclude(doublings__pledge=pledge).order_by("closed_on", "number"))


def given_within(batch: Batch, starts_on: datetime.date, ends_on: datetime.date) -> tuple[int, int]:
    """How many gifts joined the batch on these days, and their sum less what went back of the batch."""
    moved = Transfer.objects.filter(
        batch=batch, kind__in=POSTED, journal__booked_on__range=(starts_on, ends_on)
    )
    came = moved.filter(category=Category.GIFT, credit__kind=AccountKind.INCOME)
    undone = Q(category=Category.GIFT, debit__kind=AccountKind.INCOME)
    back = moved.filter(Q(debit__kind=AccountKind.REFUNDS) | undone)
    sums = came.aggregate(gifts=Count("id"), total=Sum("amount_minor"))
    gone = back.aggregate(total=Sum("amount_minor"))["total"] or 0
    return sums["gifts"], max((sums["total"] or 0) - gone, 0)


def is_due() -> bool:
    """Whether a batch was closed that a pledge has not looked at, or money came for one that is owed."""
    if any(batches_to_double(pledge) for pledge in running()):
        return True
    owed = Doubling.objects.filter(BOOKABLE).select_related("pledge__source")
    free = {row.pk: chart.fund(row.pledge.source).balance.free_minor for row in owed}
    return any(free[row.pk] >= row.amount_minor for row in owed)


def owed_minor(pledge: Pledge) -> int:
    """What its giver still owes for batches that are closed, beyond what is booked."""
    return int(pledge.doublings.filter(BOOKABLE).aggregate(total=Sum("amount_minor"))["total"] or 0)


def shown_minor(doublings: Iterable[Doubling]) -> int:
    """What may be shown of booked doublings: rounded down, and never of fewer gifts than make a batch.

    Those of a few gifts wait until the next ones make enough, so no gift can be read from two totals.
    """
    shown = waiting = gifts = 0
    for row in doublings:
        waiting += row.amount_minor
        gifts += row.gifts
        if gifts >= LEAST_GIFTS:
            shown, waiting, gifts = shown + waiting, 0, 0
    return shown // ROUND_TO_MINOR * ROUND_TO_MINOR


def doubled(fund: Fund) -> int:
    """What pledges have added to gifts for this fund, as far as it may be shown."""
    rows = Doubling.objects.filter(pledge__fund=fund, booked_in__isnull=False)
    return shown_minor(rows.order_by("batch__closed_on", "batch__number", "id"))


def promised(fund: Fund, on: datetime.date) -> list[Pledge]:
    """Pledges that double gifts to this fund on this day."""
    return [
        pledge
        for pledge in Pledge.objects.filter(fund=fund, closed_on=None, starts_on__lte=on, ends_on__gte=on)
        if pledge.doubled_minor < pledge.limit_minor
    ]
