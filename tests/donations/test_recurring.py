"""Gifts every month: over HTTP with Stripe's own SDK, against the sandbox and its clock."""

import datetime
import os
import signal
import subprocess
import sys
import time
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from audit.actors import PUBLIC
from donations import fallbacks, inbox, mandates, stopping, sweeps, tasks
from donations.models import Alarm, Donation, RecurringDonation
from donations.models.gifts import Status
from donations.sandbox.server import Sandbox
from donations.stripe_gateway import Gateway
from tests import people
from tests.donations import gifts
from tests.donations.gifts import AT
from treasury.actions.funds import close_fund, open_fund
from treasury.kinds import FundKind
from treasury.models import Fund

pytestmark = pytest.mark.django_db
MONTH = 31 * 86_400
STATE = RecurringDonation.State


def begin(
    fund: Fund, gateway: Gateway, sandbox: Sandbox, card: str = "ok", level: str = "code"
) -> RecurringDonation:
    donation = gifts.paid(fund, gateway, sandbox, card, monthly=True, level=level)
    assert donation.recurring is not None
    return fresh(donation.recurring)


def fresh(mandate: RecurringDonation) -> RecurringDonation:
    return RecurringDonation.objects.get(pk=mandate.pk)


def month(sandbox: Sandbox, gateway: Gateway, days: int = 31) -> None:
    sandbox.advance(days * 86_400)
    gifts.hear(sandbox, gateway)


def settled() -> int:
    return Donation.objects.settled().count()


def test_each_paid_month_is_a_gift_of_its_own(sandbox: Sandbox, gateway: Gateway, fund: Fund) -> None:
    mandate = begin(fund, gateway, sandbox)
    assert (mandate.state, mandate.amount_minor, settled()) == (STATE.ACTIVE, 5_000, 1)
    assert mandate.next_on is not None
    month(sandbox, gateway)
    assert (settled(), mandate.donations.count()) == (2, 2)
    changed = mandates.change_amount(mandate, 7_500, gateway, at=AT, by=PUBLIC)
    assert (changed.amount_minor, changed.former_minor) == (7_500, 5_000)
    month(sandbox, gateway)
    assert sorted(mandate.donations.values_list("amount_minor", flat=True)) == [5_000, 5_000, 7_500]
    mandates.pause(mandate, None, gateway, at=AT, by=PUBLIC)
    month(sandbox, gateway)
    assert (settled(), fresh(mandate).state) == (3, STATE.PAUSED)
    mandates.resume(fresh(mandate), gateway, at=AT, by=PUBLIC)
    month(sandbox, gateway)
    assert (settled(), fresh(mandate).state) == (4, STATE.ACTIVE)
    stopped = mandates.stop(fresh(mandate), "donor", gateway, at=AT, by=PUBLIC)
    assert (stopped.state, stopped.stop_reason) == (STATE.STOPPED, "donor")
    month(sandbox, gateway)
    month(sandbox, gateway)
    assert settled() == 4
    assert not Alarm.objects.exists()
    with pytest.raises(mandates.NotRunning):
        mandates.change_amount(stopped, 6_000, gateway, at=AT, by=PUBLIC)


def test_months_missed_by_every_webhook_are_swept(sandbox: Sandbox, gateway: Gateway, fund: Fund) -> None:
    donation, _code = gifts.give(fund, gateway, monthly=True, level="code")
    sandbox.pay(gifts.session_of(donation))
    sandbox.advance(MONTH)
    later = AT + datetime.timedelta(minutes=10)
    sweeps.sweep(gateway, at=later)
    assert settled() == 2
    assert sweeps.sweep(gateway, at=later).movements == 0
    assert not Alarm.objects.exists()


def test_failures_are_noticed_at_the_first_and_the_last_try(
    sandbox: Sandbox, gateway: Gateway, fund: Fund
) -> None:
    from audit.models import Event

    mandate = begin(fund, gateway, sandbox)
    sandbox.control("renewals", subscription=mandate.subscription_id, id=mandate.subscription_id)
    month(sandbox, gateway)
    assert fresh(mandate).state == STATE.FAILING
    for _ in range(6):
        month(sandbox, gateway, days=7)
    assert fresh(mandate).state == STATE.STOPPED
    assert fresh(mandate).stop_reason == "failed"
    assert settled() == 1
    notices = [event.body for event in Event.objects.filter(kind="recurring.payment_failed")]
    assert sum('"notice":"first"' in str(body).replace(" ", "") for body in notices) == 1


def test_a_card_of_a_risk_country_stops_the_mandate_at_once(
    sandbox: Sandbox, gateway: Gateway, fund: Fund
) -> None:
    mandate = begin(fund, gateway, sandbox, "risk_by")
    assert (mandate.state, mandate.stop_reason) == (STATE.STOPPED, "risk-country")
    assert Alarm.objects.open().get().kind == "risk-country"
    month(sandbox, gateway)
    assert settled() == 1


def test_a_campaign_that_ended_follows_what_the_giver_agreed_to(
    sandbox: Sandbox, gateway: Gateway, fund: Fund
) -> None:
    campaign = open_fund(
        code="autumn", name="Autumn", kind=FundKind.CAMPAIGN, goal_minor=90_000, by=people.SETUP,
        at=people.START,
    )  # fmt: skip
    mandate = begin(campaign, gateway, sandbox)
    close_fund(fund=campaign, by=people.SETUP, at=AT)
    month(sandbox, gateway)
    second = mandate.donations.exclude(facts__batch__fund=campaign).get()
    assert second.facts.get(kind="settled").batch.fund == fund
    assert fallbacks.wants_money_back(Fund.objects.get(pk=campaign.pk), fallbacks.GIVE_BACK, AT.date())


def test_staff_find_a_mandate_by_amount_day_and_last_four(
    sandbox: Sandbox, gateway: Gateway, fund: Fund
) -> None:
    mandate = begin(fund, gateway, sandbox)
    begin(fund, gateway, sandbox, "ok_us")
    found = mandates.find(amount_minor=5_000, on=AT.date(), last_four="4242", gateway=gateway)
    assert found == [mandate]
    assert mandates.find(amount_minor=5_000, on=AT.date(), last_four="9999", gateway=gateway) == []
    assert "4242" not in str(list(RecurringDonation.objects.values()) + list(Donation.objects.values()))


def test_a_wish_to_stop_outlives_a_processor_that_does_not_answer(
    sandbox: Sandbox, gateway: Gateway, fund: Fund
) -> None:
    mandate = begin(fund, gateway, sandbox)
    nowhere = Gateway("sk_test_sandbox", "http://127.0.0.1:9", timeout=1, max_network_retries=0)
    waiting = mandates.stop(mandate, "donor", nowhere, at=AT, by=PUBLIC)
    nowhere.close()
    assert waiting.state == STATE.ACTIVE
    assert sweeps.stop_waiting(gateway, at=AT) == 1
    assert fresh(mandate).state == STATE.STOPPED


def test_a_month_taken_after_the_stop_is_booked_and_asks_a_human(
    sandbox: Sandbox, gateway: Gateway, fund: Fund
) -> None:
    mandate = begin(fund, gateway, sandbox)
    nowhere = Gateway("sk_test_sandbox", "http://127.0.0.1:9", timeout=1, max_network_retries=0)
    mandates.stop(mandate, "donor", nowhere, at=AT, by=PUBLIC)
    nowhere.close()
    month(sandbox, gateway)  # Stripe took it before it heard of the stop
    assert settled() == 2
    assert Alarm.objects.open().get().kind == "after-stop"
    assert fresh(mandate).state == STATE.STOPPED
    assert not stopping.prove(gateway, everything=True).holds


def test_a_page_left_open_ends_its_mandate(sandbox: Sandbox, gateway: Gateway, fund: Fund) -> None:
    donation, _code = gifts.give(fund, gateway, monthly=True)
    mandate = gifts.now(donation).recurring
    assert mandate is not None
    mandates.stop(mandate, "donor", gateway, at=AT, by=PUBLIC)
    assert fresh(mandate).state == STATE.STOPPED
    gifts.hear(sandbox, gateway)
    assert gifts.now(donation).status == Status.EXPIRED


@pytest.fixture
def site(sandbox: Sandbox, settings: Any) -> Any:
    """The site's one gateway pointed at the sandbox."""
    settings.STRIPE_BASE_URL = sandbox.base_url
    tasks.gateway.cache_clear()
    yield
    tasks.gateway().close()
    tasks.gateway.cache_clear()


def test_the_kill_switch_stops_all_and_proves_it(
    sandbox: Sandbox, gateway: Gateway, fund: Fund, site: None, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = begin(fund, gateway, sandbox), begin(fund, gateway, sandbox, "ok_us")
    call_command("stop_recurring", country="us")
    assert (fresh(first).state, fresh(second).state) == (STATE.ACTIVE, STATE.STOPPED)
    sandbox.control("fail_calls", how="error_500", times=9, path="/v1/subscriptions")
    with pytest.raises(CommandError, match=r"[rR]un this again"):
        call_command("stop_recurring", all=True)
    assert fresh(first).stop_asked_at is not None
    sandbox.control("clear_faults")
    call_command("stop_recurring", all=True)
    assert "nothing taken since" in capsys.readouterr().out
    month(sandbox, gateway)
    assert settled() == 2
    with pytest.raises(CommandError, match="two letters"):
        call_command("stop_recurring", country="BYX")
    call_command("sweep_payments")


@pytest.mark.django_db(transaction=True)
def test_a_kill_switch_that_is_killed_goes_on(
    sandbox: Sandbox, gateway: Gateway, fund: Fund, child_env: dict[str, str]
) -> None:
    for _ in range(4):
        begin(fund, gateway, sandbox)
    environment = {**child_env, "STRIPE_BASE_URL": sandbox.base_url, "STRIPE_API_KEY": "sk_test_sandbox"}
    sandbox.control("fail_calls", how="hang", when="before", times=50, path="/v1/subscriptions", seconds=9)
    process = subprocess.Popen(
        [sys.executable, "manage.py", "stop_recurring", "--all"],
        env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    until = time.monotonic() + 60
    while RecurringDonation.objects.to_stop().count() < 4 and time.monotonic() < until:
        time.sleep(0.05)
    os.kill(process.pid, signal.SIGKILL)
    assert process.wait(timeout=10) == -signal.SIGKILL
    assert RecurringDonation.objects.to_stop().count() == 4
    sandbox.control("clear_faults")
    stopped, failed = stopping.carry_out(gateway, at=AT, by=people.SETUP)
    assert (stopped, failed) == (4, 0)
    assert stopping.prove(gateway, everything=True).holds
    inbox.drain(gateway, clock=lambda: AT)
