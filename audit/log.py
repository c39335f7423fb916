"""Appending to the log: the last thing a transaction does."""

import json
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

from audit import inserting, merkle
from audit.actions import Act
from audit.canonical import canonical, plain
from audit.models import Event, EventSubject, LogTail, Node


def append(act: Act) -> int:
    """Write the action's history, its event and the subtrees it completes; the event's sequence number.

    Takes the lock on the tail row in a statement of its own, so that what is read after it is what the
    transaction before left there (see docs/decisions, "lock last").
    """
    size, peaks = _locked_tail()
    body = canonical({**event_facts(act), "seq": size})
    made = merkle.extend(peaks, size, merkle.leaf_hash(body.encode()))
    event = {
        "seq": size,
        "kind": act.kind,
        "actor_id": act.by,
        "action_id": act.id,
        "at": act.at,
        "body": body,
    }
    inserting.insert_and_run(
        [
            *act.history.items(),
            (Event, [event]),
            (EventSubject, [{"event_id": size, "subject_id": subject} for subject in sorted(act.subjects)]),
            (Node, [{"level": level, "index": index, "hash": hash_} for level, index, hash_ in made]),
        ],
        ("UPDATE audit_logtail SET size = %s, peaks = %s WHERE id = 1", [size + 1, _written(peaks)]),
    )
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
    real = connections[DEFAULT_DB_ALIAS]  # the proxy looks its thread up at each attribute
    if not real.in_atomic_block:
        raise RuntimeError("append outside a transaction")
    sql = "SELECT size, peaks FROM audit_logtail WHERE id = 1"
    if real.features.has_select_for_update:  # on PostgreSQL only
        sql += " FOR UPDATE"
    with real.cursor() as cursor:
        cursor.execute(sql)
        if (tail := cursor.fetchone()) is None:
            LogTail.objects.bulk_create([LogTail(id=1, size=0, peaks="{}")], ignore_conflicts=True)
            cursor.execute(sql)
            tail = cursor.fetchone()
    return tail[0], _read(tail[1])


def _read(peaks: str) -> merkle.Peaks:
    return {int(level): bytes.fromhex(text) for level, text in json.loads(peaks).items()}


def _written(peaks: merkle.Peaks) -> str:
    return json.dumps({level: peak.hex() for level, peak in peaks.items()})
