"""The doctor finds each thing that is not well, and says what to do about it."""

import datetime
import io
import json
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import OperationalError, connections
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from audit import guards, keeping
from audit.checkpoints import keys as log_keys
from audit.checkpoints import signing
from config import health, heartbeat
from config.backup import upgrading
from tests import people
from vault import keyfile, keys, rotation

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_places(tmp_path: Path, settings: Any) -> None:
    settings.DATA_DIR, settings.KEY_FILE = tmp_path, tmp_path / "keys.json"
    keyfile.create(settings.KEY_FILE)


def found(check: health.Check, at: datetime.datetime) -> tuple[bool, str]:
    (finding,) = health.examine(at, (check,))
    return finding.ok, finding.text


def doctor(**options: Any) -> tuple[int, str]:
    out, status = io.StringIO(), 0
    try:
        call_command("doctor", stdout=out, **options)
    except SystemExit as ended:
        status = int(str(ended.code))
    return status, out.getvalue()


def test_one_page_and_a_status(monkeypatch: pytest.MonkeyPatch) -> None:
    status, page = doctor()
    assert status == 1
    assert "LOOK  tick         never: run 'manage.py tick' each minute" in page
    assert len(page.splitlines()) == len(health.CHECKS)
    now = timezone.now()
    heartbeat.beat(now)
    for kind in ("main", "keys"):
        keeping.note_backup(kind=kind, sha256="0" * 64, size=1, by=people.SETUP, at=now)
    monkeypatch.setattr(health, "CHECKS", tuple(c for c in health.CHECKS if c is not health.checkpoints))
    monkeypatch.setattr(health.examine, "__defaults__", (health.CHECKS,))
    status, page = doctor(json=True)
    told = json.loads(page)
    assert [f for f in told["findings"] if not f["ok"]] == []
    assert (status, told["ok"]) == (0, True)


def test_the_key_file(tmp_path: Path, settings: Any, at: datetime.datetime) -> None:
    keys.new_key(uuid.uuid4())
    assert found(health.key_file, at)[0]
    settings.KEY_FILE.chmod(0o644)
    assert "chmod 600" in found(health.key_file, at)[1]
    settings.KEY_FILE.chmod(0o600)
    rotation.prepare()
    assert "rotation is not over" in found(health.key_file, at)[1]
    settings.KEY_FILE.unlink()
    assert "no key file" in found(health.key_file, at)[1]
    keyfile.create(settings.KEY_FILE)
    assert "does not open" in found(health.key_file, at)[1]
    settings.KEY_FILE.write_text("{}")
    assert found(health.key_file, at) == (False, "this is no key file")


def test_the_key_of_the_log(tmp_path: Path, settings: Any, at: datetime.datetime) -> None:
    """It stays when KEY_FILE lies in memory; beside it (the mutant) it would go with the power."""
    settings.RUNTIME_DIR = tmp_path / "run"
    settings.KEY_FILE = settings.RUNTIME_DIR / "keys.json"
    settings.LOG_KEY_FILE = tmp_path / "keys" / "log.json"
    assert log_keys.path() == settings.LOG_KEY_FILE
    assert "none yet" in found(health.log_key, at)[1]
    signing.announce_first_key(by=people.SETUP, at=at)
    assert found(health.log_key, at)[0]
    settings.LOG_KEY_FILE.chmod(0o644)
    assert "chmod 600" in found(health.log_key, at)[1]
    settings.LOG_KEY_FILE.unlink()
    assert "no signing key" in found(health.log_key, at)[1]
    settings.LOG_KEY_FILE = settings.RUNTIME_DIR / "log.json"
    assert "gone when the machine stops" in found(health.log_key, at)[1]


def test_the_rest(at: datetime.datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "LEAST_FREE", 2.0)
    assert found(health.disk, at)[1].endswith("make room")
    monkeypatch.setattr(guards, "missing", lambda connection: ["t.one", "t.two"])
    assert found(health.triggers, at) == (False, "2 missing, the first is t.one: run 'manage.py migrate'")
    monkeypatch.setattr(upgrading, "pending", lambda alias: ["a.0002"])
    assert found(health.migrations, at)[1].startswith("2 to run")
    heartbeat.beat(at - datetime.timedelta(hours=3))
    assert found(health.clock, at) == (False, "3 hours ago: run 'manage.py tick' each minute")
    heartbeat.beat(at - datetime.timedelta(minutes=2))
    assert found(health.clock, at) == (True, "2 minutes ago")
    keeping.note_backup(kind="main", sha256="0" * 64, size=1, by=people.SETUP, at=at)
    assert "keys never" in found(health.backups, at)[1]
    assert "never" in found(health.checkpoints, at)[1]


def test_tasks_that_wait(at: datetime.datetime) -> None:
    assert found(health.worker, at) == (True, "no task waits")
    task = DBTaskResult.objects.create(task_path="x.y", args_kwargs={}, run_after=at, backend_name="default")
    DBTaskResult.objects.filter(pk=task.pk).update(enqueued_at=at - datetime.timedelta(hours=1))
    assert found(health.worker, at) == (False, "1 tasks wait: start 'manage.py db_worker'")


def test_a_database_that_is_down_is_said(at: datetime.datetime) -> None:
    def down(at: datetime.datetime) -> health.Finding:
        raise OperationalError("no")

    assert "is the database up" in found(down, at)[1]
    assert found(health.databases, at)[1].startswith(connections["default"].display_name)


def test_the_clock_leaves_its_beat(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("config.management.commands.tick.JOBS", {})
    call_command("tick")
    beat = heartbeat.last_beat_at()
    assert beat is not None
    assert timezone.now() - beat < datetime.timedelta(minutes=1)
