"""kill -9 of the worker that hands letters to the relay: none is taken twice, and none hangs for ever."""

import contextlib
import os
import random
import re
import signal
import socketserver
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Mail
from accounts.outbox import letters, posting, sending

KILLS = int(os.environ.get("FAULT_ROUNDS", "5"))
LETTERS = max(12, KILLS * 4)


class _Talk(socketserver.StreamRequestHandler):
    """As much SMTP as one letter needs; slow enough to be killed in the middle."""

    def handle(self) -> None:
        self._say("220 relay")
        while line := self.rfile.readline():
            word = line[:4].upper()
            if word == b"DATA":
                self._say("354 go on")
                text = b"".join(iter(self.rfile.readline, b".\r\n")).decode()
                found = re.search(r"Message-ID: <([^@]+)@", text)
                assert found
                self.server.taken[found[1]] += 1  # type: ignore[attr-defined]
                time.sleep(0.01)
                self._say("250 taken")
            elif word == b"QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _say(self, text: str) -> None:
        with contextlib.suppress(OSError):
            self.wfile.write(text.encode() + b"\r\n")


class Relay(socketserver.ThreadingTCPServer):
    """Counts each letter that it took, by its number."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.taken: Counter[str] = Counter()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A killed client is what this is about."""


@pytest.fixture
def relay() -> Iterator[Relay]:
    with Relay() as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield running
        running.shutdown()
        thread.join()


def _round(process: Any, kill_after: float | None) -> int:
    process.stdin.write("go\n")
    process.stdin.flush()
    child = int(process.stdout.readline())
    if kill_after is not None:
        time.sleep(kill_after)
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
    return int(process.stdout.readline())


@pytest.mark.django_db(transaction=True)
def test_a_killed_mailer_sends_nothing_twice(relay: Relay, child_env: dict[str, str]) -> None:
    posted = [
        str(
            posting.post(
                letter=letters.MESSAGE, language="en", address="juniper@example.org", at=timezone.now()
            ).pk
        )
        for _ in range(LETTERS)
    ]
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.mailer", str(relay.server_address[1])],
        env=child_env,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    assert process.stdin
    assert process.stdout.readline().strip() == "ready"
    dice = random.Random(7)
    killed = 0
    for _ in range(KILLS):
        killed += _round(process, dice.uniform(0.02, 0.12)) == signal.SIGKILL
    for _ in range(1 + LETTERS // 200):  # a round takes two hundred at most
        assert _round(process, None) == 0
    process.stdin.close()
    process.wait(timeout=10)
    process.stdout.close()
    assert killed, "nothing was killed while it worked"
    assert max(relay.taken.values()) == 1, "a letter was taken twice"
    hanging = set(map(str, Mail.objects.filter(state="sending").values_list("pk", flat=True)))
    assert len(hanging) <= killed
    assert set(posted) - hanging <= set(relay.taken), "a letter was lost that nobody was killed over"
    sending.send_due(at=timezone.now() + timedelta(minutes=11))
    assert not Mail.objects.on_the_way().exists(), "every letter comes to an end"
    assert max(relay.taken.values()) == 1
