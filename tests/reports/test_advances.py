"""What auditors make of an advance: the cost is its vouchers, and neither is the other one twice."""

import pytest

from reports.audit_pack.of_costs import segregation
from reports.audit_pack.pairs import doubles
from reports.sampling_room import population
from reports.scope import Scope, position_now
from tests.treasury.world import AT, TODAY, World
from treasury import hledger
from treasury.actions import payments
from treasury.models import Claim


@pytest.mark.django_db
def test_an_advance_is_no_cost_and_its_voucher_no_duplicate() -> None:
    world = World.made()
    world.ceiling(fee=50_000)
    advance = world.approved(world.advance(6_000))
    payments.pay_claim(claim=advance, by=world.treasurer, at=AT)
    scope, before = Scope("audit-pack", TODAY, TODAY), position_now()
    assert population.payments(TODAY, TODAY, before.journal_number) == [], "nothing was spent yet"
    voucher = world.vouched(Claim.objects.get(pk=advance.pk), 6_000)
    position = position_now()
    assert [one.id for one in population.payments(TODAY, TODAY, position.journal_number)] == [
        voucher.paid_in_id
    ]
    assert doubles(position) == [], "same payee, day and amount, and yet no duplicate"
    outcome = segregation(scope, position)
    assert (outcome.examined, outcome.exceptions) == (2, [])
    again = world.claim(6_000, payee=voucher.payee)
    assert [pair.why for pair in doubles(position_now())] == ["alike"], again
    exported = "\n".join(hledger.export())
    assert f"assets:advance:{advance.pk}  60.00 EUR" in exported
    assert f"assets:advance:{advance.pk}  -60.00 EUR" in exported
