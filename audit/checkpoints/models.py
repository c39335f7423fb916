"""Checkpoints, the keys that signed them, sealed ranges of readings, and the shapes of tables."""

import uuid

from django.db import models

from audit.tracked import AppendOnly


class LogKey(AppendOnly):
    """A public key of the log, in the order in which they took over.

    ``statement`` is a note by the old and the new key which names both; empty for the first one.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.PositiveIntegerField(unique=True)
    origin = models.CharField(max_length=200)
    public_key = models.CharField(max_length=300, unique=True)
    statement = models.TextField(blank=True)
    announced_at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        ordering = ["number"]


class Checkpoint(AppendOnly):
    """A signed note over the first ``size`` events. ``note`` is what is published, letter by letter."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    size = models.BigIntegerField(unique=True)
    root_hash = models.CharField(max_length=64)
    note = models.TextField()
    signed_at = models.DateTimeField(db_index=True)

    class Meta(AppendOnly.Meta):
        ordering = ["-size"]


class ReadSeal(AppendOnly):
    """A digest over the readings from ``first_id`` to ``last_id``; see :mod:`audit.checkpoints.reads`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    first_id = models.BigIntegerField(unique=True)
    last_id = models.BigIntegerField(unique=True)
    count = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    last_read_at = models.DateTimeField()
    sealed_at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        ordering = ["last_id"]
        constraints = [
            models.CheckConstraint(
                name="audit_seal_in_order", condition=models.Q(first_id__lte=models.F("last_id"))
            )
        ]


class ReadExpiry(AppendOnly):
    """Says that a sealed range of readings has ended; only then does the database let its rows go."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    seal = models.OneToOneField(ReadSeal, models.PROTECT, related_name="expiry")
    ended_at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        ordering = ["ended_at"]


class TableShape(models.Model):
    """The fields of one recorded table from one migration on; ``event`` is None for a new system's first.

    ``fields`` is a canonical list of [column, type]; an event states the old list and the new one.
    """

    append_only = True

    table = models.CharField(max_length=80)
    number = models.PositiveIntegerField()
    fields = models.TextField()
    action_id = models.UUIDField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["table", "number"], name="audit_shape_once")]
