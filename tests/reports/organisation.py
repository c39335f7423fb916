"""A year of a small organisation, through the real actions: gifts, a grant, cases, costs, undone and late."""

import datetime
import uuid
from dataclasses import dataclass

from tests.treasury.world import AT, WORKER, World
from treasury.actions import gifts, grants, payments
from treasury.actions.ceilings import approve_ceiling, ceiling_terms
from treasury.actions.corrections import reverse_journal
from treasury.kinds import Category, FundKind, ReasonCode, VoucherKind
from treasury.models import Grant, Journal

Q1 = (datetime.date(2026, 1, 1), datetime.date(2026, 3, 31))
Q2 = (datetime.date(2026, 4, 1), datetime.date(2026, 6, 30))
YEAR = (Q1[0], datetime.date(2026, 12, 31))
IN_Q2 = AT.replace(month=5)
GRANT_LINES = (
    ("Legal fees", 60_000, (Category.FEE,)),
    ("Travel; visits", 30_000, (Category.VISIT, Category.TRAVEL)),
    ("Office", 10_000, (Category.RENT,)),
)


@dataclass
class Organisation:
    """What was made. ``payment`` paid a fee in the first quarter out of the grant and the case's fund."""

    world: World
    grant: Grant
    payment: Journal

    @classmethod
    def made(cls) -> "Organisation":
        """The first quarter."""
        world = World.made()
        world.fund("own", FundKind.CASE, 4_000, case_ids=[world.case_id])
        world.fund("reserve", FundKind.RESERVE, 10_000)
        grant = north(world)
        world.gift(970, fee_minor=30)
        _ceiling(world, world.case_id)
        payment = _pay(world, 12_000, 11_500)
        _pay(world, 5_000, 4_000, Category.VISIT)
        world.commit(2_500, Category.TRAVEL)
        _rent(world, 3_000, "rent-1", AT)
        return cls(world, grant, payment)

    def second_quarter(self) -> None:
        """Gifts, a cost and a payment in May."""
        self.world.gift(2_000, fee_minor=60, at=IN_Q2)
        _rent(self.world, 1_500, "rent-2", IN_Q2)

    def late_gift(self) -> Journal:
        """Known in May, booked on a day of March."""
        return gifts.book_gift(
            source_id="txn_late", fund=self.world.general, gross_minor=700, fee_minor=0, net_minor=700,
            on=datetime.date(2026, 3, 20), by=WORKER, at=IN_Q2,
        )  # fmt: skip

    def undo(self) -> Journal:
        """In May the bank returns the payment of March."""
        return reverse_journal(
            journal=self.payment, reason_code=ReasonCode.RETURNED, by=self.world.treasurer, at=IN_Q2
        )


def north(world: World) -> Grant:
    """A grant of a year in three lines, its first instalment received."""
    made = grants.open_grant(
        code="north", name="Counsel at the first hearing", funder="Example Foundation",
        agreement_ref="EF-1", amount_minor=100_000, starts_on=AT.date(),
        ends_on=AT.date() + datetime.timedelta(days=364),
        lines=[grants.Line(*line) for line in GRANT_LINES],
        instalments=[(AT.date(), 50_000), (IN_Q2.date(), 50_000)],
        indirect_basis_points=700, by=world.treasurer, at=AT,
    )  # fmt: skip
    grants.receive_instalment(
        instalment=made.instalments.get(number=1), amount_minor=50_000, received_on=AT.date(),
        by=world.treasurer, at=AT,
    )  # fmt: skip
    return made


def _ceiling(world: World, case_id: uuid.UUID) -> None:
    lines = {"fee": 40_000, "visit": 10_000, "travel": 5_000}
    world.approve("ceiling", case_id, ceiling_terms(lines))
    approve_ceiling(case_id=case_id, lines=lines, by=world.treasurer, at=AT)


def _pay(world: World, agreed: int, claimed: int, category: Category = Category.FEE) -> Journal:
    commitment = world.commit(agreed, category)
    claim = world.approved(world.claim(claimed, commitment, category=category))
    return payments.pay_claim(claim=claim, by=world.second, at=AT)


def _rent(world: World, amount_minor: int, source_id: str, at: datetime.datetime) -> Journal:
    return payments.book_running_cost(
        source_id=source_id, category=Category.RENT, amount_minor=amount_minor,
        voucher_kind=VoucherKind.BANK_NOTE, on=at.date(), by=world.treasurer, at=at,
    )  # fmt: skip
