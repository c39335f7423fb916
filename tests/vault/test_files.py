"""Sealed files: opened in a reading, recorded, unreadable with the key gone, and nowhere in the clear."""

import datetime
import os
import re
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from audit.models import ReadRecord, ReadSubject
from vault import files, keys, reading, serving
from vault.cleaning.kinds import FileType
from vault.models import SealedFile
from vault.sealing import SealBroken

pytestmark = pytest.mark.django_db
MARK = b"Kruk-secret-mark"


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, settings: Any) -> None:
    settings.FILES_DIR = tmp_path / "files"


@pytest.fixture
def subject_id() -> uuid.UUID:
    made = uuid.uuid4()
    keys.new_key(made)
    return made


def cleaned(content: bytes) -> files.Cleaned:
    return files.Cleaned(FileType.TEXT, content, "a" * 64, "b" * 64)


def store(subject_id: uuid.UUID, content: bytes, at: datetime.datetime) -> SealedFile:
    return files.store_file(
        subject_id=subject_id, kind="note", content=cleaned(content), by_id="staff:x", at=at
    )


def opened(row: SealedFile) -> bytes:
    with reading.reading("staff:reader", "desk:claim"):
        pieces = files.open_file(row)
    return b"".join(pieces)


@pytest.mark.parametrize("length", [0, 1, 16_376, 16_377, 300_000, 262_136])
def test_it_comes_back_and_the_reading_is_recorded(length: int, subject_id: uuid.UUID, at: Any) -> None:
    content = (MARK * (length // len(MARK) + 1))[:length]
    row = store(subject_id, content, at)
    raw = files.path_of(row).read_bytes()
    assert length < 16 or MARK not in raw
    assert files.path_of(row).stat().st_mode & 0o777 == 0o600
    assert opened(row) == content
    assert ReadRecord.objects.get().purpose == "desk:claim"
    seen = ReadSubject.objects.get()
    assert (seen.subject_id, seen.fields) == (subject_id, "file.note")


def test_lengths_hide_in_steps(subject_id: uuid.UUID, at: Any) -> None:
    sizes = {files.path_of(store(subject_id, bytes(n), at)).stat().st_size for n in (0, 100, 16_000)}
    assert len(sizes) == 1
    assert store(subject_id, bytes(16_377), at).steps == 2


def test_a_file_is_sealed_anew_for_another_person(
    subject_id: uuid.UUID, at: Any, django_capture_on_commit_callbacks: Any
) -> None:
    row, other = store(subject_id, MARK, at), uuid.uuid4()
    keys.new_key(other)
    with django_capture_on_commit_callbacks(execute=True), reading.reading("staff:reader", "case:split"):
        new = files.reseal_file(row, subject_id=other, by_id="staff:x", at=at)
    assert not files.is_there(row)
    assert not files.path_of(row).exists()
    keys.destroy_key(subject_id)
    assert opened(new) == MARK
    assert new.subject_id == other


def test_it_stays_closed_outside_a_reading(subject_id: uuid.UUID, at: Any) -> None:
    with pytest.raises(reading.NoReader):
        files.open_file(store(subject_id, MARK, at))


def test_what_cannot_be_recorded_is_not_shown(
    subject_id: uuid.UUID, at: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = store(subject_id, MARK, at)
    monkeypatch.setattr(reading, "_recorder", [])
    with pytest.raises(reading.ReadLogUnwritable):
        opened(row)


def test_nothing_broken_moved_or_lent_gives_a_single_byte(subject_id: uuid.UUID, at: Any) -> None:
    row, other = store(subject_id, bytes(600_000), at), store(subject_id, bytes(600_000), at)
    stranger = uuid.uuid4()
    keys.new_key(stranger)
    path, raw = files.path_of(row), files.path_of(row).read_bytes()
    for broken in (
        raw[:-1], raw[: 4 + 12 + 262_144 + 16], raw[:-100] + bytes([raw[-100] ^ 1]) + raw[-99:],
        files.path_of(other).read_bytes(), raw + b"x", b"",
    ):  # fmt: skip
        path.write_bytes(broken)
        with pytest.raises(SealBroken):
            opened(row)
    path.write_bytes(raw)
    for change in ({"subject_id": stranger}, {"kind": "other"}, {"type": "pdf"}):
        with pytest.raises(SealBroken):
            opened(SealedFile(**{**fields_of(row), **change}))
    assert not ReadRecord.objects.exists()
    assert opened(row) == bytes(600_000)


def fields_of(row: SealedFile) -> dict[str, Any]:
    return {name: getattr(row, name) for name in ("id", "subject_id", "kind", "type", "steps")}


def test_a_file_shorter_than_it_says_is_broken(
    subject_id: uuid.UUID, at: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lying(content: bytes) -> Iterator[bytes]:
        yield (len(content) + 1).to_bytes(8, "big") + content

    monkeypatch.setattr(files, "_padded", lying)
    with pytest.raises(SealBroken, match="shorter"):
        opened(store(subject_id, MARK, at))


def test_erasure_leaves_noise_then_nothing(subject_id: uuid.UUID, at: Any) -> None:
    row = store(subject_id, MARK, at)
    assert files.is_there(row)
    keys.destroy_key(subject_id)
    assert not files.is_there(row)
    with pytest.raises(files.FileGone):
        opened(row)
    with pytest.raises(keys.Erased):
        store(subject_id, MARK, at)
    assert files.delete_files([subject_id], at=at) == 1
    assert files.delete_files([subject_id], at=at) == 0
    assert not files.path_of(row).exists()
    row.refresh_from_db()
    assert (row.deleted_at, files.is_there(row)) == (at, False)


def test_a_file_that_is_not_there_is_gone(subject_id: uuid.UUID, at: Any) -> None:
    row = store(subject_id, MARK, at)
    files.path_of(row).unlink()
    with pytest.raises(files.FileGone):
        opened(row)


def test_files_of_people_erased_since_a_backup_go(subject_id: uuid.UUID, at: Any) -> None:
    other = uuid.uuid4()
    keys.new_key(other)
    mine, theirs = store(subject_id, MARK, at), store(other, MARK, at)
    keys.destroy_key(other)
    assert files.delete_erased() == 1
    assert files.delete_erased() == 0
    assert files.path_of(mine).exists()
    assert not files.path_of(theirs).exists()


def test_what_a_killed_action_left_is_swept_after_a_day(subject_id: uuid.UUID, at: Any) -> None:
    kept, orphan, fresh = (store(subject_id, MARK, at) for _ in range(3))
    SealedFile.objects.filter(pk__in=[orphan.pk, fresh.pk]).delete()
    part = files.path_of(kept).with_suffix(".part")
    part.write_bytes(b"half")
    days_ago = (at - datetime.timedelta(days=2)).timestamp()
    for path in (files.path_of(kept), files.path_of(orphan), part):
        os.utime(path, (days_ago, days_ago))
    os.utime(files.path_of(fresh), (at.timestamp(), at.timestamp()))
    assert files.sweep_files(at) == 2
    assert files.path_of(kept).exists()
    assert files.path_of(fresh).exists()


@pytest.mark.parametrize("type_", list(SealedFile.Type))
def test_it_leaves_as_something_to_save_under_a_name_that_says_nothing(type_: str) -> None:
    row = SealedFile(id=uuid.uuid4(), type=type_, kind="note", steps=2)
    said = serving.headers(row)
    assert re.fullmatch(
        r'attachment; filename="file-[0-9a-f]{8}\.(pdf|jpg|png|txt)"', said["Content-Disposition"]
    )
    assert said["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert (said["X-Content-Type-Options"], said["Cache-Control"]) == ("nosniff", "no-store")
    assert row.most_bytes == 2 * files.STEP
