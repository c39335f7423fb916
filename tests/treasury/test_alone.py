"""What no one person pays alone: large payments, and large ones cut into small pieces."""

import datetime
from typing import Any

import pytest

from accounts.approvals import NeedsSecondPerson, SamePerson
from tests.treasury.world import AT, TODAY, World, totals
from treasury.actions import payments

pytestmark = pytest.mark.django_db


def test_above_the_limit_no_one_person_pays(world: World, settings: Any) -> None:
    """A colleague agrees to exactly this payment; with the limit out of reach (the mutant) one would do."""
    world.ceiling(fee=50_000)
    settings.PAYMENT_ALONE_MINOR = 10_000
    small, large, other = (world.approved(world.claim(amount)) for amount in (10_000, 10_001, 10_002))
    payments.pay_claim(claim=small, by=world.treasurer, at=AT)
    for claim in (large, other):
        with pytest.raises(NeedsSecondPerson):
            payments.refuse_unagreed([claim], AT)
        with pytest.raises(NeedsSecondPerson):
            payments.pay_claim(claim=claim, by=world.treasurer, at=AT)
    world.approve("payment", large.id, payments.payment_terms(large))
    payments.refuse_unagreed([large], AT)
    with pytest.raises(SamePerson):  # whoever agreed does not pay it too
        payments.pay_claim(claim=large, by=world.second, at=AT)
    payments.pay_claim(claim=large, by=world.treasurer, at=AT)
    with pytest.raises(NeedsSecondPerson):  # used up, and of the other claim it says nothing
        payments.pay_claim(claim=other, by=world.treasurer, at=AT)
    settings.PAYMENT_ALONE_MINOR = 10_002
    payments.pay_claim(claim=other, by=world.treasurer, at=AT)
    assert totals("bank:main") == (0, 0, 30_003, 0)


def test_cutting_a_payment_into_pieces_does_not_make_it_smaller(world: World, settings: Any) -> None:
    """The sum to one payee within a week counts, what a colleague agreed to does not."""
    world.ceiling(fee=90_000)
    settings.PAYMENT_ALONE_MINOR = 10_000
    payee = world.payee()
    first, second, third, fourth = (world.approved(world.claim(6_000, payee=payee)) for _n in range(4))
    elsewhere = world.approved(world.claim(6_000))
    assert payments.taking_two([first, elsewhere], AT) == set()
    assert payments.taking_two([first, second, elsewhere], AT, together=True) == {first.pk, second.pk}
    long_ago = TODAY - datetime.timedelta(days=20)  # the bank's day can be chosen, the moment of booking not
    payments.pay_claim(claim=first, on=long_ago, by=world.treasurer, at=AT)
    with pytest.raises(NeedsSecondPerson):
        payments.pay_claim(claim=second, by=world.treasurer, at=AT + datetime.timedelta(days=6))
    payments.pay_claim(claim=elsewhere, by=world.treasurer, at=AT)
    world.approve("payment", second.id, payments.payment_terms(second))
    payments.pay_claim(claim=second, by=world.treasurer, at=AT)
    with pytest.raises(NeedsSecondPerson):  # the first still counts, the second was agreed to
        payments.pay_claim(claim=third, by=world.treasurer, at=AT)
    week = payments.SPLIT_WITHIN
    payments.pay_claim(claim=third, by=world.treasurer, at=AT + week)
    # The mutant: without the look at the week each piece passes alone.
    assert payments.takes_two(fourth, AT + week)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(payments, "SPLIT_WITHIN", datetime.timedelta(0))
        assert not payments.takes_two(fourth, AT + week)
