"""What colleagues look at twice: broken glass, frozen reading, people cut off, the house locked down."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models.access import Grant
from accounts.models.organisation import OfOrganisation
from accounts.models.people import User
from audit.tracked import Tracked
from vault.fields import SealedField


class GlassReview(OfOrganisation, Tracked):
    """Each break-glass grant waits here until a colleague has looked at it."""

    class Verdict(models.TextChoices):
        IN_ORDER = "in-order", _("In order")
        NOT_IN_ORDER = "not-in-order", _("Not in order")

    grant = models.OneToOneField(Grant, models.PROTECT, related_name="review")
    holder = models.ForeignKey(User, models.PROTECT, related_name="+")
    broken_at = models.DateTimeField()
    verdict = models.CharField(max_length=14, choices=Verdict, blank=True, default="")
    reviewed_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True)
    reviewed_at = models.DateTimeField(null=True)
    words = SealedField(label="glass.words", subject="organisation_id", null=True, default=None)

    class Meta(Tracked.Meta):
        ordering = ["broken_at"]
        constraints = [
            models.CheckConstraint(
                name="accounts_glass_two_people",
                condition=Q(reviewed_by=None) | ~Q(reviewed_by=F("holder")),
            ),
            models.CheckConstraint(
                name="accounts_glass_whole",
                condition=Q(verdict="", reviewed_by=None, reviewed_at=None)
                | (~Q(verdict="") & Q(reviewed_by__isnull=False, reviewed_at__isnull=False)),
            ),
        ]


class ReadingFreeze(OfOrganisation, Tracked):
    """Somebody opened more people outside their grants in a day than their role's budget.

    ``subjects`` is how many. Until a colleague lifts it they open nobody outside their grants.
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="freezes")
    frozen_at = models.DateTimeField()
    subjects = models.PositiveIntegerField()
    lifted_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True)
    lifted_at = models.DateTimeField(null=True)
    reason = SealedField(label="freeze.reason", subject="organisation_id", null=True, default=None)

    class Meta(Tracked.Meta):
        ordering = ["frozen_at"]
        constraints = [
            models.UniqueConstraint(
                name="accounts_freeze_once", fields=["user"], condition=Q(lifted_at=None)
            ),
            models.CheckConstraint(
                name="accounts_freeze_two_people", condition=Q(lifted_by=None) | ~Q(lifted_by=F("user"))
            ),
            models.CheckConstraint(
                name="accounts_freeze_whole",
                condition=Q(lifted_by=None, lifted_at=None)
                | Q(lifted_by__isnull=False, lifted_at__isnull=False),
            ),
        ]


class CutOff(OfOrganisation, Tracked):
    """Somebody was cut off at once: an arrest, a stolen phone. Two people may let them in again."""

    user = models.ForeignKey(User, models.PROTECT, related_name="cut_offs")
    cut_at = models.DateTimeField()
    cut_by = models.CharField(max_length=60)
    reason = SealedField(label="cutoff.reason", subject="organisation_id")
    restored_at = models.DateTimeField(null=True)

    class Meta(Tracked.Meta):
        ordering = ["-cut_at"]
        constraints = [
            models.UniqueConstraint(name="accounts_cut_once", fields=["user"], condition=Q(restored_at=None))
        ]


class Lockdown(OfOrganisation, Tracked):
    """The house is shut: nobody signs in but those who may open it again. At most one stands."""

    slot = models.SmallIntegerField(default=1, editable=False)
    begun_at = models.DateTimeField()
    begun_by = models.CharField(max_length=60)
    reason = SealedField(label="lockdown.reason", subject="organisation_id")
    lifted_at = models.DateTimeField(null=True)

    class Meta(Tracked.Meta):
        ordering = ["-begun_at"]
        constraints = [
            models.CheckConstraint(name="accounts_lockdown_slot", condition=Q(slot=1)),
            models.UniqueConstraint(
                name="accounts_lockdown_once", fields=["slot"], condition=Q(lifted_at=None)
            ),
        ]
