"""Samples as they were drawn, and vouchers opened to one auditor for a short time."""

import datetime
import uuid

from django.db import models
from django.db.models import F, Q

from audit.checkpoints.models import Checkpoint
from audit.tracked import AppendOnly, Tracked, TrackedManager, TrackedQuerySet
from treasury.models import Claim, Journal


class Sample(AppendOnly):
    """One drawing under ``checkpoint``; all that is needed to draw it again.

    ``items`` and ``total_minor`` describe what was drawn from: the payments of the period.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.PositiveIntegerField(unique=True)
    checkpoint = models.ForeignKey(Checkpoint, models.PROTECT, related_name="samples")
    starts_on = models.DateField()
    ends_on = models.DateField()
    nonce = models.CharField(max_length=80)
    size = models.PositiveSmallIntegerField()
    items = models.PositiveIntegerField()
    total_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    drawn_by = models.CharField(max_length=60)
    drawn_at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                name="sample_nonce_once", fields=["checkpoint", "nonce", "starts_on", "ends_on", "size"]
            ),
            models.CheckConstraint(name="sample_period_order", condition=Q(starts_on__lte=F("ends_on"))),
        ]


class SampleItem(AppendOnly):
    """One payment in a sample, with how many drawn units of money lie in it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sample = models.ForeignKey(Sample, models.PROTECT, related_name="drawn")
    journal = models.ForeignKey(Journal, models.PROTECT, related_name="+")
    claim = models.ForeignKey(Claim, models.PROTECT, null=True, related_name="+")
    amount_minor = models.BigIntegerField()
    hits = models.PositiveSmallIntegerField()

    class Meta(AppendOnly.Meta):
        ordering = ["journal__number"]
        constraints = [models.UniqueConstraint(name="sample_item_once", fields=["sample", "journal"])]


class UnsealingQuerySet(TrackedQuerySet["Unsealing"]):
    """Adjectives for vouchers asked for."""

    def waiting(self) -> "UnsealingQuerySet":
        """Asked for, and neither opened nor withdrawn."""
        return self.filter(opened_at=None, ended_at=None)

    def open(self, at: datetime.datetime) -> "UnsealingQuerySet":
        """May be looked at now."""
        return self.filter(until__gt=at, ended_at=None)


class Unsealing(Tracked):
    """One voucher for one auditor: asked for, then opened by two others until a moment.

    The three people differ, which the database keeps; actors as everywhere outside the room of people.
    """

    item = models.ForeignKey(SampleItem, models.PROTECT, related_name="unsealings")
    asked_by = models.CharField(max_length=60)
    asked_at = models.DateTimeField()
    opened_by = models.CharField(max_length=60, blank=True, default="")
    second_by = models.CharField(max_length=60, blank=True, default="")
    opened_at = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = TrackedManager.from_queryset(UnsealingQuerySet)()

    class Meta(Tracked.Meta):
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                name="unsealing_asked_once", fields=["item", "asked_by"], condition=Q(ended_at=None)
            ),
            models.CheckConstraint(
                name="unsealing_opened_paired",
                condition=Q(opened_at=None, until=None, opened_by="", second_by="")
                | Q(opened_at__isnull=False, until__gt=F("opened_at")) & ~Q(opened_by="") & ~Q(second_by=""),
            ),
            models.CheckConstraint(
                name="unsealing_three_people",
                condition=Q(opened_at=None)
                | ~Q(opened_by=F("second_by")) & ~Q(asked_by=F("opened_by")) & ~Q(asked_by=F("second_by")),
            ),
        ]

    def is_open(self, at: datetime.datetime) -> bool:
        """Whether its auditor may look at it at this moment."""
        return self.ended_at is None and self.until is not None and at < self.until
