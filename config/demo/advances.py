"""Advances to a partner and a relative: one accounted for, one in part, one whose vouchers are late."""

import datetime
import uuid

from config.demo.world import World
from treasury import chart
from treasury.actions.advances import enter_advance, enter_advance_voucher, return_advance
from treasury.actions.claims import approve_claim, claim_terms, needs_second_person
from treasury.actions.payees import add_payee, check_payee
from treasury.kinds import Category, PayeeKind, VoucherKind
from treasury.models import Ceiling, Claim, Payee

DAY = datetime.timedelta(days=1)
_PARCELS, _TRAVEL = 60_000, 12_000


def advances(world: World) -> None:
    """Parcels by a partner, twice; a relative's journey to a hearing."""
    at = world.start
    name = world.people.payee("partner").name
    by = world.staff["treasurer"]
    partner = add_payee(kind=PayeeKind.PARTNER, name=name, country="LT", by=by, at=at)
    check_payee(payee=partner, by=by, at=at)
    done = _given(world, partner, _PARCELS, days_ago=70, category=Category.OFFICE)
    _vouched(world, done, 41_250, 55)
    _vouched(world, done, 16_400, 52)
    return_advance(
        advance=done,
        amount_minor=_PARCELS - 41_250 - 16_400,
        on=world.now.date() - 48 * DAY,
        by=by,
        at=world.moment(48),
    )
    part = _given(world, partner, _PARCELS, days_ago=18, category=Category.OFFICE)
    _vouched(world, part, 23_900, 6)
    with_room = (row.case_id for row in Ceiling.objects.order_by("approved_at"))
    case_id = next((key for key in with_room if chart.ceiling(key).balance.free_minor >= _TRAVEL), None)
    if case_id is not None:
        _given(world, world.payees["relative"], _TRAVEL, days_ago=40, category=Category.TRAVEL, case=case_id)


def _given(
    world: World,
    payee: Payee,
    amount: int,
    *,
    days_ago: int,
    category: Category,
    case: uuid.UUID | None = None,
) -> Claim:
    """Asked for, agreed by two, paid."""
    at, treasurer = world.moment(days_ago), world.staff["treasurer"]
    claim = enter_advance(
        payee=payee,
        category=category,
        amount_minor=amount,
        vouchers_due_on=at.date() + 30 * DAY,
        case_id=case,
        by=treasurer,
        at=at,
    )
    if needs_second_person(claim, at.date()):
        world.agreed("claim", claim.pk, claim_terms(claim), by=treasurer, at=at)
        claim = approve_claim(claim=claim, by=treasurer, at=at)
    else:
        claim = approve_claim(claim=claim, by=world.staff["second"], at=at)
    world.pay(claim, at)
    return Claim.objects.get(pk=claim.pk)


def _vouched(world: World, advance: Claim, amount: int, days_ago: int) -> None:
    at = world.moment(days_ago)
    voucher = enter_advance_voucher(
        advance=advance,
        voucher_kind=VoucherKind.INVOICE,
        invoiced_on=at.date() - DAY,
        amount_minor=amount,
        number=f"P-{days_ago}",
        by=world.staff["treasurer"],
        at=at,
    )
    approve_claim(claim=voucher, by=world.staff["second"], at=at)
