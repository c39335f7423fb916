"""The file of a backup: a sealed stream of a tar archive under the backup key.

The backup key comes from the index key, which recovery shares hold and no rotation changes: so every backup
opens with any shares of this installation. What is inside stays sealed per person all the same.
"""

import io
import json
import shutil
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO, cast

from vault import keyfile, streams
from vault.sealing import SealBroken

MANIFEST = "manifest.json"
_HEAD = b"abarona backup 1\n"


class NotABackup(Exception):
    """The file is no backup, is damaged, or belongs to another installation."""


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself. ``kind`` is ``main`` or ``keys``; ``made_at`` ISO 8601 in UTC."""

    kind: str
    engine: str
    made_at: str
    log_size: int = 0
    log_root: str = ""
    version: int = 1


class _SealingFile(io.RawIOBase):
    """A file to write to that seals on the way."""

    def __init__(self, target: BinaryIO, key: bytes) -> None:
        self.target, self.sealer = target, streams.Sealer(key, "backup")

    def writable(self) -> bool:
        return True

    def write(self, content: object) -> int:
        given = memoryview(cast(bytes, content))
        for chunk in self.sealer.feed(given):
            self.target.write(chunk)
        return len(given)

    def finish(self) -> None:
        self.target.write(self.sealer.close())


class _OpeningFile(io.RawIOBase):
    """A file to read from that opens on the way; every byte it gives is authentic."""

    def __init__(self, source: BinaryIO, key: bytes) -> None:
        self.chunks, self.rest = streams.open_stream(key, source, "backup"), b""

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        pieces = [self.rest]
        while size < 0 or sum(map(len, pieces)) < size:
            chunk = next(self.chunks, None)
            if chunk is None:
                break
            pieces.append(chunk)
        whole = b"".join(pieces)
        taken, self.rest = (whole, b"") if size < 0 else (whole[:size], whole[size:])
        return taken


@contextmanager
def writing(target: BinaryIO, manifest: Manifest) -> Iterator[tarfile.TarFile]:
    """An archive whose members are sealed as they are added."""
    target.write(_HEAD)
    sealing = _SealingFile(target, _key())
    with tarfile.open(fileobj=cast(BinaryIO, sealing), mode="w|", bufsize=streams.CHUNK) as archive:
        add_bytes(archive, MANIFEST, json.dumps(asdict(manifest)).encode())
        yield archive
    sealing.finish()


def add_bytes(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    """Add a member that is held in memory."""
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(content), 0o600
    archive.addfile(member, io.BytesIO(content))


def add_file(archive: tarfile.TarFile, name: str, path: Path) -> None:
    """Add a file without its owner, mode and time."""
    member = tarfile.TarInfo(name)
    member.size, member.mode = path.stat().st_size, 0o600
    with path.open("rb") as content:
        archive.addfile(member, content)


def unpack(source: BinaryIO, folder: Path) -> Manifest:
    """Put all members below an empty folder. Raises NotABackup unless the last byte is authentic too."""
    if source.read(len(_HEAD)) != _HEAD:
        raise NotABackup("this file is no backup of ours")
    opening = _OpeningFile(source, _key())
    try:
        with tarfile.open(fileobj=cast(BinaryIO, opening), mode="r|", bufsize=streams.CHUNK) as archive:
            for member in archive:
                _unpack_one(archive, member, folder)
        while opening.read(streams.CHUNK):  # to the last chunk, whose end proves that none is missing
            pass
        return Manifest(**json.loads((folder / MANIFEST).read_text()))
    except SealBroken as broken:
        raise NotABackup(f"the file is damaged, or of another installation: {broken}") from None
    except (tarfile.TarError, OSError, ValueError, TypeError) as broken:
        raise NotABackup(f"the archive cannot be read: {type(broken).__name__}") from None


def _unpack_one(archive: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    """Plain files below the folder only; ``extractall(filter=)`` came as late as Python 3.11.4."""
    place = folder / member.name
    content = archive.extractfile(member) if member.isfile() else None
    if content is None or not place.resolve().is_relative_to(folder.resolve()):
        raise NotABackup("the archive holds something that is no file of a backup")
    place.parent.mkdir(parents=True, exist_ok=True)
    place.touch(mode=0o600, exist_ok=False)
    with place.open("wb") as target:
        shutil.copyfileobj(content, target)


def _key() -> bytes:
    return streams.derived(keyfile.load().index, "backup")
