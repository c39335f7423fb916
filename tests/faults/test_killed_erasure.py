"""kill -9 at every step of an erasure: the next run ends it, and nothing is half erased for ever."""

import os
import random
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.models import Erasure
from audit.models import Event
from cases.actions.intake import receive_case
from cases.intake.facts import Intake
from tests import people
from tests.faults.eraser import POINTS
from vault import keys
from vault.models import IndexEntry

ROUNDS = int(os.environ.get("FAULT_ROUNDS", "5"))


class Eraser:
    """The killable process."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.eraser"],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._line() == "ready"

    def run(self, subject_id: uuid.UUID, point: str) -> int:
        """Erase or go on erasing, dying at this point; the child's status as ``waitpid`` gives it."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{subject_id} {point}\n")
        self.process.stdin.flush()
        return int(self._line())

    def _line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def stop(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(timeout=10)
        assert self.process.stdout is not None
        self.process.stdout.close()


@pytest.fixture
def eraser(child_env: dict[str, str]) -> Iterator[Eraser]:
    running = Eraser(child_env)
    yield running
    running.stop()


@pytest.mark.django_db(transaction=True)
def test_an_erasure_killed_anywhere_is_ended_by_the_next_run(eraser: Eraser) -> None:
    coordinator = people.coordinator()
    dice = random.Random(7)
    for turn in range(ROUNDS):
        intake = Intake(name=f"Каваленка Алена {turn}", contacts="sister")
        case = receive_case(intake=intake, by=coordinator, at=timezone.now())
        # Every person dies at two points: the one whose turn it is, and any other on the way again.
        for point in (POINTS[turn % len(POINTS)], dice.choice(POINTS)):
            assert eraser.run(case.client_id, point) in (signal.SIGKILL, 0), point
            _is_whole(case.client_id)
        assert eraser.run(case.client_id, "none") == 0
        assert Erasure.objects.get(subject_id=case.client_id).state == Erasure.State.ERASED
        assert not keys.exists(case.client_id)
        assert not IndexEntry.objects.filter(subject_id=case.client_id).exists()
        told = Event.objects.filter(subjects__subject_id=str(case.client_id), kind__startswith="person.")
        kinds = list(told.order_by("seq").values_list("kind", flat=True))
        assert kinds == ["person.erasing", "person.emptied", "person.erased"]
    call_command("verify")


def _is_whole(subject_id: uuid.UUID) -> None:
    """Never erased without its decision in the log, never emptied while the key is there."""
    row = Erasure.objects.filter(subject_id=subject_id).first()
    if row is None:
        assert keys.exists(subject_id)
    elif row.state != Erasure.State.ERASING:
        assert not keys.exists(subject_id)
        assert not IndexEntry.objects.filter(subject_id=subject_id).exists()
