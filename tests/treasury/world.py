"""A small organisation: its people, its funds, and short ways to the real actions."""

import datetime
import itertools
import uuid
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from accounts.approvals import decide_approval, request_approval
from accounts.models import User
from audit.actors import Machine
from tests import people
from tests.plugins.roles import as_owner
from treasury import chart
from treasury.actions import advances, authorities, ceilings, claims, funds, gifts, payees
from treasury.actions.commitments import commit
from treasury.kinds import Category, FundKind, PayeeKind, VoucherKind
from treasury.models import Balance, Ceiling, Claim, Commitment, Fund, Journal, Payee, Tariff
from vault.keys import ORGANISATION

AT = datetime.datetime(2026, 3, 2, 9, 30, tzinfo=datetime.UTC)
TODAY = AT.date()
WORKER = Machine("system:worker")
_numbers = itertools.count(1)


@dataclass
class World:
    """Who acts and what is there."""

    treasurer: User
    second: User
    general: Fund
    case_id: uuid.UUID = field(default_factory=uuid.uuid4)

    @classmethod
    def made(cls) -> "World":
        """People, and a general fund with 1,000.00."""
        treasurer, second = people.treasurer(), people.second_officer()
        general = funds.open_fund(
            code="general", name="General fund", kind=FundKind.GENERAL, by=WORKER, at=AT
        )
        world = cls(treasurer, second, general)
        world.gift(100_000)
        return world

    def approve(self, kind: str, object_id: uuid.UUID, payload: dict[str, Any]) -> None:
        """The treasurer asks, the second officer agrees."""
        asked = request_approval(kind=kind, object_id=object_id, payload=payload, by=self.treasurer, at=AT)
        decide_approval(approval=asked, agrees=True, by=self.second, at=AT)

    def fund(self, code: str, kind: FundKind, net_minor: int = 0, **more: Any) -> Fund:
        """A fund with money in it."""
        fund = funds.open_fund(code=code, name=code.title(), kind=kind, by=self.treasurer, at=AT, **more)
        if net_minor:
            self.gift(net_minor, fund=fund)
        return fund

    def gift(self, net_minor: int, fee_minor: int = 0, fund: Fund | None = None, **more: Any) -> Journal:
        """A gift booked from a balance transaction of its own."""
        return gifts.book_gift(
            source_id=more.pop("source_id", f"txn_{next(_numbers)}"),
            fund=fund or self.general,
            gross_minor=net_minor + fee_minor,
            fee_minor=fee_minor,
            net_minor=net_minor,
            by=WORKER,
            at=more.pop("at", AT),
            **more,
        )

    def ceiling(self, **lines: int) -> Ceiling:
        """A ceiling for the case, approved by two people."""
        self.approve("ceiling", self.case_id, ceilings.ceiling_terms(lines))
        return ceilings.approve_ceiling(case_id=self.case_id, lines=lines, by=self.treasurer, at=AT)

    def commit(self, amount_minor: int, category: Category = Category.FEE, **more: Any) -> Commitment:
        """A commitment for the case."""
        case_id = more.pop("case_id", self.case_id)
        return commit(
            category=category, amount_minor=amount_minor, case_id=case_id, by=self.treasurer, at=AT, **more
        )

    def payee(self, checked: bool = True) -> Payee:
        """Somebody who can be paid."""
        payee = payees.add_payee(
            kind=PayeeKind.COUNSEL, name="Invented Person", country="lt", by=self.treasurer, at=AT
        )
        return payees.check_payee(payee=payee, by=self.second, at=AT) if checked else payee

    def claim(self, amount_minor: int, commitment: Commitment | None = None, **more: Any) -> Claim:
        """A claim of a new payee with a numbered invoice."""
        return claims.enter_claim(
            payee=more.pop("payee", None) or self.payee(),
            voucher_kind=VoucherKind.INVOICE,
            invoiced_on=TODAY,
            amount_minor=amount_minor,
            category=more.pop("category", Category.FEE),
            number=more.pop("number", f"A-{next(_numbers)}"),
            case_id=more.pop("case_id", self.case_id),
            commitment=commitment,
            by=more.pop("by", self.treasurer),
            at=AT,
            **more,
        )

    def advance(self, amount_minor: int, commitment: Commitment | None = None, **more: Any) -> Claim:
        """Money to a new payee who owes vouchers in a month."""
        return advances.enter_advance(
            payee=more.pop("payee", None) or self.payee(),
            category=more.pop("category", Category.FEE),
            amount_minor=amount_minor,
            vouchers_due_on=more.pop("due_on", TODAY + datetime.timedelta(days=30)),
            case_id=self.case_id,
            commitment=commitment,
            by=self.treasurer,
            at=more.pop("at", AT),
        )

    def vouched(self, advance: Claim, amount_minor: int, **more: Any) -> Claim:
        """A voucher for an advance, accepted by the second officer."""
        voucher = self.voucher(advance, amount_minor, **more)
        return claims.approve_claim(claim=voucher, by=self.second, at=AT)

    def voucher(self, advance: Claim, amount_minor: int, **more: Any) -> Claim:
        """A voucher for an advance that nobody has looked at."""
        return advances.enter_advance_voucher(
            advance=advance,
            voucher_kind=more.pop("voucher_kind", VoucherKind.INVOICE),
            invoiced_on=TODAY,
            amount_minor=amount_minor,
            number=f"V-{next(_numbers)}",
            by=self.treasurer,
            at=AT,
            **more,
        )

    def approved(self, claim: Claim) -> Claim:
        """The claim after both people have agreed."""
        self.approve("claim", claim.id, claims.claim_terms(claim))
        return claims.approve_claim(claim=claim, by=self.treasurer, at=AT)

    def tariff(self, *fees: authorities.Fee) -> Tariff:
        """A tariff in force."""
        terms = authorities.tariff_terms(name="Tariff", fees=fees, valid_from=TODAY)
        self.approve("standing-authority", ORGANISATION, terms)
        return authorities.approve_tariff(
            name="Tariff", fees=fees, valid_from=TODAY, by=self.treasurer, at=AT
        )


def totals(code: str) -> tuple[int, int, int, int]:
    """Debits posted and held, credits posted and held, of one account."""
    kept = Balance.objects.get(account__code=code)
    return kept.debit_posted, kept.debit_pending, kept.credit_posted, kept.credit_pending


def free(fund: Fund) -> int:
    """What the fund has free."""
    return Balance.objects.get(account=chart.fund(fund)).free_minor


def raw(sql: str, *values: object) -> None:
    """Run SQL behind Django's back, as the tables' owner: guards refuse even that."""
    with as_owner(connection), connection.cursor() as cursor:
        cursor.execute(sql, values)


def key(value: uuid.UUID) -> object:
    """A UUID as the engine's own column holds it."""
    return value if connection.vendor == "postgresql" else value.hex
