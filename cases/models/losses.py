"""A lawyer who cannot defend any more: known from when, and what kind of loss it is."""

import uuid

from django.db import models

from audit.tracked import AppendOnly
from cases import kinds
from lawyers.models import Lawyer
from vault.fields import SealedField


class LawyerLoss(AppendOnly):
    """One loss, as it became known. What it ended are the episodes with this ``known_at`` as their end."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    lawyer = models.ForeignKey(Lawyer, models.PROTECT, related_name="losses")
    kind = models.CharField(max_length=20, choices=kinds.LossKind)
    since_on = models.DateField()
    known_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=60)
    source = SealedField(label="loss.source", subject="lawyer_id", blank=True, default="")

    class Meta(AppendOnly.Meta):
        ordering = ["-known_at"]
