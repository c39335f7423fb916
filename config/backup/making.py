"""Making a backup: the database as of one moment, then the sealed files and the issued reports."""

import datetime
import hashlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.db import connections

from audit import keeping, log
from audit.actors import Actor
from audit.checkpoints import keys as log_keys
from config.backup import container, engines
from vault.router import KEYS

MAIN = "main"
DATABASE = "database"
LOG_KEY = "log.json"
TREES = {"files": "FILES_DIR", "reports": "REPORTS_DIR"}


def make_backup(*, out: Path, kind: str, by: Actor, at: datetime.datetime) -> int:
    """Write a backup of one kind, ``main`` or ``keys``, to a new file; its size in bytes.

    Raises FileExistsError, engines.CannotCopy, OSError. What was half written is taken away again.
    """
    handle = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as target:
            _fill(target, kind, at)
            target.flush()
            os.fsync(target.fileno())
    except BaseException:
        out.unlink()
        raise
    size = out.stat().st_size
    keeping.note_backup(kind=kind, sha256=_digest(out), size=size, by=by, at=at)
    return size


def _fill(target: BinaryIO, kind: str, at: datetime.datetime) -> None:
    alias = "default" if kind == MAIN else KEYS
    with tempfile.TemporaryDirectory(prefix="backup-", dir=settings.DATA_DIR) as folder:
        copy = Path(folder) / DATABASE
        log_size, root = log.head() if kind == MAIN else (0, b"")
        engines.copy_out(alias, copy)
        manifest = container.Manifest(
            kind=kind,
            engine=connections[alias].vendor,
            made_at=at.astimezone(datetime.UTC).isoformat(timespec="seconds"),
            log_size=log_size,
            log_root=root.hex(),
        )
        with container.writing(target, manifest) as archive:
            container.add_file(archive, DATABASE, copy)
            for name, path in _files() if kind == MAIN else _log_key():
                _add(archive, name, path)


def _files() -> Iterator[tuple[str, Path]]:
    """Everything beside the database. It was written before its row, so no row of the copy lacks its file."""
    for tree, setting in TREES.items():
        folder = Path(getattr(settings, setting))
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not path.name.endswith(".part"):
                yield f"{tree}/{path.relative_to(folder)}", path


def _log_key() -> Iterator[tuple[str, Path]]:
    """The private half of the log's key goes with the keys: without it no later log continues this one."""
    if log_keys.path().exists():
        yield LOG_KEY, log_keys.path()


def _add(archive: Any, name: str, path: Path) -> None:
    try:
        container.add_file(archive, name, path)
    except FileNotFoundError:
        return  # erased in this very moment


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
