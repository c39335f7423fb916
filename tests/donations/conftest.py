"""A sandbox, a gateway to it and a fund."""

from collections.abc import Iterator

import pytest

from donations.sandbox.server import Sandbox
from donations.stripe_gateway import Gateway
from tests import people
from treasury.actions.funds import open_fund
from treasury.kinds import FundKind
from treasury.models import Fund


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(webhook_url=None) as running:
        yield running


@pytest.fixture
def gateway(sandbox: Sandbox) -> Iterator[Gateway]:
    gateway = Gateway("sk_test_sandbox", sandbox.base_url, timeout=5)
    yield gateway
    gateway.close()


@pytest.fixture
def fund() -> Fund:
    return open_fund(
        code="general", name="General fund", kind=FundKind.GENERAL, by=people.SETUP, at=people.START
    )
