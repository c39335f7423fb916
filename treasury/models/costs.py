"""What may be spent on a case, and what has been agreed."""

import uuid
from typing import Self

from django.db import models
from django.db.models import Q

from audit.tracked import AppendOnly, Tracked, TrackedManager
from treasury import kinds
from treasury.visibility import MoneyQuerySet


class Ceiling(AppendOnly):
    """One approved version of a case's budget; its total is the most that may be committed and spent.

    ``tariff`` says it was approved once by tariff; else ``second_by`` is the second person.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case_id = models.UUIDField()
    number = models.PositiveIntegerField()
    total_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    lines = models.JSONField()  # {category: amount in minor units}
    approved_at = models.DateTimeField()
    approved_by = models.CharField(max_length=60)
    second_by = models.CharField(max_length=60, blank=True)
    tariff = models.ForeignKey("treasury.Tariff", models.PROTECT, null=True, blank=True)

    class Meta(AppendOnly.Meta):
        ordering = ["case_id", "number"]
        constraints = [
            models.UniqueConstraint(name="ceiling_version_once", fields=["case_id", "number"]),
            models.CheckConstraint(name="ceiling_not_negative", condition=Q(total_minor__gte=0)),
            models.CheckConstraint(
                name="ceiling_second_or_tariff", condition=~Q(second_by="") | Q(tariff__isnull=False)
            ),
            models.CheckConstraint(
                name="ceiling_two_people", condition=Q(second_by="") | ~Q(second_by=models.F("approved_by"))
            ),
        ]


class CommitmentQuerySet(MoneyQuerySet["Commitment"]):
    """Adjectives for commitments."""

    def open(self) -> Self:
        """With money still held."""
        return self.filter(transfers__hold__remaining_minor__gt=0).distinct()


class Commitment(Tracked):
    """Money reserved for something agreed; the holds behind it are its ``transfers`` of kind pend.

    ``agreed_minor`` is in the agreed currency, ``amount_minor`` what that is in the currency of the books.
    Payments may exceed it by the tolerance, as far as funds and ceiling have it.
    Without a case it is for running costs.
    """

    case_id = models.UUIDField(null=True, blank=True, db_index=True)
    category = models.CharField(max_length=20, choices=kinds.Category)
    agreed_minor = models.BigIntegerField()
    agreed_currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    tolerance_basis_points = models.PositiveIntegerField()
    authority = models.ForeignKey(
        "treasury.StandingAuthority", models.PROTECT, null=True, blank=True, related_name="commitments"
    )
    committed_on = models.DateField()
    committed_by = models.CharField(max_length=60)
    steps = models.PositiveIntegerField(default=0)  # journals written for it so far

    objects = TrackedManager.from_queryset(CommitmentQuerySet)()

    class Meta(Tracked.Meta):
        constraints = [
            models.CheckConstraint(
                name="commitment_positive", condition=Q(agreed_minor__gt=0, amount_minor__gt=0)
            ),
        ]

    @property
    def most_minor(self) -> int:
        """The most that may be paid on it, tolerance included."""
        return self.amount_minor + self.amount_minor * self.tolerance_basis_points // 10_000


class Tariff(Tracked):
    """Approved fees: the most that one person may agree to per category. Approved by two people."""

    name = models.CharField(max_length=80)
    currency = models.CharField(max_length=3)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    proposed_by = models.CharField(max_length=60)
    approved_by = models.CharField(max_length=60)

    class Meta(Tracked.Meta):
        constraints = [
            models.CheckConstraint(
                name="tariff_two_people", condition=~Q(proposed_by=models.F("approved_by"))
            ),
        ]

    def __str__(self) -> str:
        return self.name


class TariffLine(Tracked):
    """The most for one category at one stage; an empty stage is any."""

    tariff = models.ForeignKey(Tariff, models.PROTECT, related_name="lines")
    category = models.CharField(max_length=20, choices=kinds.Category)
    stage = models.CharField(max_length=40, blank=True)
    amount_minor = models.BigIntegerField()

    class Meta(Tracked.Meta):
        constraints = [
            models.UniqueConstraint(name="tariff_line_once", fields=["tariff", "category", "stage"]),
            models.CheckConstraint(name="tariff_line_positive", condition=Q(amount_minor__gt=0)),
        ]


class StandingAuthority(Tracked):
    """Approval in advance: one person may commit under the tariff, up to an amount each month."""

    tariff = models.ForeignKey(Tariff, models.PROTECT, related_name="authorities")
    monthly_minor = models.BigIntegerField()
    valid_from = models.DateField()
    valid_until = models.DateField()
    proposed_by = models.CharField(max_length=60)
    approved_by = models.CharField(max_length=60)
    ended_on = models.DateField(null=True, blank=True)

    class Meta(Tracked.Meta):
        constraints = [
            models.CheckConstraint(
                name="authority_two_people", condition=~Q(proposed_by=models.F("approved_by"))
            ),
            models.CheckConstraint(name="authority_positive", condition=Q(monthly_minor__gt=0)),
            models.CheckConstraint(
                name="authority_in_order", condition=Q(valid_from__lte=models.F("valid_until"))
            ),
        ]
