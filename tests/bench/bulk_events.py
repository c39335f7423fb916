"""A million events by plain SQL, as the log would have written them: for measuring, never for tests."""

import datetime
import hashlib
import json
import uuid
from typing import Any

_AT = datetime.datetime(2026, 3, 2, 9, 30, 0, 123456, tzinfo=datetime.UTC)


def bodies(count: int, begin: int = 0) -> list[tuple[int, str, str]]:
    """(seq, action id, text) of made-up events, each with one record, as large as real ones."""
    from audit.canonical import canonical

    found = []
    for seq in range(begin, begin + count):
        action = str(uuid.UUID(int=seq + (1 << 120), version=4))
        record = ["accounts_historicalrolegrant", action, hashlib.sha256(action.encode()).hexdigest()]
        body = {
            "kind": "bench.saved", "by": "staff:" + action, "at": _AT.isoformat(timespec="microseconds"),
            "action": action, "subjects": [action], "facts": {"language": "be"}, "steps": [],
            "records": [record], "seq": seq,
        }  # fmt: skip
        found.append((seq, action, canonical(body)))
    return found


def fill(count: int) -> list[bytes]:
    """Put ``count`` events with their tree and tail into an empty log; their texts."""
    from django.db import connection, transaction

    from audit import guards, merkle
    from audit.proof import tree

    made = bodies(count)
    texts = [body.encode() for _seq, _action, body in made]
    levels = tree.grown([merkle.leaf_hash(text) for text in texts])
    nodes = [(level, index, hash_) for level, row in enumerate(levels) for index, hash_ in enumerate(row)]
    events = ((seq, "bench.saved", "staff:" + action, action, _AT, body) for seq, action, body in made)
    with guards.lifted(connection), transaction.atomic():
        for table in ("audit_eventsubject", "audit_node", "audit_event", "audit_logtail"):
            with connection.cursor() as cursor:
                cursor.execute(f"delete from {table}")
        _put(connection, "audit_event(seq, kind, actor_id, action_id, at, body)", events)
        _put(connection, 'audit_node(level, "index", hash)', nodes)
        peaks = json.dumps({level: peak.hex() for level, peak in tree.peaks_of(levels).items()})
        _put(connection, "audit_logtail(id, size, peaks)", [(1, count, peaks)])
    return texts


def _put(connection: Any, into: str, rows: Any) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"copy {into.replace('(', ' (', 1)} from stdin") as copy:
                for row in rows:
                    copy.write_row(row)
            return
        marks = ", ".join("?" * (into.count(",") + 1))
        plain = ([_as_stored(value) for value in row] for row in rows)
        connection.connection.executemany(f"insert into {into} values ({marks})", plain)


def _as_stored(value: Any) -> Any:
    if isinstance(value, datetime.datetime):
        return value.replace(tzinfo=None).isoformat(" ", timespec="microseconds")
    if isinstance(value, str) and len(value) == 36 and value.count("-") == 4:
        return value.replace("-", "")
    return value
