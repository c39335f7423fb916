"""Keys from outside: from two shares or a key file, into memory, and only if they open the key store."""

import io
import os
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from vault import keyfile, keys, papers, runtime


@pytest.fixture
def memory(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory that says it is in memory."""
    settings.RUNTIME_DIR = tmp_path / "run"
    settings.RUNTIME_DIR.mkdir()
    settings.KEY_FILE = settings.RUNTIME_DIR / "keys.json"
    mounts = tmp_path / "mounts"
    mounts.write_text(f"/dev/vda / ext4 rw 0 0\ntmpfs {settings.RUNTIME_DIR} tmpfs rw 0 0\n")
    monkeypatch.setattr(runtime, "MOUNTS", mounts)
    return settings.KEY_FILE


def unlock(text: str, monkeypatch: pytest.MonkeyPatch, *, tty: bool = False, **options: Any) -> str:
    typed, out = io.StringIO(text), io.StringIO()
    typed.isatty = lambda: tty  # type: ignore[method-assign]
    monkeypatch.setattr("sys.stdin", typed)
    call_command("unlock", stdout=out, **options)
    return out.getvalue()


def typed_shares(held: keyfile.Keys) -> str:
    rows = [line for line in papers.sheets(held, held.current) if line.startswith("    ")]
    return "\n\n".join(rows[:14]) + "\n"


@pytest.mark.django_db
def test_two_shares_unlock_into_memory_and_lock_again(memory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    held = keyfile.create(memory)
    subject_id = uuid.uuid4()
    keys.new_key(subject_id)
    data_key = keys.data_key(subject_id)
    assert "gone from memory" in unlock("", monkeypatch, lock=True)
    with pytest.raises(keyfile.KeyFileMissing):
        keys.data_key(subject_id)
    assert "Unlocked with key k1" in unlock(typed_shares(held), monkeypatch, tty=True)
    assert memory.stat().st_mode & 0o777 == 0o600
    assert keys.data_key(subject_id) == data_key
    with pytest.raises(CommandError, match="there already"):
        unlock(typed_shares(held), monkeypatch)
    unlock("", monkeypatch, lock=True)
    unlock(keyfile.text_of(held), monkeypatch, key_file=True)
    assert keyfile.load() == held


@pytest.mark.django_db
def test_keys_of_another_installation_are_not_written(
    memory: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keyfile.create(memory)
    keys.new_key(uuid.uuid4())
    memory.unlink()
    other = keyfile.create(tmp_path / "other.json")
    with pytest.raises(CommandError, match="do not open this key store"):
        unlock(typed_shares(other), monkeypatch)
    assert not memory.exists()


@pytest.mark.parametrize(
    ("text", "options", "word"),
    [
        ("AAAA BBBB", {}, "14|needed|are needed"),
        ("{}", {"key_file": True}, "no key file"),
        ("[]", {"key_file": True}, "no key file"),
        (
            '{"current": "k2", "wrapping": {}, "index": "%s"}' % ("A" * 43 + "="),
            {"key_file": True},
            "not hold",
        ),
        ('{"current": "k1", "wrapping": {"k1": "AAAA"}, "index": ""}', {"key_file": True}, "no key file"),
    ],
    ids=["shares", "empty", "list", "unnamed", "short"],
)
def test_nonsense_is_refused(
    text: str, options: dict, word: str, memory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(CommandError, match=word):
        unlock(text, monkeypatch, **options)
    assert not memory.exists()


def test_a_key_in_memory_is_never_put_on_a_disk(
    memory: Path, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.KEY_FILE = tmp_path / "elsewhere" / "keys.json"
    with pytest.raises(CommandError, match="lies outside"):
        unlock("", monkeypatch)
    settings.KEY_FILE = memory
    runtime.MOUNTS.write_text("/dev/vda / ext4 rw 0 0\n")
    with pytest.raises(CommandError, match="is no tmpfs"):
        unlock("", monkeypatch)
    runtime.MOUNTS.unlink()
    assert runtime.kind(memory) == ""


def test_without_a_key_store_the_keys_are_taken_on_trust(
    memory: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_store(held: keyfile.Keys) -> bool:
        raise OperationalError("no such table")

    monkeypatch.setattr(keys, "opens_the_store", no_store)
    held = keyfile.create(tmp_path / "other.json")
    memory.parent.rmdir()
    runtime.MOUNTS.unlink()
    assert "could not be tried" in unlock(typed_shares(held), monkeypatch, on_disk=True)
    assert keyfile.load() == held


def test_first_keys_come_with_shares(tmp_path: Path, settings: Any) -> None:
    settings.KEY_FILE = tmp_path / "keys.json"
    out = io.StringIO()
    call_command("create_keys", stdout=out)
    assert out.getvalue().count("Share ") == 3
    with pytest.raises(CommandError, match="there already"):
        call_command("create_keys")
    assert os.listdir(tmp_path) == ["keys.json"]  # noqa: PTH208


def test_the_real_mounts_can_be_read(tmp_path: Path) -> None:
    assert runtime.kind(tmp_path)
