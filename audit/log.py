"""Appending to the log: the last thing a transaction does."""

import json
from typing import Any

from django.db import connection

from audit import merkle
from audit.actions import Act
from audit.canonical import canonical, plain
from audit.models import Event, EventSubject, LogTail, Node


def append(act: Act) -> int:
    """Write the action's event and the subtrees it completes; its sequence number.

    Takes the lock on the tail row in a statement of its own, so that what is read after it is what the
    transaction before left there (see docs/decisions, "lock last").
    """
    size, peaks = _locked_tail()
    body = canonical({**event_facts(act), "seq": size})
    made = merkle.extend(peaks, size, merkle.leaf_hash(body.encode()))
    event = Event.objects.create(
        seq=size, kind=act.kind, actor_id=act.by, action_id=act.id, at=act.at, body=body
    )
    EventSubject.objects.bulk_create(EventSubject(event=event, subject_id=s) for s in sorted(act.subjects))
    Node.objects.bulk_create(Node(level=level, index=index, hash=hash_) for level, index, hash_ in made)
    LogTail.objects.filter(pk=1).update(size=size + 1, peaks=_written(peaks))
    return size


def event_facts(act: Act) -> dict[str, Any]:
    """The event without its sequence number."""
    return {
        "kind": act.kind,
        "by": act.by,
        "at": plain(act.at),
        "action": str(act.id),
        "subjects": sorted(act.subjects),
        "facts": act.facts,
        "steps": act.steps,
        "records": act.records,
    }


def head() -> tuple[int, bytes]:
    """Size and root of the log as committed."""
    tail = LogTail.objects.filter(pk=1).first()
    if tail is None:
        return 0, merkle.root({})
    return tail.size, merkle.root(_read(tail.peaks))


def root_at(size: int) -> bytes:
    """The root the log had at an earlier size, from the stored subtrees. Raises LookupError beyond it."""
    peaks: merkle.Peaks = {}
    for level in range(size.bit_length()):
        if (size >> level) & 1:
            node = Node.objects.filter(level=level, index=(size >> level) - 1).first()
            if node is None:
                raise LookupError(f"the log has no size {size}")
            peaks[level] = bytes(node.hash)
    return merkle.root(peaks)


def _locked_tail() -> tuple[int, merkle.Peaks]:
    if not connection.in_atomic_block:
        raise RuntimeError("append outside a transaction")
    tail = LogTail.objects.select_for_update().filter(pk=1).first()
    if tail is None:
        LogTail.objects.bulk_create([LogTail(id=1, size=0, peaks="{}")], ignore_conflicts=True)
        tail = LogTail.objects.select_for_update().get(pk=1)
    return tail.size, _read(tail.peaks)


def _read(peaks: str) -> merkle.Peaks:
    return {int(level): bytes.fromhex(text) for level, text in json.loads(peaks).items()}


def _written(peaks: merkle.Peaks) -> str:
    return json.dumps({level: peak.hex() for level, peak in peaks.items()})
