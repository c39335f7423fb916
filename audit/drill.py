"""What an owner of the database could do to it, and which check names each; on a copy only.

Every tampering is done inside a transaction that is rolled back, so that each meets an untouched copy.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from audit import guards, log, merkle
from audit.canonical import canonical
from audit.checkpoints import notes, signing
from audit.checkpoints.models import Checkpoint
from audit.models import Event
from audit.proof import checkpoints, registry, tree

OUTSIDE = "a checkpoint kept outside"
OF_FILES = frozenset({"issued reports"})
Deed = Callable[[], bool]  # whether there was something to alter


@dataclass(frozen=True)
class Tampering:
    """One way to falsify; ``named_by`` is the proof that should find it.

    ``bare`` leaves triggers down; ``late`` acts after they are up again.
    """

    what: str
    named_by: str
    deed: Deed
    bare: bool = False
    late: bool = False


@dataclass(frozen=True)
class Outcome:
    """``found`` names the check and its first line, empty when nothing noticed; None: nothing to alter."""

    what: str
    found: tuple[str, str] | tuple[()] | None


def run(among: list[Tampering]) -> Iterator[Outcome]:
    """Do each, look, undo. The default connection must be that of a copy.

    The last checkpoint, as somebody outside would hold it, is one more check.
    """
    outside = _kept_outside()
    for tampering in among:
        with transaction.atomic():
            guards.remove(connection)
            done = False if tampering.late else tampering.deed()
            if not tampering.bare and (done or tampering.late):
                guards.install(connection)
            done = done or (tampering.late and tampering.deed())
            outcome = Outcome(tampering.what, _found(tampering.named_by, outside) if done else None)
            transaction.set_rollback(True)
        yield outcome


def proofs() -> list[registry.Named]:
    """Those that read the database; files beside it are not copied, so they say nothing about the copy."""
    return [named for named in registry.proofs() if named.name not in OF_FILES]


def _kept_outside() -> list[registry.Named]:
    last, trusted = signing.latest(), signing.public_keys()
    if last is None:
        return []
    return [registry.Named(OUTSIDE, lambda: checkpoints.outside_problems(last.note, trusted))]


def _found(expected: str, outside: list[registry.Named]) -> tuple[str, str] | tuple[()]:
    for named in sorted([*proofs(), *outside], key=lambda named: named.name != expected):
        line = next(iter(named.proof()), None)
        if line is not None:
            return named.name, line
    return ()


def sql(statement: str, *parameters: Any) -> bool:
    """Run one statement; whether it changed a row."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return bool(cursor.rowcount)


def _all(query: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())


def _one(query: str) -> Any:
    rows = _all(query)
    return rows[0][0] if rows else None


def _middle() -> int:
    return log.head()[0] // 2


def change_event() -> bool:
    return sql(
        'update audit_event set body = replace(body, \'"by":"\', \'"by":"x\') where seq = %s', _middle()
    )


def change_column() -> bool:
    return sql("update audit_event set actor_id = 'staff:nobody' where seq = %s", _middle())


def delete_event() -> bool:
    sql("delete from audit_eventsubject where event_id = %s", _middle())
    return sql("delete from audit_event where seq = %s", _middle())


def exchange_events() -> bool:
    one, two = _middle(), _middle() + 1
    bodies = dict(Event.objects.filter(seq__in=(one, two)).values_list("seq", "body"))
    return len(bodies) == 2 and all(
        sql("update audit_event set body = %s where seq = %s", bodies[other], seq)
        for seq, other in ((one, two), (two, one))
    )


def insert_event() -> bool:
    return sql(
        "insert into audit_event(seq, kind, actor_id, action_id, at, body)"
        " select seq + 1, kind, actor_id, %s, at, body from audit_event order by seq desc limit 1",
        "0" * 32,
    )


def cut_tail() -> bool:
    """Take the last events away and make size, peaks and subtrees fit, as if they had never been."""
    kept = max(log.head()[0] - 3, 0)
    sql("delete from audit_eventsubject where event_id >= %s", kept)
    if not sql("delete from audit_event where seq >= %s", kept):
        return False
    _regrow()
    return True


def rewrite_tail() -> bool:
    """Change who did the last thing that was signed for, the tree with it: all fits again."""
    size = _one("select max(size) from audit_checkpoint")
    if not size:
        return False
    return _rewrite_event(size - 1)


def _rewrite_event(seq: int) -> bool:
    body = {**json.loads(Event.objects.get(seq=seq).body), "by": "staff:nobody"}
    text = canonical(body)
    sql("update audit_event set body = %s, actor_id = %s where seq = %s", text, body["by"], seq)
    _regrow()
    return True


def rewrite_and_unsign() -> bool:
    """The same, and the checkpoint over it taken out with its event: inside, all fits again."""
    last = Checkpoint.objects.order_by("-size").first()
    if last is None or log.head()[0] != last.size + 1:
        return False  # what came after it would have to be rewritten too
    sql("delete from audit_checkpoint where size = %s", last.size)
    sql("delete from audit_eventsubject where event_id = %s", last.size)
    sql("delete from audit_event where seq = %s", last.size)
    return _rewrite_event(last.size - 1)


def _regrow() -> None:
    bodies = Event.objects.order_by("seq").values_list("body", flat=True)
    levels = tree.grown([merkle.leaf_hash(body.encode()) for body in bodies.iterator(chunk_size=2000)])
    sql("delete from audit_node")
    with connection.cursor() as cursor:
        cursor.executemany(
            'insert into audit_node(level, "index", hash) values (%s, %s, %s)',
            [
                (level, index, hash_)
                for level, hashes in enumerate(levels)
                for index, hash_ in enumerate(hashes)
            ],
        )
    peaks = {level: peak.hex() for level, peak in tree.peaks_of(levels).items()}
    size = len(levels[0]) if levels else 0
    sql("update audit_logtail set size = %s, peaks = %s", size, json.dumps(peaks))


def drop_node() -> bool:
    return sql("delete from audit_node where level = 1")


def change_history() -> bool:
    """A history row and its text, so that both agree; only the event knows better."""
    kept = _one("select record from accounts_historicalrolegrant order by history_id")
    if kept is None:
        return False
    record = json.loads(kept)
    record["row"]["role"] = "auditor" if record["row"]["role"] != "auditor" else "treasurer"
    return sql(
        "update accounts_historicalrolegrant set record = %s, role = %s where record = %s",
        canonical(record),
        record["row"]["role"],
        kept,
    )


def change_row() -> bool:
    return sql("update accounts_rolegrant set role = 'administrator' where role <> 'administrator'")


def delete_row() -> bool:
    return sql("delete from accounts_rolegrant")


def change_reading() -> bool:
    return sql("update audit_readrecord set actor_id = 'staff:nobody' where id = %s", _sealed_reading())


def delete_reading() -> bool:
    sql("delete from audit_readsubject where read_id = %s", _sealed_reading())
    return sql("delete from audit_readrecord where id = %s", _sealed_reading())


def _sealed_reading() -> int:
    return _one("select min(first_id) from audit_readseal") or 0


def forge_checkpoint() -> bool:
    """Another root in the last note and in its column; the signature stays as it was."""
    last = Checkpoint.objects.order_by("-size").first()
    if last is None:
        return False
    forged = notes.TreeHead(last.note.split("\n")[0], last.size, hashlib.sha256(b"forged").digest())
    note = forged.text + last.note[last.note.rindex("\n\n") + 1 :]
    return sql(
        "update audit_checkpoint set note = %s, root_hash = %s where size = %s",
        note,
        forged.root.hex(),
        last.size,
    )


def drop_checkpoints() -> bool:
    return sql("delete from audit_checkpoint")


def replace_key() -> bool:
    """The forger's own key in place of the log's."""
    key = notes.Signer("forged.example/log", bytes(32)).key.text
    return sql("update audit_logkey set public_key = %s where number = 1", key)


def restate_fields() -> bool:
    return sql("update audit_tableshape set fields = '[]'")


def exchange_sealed() -> bool:
    """The sealed name of one person in the row of another."""
    tokens = dict(_all("select id, name from accounts_user order by id limit 2"))
    if len(tokens) < 2:
        return False
    (one, first), (two, second) = tokens.items()
    return sql("update accounts_user set name = %s where id = %s", second, one) and sql(
        "update accounts_user set name = %s where id = %s", first, two
    )


_EMPTIED = {
    "sqlite": [
        "drop trigger audit_event_no_update",
        "create trigger audit_event_no_update before update on audit_event when 0 begin select 1; end",
    ],
    "postgresql": [
        "create or replace function abarona_append_only() returns trigger language plpgsql as"
        " $$ begin return null; end $$"
    ],
}


def replace_function() -> bool:
    """A trigger that stands and does nothing: its function emptied, or its text."""
    for statement in _EMPTIED[connection.vendor]:
        sql(statement)
    return True


OWN = [
    Tampering("the text of an event changed", "log tree", change_event),
    Tampering("the column of an event changed", "log tree", change_column),
    Tampering("an event deleted", "log tree", delete_event),
    Tampering("two events exchanged", "log tree", exchange_events),
    Tampering("an event added at the end", "log tree", insert_event),
    Tampering("hashes of the tree deleted", "log tree", drop_node),
    Tampering("the last events cut off, tree made to fit", "records and events", cut_tail),
    Tampering("the signed end rewritten, tree made to fit", "checkpoints and keys", rewrite_tail),
    Tampering("the same, and the checkpoint over it taken out", OUTSIDE, rewrite_and_unsign),
    Tampering("a history row and its text changed", "records and events", change_history),
    Tampering("a current row changed", "rows and history", change_row),
    Tampering("current rows deleted", "rows and history", delete_row),
    Tampering("a reading put on another person", "sealed readings", change_reading),
    Tampering("a reading deleted", "sealed readings", delete_reading),
    Tampering("a checkpoint forged", "checkpoints and keys", forge_checkpoint),
    Tampering("checkpoints deleted", "records and events", drop_checkpoints),
    Tampering("the log's key replaced", "checkpoints and keys", replace_key),
    Tampering("two people's sealed names exchanged", "rows and history", exchange_sealed),
    Tampering("the stated fields of tables changed", "shapes of tables", restate_fields),
    Tampering("triggers taken down", "triggers", lambda: True, bare=True),
    Tampering("a trigger's work replaced by nothing", "triggers", replace_function, late=True),
]
_registered: list[Tampering] = []


def register(*tamperings: Tampering) -> None:
    """Let a room add ways to falsify its own tables; from ``AppConfig.ready``."""
    known = {tampering.what for tampering in _registered}
    _registered.extend(one for one in tamperings if one.what not in known)


def tamperings() -> list[Tampering]:
    """All of them, the log's own first."""
    return [*OWN, *_registered]
