"""What keeps the system itself, as events: new keys, backups, restores. Ids, counts and digests only."""

import datetime
import json

from audit.actions import action, fact, touch
from audit.actors import Actor
from audit.models import Event, EventSubject


@action("keys.rotation_begun")
def begin_rotation(*, old: str, new: str, by: Actor, at: datetime.datetime) -> None:
    """Note that data keys are being wrapped anew; ``old`` and ``new`` are names of key-encryption keys."""
    touch(key_id(new))
    fact(old=old, new=new)


@action("keys.rotated")
def finish_rotation(*, new: str, by: Actor, at: datetime.datetime, data_keys: int) -> None:
    """Note that the old key-encryption key is gone; ``data_keys`` is how many the new one wraps."""
    touch(key_id(new))
    fact(new=new, data_keys=data_keys)


@action("backup.made")
def note_backup(*, kind: str, sha256: str, size: int, by: Actor, at: datetime.datetime) -> None:
    """Note a backup: ``main`` or ``keys``, the digest of its file, its bytes."""
    fact(kind=kind, sha256=sha256, size=size)


@action("backup.restored")
def note_restore(*, kind: str, made_at: str, by: Actor, at: datetime.datetime) -> None:
    """Note that this installation goes on from a backup; ``made_at`` is its moment."""
    fact(kind=kind, made_at=made_at)


def happened(kind: str, new: str) -> bool:
    """Whether the log has this event about the key-encryption key."""
    return EventSubject.objects.filter(subject_id=key_id(new), event__kind=kind).exists()


def last_backup_at(kind: str) -> datetime.datetime | None:
    """When a backup of this kind was last made."""
    made = Event.objects.filter(kind="backup.made").order_by("-seq")
    for event in made[:200]:
        if json.loads(event.body)["facts"]["kind"] == kind:
            return event.at
    return None


def key_id(name: str) -> str:
    """How the log calls a key-encryption key."""
    return f"kek:{name}"
