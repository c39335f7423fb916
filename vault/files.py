"""Files about people: cleaned, sealed under the person's key, and kept under FILES_DIR.

``clean`` before the action (it takes time), ``store_file`` inside it, ``open_file`` inside a reading. Who
erases a person calls ``delete_files``; without their key what is left of them is noise.
"""

import hashlib
import os
import subprocess
import sys
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import transaction

from vault import keys, reading, streams
from vault.cleaning.kinds import FileType, Reason, Refused
from vault.models import SealedFile
from vault.sealing import SealBroken

# The length of a file says something about it, so it is hidden in steps.
STEP = 16 * 1024
_LENGTH = 8
_TIMEOUT_S = 60


class FileGone(Exception):
    """The person was erased, or the file was deleted."""


@dataclass(frozen=True)
class Cleaned:
    """What is kept of a file that was sent: ``sha256`` of it as it came, ``kept_sha256`` of what is kept."""

    type: FileType
    content: bytes = field(repr=False)
    sha256: str
    kept_sha256: str


def clean(content: bytes) -> Cleaned:
    """Make a file harmless, in a process without keys. Raises Refused."""
    command = [sys.executable, "-m", "vault.cleaning", str(settings.FILE_MOST_BYTES)]
    try:
        done = subprocess.run(  # noqa: S603  our own program, no word of the file among its arguments
            command,
            input=content,
            env={},  # no secret of ours is in reach of a hostile file
            cwd=settings.BASE_DIR,
            capture_output=True,
            timeout=_TIMEOUT_S,
            check=False,
        )
    except (subprocess.TimeoutExpired, BrokenPipeError):
        raise Refused(Reason.BOMB) from None
    word, _, cleaned = done.stdout.partition(b"\n")
    if done.returncode == 0:
        kept = hashlib.sha256(cleaned).hexdigest()
        return Cleaned(FileType(word.decode()), cleaned, hashlib.sha256(content).hexdigest(), kept)
    reasons = {reason.value: reason for reason in Reason}
    # It died of its limits without a word.
    raise Refused(reasons.get(word.decode("ascii", "replace"), Reason.BOMB))


def store_file(*, subject_id: uuid.UUID, kind: str, content: Cleaned, by_id: str, at: datetime) -> SealedFile:
    """Seal a cleaned file for a person; ``kind`` names its use ("voucher"). Raises keys.Erased.

    The file is on the disk before its row: no row lacks its file, and a file without a row is swept away.
    """
    row = SealedFile(
        id=uuid.uuid4(),
        subject_id=subject_id,
        kind=kind,
        type=content.type,
        steps=-(-(len(content.content) + _LENGTH) // STEP),
        stored_at=at,
        stored_by=by_id,
    )
    key = keys.data_key(subject_id)
    path = path_of(row)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = path.with_suffix(".part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as target:
        for chunk in streams.seal(key, _padded(content.content), _place(row)):
            target.write(chunk)
        target.flush()
        os.fsync(target.fileno())
    part.replace(path)
    row.save(force_insert=True)
    return row


def open_file(row: SealedFile) -> Iterator[bytes]:
    """The content in pieces, once all of it has proved authentic; noted in the current reading.

    The pieces may be sent after the reading has ended. Raises NoReader, FileGone, SealBroken.
    """
    current = reading.current()
    if current is None:
        raise reading.NoReader(_label(row))
    try:
        key = keys.data_key(row.subject_id)
        for _piece in _pieces(row, key):
            pass
    except (keys.Erased, FileNotFoundError):
        raise FileGone(str(row.pk)) from None
    current.note(row.subject_id, _label(row))
    return _pieces(row, key)


def reseal_file(row: SealedFile, *, subject_id: uuid.UUID, by_id: str, at: datetime) -> SealedFile:
    """Seal a file anew for another person, in an action and a reading; the new row.

    The old file goes once the action is kept (or with the sweep): were the action undone, it has to be there.
    Raises what open_file and store_file raise.
    """
    content = b"".join(open_file(row))
    kept = hashlib.sha256(content).hexdigest()
    # The digest of the file as it came is kept by the row that points here.
    whole = Cleaned(FileType(row.type), content, sha256=kept, kept_sha256=kept)
    new = store_file(subject_id=subject_id, kind=row.kind, content=whole, by_id=by_id, at=at)
    row.deleted_at = at
    row.save(update_fields=["deleted_at"])
    transaction.on_commit(partial(path_of(row).unlink, missing_ok=True))
    return new


def is_there(row: SealedFile) -> bool:
    """Whether it can still be opened; tells nothing of its content."""
    return row.deleted_at is None and path_of(row).exists() and keys.exists(row.subject_id)


def delete_files(subject_ids: Iterable[uuid.UUID], *, at: datetime) -> int:
    """Delete all files of these people, as their erasure does; how many. May be repeated."""
    rows = list(SealedFile.objects.filter(subject_id__in=list(subject_ids), deleted_at=None))
    for row in rows:
        path_of(row).unlink(missing_ok=True)
    SealedFile.objects.filter(pk__in=[row.pk for row in rows]).update(deleted_at=at)
    return len(rows)


def delete_erased() -> int:
    """Files of people without a key, as a backup brings them back; how many went."""
    held = set(SealedFile.objects.filter(deleted_at=None).values_list("subject_id", flat=True).distinct())
    gone = held.difference(keys.existing(held))
    rows = SealedFile.objects.filter(subject_id__in=gone)
    return sum(_unlinked(path_of(row)) for row in rows)


def sweep_files(at: datetime) -> int:
    """Delete what has no row: left by an action that was undone or killed more than a day ago."""
    swept = 0
    for path in Path(settings.FILES_DIR).glob("??/*"):
        old = datetime.fromtimestamp(path.stat().st_mtime, tz=at.tzinfo) < at - timedelta(days=1)
        if old and (path.suffix or not SealedFile.objects.filter(pk=path.name, deleted_at=None).exists()):
            swept += _unlinked(path)
    return swept


def path_of(row: SealedFile) -> Path:
    """Where the sealed file lies; its name says nothing."""
    return Path(settings.FILES_DIR) / str(row.pk)[:2] / str(row.pk)


def _padded(content: bytes) -> Iterator[bytes | memoryview]:
    yield len(content).to_bytes(_LENGTH, "big")
    yield memoryview(content)
    yield bytes(-(len(content) + _LENGTH) % STEP)


def _pieces(row: SealedFile, key: bytes) -> Iterator[bytes]:
    with path_of(row).open("rb") as source:
        chunks = streams.open_stream(key, source, _place(row))
        first = next(chunks)
        left = int.from_bytes(first[:_LENGTH], "big")
        piece: bytes | None = first[_LENGTH:]
        while piece is not None:
            if left:
                yield piece[:left]
            left -= min(left, len(piece))
            piece = next(chunks, None)
        if left:
            raise SealBroken("shorter than it says")


def _place(row: SealedFile) -> str:
    return f"file|{row.kind}|{row.type}|{row.pk}|{row.subject_id}"


def _label(row: SealedFile) -> str:
    return f"file.{row.kind}"


def _unlinked(path: Path) -> int:
    there = path.exists()
    path.unlink(missing_ok=True)
    return int(there)
