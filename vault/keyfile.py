"""The key-encryption keys and the index key, in one file that only the service user can read."""

import base64
import json
import os
import secrets
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings


class KeyFileMissing(Exception):
    """There is no key file yet, or not where ``KEY_FILE`` says."""


class KeyFileExposed(Exception):
    """Others than the service user can read the key file."""


@dataclass(frozen=True)
class Keys:
    """``current`` names the key-encryption key that wraps new data keys; all are 32 bytes."""

    current: str
    wrapping: dict[str, bytes]
    index: bytes


def create(path: Path) -> None:
    """Write a new key file with mode 0600. Raises FileExistsError rather than replace one."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    body = {"current": "k1", "wrapping": {"k1": _fresh()}, "index": _fresh()}
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        json.dump(body, file)
        file.flush()
        os.fsync(file.fileno())


def load() -> Keys:
    """The keys of this process. Raises KeyFileMissing or KeyFileExposed."""
    return _load(Path(settings.KEY_FILE))


@lru_cache(maxsize=4)
def _load(path: Path) -> Keys:
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        raise KeyFileMissing(f"no key file at {path}: run 'manage.py create_keys' once") from None
    if mode & 0o077:
        raise KeyFileExposed(f"{path} can be read by others: run 'chmod 600' on it")
    body = json.loads(path.read_text())
    wrapping = {name: base64.b64decode(key) for name, key in body["wrapping"].items()}
    return Keys(current=body["current"], wrapping=wrapping, index=base64.b64decode(body["index"]))


def _fresh() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()
