"""Reports that were asked for and issued. The files lie under REPORTS_DIR, with their hashes here."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.tracked import AppendOnly, Tracked, TrackedManager, TrackedQuerySet


class JobQuerySet(TrackedQuerySet["Job"]):
    def visible_to(self, actor: User) -> "JobQuerySet":
        """Reports are for those who may build them; each sees all that were made."""
        return self.all() if actor.has("reports.build") else self.none()

    def waiting(self) -> "JobQuerySet":
        return self.filter(state=Job.State.WAITING)


class Job(Tracked):
    """A report somebody asked for, and how far it is. ``done`` counts finished formats."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Being made")
        DONE = "done", _("Ready")
        FAILED = "failed", _("Failed")

    type = models.CharField(max_length=30)
    starts_on = models.DateField()
    ends_on = models.DateField()
    fund_code = models.CharField(max_length=40, blank=True, default="")
    language = models.CharField(max_length=8, default="en")
    formats = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    done = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=60, blank=True, default="")
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()

    objects = TrackedManager.from_queryset(JobQuerySet)()

    class Meta(Tracked.Meta):
        ordering = ["-asked_at"]
        constraints = [
            models.CheckConstraint(name="job_period_order", condition=Q(starts_on__lte=models.F("ends_on")))
        ]

    @property
    def total(self) -> int:
        """How many formats were asked for."""
        return len(self.formats.split())


class Snapshot(AppendOnly):
    """What a report said: the position in the log it was taken from and the hash of its rows."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    job = models.OneToOneField(Job, models.PROTECT, null=True, related_name="snapshot")
    type = models.CharField(max_length=30)
    starts_on = models.DateField()
    ends_on = models.DateField()
    fund_code = models.CharField(max_length=40, blank=True, default="")
    log_size = models.BigIntegerField()
    root_hex = models.CharField(max_length=64)
    ruleset = models.CharField(max_length=10)
    content_hash = models.CharField(max_length=64, db_index=True)
    row_count = models.BigIntegerField()
    taken_at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        ordering = ["-taken_at"]


class IssuedFile(AppendOnly):
    """One file of a report; ``sha256`` is the hash of its bytes as issued."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    snapshot = models.ForeignKey(Snapshot, models.PROTECT, related_name="files")
    format = models.CharField(max_length=4)
    language = models.CharField(max_length=8)
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.BigIntegerField()
    issued_at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        ordering = ["format"]

    @property
    def name(self) -> str:
        """A neutral name for the reader's disk."""
        return f"{self.snapshot.type}-{self.snapshot.starts_on}-{self.snapshot.ends_on}.{self.format}"


class Download(AppendOnly):
    """Who took a file, and when."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    file = models.ForeignKey(IssuedFile, models.PROTECT, related_name="downloads")
    taken_by = models.CharField(max_length=60)
    taken_at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        ordering = ["-taken_at"]
