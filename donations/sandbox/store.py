"""What the sandbox remembers: JSON objects by kind and key, in memory, written through to SQLite if asked."""

import json
import sqlite3
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
        self._changed: set[tuple[str, str]] = set()
        self._file: sqlite3.Connection | None = None
        if path is not None:
            self._file = sqlite3.connect(path, check_same_thread=False)
            self._file.execute(TABLE)
            for kind, key, body in self._file.execute("select kind, key, body from thing order by rowid"):
                self._things.setdefault(kind, {})[key] = json.loads(body)

    def put(self, kind: str, key: str, thing: Json) -> None:
        """Remember a new or changed object."""
        self._things.setdefault(kind, {})[key] = thing
        self._changed.add((kind, key))

    def get(self, kind: str, key: str) -> Json | None:
        """The object itself, not a copy: `put` it again after changing it."""
        return self._things.get(kind, {}).get(key)

    def every(self, kind: str) -> list[Json]:
        """All objects of a kind, oldest first."""
        return list(self._things.get(kind, {}).values())

    def count(self, kind: str) -> int:
        """How many objects of a kind there are."""
        return len(self._things.get(kind, {}))

    def flush(self) -> None:
        """Write what changed, if there is a file."""
        if self._file is not None and self._changed:
            rows = [(kind, key, json.dumps(self._things[kind][key])) for kind, key in self._ordered()]
            with self._file:
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
