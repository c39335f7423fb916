"""kill -9 of the worker that turns webhooks into bookings: nothing lost, nothing doubled."""

import contextlib
import datetime
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest
from django.core.management import call_command

from donations import inbox, sweeps
from donations.models import Donation, Fact, Hint
from donations.models.gifts import Status
from donations.sandbox.server import Sandbox
from donations.stripe_gateway import Gateway
from tests.donations import gifts
from tests.donations.conftest import fund, gateway, sandbox  # noqa: F401  fixtures
from treasury.models import Fund, Journal

KILLS = int(os.environ.get("FAULT_ROUNDS", "20"))
GIFTS = max(8, KILLS * 2 // 5)


class Worker:
    """The drainer as a subprocess."""

    def __init__(self, address: str, environment: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.drainer", address],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
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
        self.process.stdin.close()
        self.process.wait(timeout=10)
        assert self.process.stdout is not None
        self.process.stdout.close()


@pytest.fixture
def worker(sandbox: Sandbox, child_env: dict[str, str]) -> Iterator[Worker]:  # noqa: F811
    running = Worker(sandbox.base_url, child_env)
    yield running
    running.stop()


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_again_and_again_loses_and_doubles_nothing(
    sandbox: Sandbox,  # noqa: F811
    gateway: Gateway,  # noqa: F811
    fund: Fund,  # noqa: F811
    worker: Worker,
) -> None:
    for _ in range(GIFTS):
        donation, _code = gifts.give(fund, gateway)
        sandbox.pay(gifts.session_of(donation))
    waiting = gifts.hints(sandbox)
    dice = random.Random(11)
    killed = 0
    for turn in range(KILLS):
        # New hints keep coming, some of them twice, while workers die.
        for hint in waiting[turn :: KILLS // 2]:
            inbox.store(hint, at=gifts.AT)
        killed += worker.run(dice.uniform(0.01, 0.09)) == signal.SIGKILL
    for hint in waiting:
        inbox.store(hint, at=gifts.AT)
    assert worker.run(None) == 0
    assert killed > KILLS // 4
    assert not Hint.objects.waiting().exists()
    assert Donation.objects.filter(status=Status.SETTLED).count() == GIFTS
    assert Fact.objects.filter(kind=Fact.Kind.SETTLED).count() == GIFTS
    assert Journal.objects.filter(kind="gift").count() == GIFTS
    call_command("check_money")
    call_command("verify")


@pytest.mark.django_db
def test_a_worker_that_ticks_hints_off_first_would_lose_the_gift(
    sandbox: Sandbox,  # noqa: F811
    gateway: Gateway,  # noqa: F811
    fund: Fund,  # noqa: F811
) -> None:
    """The mutant: marked as followed, then killed. Only the sweep still finds the gift."""
    donation, _code = gifts.give(fund, gateway)
    sandbox.pay(gifts.session_of(donation))
    for hint in gifts.hints(sandbox):
        inbox.store(hint, at=gifts.AT)
    Hint.objects.update(state=Hint.State.DONE)
    assert inbox.drain(gateway, clock=lambda: gifts.AT) == 0
    assert not Donation.objects.settled().exists()
    later = gifts.AT + datetime.timedelta(minutes=10)
    assert sweeps.observe_open_attempts(gateway, at=later) == 1
    assert Donation.objects.settled().exists()
