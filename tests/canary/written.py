"""All that a run leaves behind: databases as they lie on disk and as a dump, files, logs, mail, cache."""

import logging
import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field
from email.message import Message
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import mail
from django.core.cache import caches
from django.db import connections

from config.errors import LineFormatter
from tests.canary.marks import is_marked
from tests.plugins.roles import as_owner
from tests.raw_bytes import raw_bytes

Rows = dict[str, list[dict[str, Any]]]
_LEAST_PLACES = 10


@dataclass
class Ear(logging.Handler):
    """Hears what the real handlers would write, in the words of the real formatter."""

    lines: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(logging.INFO)
        self.setFormatter(LineFormatter())

    def __hash__(self) -> int:
        return id(self)

    def emit(self, record: logging.LogRecord) -> None:
        again = copy(record)
        again.exc_text = None  # another handler's words about the exception
        self.lines.append(self.format(again))


@contextmanager
def listening() -> Iterator[Ear]:
    """Log lines of this block, from every logger that the settings let speak."""
    ear = Ear()
    heard = [logging.getLogger(name) for name in ("", "django", "django.request", "django.server")]
    for logger in heard:
        logger.addHandler(ear)
    try:
        yield ear
    finally:
        for logger in heard:
            logger.removeHandler(ear)


def collect(ear: Ear, headers: list[str], outside: str, since: float) -> dict[str, bytes]:
    """Every place and its bytes; ``outside`` is what Stripe's stand-in knows.

    Files older than ``since`` (seconds of the epoch) are of other tests.
    """
    return {
        "log": "\n".join(ear.lines).encode(),
        "headers": "\n".join(headers).encode(),
        "payment processor": outside.encode(),
        "mail": b"\n".join(_but_its_envelope(message.message()) for message in mail.outbox),
        "cache": pickle.dumps(dict(caches["default"]._cache)),  # type: ignore[attr-defined]
        **{f"database {alias} dump": _text(dump(connections[alias])) for alias in connections},
        **dict(databases()),
        **dict(files(since)),
    }


def leaks(places: dict[str, bytes]) -> list[str]:
    """Where marks stand that should stand nowhere."""
    assert len(places) >= _LEAST_PLACES, sorted(places)
    return [
        f"{place}: {', '.join(sorted(how))}" for place, data in places.items() if (how := is_marked(data))
    ]


def databases() -> Iterator[tuple[str, bytes]]:
    """The bytes on disk, of rows that are gone too: SQLite's file and log, PostgreSQL's tables and log."""
    for alias in connections:
        connection = connections[alias]
        if connection.vendor == "sqlite":
            for tail in ("", "-wal", "-journal"):
                path = Path(f"{connection.settings_dict['NAME']}{tail}")
                if path.exists():
                    yield f"database {alias} disk {tail}", raw_bytes(path)
        else:
            for path in _postgresql_files(connection):
                yield f"database {alias} disk {path.parent.name}/{path.name}", path.read_bytes()


def _postgresql_files(connection: Any) -> list[Path]:
    """Tables and indexes of ours in this database, and (once) the server's log of writes, shared by all."""
    with as_owner(connection), connection.cursor() as cursor:
        cursor.execute("checkpoint")
        cursor.execute("select current_setting('data_directory'), pg_walfile_name(pg_current_wal_lsn())")
        folder, segment = cursor.fetchone()
        # Objects with lower numbers are PostgreSQL's own.
        cursor.execute("select pg_relation_filepath(oid) from pg_class where oid >= 16384")
        paths = [Path(folder, found) for (found,) in cursor.fetchall() if found]
    log = [Path(folder, "pg_wal", segment)] if connection.alias == "default" else []
    return [path for path in [*sorted(paths), *log] if path.exists() and path.stat().st_size]


def dump(connection: Any) -> Rows:
    """A copy of every table: rows by column, as somebody sees them who took the database without the keys."""
    found: Rows = {}
    with as_owner(connection), connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"select * from {connection.ops.quote_name(table)}")
            names = [column[0] for column in cursor.description]
            found[table] = [dict(zip(names, map(_readable, row), strict=True)) for row in cursor.fetchall()]
    return found


def _text(rows: Rows) -> bytes:
    return "\n".join(f"{table} {row}" for table, found in rows.items() for row in found).encode()


def _readable(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value


def _but_its_envelope(message: Message) -> bytes:
    """A letter without the line that says to whom it goes, which the relay must know."""
    del message["To"]
    return message.as_bytes()


def files(since: float) -> Iterator[tuple[str, bytes]]:
    """Everything under the directory of data that was written in this run."""
    seen: set[Path] = set()
    for root in (settings.DATA_DIR, settings.FILES_DIR, settings.REPORTS_DIR):
        for path in sorted(Path(root).rglob("*")):
            database = ".sqlite3" in path.name  # read as such
            if path.is_file() and not database and path not in seen and path.stat().st_mtime >= since:
                seen.add(path)
                yield f"name of {path.relative_to(root)}", path.name.encode()
                yield f"file {path.relative_to(root)}", path.read_bytes()
