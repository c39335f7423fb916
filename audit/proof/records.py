"""Does every stored record match the event that wrote it, and every row its last history?

Written for millions of rows. Both sides are read once and summed as keyed hashes, in any order.
Sums that agree prove, for a key drawn for this run alone, that both hold the same records. Only a table whose
sums differ is read again, to name its rows.
"""

import hashlib
import json
import secrets
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import connection, models

from audit.canonical import digest
from audit.history import history_model
from audit.proof import rows
from audit.proof.reading import Reader, Stored, key_text
from audit.tracked import AppendOnly, Tracked

Binding = tuple[str, str, str]  # key, SHA-256 of the record, action


@dataclass
class Sums:
    """Per table the sum of all bindings' hashes, and how many there were."""

    secret: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    sums: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def add(self, table: str, binding: Binding) -> None:
        self.sums[table] += self.weight(binding)
        self.counts[table] += 1

    def weight(self, binding: Binding) -> int:
        # Of fixed length but for the key, so no two bindings are one text.
        key, sha256, action = binding
        hashed = hashlib.blake2b(f"{sha256}{action}{key}".encode(), key=self.secret, digest_size=32)
        return int.from_bytes(hashed.digest())


def problems() -> Iterator[str]:
    """Rows that no event wrote, rows that differ from what was written, rows that are gone."""
    written = Sums()
    for table, binding in _bindings():
        written.add(table, binding)
    suspects = []
    for model in recorded_models():
        reader = Reader(model)
        left = written.sums.pop(reader.table, 0)
        for row in reader.rows():
            left -= written.weight(_binding(row))
            if not reader.agrees(row):
                yield f"{reader.table} {row.key}: its columns differ from its record"
        if left:
            suspects.append(reader)
    for table in written.sums:
        yield f"{table}: {written.counts[table]} rows were written by events, but the table is not known"
    yield from _named(suspects)


def rows_differ_from_history() -> Iterator[str]:
    """Current rows of tracked tables beside their last history row."""
    for model in apps.get_models():
        if issubclass(model, Tracked):
            yield from _current(model)


def recorded_models() -> Iterator[type[models.Model]]:
    """Tables whose rows events bind: histories, and rows that are written once."""
    for model in apps.get_models():
        if issubclass(model, Tracked):
            yield history_model(model)
        elif issubclass(model, AppendOnly):
            yield model


def _binding(row: Stored) -> Binding:
    return row.key, digest(row.record), row.action


def _bindings() -> Iterator[tuple[str, Binding]]:
    for (body,) in rows.raw("select body from audit_event"):
        try:
            event = json.loads(body)
            records, action = event["records"], event["action"]
        except (ValueError, KeyError):
            continue  # the proof of the tree names such an event
        for table, key, sha256 in records:
            yield table, (key, sha256, action)


def _named(suspects: Iterable[Reader]) -> Iterator[str]:
    """What is wrong with the tables whose sums differ, row by row."""
    bound: dict[str, dict[str, Binding]] = {reader.table: {} for reader in suspects}
    for table, binding in _bindings() if bound else ():
        if table in bound:
            bound[table][binding[0]] = binding
    for reader in suspects:
        expected = bound[reader.table]
        for row in reader.rows():
            found = _binding(row)
            wanted = expected.pop(row.key, None)
            if wanted is None:
                yield f"{reader.table} {row.key}: no event wrote this row"
            elif wanted[1] != found[1]:
                yield f"{reader.table} {row.key}: its record is not what the event wrote"
            elif wanted[2] != found[2]:
                yield f"{reader.table} {row.key}: it names another action than the one that wrote it"
        for key in expected:
            yield f"{reader.table} {key}: written by an event, and gone"


def _current(model: type[Tracked]) -> Iterator[str]:
    """Merge rows and histories in the order of ids, as the driver gives them."""
    table, current, last = model._meta.db_table, *_both(model)
    row = next(current, None)
    for change, *entry in last:
        while row is not None and row[0] < entry[0]:
            yield f"{table} {key_text(row[0])}: the row has no history"
            row = next(current, None)
        if row is not None and row[0] == entry[0]:
            if change == "-":
                yield f"{table} {key_text(row[0])}: deleted in its history, and still there"
            elif list(row) != entry:
                yield f"{table} {key_text(row[0])}: differs from its last history row"
            row = next(current, None)
        elif change != "-":
            yield f"{table} {key_text(entry[0])}: in its history, and gone"
    while row is not None:
        yield f"{table} {key_text(row[0])}: the row has no history"
        row = next(current, None)


def _both(model: type[Tracked]) -> tuple[Iterator[tuple[Any, ...]], Iterator[tuple[Any, ...]]]:
    """The rows, id first, and the last history row of each with the kind of change before it."""
    kept_in, quote = history_model(model), connection.ops.quote_name
    kept = {field.attname for field in kept_in._meta.concrete_fields}
    shared = [str(field.column) for field in model._meta.concrete_fields if field.attname in kept]
    columns = ", ".join(quote(column) for column in sorted(shared, key=lambda column: column != "id"))
    current = f"select {columns} from {quote(model._meta.db_table)} order by id"  # noqa: S608  our own names
    # A removal has the version of the last change, so it must come after it.
    history = (
        f"select history_type, {columns} from {quote(kept_in._meta.db_table)}"  # noqa: S608  our own names
        " order by id, version, case history_type when '-' then 1 else 0 end"
    )
    return rows.raw(current), _last_of_each(rows.raw(history))


def _last_of_each(entries: Iterator[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    held: tuple[Any, ...] | None = None
    for entry in entries:
        if held is not None and held[1] != entry[1]:
            yield held
        held = entry
    if held is not None:
        yield held
