"""Readings under seal: hashed into the log before each checkpoint, and let go in whole ranges only.

The digest of a range is SHA-256 over one line for each reading, by id, each line the canonical text
``{"actor", "at", "id", "purpose", "subjects": [[subject, fields], ...]}`` with subjects sorted.
"""

import datetime
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection
from django.utils.translation import gettext_lazy as _

from audit.actions import DomainError, action, fact
from audit.actors import Actor
from audit.canonical import canonical, plain
from audit.checkpoints import order
from audit.checkpoints.models import ReadExpiry, ReadSeal
from audit.models import ReadRecord, ReadSubject

_CHUNK = 2000


class NothingSealed(DomainError):
    """No sealed range of readings lies wholly before that day."""

    code = "nothing-sealed"
    message = _("No sealed range of readings is that old. Readings are sealed with each checkpoint.")


@dataclass(frozen=True)
class Digest:
    """Count and SHA-256 (hex) over the readings of a range, and its borders (0 when empty)."""

    count: int
    sha256: str
    first_id: int = 0
    last_id: int = 0
    last_at: datetime.datetime | None = None


def reads_digest(after: int, until: int | None = None) -> Digest:
    """Digest over the readings with ``after < id <= until``, as stored now."""
    sha256 = hashlib.sha256()
    count, first, last, last_at = 0, 0, 0, None
    for record_id, at, line in _lines(after, until):
        sha256.update(line.encode() + b"\n")
        count, first, last = count + 1, first or record_id, record_id
        last_at = at if last_at is None or at > last_at else last_at
    return Digest(count, sha256.hexdigest(), first, last, last_at)


def unsealed() -> bool:
    """Whether a reading waits for its seal."""
    return ReadRecord.objects.filter(pk__gt=_sealed_to()).exists()


@action("reads.sealed")
def seal_reads(*, by: Actor, at: datetime.datetime) -> ReadSeal | None:
    """Bind all readings since the last seal to the log; None when there are none."""
    order.hold_readings()
    found = reads_digest(_sealed_to())
    if found.last_at is None:
        return None
    seal = ReadSeal(
        first_id=found.first_id,
        last_id=found.last_id,
        count=found.count,
        sha256=found.sha256,
        last_read_at=found.last_at,
        sealed_at=at,
    )
    seal.save()
    fact(first=found.first_id, last=found.last_id, count=found.count, sha256=found.sha256)
    return seal


@action("reads.expired")
def expire_reads(*, before: datetime.datetime, by: Actor, at: datetime.datetime) -> int:
    """Delete the readings of every sealed range that ended before a moment; how many rows went.

    The seals stay, so that what went can be named. Raises NothingSealed.
    """
    seals = list(expirable(before))
    if not seals:
        raise NothingSealed()
    for seal in seals:
        ReadExpiry(seal=seal, ended_at=at).save()
    # Foreign keys of SQLite are checked at once, and the rule of the triggers is the row just written.
    gone = 0
    for seal in seals:
        rows = {"first": seal.first_id, "last": seal.last_id}
        with connection.cursor() as cursor:
            cursor.execute("delete from audit_readsubject where read_id between %(first)s and %(last)s", rows)
            cursor.execute("delete from audit_readrecord where id between %(first)s and %(last)s", rows)
            gone += cursor.rowcount
    fact(ranges=[[seal.first_id, seal.last_id] for seal in seals], rows=gone)
    return gone


def expirable(before: datetime.datetime) -> list[ReadSeal]:
    """Sealed ranges whose last reading lies before the moment and that have not ended yet."""
    return list(ReadSeal.objects.filter(last_read_at__lt=before, expiry__isnull=True).order_by("last_id"))


def problems() -> Iterator[str]:
    """Sealed readings that are no longer what was sealed."""
    before = 0
    over = set(ReadExpiry.objects.values_list("seal_id", flat=True))
    for seal in ReadSeal.objects.order_by("last_id").iterator(chunk_size=_CHUNK):
        found = reads_digest(before, seal.last_id)
        ended = seal.pk in over
        if ended and found.count:
            yield f"audit_readrecord {seal.first_id}-{seal.last_id}: ended, and {found.count} are there"
        elif not ended and (found.count, found.sha256) != (seal.count, seal.sha256):
            yield (
                f"audit_readrecord {seal.first_id}-{seal.last_id}: not the readings that were sealed"
                f" ({found.count} of {seal.count} are there)"
            )
        before = seal.last_id


def _sealed_to() -> int:
    last = ReadSeal.objects.order_by("-last_id").values_list("last_id", flat=True).first()
    return last or 0


def _lines(after: int, until: int | None) -> Iterator[tuple[int, datetime.datetime, str]]:
    records = ReadRecord.objects.filter(pk__gt=after).order_by("pk")
    if until is not None:
        records = records.filter(pk__lte=until)
    subjects = _subjects(after, until)
    held = next(subjects, None)
    for record in records.values_list("pk", "at", "actor_id", "purpose").iterator(chunk_size=_CHUNK):
        key, at, actor_id, purpose = record
        listed = []
        while held is not None and held[0] <= key:
            listed.append([str(held[1]), held[2]])
            held = next(subjects, None)
        line = {"id": key, "at": plain(at), "actor": actor_id, "purpose": purpose, "subjects": sorted(listed)}
        yield key, at, canonical(line)


def _subjects(after: int, until: int | None) -> Iterator[tuple[int, object, str]]:
    rows = ReadSubject.objects.filter(read__gt=after).order_by("read_id")
    if until is not None:
        rows = rows.filter(read__lte=until)
    return rows.values_list("read_id", "subject_id", "fields").iterator(chunk_size=_CHUNK)
