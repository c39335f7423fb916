"""All that a run leaves behind: databases as they lie on disk or as a dump, files, logs, mail, cache."""

import logging
import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import mail
from django.core.cache import caches
from django.db import connections

from config.errors import LineFormatter
from tests.canary.marks import is_marked


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


def leaks(ear: Ear, headers: list[str], outside: str) -> list[str]:
    """Where marks stand that should stand nowhere; ``outside`` is all that Stripe's stand-in knows."""
    places = {
        "log": "\n".join(ear.lines).encode(),
        "headers": "\n".join(headers).encode(),
        "payment processor": outside.encode(),
        "mail": "\n".join(str(message.message()) for message in mail.outbox).encode(),
        "cache": pickle.dumps(dict(caches["default"]._cache)),  # type: ignore[attr-defined]
        **dict(databases()),
        **dict(files()),
    }
    return [
        f"{place}: {', '.join(sorted(how))}" for place, data in places.items() if (how := is_marked(data))
    ]


def databases() -> Iterator[tuple[str, bytes]]:
    """SQLite: the bytes of the file and of its log; PostgreSQL: every row of every table as text."""
    for alias in connections:
        connection = connections[alias]
        if connection.vendor == "sqlite":
            for tail in ("", "-wal", "-journal"):
                path = Path(f"{connection.settings_dict['NAME']}{tail}")
                if path.exists():
                    yield f"database {alias}{tail}", path.read_bytes()
        else:
            for table, rows in dump(connection).items():
                yield f"database {alias} {table}", "\n".join(map(str, rows)).encode()


def dump(connection: Any) -> dict[str, list[dict[str, Any]]]:
    """A copy of every table: rows by column, as somebody sees them who took the database without the keys."""
    found: dict[str, list[dict[str, Any]]] = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"select * from {connection.ops.quote_name(table)}")
            names = [column[0] for column in cursor.description]
            found[table] = [dict(zip(names, map(_readable, row), strict=True)) for row in cursor.fetchall()]
    return found


def _readable(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value


def files() -> Iterator[tuple[str, bytes]]:
    """Everything under the directory of data."""
    seen: set[Path] = set()
    for root in (settings.DATA_DIR, settings.FILES_DIR, settings.REPORTS_DIR):
        for path in sorted(Path(root).rglob("*")):
            if path.is_file() and path not in seen:
                seen.add(path)
                yield f"file {path.relative_to(root)}", path.name.encode() + b"\n" + path.read_bytes()
                yield f"content of {path.relative_to(root)}", path.read_bytes()
