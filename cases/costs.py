"""The costs of one case as its page shows them; minor units of the currency of the books."""

import uuid
from dataclasses import dataclass

from django.db.models import Q, Sum

from cases.models import Budget, Case
from treasury.commitments import FUND_SIDE
from treasury.kinds import POSTED, AccountKind, Category, FundKind
from treasury.models import Balance, Ceiling, Hold, Transfer


@dataclass(frozen=True)
class CaseCosts:
    """budget · raised for it · drawn from other funds · committed · paid · short.

    ``committed_minor`` is what is held now, ``room_minor`` what the ceiling still allows, ``short_minor``
    how far the newest budget is above the ceiling.
    """

    budget_minor: int
    ceiling_minor: int
    raised_minor: int
    drawn_minor: int
    committed_minor: int
    paid_minor: int

    @property
    def room_minor(self) -> int:
        return self.ceiling_minor - self.committed_minor - self.paid_minor

    @property
    def short_minor(self) -> int:
        return max(0, self.budget_minor - self.ceiling_minor)


def case_costs(case: Case) -> CaseCosts:
    """Six queries. ``raised`` counts gifts to funds of this case alone."""
    budget = (
        Budget.objects.filter(case=case).order_by("-number").values_list("total_minor", flat=True).first()
    )
    versions = Ceiling.objects.filter(case_id=case.id).order_by("-number")
    ceiling = versions.values_list("total_minor", flat=True).first() or 0
    totals = Balance.objects.filter(account__kind=AccountKind.CEILING, account__subject_id=case.id).first()
    return CaseCosts(
        budget_minor=ceiling if budget is None else budget,
        ceiling_minor=ceiling,
        raised_minor=_raised(case.id),
        drawn_minor=_drawn(case.id),
        committed_minor=totals.debit_pending if totals else 0,
        paid_minor=_paid(totals, ceiling),
    )


def _paid(totals: Balance | None, ceiling_minor: int) -> int:
    """What the ceiling's account has lost beyond its own versions; a lowered ceiling is no payment."""
    return 0 if totals is None else ceiling_minor - totals.posted_minor


def _raised(case_id: uuid.UUID) -> int:
    gifts = Transfer.objects.filter(
        category=Category.GIFT, kind__in=POSTED, fund__kind=FundKind.CASE, fund__cases__case_id=case_id
    )
    return int(gifts.filter(credit__kind__in=FUND_SIDE).aggregate(total=Sum("amount_minor"))["total"] or 0)


def _drawn(case_id: uuid.UUID) -> int:
    """Paid and held from funds that are not this case's own, reversals taken off."""
    others = Q(case_id=case_id) & ~Q(fund__kind=FundKind.CASE)
    moved = Transfer.objects.filter(others, kind__in=POSTED)
    out = moved.filter(debit__kind__in=FUND_SIDE).aggregate(total=Sum("amount_minor"))["total"] or 0
    back = moved.filter(credit__kind__in=FUND_SIDE).aggregate(total=Sum("amount_minor"))["total"] or 0
    held = Hold.objects.filter(transfer__case_id=case_id, transfer__debit__kind__in=FUND_SIDE).exclude(
        transfer__fund__kind=FundKind.CASE
    )
    return int(out - back + (held.aggregate(total=Sum("remaining_minor"))["total"] or 0))
