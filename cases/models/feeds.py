"""Calendars that a colleague outside the country reads in an app of their own."""

import datetime

from django.db import models
from django.db.models import F, Q

from accounts.models import User
from audit.tracked import Tracked, TrackedManager, TrackedQuerySet


class CalendarFeedQuerySet(TrackedQuerySet["CalendarFeed"]):
    """Adjectives for feeds."""

    def live(self, at: datetime.datetime) -> "CalendarFeedQuerySet":
        """Neither ended nor run out."""
        return self.filter(ended_at=None, expires_at__gt=at)


class CalendarFeed(Tracked):
    """One secret address of hearings: day and code name only. The address itself is kept as its hash.

    ``last_used_on`` is the last day on which an app asked for it; None before the first time.
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="calendar_feeds")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    last_used_on = models.DateField(null=True, blank=True)

    objects = TrackedManager.from_queryset(CalendarFeedQuerySet)()

    class Meta(Tracked.Meta):
        ordering = ["-made_at"]
        constraints = [
            models.CheckConstraint(name="cases_feed_expires_later", condition=Q(expires_at__gt=F("made_at"))),
            models.CheckConstraint(
                name="cases_feed_ends_later", condition=Q(ended_at=None) | Q(ended_at__gte=F("made_at"))
            ),
        ]
