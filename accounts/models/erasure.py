"""Erasing a person, what keeps them from being erased, and what retention has taken away."""

import datetime
import uuid
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models.approvals import Approval
from audit.tracked import AppendOnly, Tracked, TrackedManager, TrackedQuerySet
from vault.fields import SealedField


class ErasureQuerySet(TrackedQuerySet["Erasure"]):
    def unfinished(self) -> "ErasureQuerySet":
        """Begun and not at its end: a process died, or a reader kept the write-ahead log busy."""
        return self.exclude(state=Erasure.State.ERASED)


class Erasure(Tracked):
    """One person's erasure and how far it is. The row names nobody: it outlives the person's key.

    ``figures`` counts what each step removed. A person is erased once; a second row is refused.
    """

    class State(models.TextChoices):
        ERASING = "erasing", _("Under way: the key goes first")
        EMPTIED = "emptied", _("Unreadable; traces on the disk still to be swept")
        ERASED = "erased", _("Erased")

    class Basis(models.TextChoices):
        ASKED = "asked", _("The person asked for it")
        MISTAKE = "mistake", _("Recorded without a basis, or by mistake")
        RETENTION = "retention", _("The stated time is over")
        SELF = "self", _("A donor erased themself")

    subject_id = models.UUIDField(unique=True)
    kind = models.CharField(max_length=20)
    basis = models.CharField(max_length=10, choices=Basis)
    state = models.CharField(max_length=10, choices=State, default=State.ERASING)
    approval = models.OneToOneField(Approval, models.PROTECT, null=True, related_name="erasure")
    begun_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    figures: "models.JSONField[Any]" = models.JSONField(default=dict)

    objects = TrackedManager.from_queryset(ErasureQuerySet)()

    class Meta(Tracked.Meta):
        ordering = ["-begun_at"]
        constraints = [
            models.CheckConstraint(
                name="accounts_erasure_two_people",
                condition=Q(basis="retention") | Q(basis="self", kind="donor") | Q(approval__isnull=False),
            ),
            models.CheckConstraint(
                name="accounts_erasure_finished",
                condition=Q(state="erased", finished_at__isnull=False)
                | Q(state__in=["erasing", "emptied"], finished_at=None),
            ),
        ]


class HoldQuerySet(TrackedQuerySet["LegalHold"]):
    def live(self) -> "HoldQuerySet":
        """Put and not lifted."""
        return self.filter(lifted_at=None)

    def on(self, subject_id: uuid.UUID) -> "HoldQuerySet":
        return self.filter(subject_id=subject_id)


class LegalHold(Tracked):
    """Keeps everything about a person while a claim or a proceeding needs it (GDPR 17(3)(e)).

    The reason is sealed under a key of the hold's own. Put and lifted by two people each.
    """

    subject_id = models.UUIDField(db_index=True)
    reason = SealedField(label="hold.reason")
    put_at = models.DateTimeField()
    put_by = models.CharField(max_length=60)
    review_on = models.DateField()
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.CharField(max_length=60, blank=True, default="")

    objects = TrackedManager.from_queryset(HoldQuerySet)()

    class Meta(Tracked.Meta):
        ordering = ["-put_at"]
        constraints = [
            models.UniqueConstraint(
                name="accounts_hold_once", fields=["subject_id"], condition=Q(lifted_at=None)
            ),
            models.CheckConstraint(
                name="accounts_hold_lifted_whole",
                condition=Q(lifted_at=None, lifted_by="") | Q(lifted_at__gte=F("put_at")) & ~Q(lifted_by=""),
            ),
        ]

    def due(self, today: datetime.date) -> bool:
        """Whether somebody should ask if it is still needed."""
        return self.lifted_at is None and self.review_on <= today


class RetentionRun(AppendOnly):
    """What one rule took away at one moment: figures, no names. ``before_at`` is the border it went up to."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    rule = models.CharField(max_length=40, db_index=True)
    ran_at = models.DateTimeField(db_index=True)
    before_at = models.DateTimeField()
    removed = models.PositiveBigIntegerField()

    class Meta(AppendOnly.Meta):
        ordering = ["-ran_at"]
        constraints = [
            models.CheckConstraint(name="accounts_retention_past", condition=Q(before_at__lt=F("ran_at")))
        ]
