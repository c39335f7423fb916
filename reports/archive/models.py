"""Archives asked for, and how far each is. The files lie under REPORTS_DIR, named by their row."""

import uuid

from django.db import models
from django.db.models import F, Q

from accounts.models import User
from audit.tracked import AppendOnly, Tracked, TrackedManager, TrackedQuerySet
from reports.models import Job


class ArchiveQuerySet(TrackedQuerySet["Archive"]):
    """Adjectives for archives."""

    def visible_to(self, actor: User) -> "ArchiveQuerySet":
        """Those who build reports see that it was made; it is handed to its recipient alone."""
        return self.all() if actor.has("reports.build") else self.none()

    def waiting(self) -> "ArchiveQuerySet":
        return self.filter(state=Job.State.WAITING)


class Archive(Tracked):
    """One archive of a period for one recipient. ``done`` counts the parts that are in it."""

    PARTS = 6

    starts_on = models.DateField()
    ends_on = models.DateField()
    recipient = models.ForeignKey(User, models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=Job.State, default=Job.State.WAITING)
    done = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=60, blank=True, default="")
    log_size = models.BigIntegerField(null=True)
    sha256 = models.CharField(max_length=64, blank=True, default="")
    size = models.BigIntegerField(default=0)
    asked_by = models.CharField(max_length=60)
    asked_at = models.DateTimeField()

    objects = TrackedManager.from_queryset(ArchiveQuerySet)()

    class Meta(Tracked.Meta):
        ordering = ["-asked_at"]
        constraints = [
            models.CheckConstraint(name="archive_period_order", condition=Q(starts_on__lte=F("ends_on")))
        ]

    @property
    def name(self) -> str:
        """A neutral name for the reader's disk."""
        return f"archive-{self.starts_on}-{self.ends_on}.zip"


class ArchiveTaken(AppendOnly):
    """Who took an archive, and when."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    archive = models.ForeignKey(Archive, models.PROTECT, related_name="takings")
    taken_by = models.CharField(max_length=60)
    taken_at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        ordering = ["-taken_at"]
