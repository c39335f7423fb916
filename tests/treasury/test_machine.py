"""Any order of decisions and facts keeps the money laws: a Hypothesis state machine."""

import contextlib
from collections.abc import Callable
from functools import partial
from typing import TypeVar

import pytest
from django.db import connection, transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from audit.actions import DomainError
from tests.treasury.test_agreements import limit, signed
from tests.treasury.world import AT, WORKER, World, free
from treasury import laws
from treasury.actions import allocation, gifts, holding, payments, returns
from treasury.actions.advances import return_advance
from treasury.actions.agreements import take_indirect
from treasury.actions.commitments import raise_commitment, release_commitment
from treasury.actions.corrections import reverse_journal
from treasury.actions.grants import receive_instalment
from treasury.kinds import Category, FundKind, ReasonCode, VoucherKind
from treasury.models import Claim, Commitment, Fund, Journal

T = TypeVar("T")
AMOUNT = st.integers(1, 60_000)
PICK = st.integers(0, 1_000)


class Money(RuleBasedStateMachine):
    """Every rule may be refused with a DomainError; none may end in anything else or break a law."""

    def __init__(self) -> None:
        super().__init__()
        self.outer = transaction.atomic()
        # As Django's own TestCase does: actions may be outermost inside it.
        self.outer._from_testcase = True  # type: ignore[attr-defined]
        self.outer.__enter__()
        self.world = World.made()
        self.own = self.world.fund("own", FundKind.CASE, 5_000, case_ids=[self.world.case_id])
        self.world.ceiling(fee=90_000)
        # Its lines, and commitments before its instalments come, live through every order as well.
        self.grant = signed(self.world)
        limit(self.world, self.grant, 30_000)
        self.reserve = self.world.fund("reserve", FundKind.RESERVE, 40_000)
        self.gifts: list[str] = []
        self.taken: list[tuple[str, str, int, bool]] = []
        self.commitments: list[Commitment] = []
        self.claims: list[Claim] = []
        self.advances: list[Claim] = []

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.outer.__exit__(None, None, None)

    def attempt(self, call: Callable[[], object]) -> None:
        """Do it or be refused."""
        with contextlib.suppress(DomainError):
            call()

    @rule(net=AMOUNT, fee=st.integers(0, 500), general=st.booleans())
    def give(self, net: int, fee: int, general: bool) -> None:
        self.gifts.append(f"txn_m{len(self.gifts)}")
        fund = self.world.general if general else self.own
        self.world.gift(net, fee_minor=fee, fund=fund, source_id=self.gifts[-1])

    @rule(pick=PICK, amount=AMOUNT, disputed=st.booleans())
    def refund(self, pick: int, amount: int, disputed: bool) -> None:
        if self.gifts:
            source = self.gifts[pick % len(self.gifts)]
            taken = f"re_{Journal.objects.count()}"
            gifts.book_refund(
                source_id=taken,
                gift_source_id=source,
                amount_minor=amount,
                disputed=disputed,
                by=WORKER,
                at=AT,
            )
            self.taken.append((taken, source, amount, disputed))

    @rule(pick=PICK)
    def comes_back(self, pick: int) -> None:
        """A dispute is won or a refund fails, before or after somebody covered the loss; each once."""
        for taken in one(self.taken, pick):
            self.taken.remove(taken)
            source, gift, amount, disputed = taken
            returns.book_return(
                source_id=f"back_{source}",
                gift_source_id=gift,
                amount_minor=amount,
                disputed=disputed,
                loss_source_id=source,
                by=WORKER,
                at=AT,
            )

    @rule(pick=PICK, amount=AMOUNT)
    def cover(self, pick: int, amount: int) -> None:
        """Two people let the reserve bear a loss that the funds could not."""

        def act(source: str) -> None:
            terms = allocation.cover_terms(fund=self.reserve, amount_minor=amount)
            self.world.approve("allocation", self.reserve.id, terms)
            allocation.cover_loss(
                fund=self.reserve, amount_minor=amount, loss_source_id=source, by=self.world.treasurer, at=AT
            )

        for source, *_about in one(self.taken, pick):
            self.attempt(partial(act, source))

    @rule(pick=PICK, amount=AMOUNT)
    def hold(self, pick: int, amount: int) -> None:
        for source in one(self.gifts, pick):
            holding.hold_gift(source_id=source, upto_minor=amount, by=WORKER, at=AT)

    @rule(pick=PICK)
    def let_go(self, pick: int) -> None:
        for source in one(self.gifts, pick):
            holding.let_gift_go(source_id=source, by=WORKER, at=AT)

    @rule(amount=AMOUNT)
    def agree(self, amount: int) -> None:
        self.attempt(lambda: self.commitments.append(self.world.commit(amount)))

    @rule(pick=PICK, amount=AMOUNT)
    def agree_on_more(self, pick: int, amount: int) -> None:
        for found in one(self.commitments, pick):
            self.attempt(
                partial(raise_commitment, commitment=found, by_minor=amount, by=self.world.treasurer, at=AT)
            )

    @rule(pick=PICK, amount=st.none() | AMOUNT)
    def release(self, pick: int, amount: int | None) -> None:
        for found in one(self.commitments, pick):
            self.attempt(
                partial(
                    release_commitment, commitment=found, amount_minor=amount, by=self.world.treasurer, at=AT
                )
            )

    @rule(pick=PICK, amount=AMOUNT, final=st.booleans())
    def claim_and_pay(self, pick: int, amount: int, final: bool) -> None:
        def act(commitment: Commitment) -> None:
            claim = self.world.claim(amount, commitment)
            self.claims.append(claim)
            payments.pay_claim(claim=self.world.approved(claim), final=final, by=self.world.treasurer, at=AT)

        for found in one(self.commitments, pick):
            self.attempt(partial(act, found))

    @rule(pick=PICK, amount=AMOUNT)
    def advance(self, pick: int, amount: int) -> None:
        def act(commitment: Commitment) -> None:
            claim = self.world.approved(self.world.advance(amount, commitment))
            payments.pay_claim(claim=claim, by=self.world.treasurer, at=AT)
            self.advances.append(claim)

        for found in one(self.commitments, pick):
            self.attempt(partial(act, found))

    @rule(pick=PICK, amount=AMOUNT)
    def vouch(self, pick: int, amount: int) -> None:
        for found in one(self.advances, pick):
            self.attempt(partial(self.world.vouched, found, amount))

    @rule(pick=PICK, amount=AMOUNT)
    def bring_back(self, pick: int, amount: int) -> None:
        for found in one(self.advances, pick):
            self.attempt(
                partial(
                    return_advance,
                    advance=found,
                    amount_minor=amount,
                    on=AT.date(),
                    by=self.world.treasurer,
                    at=AT,
                )
            )

    @rule(pick=PICK)
    def pay_again(self, pick: int) -> None:
        for claim in one(self.claims, pick):
            self.attempt(partial(payments.pay_claim, claim=claim, by=self.world.treasurer, at=AT))

    @rule(pick=PICK)
    def reverse(self, pick: int) -> None:
        for journal in one(list(Journal.objects.all()), pick):
            self.attempt(
                partial(
                    reverse_journal,
                    journal=journal,
                    reason_code=ReasonCode.OTHER,
                    by=self.world.treasurer,
                    at=AT,
                )
            )

    @rule(amount=AMOUNT, there=st.booleans())
    def allocate(self, amount: int, there: bool) -> None:
        source, target = (self.own, self.world.general) if there else (self.world.general, self.own)
        terms = allocation.allocation_terms(source=source, target=target, amount_minor=amount)

        def act() -> None:
            self.world.approve("allocation", source.id, terms)
            allocation.allocate_between_funds(
                source=source, target=target, amount_minor=amount, by=self.world.treasurer, at=AT
            )

        self.attempt(act)

    @rule(amount=AMOUNT, category=st.sampled_from([Category.RENT, Category.BANK_FEE]))
    def run_office(self, amount: int, category: Category) -> None:
        self.attempt(
            lambda: payments.book_running_cost(
                source_id=f"ref-{Journal.objects.count()}",
                category=category,
                amount_minor=amount,
                voucher_kind=VoucherKind.BANK_NOTE,
                on=AT.date(),
                by=self.world.treasurer,
                at=AT,
            )
        )

    @rule(number=st.integers(1, 2), amount=AMOUNT)
    def instalment(self, number: int, amount: int) -> None:
        self.attempt(
            partial(
                receive_instalment,
                instalment=self.grant.instalments.get(number=number),
                amount_minor=amount,
                received_on=AT.date(),
                by=self.world.treasurer,
                at=AT,
            )
        )

    @rule(amount=st.integers(1, 3_000))
    def indirect(self, amount: int) -> None:
        self.attempt(
            partial(
                take_indirect,
                grant=self.grant,
                amount_minor=amount,
                target=self.world.general,
                by=self.world.treasurer,
                at=AT,
            )
        )

    @rule(amount=AMOUNT)
    def pay_out(self, amount: int) -> None:
        gifts.book_payout(source_id=f"po_{Journal.objects.count()}", amount_minor=amount, by=WORKER, at=AT)

    @invariant()
    def laws_hold(self) -> None:
        assert [law for law in laws.check() if not law.ok] == []

    @invariant()
    def nothing_is_overspent(self) -> None:
        assert all(free(fund) >= 0 for fund in Fund.objects.all())


def one(rows: list[T], pick: int) -> list[T]:
    """One of the rows, if there is any."""
    return [rows[pick % len(rows)]] if rows else []


@pytest.mark.long
@pytest.mark.django_db
def test_any_order_keeps_the_laws() -> None:
    # The rules are those of the code; PostgreSQL, where each step takes twice as long, walks half as often.
    walks = 12 if connection.vendor == "sqlite" else 6
    run_state_machine_as_test(Money, settings=settings(max_examples=walks, stateful_step_count=20))
