"""The page of a gift: opened by its code alone, late and round, and the code nowhere written down."""

import datetime
import logging

import pytest
from django.test import Client

from donations import codes
from donations.sandbox.server import Sandbox
from tests import people
from tests.web import visitors
from tests.web.visitors import CODE, LONG_AGO, NOW, _no_kept_figures, general, sandbox, text_of, without_menu
from treasury.actions.gifts import book_gift, close_batches_due
from treasury.actions.payments import book_running_cost
from treasury.kinds import Category, VoucherKind
from treasury.models import Fund

__all__ = ["_no_kept_figures", "general", "sandbox"]
pytestmark = pytest.mark.django_db


def test_a_wrong_code_helps_and_is_nowhere_written_down(
    client: Client, general: Fund, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines: list[str] = []

    class Keeper(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(record.getMessage())

    keeper = Keeper(level=1)
    names = ["", "django", "django.request", "django.server", "web", "donations"]
    for name in names:
        logging.getLogger(name).addHandler(keeper)
    code = codes.new_code()
    response = client.get(f"/en/gift/{code}/")
    logging.getLogger("web").warning("heard")
    for name in names:
        logging.getLogger(name).removeHandler(keeper)
    assert response.status_code == 404
    assert "keep only its fingerprint" in text_of(response)
    assert code not in without_menu(text_of(response))
    assert "heard" in lines
    assert not [line for line in lines if code in line or code.replace("-", "") in line]
    assert "Write the code" in text_of(client.post("/en/gift/", {"code": " "}))


def test_a_gift_without_a_code_cannot_be_found(client: Client, sandbox: Sandbox, general: Fund) -> None:
    visitors.give(client, level="quiet")
    for code in ("-", "0", codes.new_code()):
        assert client.get(f"/en/gift/{code}/").status_code == 404


def test_the_use_of_a_closed_batch_is_shown_late_and_round(
    client: Client, sandbox: Sandbox, general: Fund
) -> None:
    for number in range(49):
        book_gift(
            source_id=f"txn_{number}", fund=general, gross_minor=5_000, fee_minor=0, net_minor=5_000,
            on=LONG_AGO.date(), by=people.SETUP, at=LONG_AGO,
        )  # fmt: skip
    donation, _ = visitors.give(client)
    code = CODE.findall(text_of(client.get(f"/en/give/thanks/{donation.pk}/")))[0]
    visitors.pay(client, sandbox, donation)
    assert close_batches_due(by=people.SETUP, at=NOW) == 1
    spend(51_230, LONG_AGO + datetime.timedelta(days=1))
    spend(60_000, NOW)
    page = text_of(client.get(f"/en/gift/{code}/"))
    assert "one of about 50 in a batch of about €2,400" in page
    assert "€500</span>" in page
    assert "512" not in page
    assert "€600" not in page, "the running quarter is shown three months after its end"
    assert "The same in figures" in page
    assert str(donation.pk) not in page


def spend(amount_minor: int, at: datetime.datetime) -> None:
    book_running_cost(
        source_id=f"s{amount_minor}", category=Category.SALARY, amount_minor=amount_minor,
        voucher_kind=VoucherKind.PAYROLL, on=at.date(), by=people.SETUP, at=at,
    )  # fmt: skip


def test_a_card_of_a_risk_country_says_what_the_bank_has_seen(
    client: Client, sandbox: Sandbox, general: Fund
) -> None:
    donation, _ = visitors.give(client)
    code = CODE.findall(text_of(client.get(f"/en/give/thanks/{donation.pk}/")))[0]
    visitors.pay(client, sandbox, donation, "risk_by")
    assert "Your bank has already seen" in text_of(client.get(f"/en/gift/{code}/"))
