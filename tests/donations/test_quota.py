"""Limits that stop card testers and nobody else, and the questions that large gifts raise."""

import datetime
from typing import Any

import pytest
from django.apps import apps

from audit.actors import PUBLIC
from donations import aftercare, inbox, quotas
from donations.actions.donors import NobodyToCheck, record_check
from donations.actions.giving import AmountOutside, NoAddress, begin_attempt, begin_gift
from donations.models import Alarm, Donation, DonorCheck
from donations.sandbox.server import Sandbox
from donations.stripe_answers import EventHint
from donations.stripe_gateway import Gateway
from tests import people
from tests.donations import gifts
from treasury.actions.funds import open_fund
from treasury.kinds import FundKind
from treasury.models import Fund

pytestmark = pytest.mark.django_db
AT = gifts.AT


def begin(fund: Fund, **more: Any) -> Donation:
    words = {"amount_minor": 5_000, "currency": "EUR", "level": "quiet", "language": "en", "at": AT}
    return begin_gift(**{"fund": fund, "by": PUBLIC, **words, **more})[0]


def test_pages_that_lead_to_nothing_use_up_a_quota_of_their_fund_alone(fund: Fund, settings: Any) -> None:
    settings.DONATION_UNPAID_QUOTA = 5
    other = open_fund(
        code="other", name="Other", kind=FundKind.CAMPAIGN, goal_minor=100, by=people.SETUP, at=AT
    )
    for _ in range(5):
        begin_attempt(donation=begin(fund), by=PUBLIC, at=AT)
    with pytest.raises(quotas.TooManyAtOnce):
        begin(fund)
    assert begin(other), "no attacker can close the other purposes"
    assert begin(fund, at=AT + datetime.timedelta(minutes=61)), "an hour later it is open again"


def test_paid_gifts_use_up_no_quota(sandbox: Sandbox, gateway: Gateway, fund: Fund, settings: Any) -> None:
    settings.DONATION_UNPAID_QUOTA = 2
    for _ in range(3):
        gifts.paid(fund, gateway, sandbox)


def test_amounts_and_addresses_that_are_needed(fund: Fund, settings: Any) -> None:
    above = settings.DONATION_CEILING_MINOR + 100
    for level in ("quiet", "code", "receipt"):
        with pytest.raises(quotas.AboveCeiling):
            begin(fund, level=level, amount_minor=above, address="juniper@example.org")
    assert begin(fund, level="in-touch", amount_minor=above, address="juniper@example.org").donor
    with pytest.raises(NoAddress):
        begin(fund, level="receipt", address=" ")
    for amount in (settings.DONATION_LEAST_MINOR - 1, settings.DONATION_MOST_MINOR + 1):
        with pytest.raises(AmountOutside):
            begin(fund, amount_minor=amount)


def test_many_declined_cards_raise_one_soft_alarm_an_hour(fund: Fund) -> None:
    def hear(kind: str, count: int) -> None:
        for number in range(count):
            inbox.store(EventHint(f"evt_{kind}_{number}", kind, "ch_1", False, AT), at=AT)

    hear("charge.failed", 19)
    hear("charge.succeeded", 12)
    assert aftercare.watch_declines(by=people.SETUP, at=AT) == 0
    hear("charge.failed", 20)
    assert aftercare.watch_declines(by=people.SETUP, at=AT) == 1
    assert aftercare.watch_declines(by=people.SETUP, at=AT) == 0
    assert Alarm.objects.get().kind == "declines"
    assert begin(fund), "it stops nothing"


def test_a_large_gift_waits_for_a_dated_check(
    sandbox: Sandbox, gateway: Gateway, fund: Fund, settings: Any
) -> None:
    settings.DONATION_CEILING_MINOR = 10_000
    gift = gifts.paid(
        fund, gateway, sandbox, amount_minor=20_000, level="in-touch", address="juniper@example.org"
    )
    alarm = Alarm.objects.get(kind="large")
    assert Donation.objects.held().filter(pk=gift.pk).exists()
    assert not gift.receipts.exists(), "what waits for a decision has no receipt"
    officer = people.treasurer()
    failed = record_check(alarm=alarm, outcome="failed", words="Nobody answers.", by=officer, at=AT)
    assert "answers" not in str(DonorCheck.objects.values().get(pk=failed.pk)), "sealed"
    assert Donation.objects.held().exists()
    record_check(alarm=alarm, outcome="passed", words="Known since 2020.", by=officer, at=AT)
    assert not Donation.objects.held().exists()
    aftercare.look_after(at=AT)
    assert gift.receipts.count() == 1
    more = {"amount_minor": 20_000, "level": "in-touch"}
    gifts.paid(fund, gateway, sandbox, address="juniper@example.org", **more)
    assert Alarm.objects.open().count() == 0, "the check holds"
    gifts.paid(fund, gateway, sandbox, address="other@example.org", **more)
    assert Alarm.objects.open().count() == 1


def test_nobody_can_be_asked_about_a_gift_without_a_giver(
    sandbox: Sandbox, gateway: Gateway, fund: Fund, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DONATION_CEILING_MINOR = 4_000
    with monkeypatch.context() as patch:
        patch.setattr(quotas, "refuse_nameless", lambda *about: None)  # the ceiling was lowered since
        gifts.paid(fund, gateway, sandbox)
    alarm = Alarm.objects.get(kind="large")
    with pytest.raises(NobodyToCheck):
        record_check(alarm=alarm, outcome="passed", words="?", by=people.treasurer(), at=AT)


def test_no_model_of_gifts_could_hold_an_address_of_a_device() -> None:
    names = {
        field.name
        for room in ("donations", "accounts")
        for model in apps.get_app_config(room).get_models()
        for field in model._meta.concrete_fields
        if field.get_internal_type() == "GenericIPAddressField"
        or any(word in field.name.split("_") for word in ("ip", "agent", "browser", "remote"))
    }
    assert names == set()
