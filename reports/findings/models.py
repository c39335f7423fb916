"""Findings of auditors, and what was said about each."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models.organisation import OfOrganisation
from audit.tracked import AppendOnly, Tracked, TrackedManager, TrackedQuerySet
from reports.audit_pack.procedures import Procedure
from reports.sampling_room.models import SampleItem
from treasury.models import Journal
from vault.fields import SealedField


class FindingQuerySet(TrackedQuerySet["Finding"]):
    """Adjectives for findings."""

    def open(self) -> "FindingQuerySet":
        """Waiting for an answer."""
        return self.filter(state=Finding.State.OPEN)

    def answered(self) -> "FindingQuerySet":
        """Waiting for the auditor."""
        return self.filter(state=Finding.State.ANSWERED)


class Finding(Tracked):
    """One question or finding of an auditor, about a procedure and, if given, one journal or sampled item.

    ``stands`` says at the closing whether it is still a finding after what was answered.
    """

    class State(models.TextChoices):
        OPEN = "open", _("Waits for an answer")
        ANSWERED = "answered", _("Answered")
        CLOSED = "closed", _("Closed")

    number = models.PositiveIntegerField(unique=True)
    procedure = models.CharField(max_length=20, choices=Procedure)
    item = models.ForeignKey(SampleItem, models.PROTECT, null=True, related_name="findings")
    journal = models.ForeignKey(Journal, models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    stands = models.BooleanField(null=True)
    raised_by = models.CharField(max_length=60)
    raised_at = models.DateTimeField()
    answered_by = models.CharField(max_length=60, blank=True, default="")
    closed_at = models.DateTimeField(null=True)

    objects = TrackedManager.from_queryset(FindingQuerySet)()

    class Meta(Tracked.Meta):
        ordering = ["-number"]
        constraints = [
            models.CheckConstraint(
                name="finding_closed_whole",
                condition=Q(state="closed", closed_at__isnull=False, stands__isnull=False)
                | ~Q(state="closed") & Q(closed_at=None, stands=None),
            ),
            models.CheckConstraint(
                name="finding_answered_by_another", condition=~Q(answered_by=models.F("raised_by"))
            ),
        ]


class Remark(OfOrganisation, AppendOnly):
    """Words said about a finding, sealed as the organisation's own paper."""

    class Kind(models.TextChoices):
        QUESTION = "question", _("Question")
        ANSWER = "answer", _("Answer")
        CLOSING = "closing", _("Conclusion")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    finding = models.ForeignKey(Finding, models.PROTECT, related_name="remarks")
    kind = models.CharField(max_length=10, choices=Kind)
    text = SealedField(label="remark.text", subject="organisation_id")
    written_by = models.CharField(max_length=60)
    written_at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        ordering = ["written_at", "id"]
