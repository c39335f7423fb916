"""What was found when the kept documents and the tables themselves were looked at."""

import uuid

from django.db import models

from audit.tracked import AppendOnly


class Inspection(AppendOnly):
    """One look at what the log cannot show: files on the disk, rows beside their events, the money laws.

    It is in the log, so that a pack made from a position of the log says the same whenever it is made.
    ``problems`` are lines of tables and opaque keys, never a value; ``more`` counts those left out.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    files = models.PositiveIntegerField()
    files_changed = models.PositiveIntegerField()
    files_gone = models.PositiveIntegerField()
    files_erased = models.PositiveIntegerField()
    records = models.PositiveIntegerField()
    laws = models.PositiveIntegerField()
    problems = models.JSONField()
    more = models.PositiveIntegerField(default=0)
    made_by = models.CharField(max_length=60)
    made_at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        ordering = ["-made_at", "-id"]
