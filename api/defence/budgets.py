"""What a case is to cost: budgets, their approval, its claims."""

import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import URLPattern
from rest_framework import serializers

from accounts.models import User
from api.building import deed, figures, listing, thing
from api.defence.cases import CASES, OPEN, OfCase
from api.fields import Day, Minor, OneOf, Ref, Strict, Text, Whole
from api.money.advances import ADVANCES
from api.money.claims import CLAIMS, VoucherIn, visible_payees
from api.tables import Act, Resource
from api.trail import APPROVALS
from cases import costs
from cases.actions import costs as budgeting
from cases.models import Budget, Case, Representation
from treasury import kinds
from treasury.actions.advances import enter_advance
from treasury.kinds import CASE_COSTS
from treasury.models import Tariff

SEE, WORK = "cases.see", "cases.work"


class CostsOut(serializers.Serializer[Any]):
    budget_minor = serializers.IntegerField()
    ceiling_minor = serializers.IntegerField()
    raised_minor = serializers.IntegerField()
    drawn_minor = serializers.IntegerField()
    committed_minor = serializers.IntegerField()
    paid_minor = serializers.IntegerField()
    room_minor = serializers.IntegerField()
    short_minor = serializers.IntegerField()


class BudgetOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    version = serializers.IntegerField()
    case = serializers.UUIDField(source="case_id")
    number = serializers.IntegerField()
    lines = serializers.DictField(child=serializers.IntegerField())
    total_minor = serializers.IntegerField()
    proposed_at = serializers.DateTimeField()
    proposed_by = serializers.CharField()
    ceiling = serializers.UUIDField(source="ceiling_id", allow_null=True)


def visible_budgets(by: User, at: datetime.datetime) -> QuerySet[Any]:
    """Those of cases that are open to the caller; all for those who approve money."""
    if by.has("money.approve"):
        return Budget.objects.all()
    return Budget.objects.filter(case__in=Case.objects.open_to(by, at).order_by().values("id"))


BUDGETS = Resource("budget", visible_budgets, BudgetOut, ("-proposed_at", "id"), OfCase)


class BudgetIn(Strict):
    lines = serializers.DictField(child=Whole(min_value=0, max_value=10**12), allow_empty=False)

    def validate_lines(self, value: dict[str, Any]) -> dict[str, int]:
        if not set(value) <= {kind.value for kind in CASE_COSTS}:
            raise serializers.ValidationError("Only categories of case costs are possible.", "costs")
        return value


class BudgetApprovalIn(Strict):
    """With a tariff one person approves; without one, a colleague has to have agreed."""

    tariff = Ref(lambda by, at: Tariff.objects.all(), allow_null=True, default=None)


def _representations(by: User, at: datetime.datetime) -> QuerySet[Any]:
    return Representation.objects.visible_to(by, at).select_related("commitment")


class CaseClaimIn(VoucherIn):
    """With ``representation``, on the fee that was committed for it."""

    representation = Ref(_representations, allow_null=True, default=None)


class CaseAdvanceIn(Strict):
    """With ``representation``, on the fee that was committed for it; else money is reserved on approval."""

    payee = Ref(visible_payees)
    category = OneOf(kinds.Category)
    amount_minor = Minor()
    vouchers_due_on = Day()
    number = Text(default="", max_length=60)
    representation = Ref(_representations, allow_null=True, default=None)


def _advance(case: Case, values: dict[str, Any]) -> dict[str, Any]:
    episode = values["representation"]
    rest = {name: value for name, value in values.items() if name != "representation"}
    return {**rest, "case_id": case.pk, "commitment": episode.commitment if episode is not None else None}


def worked_out_costs(case: Case) -> costs.CaseCosts:
    """What the case was to cost, what was committed and paid, and what is short."""
    return costs.case_costs(case)


def _asking(budget: Budget, _values: dict[str, Any]) -> dict[str, Any]:
    said = [[name, str(amount)] for name, amount in sorted(budget.lines.items())]
    return {"budget": budget, "summary": {"said": said, "form": {}, "page": ""}}


CASE = "cases/<uuid:key>/"
urlpatterns: list[URLPattern] = [
    *figures(f"{CASE}costs/", CASES, SEE, worked_out_costs, CostsOut, many=False),
    *deed(f"{CASE}budgets/", OPEN, Act(budgeting.open_budget, WORK, "case", BudgetIn, BUDGETS, adds=True)),
    *listing("budgets/", BUDGETS, (WORK, "money.approve")),
    *thing("budgets/<uuid:key>/", BUDGETS, (WORK, "money.approve")),
    *deed(
        "budgets/<uuid:key>/ask/",
        BUDGETS,
        Act(budgeting.ask_for_ceiling, WORK, "budget", answers=APPROVALS, adds=True, shape=_asking),
    ),
    *deed(
        "budgets/<uuid:key>/approve/",
        BUDGETS,
        Act(budgeting.approve_budget, (WORK, "money.approve"), "budget", BudgetApprovalIn),
    ),
    *deed(
        f"{CASE}claims/",
        OPEN,
        Act(budgeting.enter_case_claim, "claims.enter", "case", CaseClaimIn, CLAIMS, adds=True),
    ),
    *deed(
        f"{CASE}advances/",
        OPEN,
        Act(enter_advance, "claims.enter", "case", CaseAdvanceIn, ADVANCES, adds=True, shape=_advance),
        name="enter_case_advance",
    ),
]
