"""The treasurer's pages about gifts: what waits, what goes back, payouts, monthly gifts."""

import datetime
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from donations import converted, tasks
from donations.actions import refunds
from donations.arrived import Arrived
from donations.models import Alarm, Payout, RecurringDonation, Refund
from donations.sandbox.server import Sandbox
from donations.stripe_gateway import Gateway
from tests.donations import gifts
from tests.donations.conftest import gateway, sandbox  # noqa: F401  fixtures
from tests.web.desk import Desk, send, signed_in, words

pytestmark = pytest.mark.django_db
LISTS = ("donations", "quarantine", "refunds", "disputes", "payouts", "recurring", "gift-currencies")
DAY = 86_400


@pytest.fixture
def desk() -> Desk:
    return Desk.made()


@pytest.fixture(autouse=True)
def site(sandbox: Sandbox, settings: Any) -> Iterator[None]:  # noqa: F811
    settings.STRIPE_BASE_URL = sandbox.base_url
    tasks.gateway.cache_clear()
    yield
    tasks.gateway().close()
    tasks.gateway.cache_clear()


def test_only_treasurer_and_auditor_see_gifts_and_only_the_treasurer_decides(desk: Desk) -> None:
    for name in LISTS:
        assert desk.who_enters(f"desk:{name}") == {"treasurer", "auditor"}, name
    assert desk.who_enters("desk:recurring-find") == {"treasurer"}


def test_a_treasurers_day_with_gifts(
    desk: Desk,
    sandbox: Sandbox,  # noqa: F811
    gateway: Gateway,  # noqa: F811
) -> None:
    fund = desk.world.general
    risky = gifts.paid(fund, gateway, sandbox, "risk_by")
    large = gifts.paid(fund, gateway, sandbox, amount_minor=20_000)
    monthly = gifts.paid(fund, gateway, sandbox, "ok_us", monthly=True, amount_minor=3_000).recurring
    assert monthly is not None
    sandbox.control("open_dispute", payment=gifts.payment_of(large), amount=5_000, kind="inquiry")
    sandbox.advance(3 * DAY)
    sandbox.control("pay_out")
    gifts.hear(sandbox, gateway)
    client = signed_in(desk.treasurer)
    _decide(client, risky)
    _give_back(client, desk, large)
    _look_at_lists(client, large)
    _stop_for_giver(client, monthly)


def _decide(client: Client, risky: Any) -> None:
    assert "Card of a risk country" in words(client.get(reverse("desk:quarantine")))
    alarm = Alarm.objects.get(kind="risk-country")
    assert "in danger" in words(client.get(reverse("desk:alarm", args=[alarm.pk])))
    assert "Give back" in words(send(client, "desk:alarm", alarm.pk, decision="refund"))
    page = send(client, "desk:refund", risky.pk, amount_minor="50")
    assert "It goes back" in words(page)
    alarm.refresh_from_db()
    assert alarm.decision == "refund"
    assert gifts.now(risky).refunded_minor == 5_000
    assert client.get(reverse("desk:alarm", args=[alarm.pk])).status_code == 404


def _give_back(client: Client, desk: Desk, large: Any) -> None:
    too_much = send(client, "desk:refund", large.pk, amount_minor="90")
    assert "It goes back" in words(too_much)
    asked = send(client, "desk:refund", large.pk, amount_minor="101")
    assert "Asked" in words(asked)
    assert Refund.objects.filter(donation=large).count() == 1
    split = send(client, "desk:refund", large.pk, amount_minor="99.99")
    assert "Asked" in words(split), "small parts count together"
    assert "It goes back" in words(send(client, "desk:refund", large.pk, amount_minor="10"))
    assert refunds.refundable_minor(large) == 20_000 - 9_000 - 1_000
    refused = send(client, "desk:refund", large.pk, amount_minor="500")
    assert "of this gift can still be given back" in words(refused)


def _look_at_lists(client: Client, large: Any) -> None:
    assert "€100.00 given back" in words(client.get(reverse("desk:donations") + "?mind=refunded"))
    assert "No gift here" in words(client.get(reverse("desk:donations") + "?mind=open&status=failed"))
    assert "Given back" in words(client.get(reverse("desk:donation", args=[large.pk])))
    assert "Cedar" not in words(client.get(reverse("desk:disputes")))
    assert "Open" in words(client.get(reverse("desk:disputes")))
    assert "To the cent" in words(client.get(reverse("desk:payouts")))
    payout = Payout.objects.get()
    assert "payout" not in words(client.get(reverse("desk:payout", args=[payout.pk]))).split("Net")[-1]
    assert "charge" in words(client.get(reverse("desk:payout", args=[payout.pk])))


def _stop_for_giver(client: Client, monthly: RecurringDonation) -> None:
    day = datetime.date.today()  # noqa: DTZ011  as somebody reads it from a bank statement
    none = send(client, "desk:recurring-find", amount_minor="30", on=day.isoformat(), last_four="0000")
    assert "No monthly gift fits" in words(none)
    found = send(client, "desk:recurring-find", amount_minor="30", on=day.isoformat(), last_four="1111")
    assert "Stop this monthly gift" in words(found)
    assert "It is stopped" in words(send(client, "desk:recurring-stop", monthly.pk))
    monthly.refresh_from_db()
    assert (monthly.state, monthly.stop_reason) == ("stopped", "staff")


def test_gifts_in_other_currencies_show_what_was_made_of_them(
    desk: Desk,
    sandbox: Sandbox,  # noqa: F811
    gateway: Gateway,  # noqa: F811
) -> None:
    fund = desk.world.general
    client, here = signed_in(desk.treasurer), reverse("desk:gift-currencies")
    assert "Every gift so far came in the currency of the books" in words(client.get(here))
    sandbox.control("convert", currency="usd", rate=0.9)
    gifts.paid(fund, gateway, sandbox, currency="USD")
    page = words(client.get(here))
    for shown in ("US$50.00", "45.00", "0.9000", "none entered"):
        assert shown in page
    assert "Lies there" not in page
    sandbox.control("convert", currency="usd", rate=0)
    gifts.paid(fund, gateway, sandbox, currency="USD")
    [row] = converted.lying()
    assert (row.currency, row.gifts, row.left_minor) == ("USD", 1, row.net_minor)
    assert "Lies there" in words(client.get(here))


def test_the_difference_is_what_came_less_what_the_rate_of_the_books_brings() -> None:
    came = Arrived(paid_minor=5_000, currency="USD", gross_minor=4_500, books="EUR")
    assert converted.difference_minor(came, Decimal("0.92")) == 4_500 - 4_600
    yen = Arrived(paid_minor=5_000, currency="JPY", gross_minor=3_100, books="EUR")
    assert (yen.rate, yen.as_paid(31)) == (Decimal("0.0062"), 50)
    assert converted.difference_minor(yen, Decimal("0.006")) == 3_100 - 3_000


def test_a_fee_nobody_knew_is_booked_by_a_human(
    desk: Desk,
    sandbox: Sandbox,  # noqa: F811
    gateway: Gateway,  # noqa: F811
) -> None:
    from donations import sweeps

    gifts.paid(desk.world.general, gateway, sandbox)
    sandbox.control("add_fee", amount=77, type="reserve_hold")
    sweeps.fetch_movements(gateway, at=gifts.AT)
    client, alarm = signed_in(desk.treasurer), Alarm.objects.get()
    assert "Which fund bears" in words(send(client, "desk:alarm", alarm.pk, decision="fee"))
    assert "Booked." in words(send(client, "desk:alarm-fund", alarm.pk, fund=str(desk.world.general.pk)))
    assert gifts.standing("suspense:stripe") == 0
    assert not Alarm.objects.open().exists()


def test_a_giver_changes_pauses_and_stops_by_code(
    desk: Desk,
    sandbox: Sandbox,  # noqa: F811
    gateway: Gateway,  # noqa: F811
) -> None:
    donation, code = gifts.give(desk.world.general, gateway, monthly=True, level="code")
    sandbox.pay(gifts.session_of(donation))
    gifts.hear(sandbox, gateway)
    browser, page = Client(), reverse("gift", args=[code])
    assert "Your monthly gift" in words(browser.get(page))
    assert "Write the amount in digits" in words(browser.post(page, {"do": "change", "amount": "many"}))
    assert "Please give between" in words(browser.post(page, {"do": "change", "amount": "1"}))
    mandate = RecurringDonation.objects.get()
    for sent, state, amount in (
        ({"do": "change", "amount": "35"}, "active", 3_500),
        ({"do": "pause", "months": "3"}, "paused", 3_500),
        ({"do": "resume"}, "active", 3_500),
        ({"do": "stop"}, "stopped", 3_500),
    ):
        assert browser.post(page, sent).status_code == 303, sent
        mandate.refresh_from_db()
        assert (mandate.state, mandate.amount_minor) == (state, amount)
    assert mandate.stop_reason == "donor"
    assert "Nothing more will be taken" in words(browser.get(page))
    assert "not running any more" in words(browser.post(page, {"do": "resume"}))
    assert not browser.cookies
