"""What auditors make of an advance: the cost is its vouchers, and neither is the other one twice."""

import collections
import datetime
import itertools
import uuid

import pytest

from reports.audit_pack.of_costs import segregation
from reports.audit_pack.pairs import Known, _candidates, doubles
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


def _row(name: str, **more: object) -> Known:
    day = datetime.date(2026, 3, 2)
    like = {"payee_id": "p", "case_id": "c", "amount_minor": 6_000, "currency": "EUR", "invoiced_on": day}
    return {"id": name, "closes_id": None, "number_index": "", **like, **more}


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_pairs_do_not_hang_on_the_order_of_ids(order: tuple[int, ...]) -> None:
    documents: dict[uuid.UUID, set[str]] = collections.defaultdict(set)
    advance = [_row("advance"), _row("voucher", closes_id="advance"), _row("again")]
    elsewhere = [_row("first"), _row("second"), _row("other", case_id="d")]
    for rows, told in ((advance, {"voucher", "again"}), (elsewhere, {"first", "second"})):
        found = list(_candidates([rows[at] for at in order], documents))
        assert [(why, {first["id"], second["id"]}) for why, first, second in found] == [("alike", told)]
