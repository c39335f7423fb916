"""Two doors of the payments room tried for real: webhooks over HTTP from the sandbox, and a lockdown."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from accounts import lockdown
from donations import inbox, stopping, sweeps, tasks
from donations.models import Hint, RecurringDonation
from donations.sandbox.server import Sandbox
from donations.stripe_gateway import Gateway
from tests import people
from tests.donations import gifts
from tests.donations.gifts import AT
from treasury.models import Fund


@pytest.mark.django_db(transaction=True)
def test_webhooks_over_http_that_are_not_stripes_own_of_now_are_refused(
    live_server: LiveServer, settings: Any, fund: Fund
) -> None:
    settings.STRIPE_LIVE = False
    settings.STRIPE_WEBHOOK_SECRETS = ["whsec_sandbox"]
    with Sandbox(webhook_url=f"{live_server.url}/hooks/stripe/") as sandbox:
        gateway = Gateway("sk_test_sandbox", sandbox.base_url, timeout=5)
        accepted: set[str] = set()
        for how in ("forge", "stale", "future", "corrupt"):
            donation, _code = gifts.give(fund, gateway)
            sandbox.control("spoil_webhooks", how=how, times=1)
            sandbox.pay(gifts.session_of(donation))
            tries = sandbox.deliver()
            assert 400 in {attempt.status for attempt in tries}, how
            accepted |= {attempt.event_id for attempt in tries if attempt.accepted}
            assert set(Hint.objects.values_list("pk", flat=True)) == accepted, how
        donation, _code = gifts.give(fund, gateway)
        settings.STRIPE_LIVE = True
        sandbox.pay(gifts.session_of(donation))
        assert {attempt.status for attempt in sandbox.deliver()} == {400}
        settings.STRIPE_LIVE = False
        sandbox.control("rotate_secret", secret="whsec_new", keep_old=True)
        settings.STRIPE_WEBHOOK_SECRETS = ["whsec_new"]
        sandbox.control("resend")
        assert {attempt.status for attempt in sandbox.deliver()} == {200}
        assert Hint.objects.filter(state=Hint.State.IGNORED).exists()  # types that lead to nothing of ours
        inbox.drain(gateway, clock=lambda: AT)
        assert gifts.now(donation).status == "settled"
        gateway.close()


@pytest.fixture
def site(sandbox: Sandbox, settings: Any) -> Iterator[None]:
    """The site's one gateway pointed at the sandbox."""
    settings.STRIPE_BASE_URL = sandbox.base_url
    tasks.gateway.cache_clear()
    yield
    tasks.gateway().close()
    tasks.gateway.cache_clear()


@pytest.mark.django_db
def test_a_lockdown_stops_every_monthly_gift_now_or_when_stripe_answers(
    sandbox: Sandbox, gateway: Gateway, fund: Fund, site: None
) -> None:
    for _ in range(2):
        donation, _code = gifts.give(fund, gateway, monthly=True)
        sandbox.pay(gifts.session_of(donation))
    gifts.hear(sandbox, gateway)
    sandbox.control("fail_calls", how="error_500", times=3, path="/v1/subscriptions")
    ended = {done.name: done for done in lockdown.run_parts(by=people.SETUP, at=timezone.now())}
    assert ended["monthly gifts stopped"].count == 1  # Stripe refused to answer for the other
    assert RecurringDonation.objects.exclude(stop_asked_at=None).count() == 2
    sandbox.control("clear_faults")
    assert sweeps.stop_waiting(gateway, at=AT) == 1
    assert stopping.prove(gateway, everything=True).holds
    again = {done.name: done for done in lockdown.run_parts(by=people.SETUP, at=timezone.now())}
    assert again["monthly gifts stopped"].count == 0
