"""What a case may cost: proposed, approved as its ceiling, and claimed."""

import datetime
from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from accounts.approvals import request_approval
from accounts.models import Approval, User
from audit.actions import DomainError, action, fact, touch
from audit.actors import Actor
from cases.models import Budget, Case, Representation
from treasury.actions import claims
from treasury.actions.ceilings import NotABudget, approve_ceiling, ceiling_terms
from treasury.kinds import CASE_COSTS, Category, VoucherKind
from treasury.models import Claim, Payee, Tariff
from vault.files import Cleaned


class ApprovedAlready(DomainError):
    code = "budget-approved"
    message = _("This budget is the ceiling already. Propose a new version.")


@action("budget.proposed")
def open_budget(*, case: Case, lines: Mapping[str, int], by: Actor, at: datetime.datetime) -> Budget:
    """A new version of what the case will cost, {category: minor units}. Raises treasury's NotABudget."""
    if any(amount < 0 or category not in CASE_COSTS for category, amount in lines.items()):
        raise NotABudget()
    before = Budget.objects.filter(case=case).first()
    budget = Budget(
        case=case,
        number=before.number + 1 if before else 1,
        lines={Category(category).value: amount for category, amount in lines.items()},
        total_minor=sum(lines.values()),
        proposed_at=at,
        proposed_by=by.actor_id,
    )
    budget.save()
    touch(case.id)
    fact(version=budget.number, total_minor=budget.total_minor)
    return budget


@action("budget.approval_asked")
def ask_for_ceiling(*, budget: Budget, summary: str = "", by: User, at: datetime.datetime) -> Approval:
    """Ask a second officer to approve this version. Raises ApprovedAlready."""
    if budget.ceiling_id is not None:
        raise ApprovedAlready()
    return request_approval(
        kind="ceiling",
        object_id=budget.case_id,
        payload=ceiling_terms(budget.lines),
        summary=summary,
        by=by,
        at=at,
    )


@action("budget.approved")
def approve_budget(
    *, budget: Budget, tariff: Tariff | None = None, by: Actor, at: datetime.datetime
) -> Budget:
    """Make this version the ceiling: within a tariff by one person, else with a colleague's approval.

    Raises ApprovedAlready, and of treasury AboveTariff, NeedsSecondPerson, CeilingShort.
    """
    if budget.ceiling_id is not None:
        raise ApprovedAlready()
    budget.ceiling = approve_ceiling(case_id=budget.case_id, lines=budget.lines, tariff=tariff, by=by, at=at)
    budget.save()
    touch(budget.case_id)
    return budget


@action("case.claim_entered")
def enter_case_claim(
    *,
    case: Case,
    payee: Payee,
    category: Category,
    amount_minor: int,
    invoiced_on: datetime.date,
    voucher_kind: VoucherKind,
    representation: Representation | None = None,
    currency: str | None = None,
    base_minor: int | None = None,
    number: str = "",
    voucher_sha256: str = "",
    voucher: Cleaned | None = None,
    sure: bool = False,
    by: Actor,
    at: datetime.datetime,
) -> Claim:
    """A demand to pay for this case; with ``representation``, on the fee that was committed for it.

    ``voucher`` is its file; ``sure`` takes a rate that is far from the last one. Raises of treasury
    WrongCategory, WrongAmount, DoesNotMatch, ClaimedBefore.
    """
    touch(case.id)
    return claims.enter_claim(
        payee=payee,
        voucher_kind=voucher_kind,
        invoiced_on=invoiced_on,
        amount_minor=amount_minor,
        category=category,
        currency=currency,
        base_minor=base_minor,
        number=number,
        voucher_sha256=voucher_sha256,
        voucher=voucher,
        sure=sure,
        case_id=case.id,
        commitment=representation.commitment if representation is not None else None,
        by=by,
        at=at,
    )
