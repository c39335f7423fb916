"""The demo's processes: they start together, say where they are, and end together."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

Say = Callable[[str], object]


@dataclass(frozen=True)
class Process:
    """A ``manage.py`` command that runs until it is told to stop."""

    name: str
    arguments: tuple[str, ...]


class Ended(Exception):
    """A process ended by itself; the others were stopped."""


def run_together(processes: Sequence[Process], *, environment: Mapping[str, str], say: Say) -> None:
    """Run all until Ctrl-C or SIGTERM, then stop all. Raises Ended when one stops by itself."""
    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopping.set())
    running = {process.name: _start(process, environment) for process in processes}
    try:
        while not stopping.wait(0.3):
            for name, child in running.items():
                if child.poll() is not None:
                    raise Ended(f"{name} ended with status {child.returncode}")
    finally:
        say("Stopping.")
        _stop(list(running.values()))


def _start(process: Process, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    # Its own session: Ctrl-C reaches this process alone, which then stops the children in order.
    return subprocess.Popen(  # noqa: S603  our own commands
        [sys.executable, "manage.py", *process.arguments],
        env={**os.environ, **environment},
        start_new_session=True,
    )


def _stop(children: list[subprocess.Popen[bytes]], patience: float = 8.0) -> None:
    for child in children:
        if child.poll() is None:
            os.killpg(child.pid, signal.SIGTERM)
    deadline = time.monotonic() + patience
    for child in children:
        try:
            child.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()
