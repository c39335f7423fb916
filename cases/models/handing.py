"""All of a colleague's cases on their way to another: proposed by one, taken by the other."""

from django.db import models
from django.db.models import F, Q

from accounts.models import User
from audit.tracked import Tracked, TrackedManager, TrackedQuerySet


class HandOverQuerySet(TrackedQuerySet["HandOver"]):
    """Adjectives for hand-overs."""

    def waiting(self) -> "HandOverQuerySet":
        """Neither taken nor given up."""
        return self.filter(taken_at=None, dropped_at=None)


class HandOver(Tracked):
    """Two acts: nobody becomes responsible for what they have not taken.

    ``cases`` is how many were held when it was proposed, ``handed`` how many went over.
    """

    giver = models.ForeignKey(User, models.PROTECT, related_name="+")
    taker = models.ForeignKey(User, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    proposed_by = models.CharField(max_length=60)
    cases = models.PositiveIntegerField()
    handed = models.PositiveIntegerField(null=True, blank=True)
    taken_at = models.DateTimeField(null=True, blank=True)
    dropped_at = models.DateTimeField(null=True, blank=True)

    objects = TrackedManager.from_queryset(HandOverQuerySet)()

    class Meta(Tracked.Meta):
        ordering = ["-proposed_at"]
        constraints = [
            models.UniqueConstraint(
                name="cases_handover_one_waiting",
                fields=["giver"],
                condition=Q(taken_at=None, dropped_at=None),
            ),
            models.CheckConstraint(name="cases_handover_two_people", condition=~Q(giver=F("taker"))),
            models.CheckConstraint(
                name="cases_handover_one_end",
                condition=Q(taken_at=None, handed=None) | Q(dropped_at=None, handed__isnull=False),
            ),
        ]
