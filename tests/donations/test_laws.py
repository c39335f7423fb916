"""Each money law of gifts is broken once, behind the guards, and says so."""

import pytest
from django.db import connection, transaction

from donations import laws, refunding
from donations.actions import refunds
from donations.sandbox.server import Sandbox
from donations.stripe_gateway import Gateway
from tests import people
from tests.donations import gifts
from tests.donations.gifts import AT
from tests.plugins.tampering import take_down_guards
from treasury.models import Fund

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.broken_books("each law of gifts is broken to see that it says so"),
]
_CLEARING = "stripe-clearing-is-net-less-payouts"
_BACK = "gifts-show-what-went-back"
_MUTANTS = (
    ("settled-gifts-are-booked", 1, "update donations_fact set object_id = 'txn_x' where kind = 'settled'"),
    ("booked-gifts-are-settled", 1, "update donations_donation set status = 'open'"),
    (_CLEARING, 7, "update donations_fact set net_minor = net_minor + 7 where kind = 'settled'"),
    (_CLEARING, 7, "update donations_fact set net_minor = net_minor - 7 where kind = 'refunded'"),
    (_CLEARING, 7, "update donations_movement set gross_minor = gross_minor + 7 where booked_as = 'payout'"),
    (_CLEARING, 7, "update donations_movement set booked_as = 'fee', net_minor = 7"),
    ("payouts-are-their-transactions", 7, "update donations_payout set amount_minor = amount_minor + 7"),
    ("payouts-are-their-transactions", 14, "update donations_payout set entries_minor = entries_minor + 7"),
    ("payouts-are-their-transactions", 7, "update donations_payoutentry set net_minor = net_minor + 7"
     " where id = (select min(id) from donations_payoutentry)"),
    (_BACK, 7, "update donations_donation set refunded_minor = refunded_minor + 7"),
    (_BACK, 7, "update donations_donation set disputed_minor = disputed_minor + 7"),
    (_BACK, 7, "update donations_fact set gross_minor = gross_minor - 7 where kind = 'refunded'"),
    (_BACK, 7, "update donations_fact set gross_minor = gross_minor - 7 where kind = 'dispute-taken'"),
    ("refunds-within-gifts", 7, "update donations_refund set amount_minor = 5007"),
)  # fmt: skip


def test_each_law_of_gifts_catches_its_break(sandbox: Sandbox, gateway: Gateway, fund: Fund) -> None:
    donation = gifts.paid(fund, gateway, sandbox)
    asked = refunds.ask_refund(donation=donation, amount_minor=2_000, by=people.SETUP, at=AT)
    refunding.send(asked, gateway, at=AT)
    sandbox.control("open_dispute", payment=gifts.payment_of(donation), amount=600)
    sandbox.advance(3 * 86_400)
    sandbox.control("pay_out")
    gifts.hear(sandbox, gateway)
    assert {name: law() for name, law in laws.LAWS.items()} == dict.fromkeys(laws.LAWS, 0)
    assert {name for name, _off, _statement in _MUTANTS} == set(laws.LAWS)
    take_down_guards(*(statement for _name, _off, statement in _MUTANTS))
    for name, off, statement in _MUTANTS:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
            assert cursor.rowcount == 1, statement
            assert laws.LAWS[name]() == off, statement
            transaction.set_rollback(True)
