"""A case's fee from ceiling to payment, each step at a moment of its own."""

import datetime
from typing import Any

from accounts.approvals import decide_approval, request_approval
from cases.models import Case
from tests.api.world import World
from treasury.actions import ceilings, claims, commitments, payees, payments
from treasury.kinds import Category, PayeeKind, VoucherKind

MINUTE = datetime.timedelta(minutes=1, seconds=13)


def pay_case(world: World, case: Case, amount_minor: int, at: datetime.datetime) -> None:
    """The fee is approved, committed, claimed, approved and paid."""
    moments = iter(at + MINUTE * step for step in range(1, 20))
    lines = {"fee": amount_minor + 100_000}

    def approve(kind: str, key: Any, payload: dict[str, Any]) -> None:
        asked = request_approval(
            kind=kind, object_id=key, payload=payload, by=world.treasurer, at=next(moments)
        )
        decide_approval(approval=asked, agrees=True, by=world.second, at=next(moments))

    approve("ceiling", case.pk, ceilings.ceiling_terms(lines))
    ceilings.approve_ceiling(case_id=case.pk, lines=lines, by=world.treasurer, at=next(moments))
    held = commitments.commit(
        category=Category.FEE,
        amount_minor=amount_minor,
        case_id=case.pk,
        by=world.treasurer,
        at=next(moments),
    )
    payee = payees.add_payee(
        kind=PayeeKind.COUNSEL, name="Invented Payee", country="lt", by=world.treasurer, at=next(moments)
    )
    payee = payees.check_payee(payee=payee, by=world.second, at=next(moments))
    claim = claims.enter_claim(
        payee=payee, voucher_kind=VoucherKind.INVOICE, invoiced_on=at.date(), amount_minor=amount_minor,
        category=Category.FEE, number=f"N-{amount_minor}", case_id=case.pk, commitment=held,
        by=world.treasurer, at=next(moments),
    )  # fmt: skip
    # Within the tariff one person approves, and another pays.
    claim = claims.approve_claim(claim=claim, by=world.treasurer, at=next(moments))
    payments.pay_claim(claim=claim, by=world.second, at=next(moments))
