"""What the sandbox remembers: JSON objects by kind and key, in memory, written through to SQLite if asked."""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path

from donations.sandbox.refusals import Json

TABLE = """create table if not exists thing (
    kind text not null, key text not null, body text not null, primary key (kind, key)
)"""


class Store:
    """Insertion order is kept; it is the order of creation that lists are paged by.

    With a path, `flush` writes every object that was `put` since the last flush in one transaction.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._things: dict[str, dict[str, Json]] = {}
        self._order: dict[str, list[str]] = {}
        self._place: dict[tuple[str, str], int] = {}
        self._changed: set[tuple[str, str]] = set()
        self._file: sqlite3.Connection | None = None
        if path is not None:
            self._file = sqlite3.connect(path, check_same_thread=False)
            self._file.execute(TABLE)
            for kind, key, body in self._file.execute("select kind, key, body from thing order by rowid"):
                self._things.setdefault(kind, {})[key] = json.loads(body)
                self._note(kind, key)

    def put(self, kind: str, key: str, thing: Json) -> None:
        """Remember a new or changed object."""
        things = self._things.setdefault(kind, {})
        if key not in things:
            self._note(kind, key)
        things[key] = thing
        self._changed.add((kind, key))

    def remove(self, kind: str, key: str) -> None:
        """Forget an object."""
        del self._things[kind][key]
        self._changed.add((kind, key))

    def get(self, kind: str, key: str) -> Json | None:
        """The object itself, not a copy: `put` it again after changing it."""
        return self._things.get(kind, {}).get(key)

    def every(self, kind: str) -> list[Json]:
        """All objects of a kind, oldest first."""
        return list(self._things.get(kind, {}).values())

    def _note(self, kind: str, key: str) -> None:
        order = self._order.setdefault(kind, [])
        self._place[kind, key] = len(order)
        order.append(key)

    def older(self, kind: str, than: str | None = None) -> Iterator[Json]:
        """Objects newest first: all, or those made before the one named. Raises KeyError if unknown."""
        order = self._order.get(kind, [])
        end = len(order) if than is None else self._place[kind, than]
        return self._living(kind, reversed(order[:end]))

    def newer(self, kind: str, than: str) -> Iterator[Json]:
        """Objects made after the one named, oldest first. Raises KeyError for an unknown one."""
        order = self._order.get(kind, [])
        return self._living(kind, order[self._place[kind, than] + 1 :])

    def _living(self, kind: str, keys: Iterable[str]) -> Iterator[Json]:
        things = self._things.get(kind, {})
        return (things[key] for key in keys if key in things)

    def count(self, kind: str) -> int:
        """How many objects of a kind there are."""
        return len(self._things.get(kind, {}))

    def flush(self) -> None:
        """Write what changed, if there is a file."""
        if self._file is not None and self._changed:
            rows = [(kind, key, json.dumps(self._things[kind][key])) for kind, key in self._ordered()]
            gone = [(kind, key) for kind, key in self._changed if key not in self._things[kind]]
            with self._file:
                self._file.executemany("delete from thing where kind = ? and key = ?", gone)
                self._file.executemany(
                    "insert into thing (kind, key, body) values (?, ?, ?) "
                    "on conflict (kind, key) do update set body = excluded.body",
                    rows,
                )
        self._changed.clear()

    def _ordered(self) -> list[tuple[str, str]]:
        changed = self._changed
        return [
            (kind, key)
            for kind in sorted({k for k, _ in changed})
            for key in self._things[kind]
            if (kind, key) in changed
        ]

    def close(self) -> None:
        """Write what is left and close the file."""
        self.flush()
        if self._file is not None:
            self._file.close()
            self._file = None
