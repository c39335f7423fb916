"""What needs two people: one asks, another decides."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.people import User
from audit.tracked import Tracked
from vault.fields import SealedField
from vault.keys import ORGANISATION


class Approval(Tracked):
    """One request for one exact act. ``payload_hash`` binds what was approved to what is then done.

    The session marks are digests; they only serve to tell two sessions apart.
    """

    STATES = [
        ("asked", _("Asked")),
        ("approved", _("Approved")),
        ("refused", _("Refused")),
        ("used", _("Used")),
    ]

    kind = models.CharField(max_length=60)
    object_id = models.UUIDField()
    payload_hash = models.CharField(max_length=64)
    summary = SealedField(label="approval.summary", subject="summary_subject_id", blank=True, default="")
    # A key of its own, so that the words can be forgotten while the decision stays.
    summary_subject_id = models.UUIDField(default=ORGANISATION, editable=False)
    state = models.CharField(max_length=10, choices=STATES, default="asked")
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    asked_session = models.CharField(max_length=64, blank=True, default="")
    decided_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True)
    decided_at = models.DateTimeField(null=True)
    decided_session = models.CharField(max_length=64, blank=True, default="")
    until = models.DateTimeField()

    class Meta(Tracked.Meta):
        indexes = [models.Index(fields=["kind", "object_id"], name="accounts_approval_lookup")]
        constraints = [
            models.CheckConstraint(
                name="accounts_two_people",
                condition=models.Q(decided_by=None) | ~models.Q(decided_by=models.F("asked_by")),
            ),
            models.CheckConstraint(
                name="accounts_decided_whole",
                condition=models.Q(state="asked", decided_by=None, decided_at=None)
                | (~models.Q(state="asked") & models.Q(decided_by__isnull=False, decided_at__isnull=False)),
            ),
        ]
