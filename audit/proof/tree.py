"""Is the log's tree the tree over the stored events, and nothing missing at either end?

Written for a million events: rows are fetched as plain tuples, each level of the tree is hashed as a
whole, and columns are compared with the text by the database.
"""

import json
from collections.abc import Iterator
from hashlib import sha256
from itertools import zip_longest
from typing import Any

from django.db import DataError, connection, transaction

from audit import merkle
from audit.canonical import plain
from audit.models import Event, LogTail
from audit.proof import rows

_BITS = 12
_BLOCK = 1 << _BITS


def problems() -> Iterator[str]:
    """Walk all events once; each bad event, node or tail by name."""
    leaves: list[bytes] = []
    for seq, body in _bodies():
        if seq != len(leaves):
            yield f"audit_event {len(leaves)} is missing"
            return
        leaves.append(sha256(b"\0" + body.encode()).digest())
    yield from _columns()
    levels = grown(leaves)
    yield from _nodes(levels)
    yield from _tail(len(leaves), peaks_of(levels))


def grown(leaves: list[bytes]) -> list[list[bytes]]:
    """Every level of complete subtrees over the leaf hashes, the leaves first."""
    levels = [leaves] if leaves else []
    below = leaves
    while len(below) > 1:
        pairs = iter(below)
        below = [sha256(b"\1" + left + right).digest() for left, right in zip(pairs, pairs, strict=False)]
        levels.append(below)
    return levels


def peaks_of(levels: list[list[bytes]]) -> merkle.Peaks:
    """The right edge: of each level with an odd number of subtrees the last."""
    return {level: hashes[-1] for level, hashes in enumerate(levels) if len(hashes) & 1}


def _bodies() -> Iterator[tuple[Any, ...]]:
    return rows.raw("select seq, body from audit_event order by seq")


def _columns() -> Iterator[str]:
    for seq in _differing():
        event = Event.objects.get(seq=seq)
        if _held_columns(event) != _body(event):  # on SQLite the quick look is sure already
            yield f"audit_event {event.seq}: its columns differ from its text"


_DIFFER = {
    "sqlite": """from audit_event where case when json_valid(body) then
 json_extract(body, '$.seq') is not seq or json_extract(body, '$.kind') is not kind
 or json_extract(body, '$.by') is not actor_id
 or replace(json_extract(body, '$.action'), '-', '') is not action_id
 or replace(substr(json_extract(body, '$.at'), 1, 26), 'T', ' ') is not
 (case length(at) when 19 then at || '.000000' else at end)
 else 1 end""",
    "postgresql": """from audit_event, json_to_record(body::json)
 as said(seq bigint, kind text, by text, action uuid, at timestamptz)
 where (said.seq, said.kind, said.by, said.action, said.at)
 is distinct from (audit_event.seq, audit_event.kind, actor_id, action_id, audit_event.at)""",
}


def _differing() -> list[int]:
    """Events whose text may say something else than their columns: the database's quick look."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            # PostgreSQL counts with all its processors, but would list with one.
            cursor.execute(f"select count(*) {_DIFFER[connection.vendor]}")
            if cursor.fetchone() == (0,):
                return []
            cursor.execute(f"select audit_event.seq {_DIFFER[connection.vendor]} order by 1")
            return [seq for (seq,) in cursor.fetchall()]
    except DataError:  # on PostgreSQL only: a text is not even JSON, so look at each
        return list(Event.objects.order_by("seq").values_list("seq", flat=True))


def _held_columns(event: Event) -> tuple[object, ...]:
    return event.seq, event.kind, event.actor_id, str(event.action_id), plain(event.at)


def _body(event: Event) -> tuple[object, ...]:
    try:
        body = json.loads(event.body)
        return body["seq"], body["kind"], body["by"], body["action"], body["at"]
    except (ValueError, KeyError):
        return ()


# Many nodes a row: a driver takes longer to hand over two million than the server to put them together.
# The last index beside the count says that none between is missing: a key stands once. Shifted, not divided:
# a division would round an index below zero into the first block.
_BLOCKS = f"""select level, "index" >> {_BITS}, count(*), max("index"),
 string_agg(hash, ''::bytea order by "index") from audit_node group by 1, 2 order by 1, 2"""  # noqa: S608  our own number


def _in_blocks(  # on PostgreSQL only
    levels: list[list[bytes]],
) -> Iterator[tuple[int, int, int, int, bytes]]:
    """What ``_BLOCKS`` answers about a tree that is whole."""
    for level, hashes in enumerate(levels):
        for start in range(0, len(hashes), _BLOCK):
            block = hashes[start : start + _BLOCK]
            yield level, start // _BLOCK, len(block), start + len(block) - 1, b"".join(block)


def _nodes(levels: list[list[bytes]]) -> Iterator[str]:
    if connection.vendor == "postgresql":  # on PostgreSQL only
        stored = (tuple(row) for row in rows.raw(_BLOCKS))
        if all(row == wanted for row, wanted in zip_longest(stored, _in_blocks(levels))):
            return
    yield from _each_node(levels)


def _each_node(levels: list[list[bytes]]) -> Iterator[str]:
    """The first node that is not what it should be, by its place."""
    seen = [0] * len(levels)
    for level, index, hash_ in rows.raw(
        'select level, "index", hash from audit_node order by level, "index"'
    ):
        known = levels[level] if 0 <= level < len(levels) else []
        # Rows come in order, so each must be the next of its level.
        if known and seen[level] < index < len(known):
            yield f"audit_node {level}/{seen[level]} is missing"
            return
        if not 0 <= index < len(known) or known[index] != hash_:
            yield f"audit_node {level}/{index} is not the hash of what lies under it"
            return
        seen[level] += 1
    for level, hashes in enumerate(levels):
        if seen[level] != len(hashes):
            yield f"audit_node: level {level} has {seen[level]} of {len(hashes)} hashes"


def _tail(size: int, peaks: merkle.Peaks) -> Iterator[str]:
    tail = LogTail.objects.filter(pk=1).first()
    if tail is None:
        if size:
            yield "audit_logtail is missing"
        return
    stored = {int(level): text for level, text in json.loads(tail.peaks).items()}
    if tail.size != size or stored != {level: peak.hex() for level, peak in peaks.items()}:
        yield f"audit_logtail says size {tail.size}, the events say {size}, or its peaks differ"
