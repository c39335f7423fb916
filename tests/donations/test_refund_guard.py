"""Nobody gives back more than arrived, whatever writes; and a covered loss that comes back."""

import datetime
import uuid
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.approvals import decide_approval, request_approval
from audit import guards
from donations import arrived, refunding
from donations.actions import refunds
from donations.actions.alarms import cover_alarm
from donations.models import Alarm, Donation, Refund
from donations.sandbox.server import Sandbox
from donations.stripe_gateway import Gateway
from tests import people
from tests.donations import gifts
from tests.donations.gifts import AT, standing
from tests.plugins import roles
from treasury.actions.allocation import cover_terms
from treasury.actions.funds import book_opening_balance, open_fund
from treasury.actions.payments import book_running_cost
from treasury.kinds import Category, FundKind, VoucherKind
from treasury.models import Fund

pytestmark = pytest.mark.django_db


def insert(donation: Donation, amount_minor: int, asked_by: str = "user:x") -> None:
    """A refund by SQL alone, past every action."""
    row: dict[str, Any] = {
        "id": uuid.uuid4(), "version": 0, "donation_id": donation.pk, "amount_minor": amount_minor,
        "currency": "EUR", "state": "asked", "idempotency_key": uuid.uuid4().hex, "asked_at": AT,
        "asked_by": asked_by, "second_by": "",
    }  # fmt: skip
    fields = Refund._meta.get_fields()
    columns = {f.attname: f for f in fields if getattr(f, "attname", None) in row}
    values = [columns[name].get_db_prep_save(value, connection) for name, value in row.items()]
    places = ", ".join(["%s"] * len(row))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"insert into donations_refund ({', '.join(row)}) values ({places})", values)


def change(sql: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"update donations_refund set {sql}")


def test_no_statement_gives_back_more_than_arrived(sandbox: Sandbox, gateway: Gateway, fund: Fund) -> None:
    donation = gifts.paid(fund, gateway, sandbox)
    never, _code = gifts.give(fund, gateway)
    refunds.ask_refund(donation=donation, amount_minor=3_000, by=people.SETUP, at=AT)
    change("state = 'pending', refund_id = 're_1'")
    for gift, amount in ((donation, 2_001), (never, 1)):
        with pytest.raises(IntegrityError, match="more than is left"):
            insert(gift, amount)
    insert(donation, 2_000)
    change("state = 'refused' where refund_id is null")
    for sql in ("amount_minor = 4000", "asked_by = 'user:other'", "state = 'asked' where refund_id = 're_1'"):
        with pytest.raises(IntegrityError, match="stays what was asked"):
            change(sql)
    change("state = 'failed' where refund_id = 're_1'")
    with pytest.raises(IntegrityError, match="more than is left"):
        insert(donation, 5_001)


@pytest.mark.parametrize("rate", [0.23, 0.9, 1.4])
def test_a_gift_that_was_converted_goes_back_whole_in_its_own_currency(
    sandbox: Sandbox, gateway: Gateway, fund: Fund, rate: float
) -> None:
    """Asked for in the giver's currency, booked in ours: neither less nor more than all of it."""
    sandbox.control("convert", currency="usd", rate=rate)
    donation = gifts.paid(fund, gateway, sandbox, currency="USD")
    came = arrived.of(donation)
    assert came is not None
    assert (came.paid_minor, came.gross_minor, came.books) == (5_000, round(5_000 * rate), "EUR")
    assert came.rate == Decimal(str(rate))
    assert refunds.refundable_minor(donation) == 5_000
    with pytest.raises(IntegrityError, match="more than is left"):
        insert(donation, 5_001)
    asked = refunds.ask_refund(donation=donation, amount_minor=4_000, by=people.SETUP, at=AT)
    refunding.send(asked, gateway, at=AT)
    now = gifts.now(donation)
    assert now.refunded_minor == round(4_000 * rate), "in the books' currency"
    assert refunds.refundable_minor(now) == 1_000
    sandbox.control("open_dispute", payment=gifts.payment_of(donation), amount=600)
    gifts.hear(sandbox, gateway)
    assert refunds.refundable_minor(gifts.now(donation)) == 400
    with pytest.raises(IntegrityError, match="more than is left"):
        insert(donation, 401)
    insert(donation, 400)


def test_without_the_guard_sql_would_give_everything_back_twice(
    sandbox: Sandbox, gateway: Gateway, fund: Fund
) -> None:
    """The mutant: the same statement once the triggers are down."""
    donation = gifts.paid(fund, gateway, sandbox)
    refunds.ask_refund(donation=donation, amount_minor=5_000, by=people.SETUP, at=AT)
    change("state = 'pending', refund_id = 're_1'")
    kept = transaction.savepoint()
    with roles.as_owner(connection):
        guards.remove(connection)
    insert(donation, 5_000)
    assert sum(Refund.objects.values_list("amount_minor", flat=True)) == 10_000
    transaction.savepoint_rollback(kept)
    with pytest.raises(IntegrityError, match="more than is left"):
        insert(donation, 5_000)


def test_a_dispute_won_pays_the_reserve_back(sandbox: Sandbox, gateway: Gateway, fund: Fund) -> None:
    treasurer, second = people.treasurer(), people.second_officer()
    reserve = open_fund(
        code="reserve", name="Reserve", kind=FundKind.RESERVE, by=people.SETUP, at=people.START
    )
    book_opening_balance(
        fund=reserve, amount_minor=20_000, on=people.START.date(), by=people.SETUP, at=people.START
    )
    donation = gifts.paid(fund, gateway, sandbox)
    book_running_cost(
        source_id="rent", category=Category.RENT, amount_minor=4_000, voucher_kind=VoucherKind.INVOICE,
        on=AT.date(), by=people.SETUP, at=AT,
    )  # fmt: skip
    dispute = sandbox.control("open_dispute", payment=gifts.payment_of(donation))["dispute"]
    gifts.hear(sandbox, gateway)
    alarm = Alarm.objects.open().get(kind="loss")
    lost = standing("uncovered:main")
    assert alarm.amount_minor == lost > 4_000
    terms = cover_terms(fund=reserve, amount_minor=lost)
    asked = request_approval(kind="allocation", object_id=reserve.pk, payload=terms, by=treasurer, at=AT)
    decide_approval(approval=asked, agrees=True, by=second, at=AT)
    cover_alarm(alarm=alarm, fund=reserve, by=treasurer, at=AT)
    assert (standing("reserve:reserve"), standing("uncovered:main")) == (lost - 20_000, 0)
    sandbox.control("settle_dispute", id=dispute, outcome="won")
    gifts.hear(sandbox, gateway, at=AT + datetime.timedelta(hours=1))
    assert gifts.now(donation).disputed_minor == 0
    assert standing("reserve:reserve") == -20_000 + max(0, lost - 5_000)
    assert standing("uncovered:main") == 0
