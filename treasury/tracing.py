"""From a payment to its batches and from a batch to its uses, by indexed queries."""

import datetime
from dataclasses import dataclass

from django.db.models import Count, Sum

from treasury.kinds import POSTED, TRACED
from treasury.models import Batch, Claim, Lot, Transfer


@dataclass(frozen=True)
class Source:
    """A part of a payment: the batch it came from, through which fund."""

    batch: Batch
    fund_code: str
    amount_minor: int


@dataclass(frozen=True)
class Use:
    """What a batch paid in one category on one day."""

    booked_on: datetime.date
    category: str
    amount_minor: int
    payments: int


def what_paid(claim: Claim) -> list[Source]:
    """The batches that paid a claim, largest part first; none if it is not paid."""
    if claim.paid_in_id is None:
        return []
    parts = Transfer.objects.filter(journal_id=claim.paid_in_id, debit__kind__in=TRACED, kind__in=POSTED)
    found = parts.select_related("batch__fund", "fund").order_by("-amount_minor", "id")
    return [
        Source(part.batch, part.fund.code, part.amount_minor)
        for part in found
        if part.batch is not None and part.fund is not None
    ]


def what_became(batch: Batch) -> list[Use]:
    """What left the funds out of a batch, by day and category; a reversal takes its payment out again.

    Day and amount of single payments are for the desk and auditors. What donors see is made coarse and
    late in ``donations``.
    """
    # Named one by one, so that both parts of the index are used whatever the planner believes.
    holders = list(Lot.objects.filter(batch=batch).values_list("account_id", flat=True))
    out = Transfer.objects.filter(batch=batch, debit_id__in=holders, kind__in=POSTED)
    paid = out.exclude(credit__kind__in=TRACED).filter(
        journal__reversed_in__isnull=True, journal__reverses__isnull=True
    )
    rows = paid.values_list("journal__booked_on", "category").order_by("journal__booked_on", "category")
    sums = rows.annotate(total=Sum("amount_minor"), payments=Count("journal_id", distinct=True))
    return [Use(day, category, total, payments) for day, category, total, payments in sums]
