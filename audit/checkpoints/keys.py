"""The private half of the log's key: a file of its own on a disk (``LOG_KEY_FILE``), never in the database.

Whoever owns the database can rewrite the log and its tree, but cannot sign what came of it.
"""

import base64
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from audit.checkpoints.notes import Signer


class SigningKeyMissing(Exception):
    """The log has announced a key whose file is not here: bring it back, never make another in silence."""


class SigningKeyExposed(Exception):
    """Others than the service user can read the file."""


@dataclass(frozen=True)
class KeyFile:
    """``current`` signs; ``staged`` is the next one while a rotation is under way. Seeds of 32 bytes."""

    origin: str
    current: bytes
    staged: bytes | None = None

    @property
    def signer(self) -> Signer:
        return Signer(self.origin, self.current)

    @property
    def next_signer(self) -> Signer | None:
        return Signer(self.origin, self.staged) if self.staged else None

    def __repr__(self) -> str:
        return f"KeyFile({self.origin!r})"


def path() -> Path:
    """Where the file lies: on a disk, even when the vault's keys are in memory only."""
    return Path(settings.LOG_KEY_FILE)


def create(origin: str) -> KeyFile:
    """Make a first key, mode 0600. Raises FileExistsError rather than replace one."""
    if path().exists():
        raise FileExistsError(path())
    made = KeyFile(origin, secrets.token_bytes(32))
    _write(made)
    return made


def load() -> KeyFile:
    """The keys as they are. Raises SigningKeyMissing, SigningKeyExposed."""
    try:
        mode = path().stat().st_mode
    except FileNotFoundError:
        raise SigningKeyMissing(f"no signing key at {path()}: bring it back from its safe place") from None
    if mode & 0o077:
        raise SigningKeyExposed(f"{path()} can be read by others: run 'chmod 600' on it")
    body = json.loads(path().read_text())
    staged = body.get("staged")
    return KeyFile(body["origin"], base64.b64decode(body["current"]), staged and base64.b64decode(staged))


def stage() -> Signer:
    """Write the next key beside the current one before anything names it; one that is staged is kept."""
    found = load()
    staged = found.staged or secrets.token_bytes(32)
    _write(KeyFile(found.origin, found.current, staged))
    return Signer(found.origin, staged)


def promote() -> KeyFile:
    """The staged key takes over and the old one is gone: nobody can sign with it again."""
    found = load()
    if found.staged is not None:
        found = KeyFile(found.origin, found.staged)
        _write(found)
    return found


def _write(keys: KeyFile) -> None:
    body = {"origin": keys.origin, "current": base64.b64encode(keys.current).decode()}
    if keys.staged is not None:
        body["staged"] = base64.b64encode(keys.staged).decode()
    _put(json.dumps(body))


def put_back(source: Path) -> bool:
    """Bring the file back from a backup, where none is; False and nothing done where one is."""
    if path().exists():
        return False
    _put(source.read_text())
    return True


def _put(text: str) -> None:
    target = path()
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    # Whole or not at all: a power cut must not leave half a key.
    draft = target.with_suffix(f".{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
