"""Several gifts booked in one action: each still its own journal, and none lost or doubled when one fails."""

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command

from audit.models import Event
from donations import inbox
from donations.actions import together
from donations.models import Alarm, Donation, Fact, Hint
from donations.models.gifts import Status
from donations.sandbox.server import Sandbox
from donations.stripe_gateway import Gateway
from tests.donations import gifts
from tests.donations.gifts import AT
from treasury.models import Fund, Journal


def paid_pages(fund: Fund, gateway: Gateway, sandbox: Sandbox, cards: tuple[str, ...]) -> list[Donation]:
    """Gifts paid at Stripe, whose hints are stored and not followed."""
    made = []
    for card in cards:
        donation, _code = gifts.give(fund, gateway)
        sandbox.pay(gifts.session_of(donation), card)
        made.append(donation)
    for hint in gifts.hints(sandbox):
        inbox.store(hint, at=AT)
    return made


def booked() -> tuple[int, int, int]:
    return (
        Donation.objects.filter(status=Status.SETTLED).count(),
        Fact.objects.filter(kind="settled").count(),
        Journal.objects.filter(kind="gift").count(),
    )


@pytest.mark.django_db
def test_plain_gifts_are_one_event_and_a_journal_each(sandbox: Sandbox, gateway: Gateway, fund: Fund) -> None:
    paid_pages(fund, gateway, sandbox, ("ok", "ok", "ok_us", "risk_by", "sepa"))
    inbox.drain(gateway, clock=lambda: AT)
    assert booked() == (4, 4, 4)
    assert Event.objects.filter(kind="gifts.observed").count() == 1
    assert Alarm.objects.open().get().kind == "risk-country"  # looked at by itself
    assert not Hint.objects.waiting().exists()
    Hint.objects.filter(state="done").update(state="new")  # a crash before they were ticked off
    inbox.drain(gateway, clock=lambda: AT)
    assert booked() == (4, 4, 4)


@pytest.mark.django_db
def test_when_one_cannot_be_recorded_with_the_others_each_is_by_itself(
    sandbox: Sandbox, gateway: Gateway, fund: Fund, monkeypatch: pytest.MonkeyPatch
) -> None:
    paid_pages(fund, gateway, sandbox, ("ok", "ok", "ok"))
    # The last of them is refused when the first two are written already: all of it is undone.
    monkeypatch.setattr(together, "write_all", _refused_after(together.write_all))
    inbox.drain(gateway, clock=lambda: AT)
    assert booked() == (3, 3, 3)
    assert not Event.objects.filter(kind="gifts.observed").exists()
    assert Event.objects.filter(kind="gift.observed").count() >= 3


def _refused_after(write: Callable[[Any], bool]) -> Callable[[Any], None]:
    def run(notes: Any) -> None:
        write(notes)
        raise together.NotPlain()

    return run


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_one_inbox_book_each_gift_once(
    sandbox: Sandbox, gateway: Gateway, fund: Fund, child_env: dict[str, str]
) -> None:
    paid_pages(fund, gateway, sandbox, ("ok",) * 12)
    workers = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.faults.drainer", sandbox.base_url],
            env=child_env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for _ in range(2)
    ]  # fmt: skip
    for worker in workers:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "ready\n"
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.write("go\n")
        worker.stdin.flush()
    ends = [worker.communicate(timeout=60)[0].split() for worker in workers]
    assert [end[-1] for end in ends] == ["0", "0"]
    assert booked() == (12, 12, 12)
    assert not Hint.objects.waiting().exists()
    call_command("check_money")
    call_command("verify")
