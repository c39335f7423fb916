"""A process that erases and is killed at a named point: for each line it forks a child.

Run as ``python -m tests.faults.eraser``; a line is ``<subject> <point>``, a point ``<step>:before`` or
``<step>:after``, or ``none``. The parent opens no database, so each child has connections of its own.
"""

import os
import signal
import sys
import uuid
from collections.abc import Callable
from typing import Any

import django

STEPS = ("destroy_key", "empty_person", "forget", "sweep", "finish_erasure")
POINTS = [f"{step}:{when}" for step in STEPS for when in ("before", "after")]


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _deadly(original: Callable[..., Any], when: str) -> Callable[..., Any]:
    def call(*args: Any, **kwargs: Any) -> Any:
        if when == "before":
            _die()
        original(*args, **kwargs)
        _die()

    return call


def _arm(point: str) -> None:
    from accounts.actions import erasure
    from accounts.erasing import sweeping
    from vault import indexes, keys

    step, _colon, when = point.partition(":")
    home: Any = {"destroy_key": keys, "forget": indexes, "sweep": sweeping}.get(step, erasure)
    setattr(home, step, _deadly(getattr(home, step), when))


def _erase(subject_id: uuid.UUID) -> None:
    from django.utils import timezone

    from accounts.erasing import carrying_out
    from accounts.models import Erasure
    from audit.actors import SYSTEM

    begun = Erasure.objects.filter(subject_id=subject_id).first()
    if begun is None:
        carrying_out.erase(subject_id=subject_id, basis=Erasure.Basis.RETENTION, by=SYSTEM, at=timezone.now())
    else:
        carrying_out.carry_on(begun, by=SYSTEM, at=timezone.now())


def main() -> None:
    django.setup()
    from tests.plugins import sweeping

    sweeping.wait_for_nobody()
    print("ready", flush=True)
    for line in sys.stdin:
        subject, point = line.split()
        child = os.fork()
        if child == 0:
            if point != "none":
                _arm(point)
            _erase(uuid.UUID(subject))
            os._exit(0)
        _pid, status = os.waitpid(child, 0)
        print(status, flush=True)


if __name__ == "__main__":
    main()
