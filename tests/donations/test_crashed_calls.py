"""The process dies before or after each call to Stripe: the next run ends where an undisturbed one does."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest

from audit.actors import PUBLIC
from donations import checkout, inbox, mandates, refunding, sweeps
from donations.actions import refunds
from donations.actions.giving import begin_gift
from donations.models import Donation, RecurringDonation, Refund
from donations.sandbox.server import Sandbox
from donations.stripe_gateway import Gateway
from tests import people
from tests.donations import gifts
from tests.donations.gifts import AT
from treasury.models import Fund, Journal

pytestmark = pytest.mark.django_db
LATER = AT + datetime.timedelta(minutes=10)


class Died(BaseException):
    """As a killed process: nothing catches it, nothing after it runs."""


class Dying:
    """A gateway in whose process the power fails before or after one call."""

    def __init__(self, gateway: Gateway, call: str, when: str) -> None:
        self._gateway, self._call, self._when = gateway, call, when
        self.died = False

    def __getattr__(self, name: str) -> Any:
        real = getattr(self._gateway, name)
        if name != self._call:
            return real

        def run(*args: Any, **kwargs: Any) -> Any:
            if self._when == "after":
                real(*args, **kwargs)
            self.died = True
            raise Died

        return run


def page(fund: Fund, gateway: Any) -> None:
    donation, _code = begin_gift(
        fund=fund, amount_minor=5_000, currency="EUR", level="quiet", language="en", by=PUBLIC, at=AT
    )
    checkout.open_payment_page(
        donation, gateway=gateway, thanks_url="http://127.0.0.1/t/", back_url="http://127.0.0.1/b/", at=AT,
        clock=lambda: AT,
    )  # fmt: skip


def drained(gateway: Any) -> None:
    inbox.drain(gateway, clock=lambda: AT)


def swept(gateway: Any) -> None:
    sweeps.sweep(gateway, at=LATER)


def stopped(gateway: Any) -> None:
    mandates.stop(RecurringDonation.objects.get(), "donor", gateway, at=AT, by=PUBLIC)


def refunded(gateway: Any) -> None:
    refunding.send(Refund.objects.get(), gateway, at=AT)


def gone_wrong(dying: Dying, work: Callable[[Any], None]) -> None:
    with pytest.raises(Died):
        work(dying)
    assert dying.died


@pytest.mark.parametrize("when", ["before", "after"])
def test_opening_a_payment_page(sandbox: Sandbox, gateway: Gateway, fund: Fund, when: str) -> None:
    gone_wrong(Dying(gateway, "create_checkout", when), lambda dying: page(fund, dying))
    if when == "after":
        (session,) = gateway.list_checkouts(AT - datetime.timedelta(hours=9))
        sandbox.pay(session.id)
    much_later = AT + datetime.timedelta(hours=3)
    sweeps.sweep(gateway, at=LATER)
    sweeps.sweep(gateway, at=much_later)
    assert Donation.objects.get().status == ("settled" if when == "after" else "abandoned")
    assert Journal.objects.filter(kind="gift").count() == (1 if when == "after" else 0)


@pytest.mark.parametrize(
    ("story", "call", "work"),
    [
        ("paid", "fetch_paid_checkout", drained),
        ("paid-twice", "fetch_paid_checkout", drained),
        ("dispute", "list_disputes", drained),
        ("dispute", "fetch_dispute", drained),
        ("refund", "create_refund", refunded),
        ("refund", "list_refunds", refunded),
        ("payout", "fetch_payout", drained),
        ("payout", "list_balance_transactions", drained),
        ("payout", "list_events", swept),
        ("monthly", "fetch_subscription", drained),
        ("monthly", "fetch_invoice", drained),
        ("stop", "stop", stopped),
    ],
)
def test_dying_before_a_call_and_again_after_it(
    sandbox: Sandbox, gateway: Gateway, fund: Fund, story: str, call: str, work: Any
) -> None:
    monthly = story in ("monthly", "stop")
    donation, _code = gifts.give(fund, gateway, monthly=monthly, level="code")
    sandbox.pay(gifts.session_of(donation))
    if story == "paid-twice":
        other, _code = gifts.give(fund, gateway)
        sandbox.pay(gifts.session_of(other))
    if story in ("dispute", "refund", "stop"):
        gifts.hear(sandbox, gateway)
    if story == "dispute":
        sandbox.control("open_dispute", payment=gifts.payment_of(donation), amount=900)
    if story == "refund":
        refunds.ask_refund(donation=donation, amount_minor=2_000, by=people.SETUP, at=AT)
    if story == "payout":
        sandbox.advance(3 * 86_400)
        sandbox.control("pay_out")
    if story == "monthly":
        sandbox.advance(32 * 86_400)
    for hint in gifts.hints(sandbox):
        inbox.store(hint, at=AT)
    gone_wrong(Dying(gateway, call, "before"), work)
    gone_wrong(Dying(gateway, call, "after"), work)
    # The next run: the same work again where somebody waits for it, and the sweep.
    drained(gateway)
    swept(gateway)
    assert ends(donation) == END[story]


def ends(donation: Donation) -> tuple[Any, ...]:
    now = gifts.now(donation)
    kinds = list(Journal.objects.order_by("kind").values_list("kind", flat=True))
    state = now.recurring.state if now.recurring else ""
    return now.status, now.refunded_minor, now.disputed_minor, kinds, state


END: dict[str, tuple[Any, ...]] = {
    "paid": ("settled", 0, 0, ["gift"], ""),
    "paid-twice": ("settled", 0, 0, ["gift", "gift"], ""),
    "dispute": ("settled", 0, 900, ["dispute", "gift"], ""),
    "refund": ("settled", 2_000, 0, ["gift", "refund"], ""),
    "payout": ("paid-out", 0, 0, ["gift", "payout"], ""),
    "monthly": ("settled", 0, 0, ["gift", "gift"], "active"),
    "stop": ("settled", 0, 0, ["gift"], "stopped"),
}
