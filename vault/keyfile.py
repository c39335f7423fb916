"""The key-encryption keys and the index key, in one file that only the service user can read."""

import base64
import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TextIO

from django.conf import settings


class KeyFileMissing(Exception):
    """There is no key file yet, or not where ``KEY_FILE`` says."""


class KeyFileExposed(Exception):
    """Others than the service user can read the key file."""


class KeyFileBroken(Exception):
    """The file is there and is no key file."""


@dataclass(frozen=True)
class Keys:
    """``current`` names the key-encryption key that wraps new data keys; all are 32 bytes.

    ``coming`` names one that was made for a rotation and wraps nothing yet ("" for none).
    """

    current: str
    wrapping: dict[str, bytes]
    index: bytes
    coming: str = ""

    def prepared(self) -> "Keys":
        """With a new key-encryption key beside the others."""
        name = f"k{1 + max(int(known[1:]) for known in self.wrapping)}"
        return replace(self, wrapping={**self.wrapping, name: secrets.token_bytes(32)}, coming=name)

    def turned(self) -> "Keys":
        """With the coming key as the one that wraps."""
        return replace(self, current=self.coming, coming="")

    def retired(self) -> "Keys":
        """With the current key alone."""
        return replace(self, wrapping={self.current: self.wrapping[self.current]})


def create(path: Path) -> Keys:
    """Write a new key file with mode 0600. Raises FileExistsError rather than replace one."""
    keys = Keys(current="k1", wrapping={"k1": secrets.token_bytes(32)}, index=secrets.token_bytes(32))
    write_new(path, keys)
    return keys


def write_new(path: Path, keys: Keys) -> None:
    """Write these keys where no key file is. Raises FileExistsError."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        _write(file, keys)


def replace_file(path: Path, keys: Keys) -> None:
    """Put these keys in the place of the file, as a whole or not at all."""
    fresh = path.with_name(f"{path.name}.new")
    fresh.unlink(missing_ok=True)
    write_new(fresh, keys)
    fresh.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Keep other processes of this machine from changing the file. Raises BlockingIOError."""
    with path.with_name(f"{path.name}.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield


def load() -> Keys:
    """The keys as the file has them now. Raises KeyFileMissing, KeyFileExposed or KeyFileBroken."""
    path = Path(settings.KEY_FILE)
    try:
        found = path.stat()
    except FileNotFoundError:
        raise KeyFileMissing(
            f"no key file at {path}: run 'manage.py create_keys' once, or 'manage.py unlock' after a start"
        ) from None
    if found.st_mode & 0o077:
        raise KeyFileExposed(f"{path} can be read by others: run 'chmod 600' on it")
    # A rotation replaces the file: processes that run notice it by these.
    return _load(path, found.st_ino, found.st_mtime_ns, found.st_size)


@lru_cache(maxsize=4)
def _load(path: Path, _inode: int, _mtime_ns: int, _size: int) -> Keys:
    return parse(path.read_text())


def parse(text: str) -> Keys:
    """The keys of a key file's text. Raises KeyFileBroken."""
    try:
        body = json.loads(text)
        wrapping = {name: _key(key) for name, key in body["wrapping"].items()}
        keys = Keys(body["current"], wrapping, _key(body["index"]), body.get("coming", ""))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise KeyFileBroken("this is no key file") from None
    if keys.current not in wrapping or (keys.coming and keys.coming not in wrapping):
        raise KeyFileBroken("the key file names a key that it does not hold")
    return keys


def text_of(keys: Keys) -> str:
    """The text of a key file with these keys."""
    return json.dumps(
        {
            "current": keys.current,
            "coming": keys.coming,
            "wrapping": {name: _text(key) for name, key in keys.wrapping.items()},
            "index": _text(keys.index),
        }
    )


def _write(file: TextIO, keys: Keys) -> None:
    file.write(text_of(keys))
    file.flush()
    os.fsync(file.fileno())


def _key(text: str) -> bytes:
    key = base64.b64decode(text, validate=True)
    if len(key) != 32:
        raise ValueError("a key has 32 bytes")
    return key


def _text(key: bytes) -> str:
    return base64.b64encode(key).decode()
