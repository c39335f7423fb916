"""Is the log's tree the tree over the stored events, and nothing missing at either end?"""

import json
from collections.abc import Iterator

from audit import merkle
from audit.canonical import plain
from audit.models import Event, LogTail, Node


def problems() -> Iterator[str]:
    """Walk all events once; each bad event, node or tail by name."""
    peaks: merkle.Peaks = {}
    levels: dict[int, bytearray] = {}
    size = 0
    for event in Event.objects.order_by("seq").iterator(chunk_size=2000):
        if event.seq != size:
            yield f"audit_event {size} is missing"
            return
        if _columns(event) != _body(event):
            yield f"audit_event {event.seq}: its columns differ from its text"
        for level, _index, hash_ in merkle.extend(peaks, size, merkle.leaf_hash(event.body.encode())):
            levels.setdefault(level, bytearray()).extend(hash_)
        size += 1
    yield from _nodes(levels)
    yield from _tail(size, peaks)


def _columns(event: Event) -> tuple[object, ...]:
    return event.seq, event.kind, event.actor_id, str(event.action_id), plain(event.at)


def _body(event: Event) -> tuple[object, ...]:
    try:
        body = json.loads(event.body)
        return body["seq"], body["kind"], body["by"], body["action"], body["at"]
    except (ValueError, KeyError):
        return ()


def _nodes(levels: dict[int, bytearray]) -> Iterator[str]:
    expected = {level: len(hashes) // 32 for level, hashes in levels.items()}
    seen = dict.fromkeys(expected, 0)
    stored = Node.objects.order_by("level", "index").values_list("level", "index", "hash")
    for level, index, hash_ in stored.iterator(chunk_size=5000):
        known = levels.get(level, b"")[index * 32 : index * 32 + 32]
        if bytes(hash_) != bytes(known):
            yield f"audit_node {level}/{index} is not the hash of what lies under it"
            return
        seen[level] = seen.get(level, 0) + 1
    for level, count in expected.items():
        if seen[level] != count:
            yield f"audit_node: level {level} has {seen[level]} of {count} hashes"


def _tail(size: int, peaks: merkle.Peaks) -> Iterator[str]:
    tail = LogTail.objects.filter(pk=1).first()
    if tail is None:
        if size:
            yield "audit_logtail is missing"
        return
    stored = {int(level): text for level, text in json.loads(tail.peaks).items()}
    if tail.size != size or stored != {level: peak.hex() for level, peak in peaks.items()}:
        yield f"audit_logtail says size {tail.size}, the events say {size}, or its peaks differ"
