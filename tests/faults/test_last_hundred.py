"""Two processes commit the last 100 at once: one gets it, the other hears how much is missing."""

import os
import subprocess
import sys

import pytest
from django.core.management import call_command

from tests import people
from treasury.actions.funds import book_opening_balance, open_fund
from treasury.kinds import FundKind
from treasury.models import Commitment

LAST_MINOR = 10_000


def start(environment: dict[str, str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.faults.committer", str(LAST_MINOR)],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", range(int(os.environ.get("FAULT_ROUNDS", "1"))))
def test_the_last_hundred_is_committed_once(child_env: dict[str, str], turn: int) -> None:
    fund = open_fund(code="general", name="General", kind=FundKind.GENERAL, by=people.SETUP, at=people.START)
    day = people.START.date()
    book_opening_balance(fund=fund, amount_minor=LAST_MINOR, on=day, by=people.SETUP, at=people.START)
    racers = [start(child_env) for _ in range(2)]
    for racer in racers:
        assert racer.stdout is not None
        assert racer.stdout.readline() == "ready\n"
    for racer in racers:
        assert racer.stdin is not None
        racer.stdin.write("go\n")
        racer.stdin.flush()
    said = sorted(racer.communicate(timeout=60)[0].strip() for racer in racers)
    assert said[0] == "committed"
    assert said[1] != "committed"
    assert Commitment.objects.count() == 1
    call_command("check_money")
