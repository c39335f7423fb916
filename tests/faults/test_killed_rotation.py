"""kill -9 of key rotation: every subject opens after each kill, and in the end the old key is gone."""

import contextlib
import io
import os
import random
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from audit.models import Event
from vault import keyfile, keys
from vault.models import SubjectKey
from vault.router import KEYS

ROUNDS = int(os.environ.get("FAULT_ROUNDS", "5"))
SUBJECTS = 60


class Rotator:
    """``tests.faults.rotator`` as a subprocess."""

    def __init__(self, environment: dict[str, str]) -> None:
        command = [sys.executable, "-m", "tests.faults.rotator"]
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(command, env=environment, stdin=pipe, stdout=pipe, text=True)
        assert self._line() == "ready"

    def run(self, kill_after: float | None) -> int:
        """Start a child; kill it after so many seconds, if it still runs. Its exit status."""
        assert self.process.stdin is not None
        self.process.stdin.write("go\n")
        self.process.stdin.flush()
        child = int(self._line())
        if kill_after is not None:
            time.sleep(kill_after)
            with contextlib.suppress(ProcessLookupError):  # it was done before
                os.kill(child, signal.SIGKILL)
        return int(self._line())

    def _line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def stop(self) -> None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        self.process.wait(timeout=10)
        self.process.stdout.close()


@pytest.fixture
def rotator(tmp_path: Path, settings: Any, child_env: dict[str, str]) -> Iterator[Rotator]:
    settings.KEY_FILE = tmp_path / "keys.json"
    keyfile.create(settings.KEY_FILE)
    running = Rotator({**child_env, "KEY_FILE": str(settings.KEY_FILE)})
    yield running
    running.stop()


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_a_killed_rotation_loses_no_key_and_ends(rotator: Rotator) -> None:
    subjects = [uuid.uuid4() for _ in range(SUBJECTS)]
    keys.new_keys(subjects)
    held = {subject_id: keys.data_key(subject_id) for subject_id in subjects}
    began = time.monotonic()
    assert rotator.run(None) == 0
    whole = time.monotonic() - began  # how long a rotation takes here and now
    dice, killed, runs = random.Random(7), 0, 0
    while killed < ROUNDS:
        killed += rotator.run(dice.uniform(0, whole)) == signal.SIGKILL
        runs += 1
        assert runs < 10 * ROUNDS + 50
        late = uuid.uuid4()
        keys.new_key(late)  # the site goes on while rotations die
        held[late] = keys.data_key(late)
        assert {subject_id: keys.data_key(subject_id) for subject_id in held} == held
    assert rotator.run(None) == 0
    assert rotator.run(None) == 0  # the first one may have ended what was begun before the late ones
    found = keyfile.load()
    assert set(found.wrapping) == {found.current}
    assert {row.kek_id for row in SubjectKey.objects.using(KEYS).all()} == {found.current}
    assert {subject_id: keys.data_key(subject_id) for subject_id in held} == held
    kinds = list(
        Event.objects.filter(kind__startswith="keys.").order_by("seq").values_list("kind", flat=True)
    )
    assert kinds == ["keys.rotation_begun", "keys.rotated"] * (len(kinds) // 2)
    assert len(kinds) // 2 == int(found.current[1:]) - 1
    call_command("verify", stdout=io.StringIO())
