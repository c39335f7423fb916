"""The costs of a case: budget and ceiling, raised and drawn, commitments, claims."""

import datetime
import uuid
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.approvals import find_approved
from accounts.models import Approval
from cases.actions.costs import approve_budget, ask_for_ceiling, open_budget
from cases.models import Budget, Case
from treasury import chart, commitments, tariffs
from treasury.actions.ceilings import ceiling_terms
from treasury.currencies import decimal_text
from treasury.kinds import CASE_COSTS, Category
from treasury.models import Ceiling, Claim, Commitment, Tariff
from web.amounts import AmountField
from web.desk.acting import act_page, carry_out, press, sent
from web.desk.cases.frame import (
    back_to,
    case_act,
    case_page,
    is_open_to_reader,
    open_case,
    readable_case,
    url_of,
)
from web.desk.cases.overview import costs_of, free_minor
from web.formats import write_money
from web.forms import OnceForm
from web.loading import load, person, room

TAB = "desk:case-costs"


class BudgetForm(OnceForm):
    """One amount for each kind of cost; what is left out costs nothing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for category in CASE_COSTS:
            self.fields[category.value] = AmountField(label=category.label, required=False)

    def clean(self) -> dict[str, Any]:
        """A budget says something."""
        found: dict[str, Any] = super().clean() or {}
        if not self.errors and not any(found.get(category.value) for category in CASE_COSTS):
            raise forms.ValidationError(_("Write an amount for at least one kind of cost."))
        return found

    def lines(self) -> dict[str, int]:
        """{category: minor units} of what was filled in."""
        given = self.cleaned_data
        return {category.value: given[category.value] for category in CASE_COSTS if given[category.value]}


@dataclass(frozen=True)
class BudgetLine:
    """One kind of cost: what was proposed, what the ceiling has, what tariffs allow one person."""

    word: str
    proposed_minor: int
    approved_minor: int


@dataclass(frozen=True)
class Proposal:
    """The newest budget while it is no ceiling, and what may be done with it."""

    budget: Budget
    tariff: Tariff | None
    asked: Approval | None
    agreed: bool


@require_safe
@room("cases.work", "claims.see")
def costs(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Figures by code name for those who see claims; for the case's own people the next steps too."""
    case = readable_case(request, case_id, "claims.see")
    now = timezone.now()
    row = costs_of(case.pk)
    ceiling = Ceiling.objects.filter(case_id=case.pk).order_by("-number").first()
    newest = Budget.objects.filter(case=case).order_by("-number").first()
    claims = Claim.objects.filter(case_id=case.pk).select_related("payee").order_by("-entered_at")
    return case_page(
        request,
        "costs",
        case,
        TAB,
        once=OnceForm(),
        row=row,
        free_minor=free_minor(row),
        ceiling=ceiling,
        lines=budget_lines(newest, ceiling),
        proposal=proposal_of(newest, now),
        commitments=[
            (one, commitments.held_minor(one), commitments.paid_minor(one))
            for one in Commitment.objects.filter(case_id=case.pk).order_by("-committed_on")
        ],
        claims=list(claims),
        claim_url=_claim_url(request, case),
        currency=chart.base_currency(),
    )


def budget_lines(newest: Budget | None, ceiling: Ceiling | None) -> list[BudgetLine]:
    """The kinds of cost that are in the newest budget or the ceiling."""
    proposed: dict[str, int] = newest.lines if newest else {}
    approved: dict[str, int] = ceiling.lines if ceiling else {}
    return [
        BudgetLine(str(category.label), proposed.get(category.value, 0), approved.get(category.value, 0))
        for category in CASE_COSTS
        if category.value in proposed or category.value in approved
    ]


def proposal_of(newest: Budget | None, now: datetime.datetime) -> Proposal | None:
    """What waits to become the ceiling; None when the newest version is it already."""
    if newest is None or newest.ceiling_id is not None:
        return None
    terms = ceiling_terms(newest.lines)
    agreed = find_approved(kind="ceiling", object_id=newest.case_id, payload=terms, at=now)
    waiting = Approval.objects.filter(
        kind="ceiling", object_id=newest.case_id, state="asked", until__gt=now
    ).order_by("-asked_at")
    covering = tariff_for(newest.lines, timezone.localdate(now))
    return Proposal(newest, covering, agreed or waiting.first(), agreed is not None)


def tariff_for(lines: dict[str, int], on: datetime.date) -> Tariff | None:
    """The tariff in force by which one person may approve these lines, if there is one."""
    if Category.FAMILY_SUPPORT in lines:
        return None
    for tariff in Tariff.objects.order_by("-valid_from"):
        fits = all(amount <= tariffs.total_in(tariff, category) for category, amount in lines.items())
        if fits and tariffs.is_valid(tariff, on):
            return tariff
    return None


def _claim_url(request: HttpRequest, case: Case) -> str:
    """Where a claim for this case is entered, for those who may."""
    if not person(request).has("claims.enter") or not is_open_to_reader(case):
        return ""
    try:
        return f"{reverse('desk:claim-enter')}?case={case.pk}"
    except NoReverseMatch:
        return ""


@require_http_methods(["GET", "POST"])
@room("cases.work")
def propose(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """A new version of what the case will cost."""
    case = open_case(request, case_id)
    newest = Budget.objects.filter(case=case).order_by("-number").first()
    known = {name: _plain(amount) for name, amount in (newest.lines if newest else {}).items()}
    form = sent(request, BudgetForm, initial=known)
    if form.is_valid() and carry_out(
        request, form, open_budget, _("The budget is proposed. Now it needs to be approved."),
        case=case, lines=form.lines(),
    ):  # fmt: skip
        return back_to(case, TAB)
    lead = _("The whole of what this case will cost, not only what is new. It counts once it is approved.")
    return act_page(request, form, case_act(case, _("Propose a budget"), _("Propose it"), lead, tab=TAB))


@require_POST
@room("cases.work")
def approve(request: HttpRequest, case_id: uuid.UUID, budget_id: uuid.UUID) -> HttpResponse:
    """Make a version the ceiling: by tariff, or once a second officer has agreed."""
    case = open_case(request, case_id)
    budget = load(Budget.objects.all(), budget_id, case=case)
    found = proposal_of(budget, timezone.now())
    tariff = found.tariff if found and not found.agreed else None
    done = _("The budget is the ceiling now.")
    return press(request, approve_budget, done, url_of(case, TAB), budget=budget, tariff=tariff)


@require_POST
@room("cases.work")
def ask(request: HttpRequest, case_id: uuid.UUID, budget_id: uuid.UUID) -> HttpResponse:
    """Ask a second officer to approve a version."""
    case = open_case(request, case_id)
    budget = load(Budget.objects.all(), budget_id, case=case)
    done = _("A second officer is asked. Come back once they have agreed.")
    return press(
        request, ask_for_ceiling, done, url_of(case, TAB), budget=budget, summary=_summary(case, budget)
    )


def _summary(case: Case, budget: Budget) -> str:
    """What the second officer reads: by code name, line by line."""
    currency = chart.base_currency()
    lines = [
        f"{Category(name).label}: {write_money(amount, currency)}" for name, amount in budget.lines.items()
    ]
    total = write_money(budget.total_minor, currency)
    return f"{case.reference} {case.client.code_name}, {total}. " + "; ".join(lines)


def _plain(minor: int) -> str:
    """An amount as the form takes it."""
    return decimal_text(minor, chart.base_currency())
