"""What happened: the log, its tree, and who read what."""

from django.db import models

# A reading may go when the sealed range it lies in has been said to end; see audit/checkpoints/reads.py.
_SEAL_ENDED = (
    "exists (select 1 from audit_readexpiry e join audit_readseal s on s.id = e.seal_id"
    " where old.{column} between s.first_id and s.last_id)"
)


class Event(models.Model):
    """One action, as the exact canonical text whose hash is a leaf of the tree."""

    append_only = True

    seq = models.BigIntegerField(primary_key=True)
    kind = models.CharField(max_length=60, db_index=True)
    actor_id = models.CharField(max_length=60, db_index=True)
    action_id = models.UUIDField(unique=True)
    at = models.DateTimeField()
    body = models.TextField()

    class Meta:
        default_permissions = ()
        ordering = ["seq"]


class EventSubject(models.Model):
    """Finds the events about one thing; says nothing that the event's body does not."""

    append_only = True

    # Always looked up by the subject: no index of its own.
    event = models.ForeignKey(Event, models.PROTECT, related_name="subjects", db_index=False)
    subject_id = models.CharField(max_length=60)

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["subject_id", "event"], name="audit_subject_events")]


class Node(models.Model):
    """The root of one complete subtree of the log's Merkle tree."""

    append_only = True

    pk = models.CompositePrimaryKey("level", "index")
    level = models.SmallIntegerField()
    index = models.BigIntegerField()
    hash = models.BinaryField()

    class Meta:
        default_permissions = ()


class LogTail(models.Model):
    """One row: the log's size and the peaks of its tree; locking it orders the appends."""

    id = models.SmallIntegerField(primary_key=True)
    size = models.BigIntegerField()
    peaks = models.TextField()

    class Meta:
        default_permissions = ()
        constraints = [models.CheckConstraint(name="audit_one_tail", condition=models.Q(id=1))]


class ReadRecord(models.Model):
    """One page, answer or command that opened sealed values."""

    append_only = True
    deletable_when = _SEAL_ENDED.format(column="id")

    at = models.DateTimeField(db_index=True)
    actor_id = models.CharField(max_length=60, db_index=True)
    purpose = models.CharField(max_length=100)

    class Meta:
        default_permissions = ()


class ReadSubject(models.Model):
    """Whose fields were opened in one reading; the answer to "who opened this?"."""

    append_only = True
    deletable_when = _SEAL_ENDED.format(column="read_id")

    read = models.ForeignKey(ReadRecord, models.PROTECT, related_name="subjects")
    subject_id = models.UUIDField()
    fields = models.TextField()

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["subject_id", "read"], name="audit_reads_of_subject")]


class SpentKey(models.Model):
    """A form's token or a request's key that has taken effect; only its digest is kept."""

    digest = models.CharField(max_length=64, primary_key=True)
    at = models.DateTimeField(db_index=True)

    class Meta:
        default_permissions = ()


from audit.checkpoints import models as _checkpoints  # noqa: E402, F401  tables of the same application
