"""Funds, the grants behind some of them, and the batches by which their money is traced."""

import datetime
import uuid
from typing import Any

from django.db import models
from django.db.models import F, Q

from audit.tracked import Tracked, TrackedManager, TrackedQuerySet
from treasury import kinds
from treasury.visibility import MoneyQuerySet


class FundQuerySet(MoneyQuerySet["Fund"]):
    """Adjectives for funds."""

    def open(self) -> "FundQuerySet":
        return self.filter(closed_on__isnull=True)

    def for_case(self, case_id: uuid.UUID) -> "FundQuerySet":
        """Funds whose money was given for this case among others."""
        return self.filter(cases__case_id=case_id)


class Fund(Tracked):
    """Money with a purpose. Its name is public. Empty ``categories`` means any cost.

    ``starts_on`` to ``ends_on`` is when its money may be committed; ``goal_minor`` is a campaign's aim.
    """

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=kinds.FundKind)
    currency = models.CharField(max_length=3)
    categories = models.JSONField(default=list, blank=True)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    goal_minor = models.BigIntegerField(null=True, blank=True)
    opened_on = models.DateField()
    closed_on = models.DateField(null=True, blank=True)

    objects = TrackedManager.from_queryset(FundQuerySet)()

    class Meta(Tracked.Meta):
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                name="fund_period_in_order",
                condition=Q(starts_on__isnull=True)
                | Q(ends_on__isnull=True)
                | Q(starts_on__lte=F("ends_on")),
            ),
            models.CheckConstraint(
                name="fund_goal_positive", condition=Q(goal_minor__isnull=True) | Q(goal_minor__gt=0)
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def allows(self, category: str, on: datetime.date) -> bool:
        """Whether its restriction lets money be committed to this category on this day."""
        began = self.starts_on is None or self.starts_on <= on
        lasts = self.ends_on is None or on <= self.ends_on
        return began and lasts and (not self.categories or category in self.categories)


class FundCase(Tracked):
    """A case a fund's money is for. ``case_id`` is opaque here: treasury knows no cases."""

    fund = models.ForeignKey(Fund, models.PROTECT, related_name="cases")
    case_id = models.UUIDField(db_index=True)

    class Meta(Tracked.Meta):
        constraints = [models.UniqueConstraint(name="fund_case_once", fields=["fund", "case_id"])]


class Grant(Tracked):
    """A funder's agreement; its money is a fund and a batch of its own.

    ``evidence`` are the kinds of voucher the funder accepts; empty means any. ``agreed_*`` is what was signed
    where that is in another currency, told to the funder by ``rate_rule``. ``ahead_minor`` is the board's
    limit for commitments that rest on signed instalments.
    """

    fund = models.OneToOneField(Fund, models.PROTECT, related_name="grant")
    funder = models.CharField(max_length=120)  # an institution, named in public
    agreement_ref = models.CharField(max_length=60)
    amount_minor = models.BigIntegerField()
    starts_on = models.DateField()
    ends_on = models.DateField()
    indirect_basis_points = models.PositiveIntegerField(default=0)
    reallocation_basis_points = models.PositiveIntegerField(default=0)
    conditions = models.JSONField(default=list, blank=True)  # codes of agreed conditions
    evidence = models.JSONField(default=list, blank=True)
    agreed_currency = models.CharField(max_length=3, blank=True, default="")
    agreed_minor = models.BigIntegerField(null=True, blank=True)
    rate_rule = models.CharField(max_length=8, choices=kinds.RateRule, default=kinds.RateRule.RECEIPT.value)
    fixed_rate = models.CharField(max_length=24, blank=True, default="")  # of the books' for one of theirs
    ahead_minor = models.BigIntegerField(default=0)
    returns_unspent = models.BooleanField(default=True)
    returned_minor = models.BigIntegerField(default=0)

    class Meta(Tracked.Meta):
        constraints = [
            models.CheckConstraint(name="grant_amount_positive", condition=Q(amount_minor__gt=0)),
            models.CheckConstraint(
                name="grant_ahead_within_grant",
                condition=Q(ahead_minor__gte=0, ahead_minor__lte=F("amount_minor"), returned_minor__gte=0),
            ),
            models.CheckConstraint(
                name="grant_shares_are_shares",
                condition=Q(indirect_basis_points__lte=10_000, reallocation_basis_points__lte=10_000),
            ),
            models.CheckConstraint(
                name="grant_agreed_paired",
                condition=Q(agreed_currency="", agreed_minor__isnull=True)
                | ~Q(agreed_currency="") & Q(agreed_minor__gt=0),
            ),
            models.CheckConstraint(
                name="grant_fixed_rate_paired",
                condition=Q(rate_rule="fixed") & ~Q(fixed_rate="") | ~Q(rate_rule="fixed") & Q(fixed_rate=""),
            ),
            models.CheckConstraint(name="grant_period_in_order", condition=Q(starts_on__lte=F("ends_on"))),
        ]


class GrantLine(Tracked):
    """One line of the funder's own budget and our categories that count towards it."""

    grant = models.ForeignKey(Grant, models.PROTECT, related_name="lines")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    amount_minor = models.BigIntegerField()
    categories = models.JSONField()

    class Meta(Tracked.Meta):
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(name="grant_line_once", fields=["grant", "number"]),
            models.CheckConstraint(name="grant_line_positive", condition=Q(amount_minor__gt=0)),
        ]


class Instalment(Tracked):
    """A payment the funder owes by the agreement, and when it came."""

    grant = models.ForeignKey(Grant, models.PROTECT, related_name="instalments")
    number = models.PositiveSmallIntegerField()
    amount_minor = models.BigIntegerField()
    agreed_minor = models.BigIntegerField(null=True, blank=True)  # in the funder's currency, if another
    due_on = models.DateField()
    received_on = models.DateField(null=True, blank=True)
    received_minor = models.BigIntegerField(default=0)
    received_in = models.OneToOneField(
        "treasury.Journal", models.PROTECT, null=True, blank=True, related_name="instalment"
    )

    class Meta(Tracked.Meta):
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(name="instalment_once", fields=["grant", "number"]),
            models.CheckConstraint(name="instalment_positive", condition=Q(amount_minor__gt=0)),
            models.CheckConstraint(
                name="instalment_received_paired",
                condition=Q(received_on__isnull=True, received_minor=0)
                | Q(received_on__isnull=False, received_minor__gt=0),
            ),
        ]


class BatchQuerySet(TrackedQuerySet[Any]):
    """Adjectives for batches."""

    def open(self) -> "BatchQuerySet":
        return self.filter(closed_on__isnull=True)


class Batch(Tracked):
    """The unit of tracing: gifts to one fund in one period, one grant, or an opening balance."""

    fund = models.ForeignKey(Fund, models.PROTECT, related_name="batches")
    kind = models.CharField(max_length=8, choices=kinds.BatchKind)
    number = models.PositiveIntegerField()
    opened_on = models.DateField()
    closed_on = models.DateField(null=True, blank=True)

    objects = TrackedManager.from_queryset(BatchQuerySet)()

    class Meta(Tracked.Meta):
        ordering = ["opened_on", "number"]
        constraints = [
            models.UniqueConstraint(name="batch_number_once", fields=["fund", "number"]),
            models.UniqueConstraint(
                name="batch_one_open", fields=["fund", "kind"], condition=Q(closed_on__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fund.code} #{self.number}"
