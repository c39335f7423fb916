"""Any order, doubling and loss of hints, then a sweep: one end state, and the money laws after each step."""

import datetime
import os
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from donations import inbox, sweeps
from donations.models import Donation, Hint
from donations.models.gifts import Status
from donations.sandbox.server import Sandbox
from donations.stripe_gateway import Gateway
from tests.donations import gifts
from tests.donations.gifts import AT
from tests.plugins.databases import require_money_laws
from treasury.models import Fund, Journal

EXAMPLES = int(os.environ.get("FAULT_ROUNDS", "5"))
LATER = AT + datetime.timedelta(minutes=10)


@pytest.mark.django_db
def test_any_order_doubling_and_loss_of_hints_ends_the_same(
    sandbox: Sandbox, gateway: Gateway, fund: Fund
) -> None:
    """One story at Stripe, told in ever other ways; each telling begins from nothing known."""
    from django.db import transaction

    gift, _code = gifts.give(fund, gateway)
    debit, _code = gifts.give(fund, gateway, amount_minor=6_000)
    sandbox.pay(gifts.session_of(gift))
    sandbox.pay(gifts.session_of(debit), "sepa")
    sandbox.settle()
    payment = gateway.fetch_paid_checkout(gifts.session_of(gift))[0].payment_intent_id
    sandbox.control("refund", payment=payment, amount=1_200)
    sandbox.control("open_dispute", payment=payment, amount=900, kind="inquiry")
    told = [hint for hint in gifts.hints(sandbox) if inbox.is_followed(hint.type)]

    @settings(max_examples=EXAMPLES, deadline=None)
    @given(st.lists(st.sampled_from(range(len(told))), max_size=len(told)))
    def tell(order: list[int]) -> None:
        known = transaction.savepoint()
        try:
            for number in order:
                Hint.objects.filter(pk=told[number].id).delete()
                inbox.store(told[number], at=AT)
                inbox.drain(gateway, clock=lambda: AT)
                require_money_laws()
            sweeps.sweep(gateway, at=LATER)
            require_money_laws()
            assert _end(gift, debit) == {
                "gift": (Status.SETTLED, 1_200, 0),
                "debit": (Status.SETTLED, 0, 0),
                "journals": {"gift": 2, "refund": 1},
            }
        finally:
            transaction.savepoint_rollback(known)

    tell()


def _end(gift: Donation, debit: Donation) -> dict[str, Any]:
    one, other = gifts.now(gift), gifts.now(debit)
    kinds = list(Journal.objects.values_list("kind", flat=True))
    return {
        "gift": (one.status, one.refunded_minor, one.disputed_minor),
        "debit": (other.status, other.refunded_minor, other.disputed_minor),
        "journals": {kind: kinds.count(kind) for kind in set(kinds)},
    }
