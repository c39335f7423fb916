"""Reports that were asked for and issued. The files lie under REPORTS_DIR, with their hashes here."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.tracked import AppendOnly, Tracked, TrackedManager, TrackedQuerySet
from treasury.models import GrantLine


class DefinitionQuerySet(TrackedQuerySet["Definition"]):
    def visible_to(self, actor: User) -> "DefinitionQuerySet":
        """Definitions are for those who may build reports."""
        return self.all() if actor.has("reports.build") else self.none()

    def standing(self) -> "DefinitionQuerySet":
        """Those that still come due."""
        return self.filter(closed_on=None)


class Definition(Tracked):
    """A report that is made again and again, such as each quarter for one funder.

    ``first_on`` is the first day of its first period; it is due ``due_days`` after a period ends.
    """

    class Rhythm(models.TextChoices):
        MONTH = "month", _("Every month")
        QUARTER = "quarter", _("Every quarter")
        HALF = "half", _("Every half year")
        YEAR = "year", _("Every year")

    name = models.CharField(max_length=80)
    type = models.CharField(max_length=30)
    fund_code = models.CharField(max_length=40, blank=True, default="")
    language = models.CharField(max_length=8, default="en")
    formats = models.CharField(max_length=40)
    compare = models.BooleanField(default=True)
    rhythm = models.CharField(max_length=8, choices=Rhythm)
    first_on = models.DateField()
    due_days = models.PositiveSmallIntegerField(default=30)
    saved_by = models.CharField(max_length=60)
    closed_on = models.DateField(null=True, blank=True)

    objects = TrackedManager.from_queryset(DefinitionQuerySet)()

    class Meta(Tracked.Meta):
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(name="definition_due_within_a_year", condition=Q(due_days__lte=366)),
            models.CheckConstraint(name="definition_named", condition=~Q(name="")),
        ]

    def __str__(self) -> str:
        return self.name


class Explanation(AppendOnly):
    """Why a grant's line differs from its plan on a day a report ends. The latest for line and day counts.

    ``text`` is printed in reports to the funder and so is public; the form says that it must name nobody.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    line = models.ForeignKey(GrantLine, models.PROTECT, related_name="explanations")
    ends_on = models.DateField()
    text = models.CharField(max_length=500)
    written_at = models.DateTimeField()
    written_by = models.CharField(max_length=60)

    class Meta(AppendOnly.Meta):
        ordering = ["written_at"]
        constraints = [models.CheckConstraint(name="explanation_says_something", condition=~Q(text=""))]


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
    compare = models.BooleanField(default=False)
    definition = models.ForeignKey(
        Definition, models.PROTECT, null=True, blank=True, related_name="jobs", db_index=False
    )
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
    """What a report said: the position in the log it was taken from and the hash of its rows.

    ``reported_size`` and ``reported_to`` name the earlier report whose past this one restates.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    job = models.OneToOneField(Job, models.PROTECT, null=True, related_name="snapshot")
    type = models.CharField(max_length=30)
    starts_on = models.DateField()
    ends_on = models.DateField()
    fund_code = models.CharField(max_length=40, blank=True, default="")
    compare = models.BooleanField(default=False)
    reported_size = models.BigIntegerField(null=True, blank=True)
    reported_to = models.DateField(null=True, blank=True)
    definition = models.ForeignKey(
        Definition, models.PROTECT, null=True, blank=True, related_name="snapshots"
    )
    log_size = models.BigIntegerField()
    root_hex = models.CharField(max_length=64)
    ruleset = models.CharField(max_length=10)
    content_hash = models.CharField(max_length=64, db_index=True)
    row_count = models.BigIntegerField()
    taken_at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        ordering = ["-taken_at"]
        constraints = [
            models.CheckConstraint(
                name="snapshot_reported_whole",
                condition=Q(reported_size=None, reported_to=None)
                | Q(reported_size__isnull=False, reported_to__isnull=False),
            )
        ]


class IssuedFile(AppendOnly):
    """One file of a report; ``sha256`` is the hash of its bytes as issued."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    snapshot = models.ForeignKey(Snapshot, models.PROTECT, related_name="files")
    format = models.CharField(max_length=8)
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


# Tables of the auditors' room, of the same application.
from reports.archive import models as _archive  # noqa: E402, F401
from reports.audit_pack import models as _audit_pack  # noqa: E402, F401
from reports.findings import models as _findings  # noqa: E402, F401
from reports.sampling_room import models as _sampling_room  # noqa: E402, F401
