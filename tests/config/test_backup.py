"""The drill: a machine is lost, two shares and two files bring everybody back but the erased."""

import io
import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connections
from django.utils import timezone

from accounts.models import User
from audit.checkpoints import signing
from audit.models import Event
from config.backup import container, engines, making, restoring, upgrading
from tests import people
from tests.config import backup_places as places
from vault import files, indexes, keyfile, keys, papers, reading
from vault.cleaning.kinds import FileType
from vault.models import IndexEntry, SealedFile
from vault.router import KEYS

pytestmark = pytest.mark.django_db(transaction=True)
MARK = "Алена Крук-Прыкметная"
PAPER = b"Kruk-secret-paper" * 5_000


@pytest.fixture
def here(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The first machine, with keys and folders of its own."""
    places.programs(monkeypatch)
    settings.DATA_DIR = tmp_path / "here"
    settings.DATA_DIR.mkdir()
    settings.KEY_FILE, settings.LOG_KEY_FILE = settings.DATA_DIR / "keys.json", settings.DATA_DIR / "log.json"
    settings.FILES_DIR, settings.REPORTS_DIR = settings.DATA_DIR / "files", settings.DATA_DIR / "reports"
    settings.REPORTS_DIR.mkdir()
    keyfile.create(settings.KEY_FILE)
    return settings.DATA_DIR


def run(name: str, *words: str, **options: Any) -> str:
    out = io.StringIO()
    call_command(name, *words, stdout=out, **options)
    return out.getvalue()


def backup(out: Path, **options: Any) -> Path:
    run("backup", out=out, **options)
    return out


def shares_text() -> str:
    held = keyfile.load()
    rows = [line for line in papers.sheets(held, held.current) if line.startswith("    ")]
    return "\n".join(rows[7:])


def unlock(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(text))
    run("unlock", on_disk=True)


def store(subject_id: uuid.UUID) -> SealedFile:
    content = files.Cleaned(FileType.TEXT, PAPER, "a" * 64, "b" * 64)
    return files.store_file(
        subject_id=subject_id, kind="note", content=content, by_id="staff:x", at=people.START
    )


def opened(user_id: uuid.UUID) -> str:
    with reading.reading("staff:drill", "drill"):
        return str(User.objects.get(pk=user_id).name)


@pytest.mark.long
def test_the_drill(  # noqa: PLR0915  one story, told in its order
    here: Path, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    alder, birch = people.person("alder", "coordinator", name=MARK), people.person("birch", name="Бярозка")
    paper, theirs = store(alder.pk), store(birch.pk)
    for user in (alder, birch):
        indexes.replace("test.name", user.pk, [indexes.exact_index("test.name", str(user.pk))])
    (settings.REPORTS_DIR / "r.pdf").write_bytes(b"report")
    (settings.FILES_DIR / "half.part").write_bytes(b"half")
    signing.announce_first_key(by=people.SETUP, at=people.START)
    log_key = settings.LOG_KEY_FILE.read_text()
    main = backup(tmp_path / "main.backup")
    old_keys = backup(tmp_path / "old.keys", keys=True)
    assert main.stat().st_mode & 0o777 == 0o600
    raw = main.read_bytes()
    assert not any(word in raw for word in (b"SQLite", b"PGDMP", b"report", PAPER[:17], b"manifest"))
    keys.destroy_key(birch.pk)  # erased after the backup
    key_backup = backup(tmp_path / "new.keys", keys=True)
    paper_sheets = shares_text()
    kinds = [event.kind for event in Event.objects.order_by("-seq")[:3]]
    assert kinds == ["backup.made"] * 3
    with places.empty_machine(tmp_path / "there", settings):
        with pytest.raises(CommandError, match="no key file"):
            run("restore", str(main))
        unlock(paper_sheets, monkeypatch)
        assert "keys" in run("restore", str(key_backup))
        told = run("restore", str(main))
        assert "Its log had at least" in told
        run("verify")
        assert opened(alder.pk) == MARK
        # The log goes on under its own key: 'backup --keys' holds it, the other backup does not.
        assert settings.LOG_KEY_FILE.read_text() == log_key
        assert settings.LOG_KEY_FILE.stat().st_mode & 0o777 == 0o600
        with reading.reading("staff:drill", "drill"):
            assert b"".join(files.open_file(SealedFile.objects.get(pk=paper.pk))) == PAPER
        assert (settings.REPORTS_DIR / "r.pdf").read_bytes() == b"report"
        assert not list(settings.FILES_DIR.glob("*.part"))
        # The erased one: no name, no file, nothing to find them by.
        assert opened(birch.pk) == "erased"
        assert not files.path_of(theirs).exists()
        assert list(IndexEntry.objects.values_list("subject_id", flat=True)) == [alder.pk]
        assert Event.objects.order_by("-seq")[0].kind == "backup.restored"
        assert signing.checkpoint_now(by=people.SETUP, at=timezone.now())
        for again in (main, key_backup):
            with pytest.raises(CommandError, match="not empty"):
                run("restore", str(again))
        # The mutant: with the key store of before, they would be readable again. So its time is short.
        places.wipe(tmp_path / "there")
        settings.LOG_KEY_FILE.write_text("another, which no backup replaces")
        monkeypatch.setattr(timezone, "now", lambda: people.START.replace(year=2099))
        with pytest.raises(CommandError, match="could be read again"):
            run("restore", str(old_keys))
        monkeypatch.undo()
        places.programs(monkeypatch)
        run("restore", str(old_keys))
        run("restore", str(main))
        assert settings.LOG_KEY_FILE.read_text().startswith("another")
        assert opened(birch.pk) == "Бярозка"


def test_what_is_damaged_foreign_or_in_the_way_is_refused_and_changes_nothing(
    here: Path, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    people.person("alder")
    main, key_backup = backup(tmp_path / "main.backup"), backup(tmp_path / "keys.backup", keys=True)
    with pytest.raises(CommandError, match="there already"):
        backup(main)
    held = keyfile.text_of(keyfile.load())
    raw = main.read_bytes()
    with places.empty_machine(tmp_path / "there", settings):
        settings.KEY_FILE.write_text(held)
        settings.KEY_FILE.chmod(0o600)
        damaged = tmp_path / "damaged"
        middle = len(raw) // 2
        for broken in (
            raw[:middle] + bytes([raw[middle] ^ 1]) + raw[middle + 1 :],
            raw[:-1],
            raw[:middle],
            raw[:10],
            b"",
        ):
            damaged.write_bytes(broken)
            with pytest.raises(CommandError, match=r"damaged|no backup|cannot be read"):
                run("restore", str(damaged))
        settings.REPORTS_DIR.mkdir()
        (settings.REPORTS_DIR / "x").touch()
        with pytest.raises(CommandError, match="REPORTS_DIR is not empty"):
            run("restore", str(main))
        (settings.REPORTS_DIR / "x").unlink()
        real = container.Manifest
        monkeypatch.setattr(container, "Manifest", lambda **said: real(**{**said, "engine": "other"}))
        with pytest.raises(CommandError, match="another engine"):
            run("restore", str(main))
        monkeypatch.undo()
        places.programs(monkeypatch)
        settings.KEY_FILE.unlink()
        keyfile.create(settings.KEY_FILE)
        with pytest.raises(CommandError, match="another installation"):
            run("restore", str(main))
        for alias in places.ALIASES:
            assert connections[alias].introspection.table_names() == []
        other = keyfile.load()
        settings.KEY_FILE.unlink()
        right = keyfile.parse(held)
        keyfile.write_new(settings.KEY_FILE, keyfile.Keys("k1", other.wrapping, right.index))
        with pytest.raises(CommandError, match="another time"):
            run("restore", str(key_backup))


def test_nothing_half_written_stays(here: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*args: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(container, "add_file", full)
    with pytest.raises(CommandError, match="No space left"):
        backup(tmp_path / "main.backup")
    assert not (tmp_path / "main.backup").exists()
    assert not list(here.glob("backup-*"))
    assert not Event.objects.filter(kind="backup.made").exists()


def test_a_file_erased_while_the_backup_runs_is_left_out(
    here: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = people.person("alder")
    row = store(user.pk)
    real = engines.copy_out

    def erasing(alias: str, target: Path) -> None:
        real(alias, target)
        monkeypatch.setattr(making, "_files", lambda: iter([("files/gone", files.path_of(row))]))
        files.path_of(row).unlink()

    monkeypatch.setattr(engines, "copy_out", erasing)
    assert backup(tmp_path / "main.backup").exists()


def test_without_the_programs_of_postgresql_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(engines.CannotCopy, match="pg_dump is not installed"):
        engines._run(["pg_dump"], "default")
    monkeypatch.setenv("PATH", "/bin:/usr/bin")
    with pytest.raises(engines.CannotCopy, match="false failed"):
        engines._run(["false"], "default")


def test_an_upgrade_that_fails_is_undone(
    here: Path, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    people.person("alder", name=MARK)
    main, key_backup = backup(tmp_path / "main.backup"), backup(tmp_path / "keys.backup", keys=True)
    held = keyfile.text_of(keyfile.load())
    with places.empty_machine(tmp_path / "there", settings):
        settings.KEY_FILE.write_text(held)
        settings.KEY_FILE.chmod(0o600)
        run("restore", str(key_backup))
        run("restore", str(main))
        assert "Nothing to do" in run("upgrade")
        monkeypatch.setattr(upgrading, "pending", lambda alias: [f"{alias}.0099_next"])
        monkeypatch.setattr(upgrading, "_migrate", _half_done)
        with pytest.raises(CommandError, match="failed and was undone: ProgrammingError") as told:
            run("upgrade")
        assert MARK not in str(told.value)
        assert opened(User.objects.get().pk) == MARK
        assert not list((tmp_path / "there").glob("upgrade-*"))
        for alias in places.ALIASES:
            assert "scratch" not in connections[alias].introspection.table_names()
        monkeypatch.undo()
        places.programs(monkeypatch)
        monkeypatch.setattr(upgrading, "pending", lambda alias: [f"{alias}.0099_next"])
        assert "Done: 2 migrations" in run("upgrade")
        assert len(list((tmp_path / "there" / "backups").glob("*.backup"))) >= 1


def _half_done(due: Any, say: Any) -> None:
    """A migration that changes much, then fails with a row in its words."""
    for alias in places.ALIASES:
        with connections[alias].cursor() as cursor:
            cursor.execute("create table scratch (id integer)")
    with connections["default"].cursor() as cursor:
        cursor.execute("update accounts_user set name = ''")
    raise ProgrammingError(f"duplicate key: {MARK}")


def test_key_backups_age(here: Path, tmp_path: Path) -> None:
    manifest = container.Manifest("keys", connections[KEYS].vendor, people.START.isoformat())
    with pytest.raises(engines.NotEmpty):
        restoring._refuse(manifest, KEYS, False, people.START + timedelta(days=1))
