"""What each case costs, what running the organisation costs, and that both together left the bank."""

import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import Q
from django.utils.translation import gettext as _

from cases.models import Case
from reports.known import versions_at
from reports.measures import (
    CEILINGS,
    FUND_ACCOUNTS,
    Parts,
    by_key,
    gained,
    negative,
    on_side,
    reserved,
    total,
)
from reports.render.document import Column, Fact, Row, Section
from reports.scope import Position, Scope
from reports.types import columns
from reports.types.funding_behind import EXPENSES, RECEIPTS, during, until
from treasury.kinds import NET_ASSETS, POSTED, AccountKind, Category, FundKind, JournalKind
from treasury.models import Fund, FundCase

_APPROVED = Q(category=Category.CEILING)
_COSTS = ~Q(category__in=RECEIPTS)


@dataclass
class Measures:
    """The figures of this report as kinds of transfers. ``own`` is {fund of one case: the case}."""

    scope: Scope
    position: Position
    case_id: uuid.UUID | None = None
    among: Q = field(default_factory=Q)

    def __post_init__(self) -> None:
        if self.case_id is not None:
            self.among = Q(case_id=self.case_id)

    @cached_property
    def own(self) -> dict[uuid.UUID, uuid.UUID]:
        funds = Fund.objects.filter(kind=FundKind.CASE).values_list("pk", flat=True)
        rows = versions_at(FundCase, self.position.log_size, "case_id", "fund_id", fund_id__in=list(funds))
        return {row["fund_id"]: row["case_id"] for row in rows if self.case_id in (None, row["case_id"])}

    def parts(self, key: str) -> Parts:
        """budget, paid, period, committed: by the ceilings. drawn, raised, left: by the funds."""
        done, now = (
            until(self.scope, self.position) & self.among,
            during(self.scope, self.position) & self.among,
        )
        owned = FUND_ACCOUNTS & Q(subject_id__in=list(self.own))
        if key in ("raised", "left"):
            money = until(self.scope, self.position)
            received = gained(money & ~_COSTS, side=owned)
            return (
                received
                if key == "raised"
                else [*gained(money, side=owned), *negative(reserved(money, owned))]
            )
        other = FUND_ACCOUNTS & ~Q(subject_id__in=list(self.own))
        with_case = done & Q(case_id__isnull=False) & _COSTS
        return {
            "budget": gained(done & _APPROVED, side=CEILINGS),
            "paid": negative(gained(done & ~_APPROVED, side=CEILINGS)),
            "period": negative(gained(now & ~_APPROVED, side=CEILINGS)),
            "committed": reserved(done, CEILINGS),
            "drawn": [*negative(gained(with_case, side=other)), *reserved(with_case, other)],
        }.get(key, [])

    def by_case(self, key: str) -> dict[uuid.UUID, int]:
        """The figure of each case."""
        if key not in ("raised", "left"):
            return by_key(self.parts(key), "case_id")
        sums: dict[uuid.UUID, int] = defaultdict(int)
        for side in ("credit", "debit"):
            parts = [part for part in self.parts(key) if f"{side}__subject_id__in" in str(part[0])]
            for fund_id, minor in (by_key(parts, f"{side}__subject_id") if parts else {}).items():
                sums[self.own[fund_id]] += minor
        return sums


def build(scope: Scope, position: Position) -> list[Section]:
    """Cases, running costs, and their reconciliation to what left the bank in the period."""
    return [_cases(scope, position), _running(scope, position), _together(scope, position)]


_FIGURES = ("budget", "raised", "drawn", "committed", "paid", "period")


def _cases(scope: Scope, position: Position) -> Section:
    measures = Measures(scope, position)
    found = {key: measures.by_case(key) for key in (*_FIGURES, "left")}
    ids = {case for figures in found.values() for case, minor in figures.items() if case and minor}
    names = dict(Case.objects.filter(pk__in=list(ids)).values_list("pk", "reference"))
    rows: list[Row] = []
    for case in sorted(ids, key=lambda one: names.get(one, str(one))):
        figures = [found[key].get(case, 0) for key in _FIGURES]
        lacking = max(figures[0] - figures[4] - figures[3] - found["left"].get(case, 0), 0)
        rows.append((names.get(case, str(case)), *figures, lacking))
    sums = [columns.added(rows, index) for index in range(1, 8)]
    labels = [
        _("Budget"), _("Raised for it"), _("Drawn from other funds"), _("Committed"), _("Paid"),
        _("Paid in the period"), _("Short"),
    ]  # fmt: skip
    keys = (*_FIGURES, "short")
    return Section(
        key="cases",
        title=_("Cases"),
        columns=(
            Column("case", _("Case"), "text"),
            *(columns.money(key, label) for key, label in zip(keys, labels, strict=True)),
        ),
        rows=rows,
        totals=(None, *sums),
        note=_("A case stands here by its reference alone. Short is what nothing covers yet."),
        facts=(
            Fact("cases", _("Cases"), "count", len(rows)),
            *(
                columns.figure(key, label, minor)
                for key, label, minor in zip(keys, labels, sums, strict=True)
                if key not in ("raised", "drawn")
            ),
        ),
    )


def _running_parts(scope: Scope, position: Position, category: str = "") -> Parts:
    moved = during(scope, position) & _COSTS & Q(case_id__isnull=True)
    if category:
        moved &= Q(category=category)
    return negative(gained(moved, side=FUND_ACCOUNTS))


def _running(scope: Scope, position: Position) -> Section:
    column = columns.category()
    rows: list[Row] = [
        (category, minor)
        for category, minor in sorted(by_key(_running_parts(scope, position), "category").items())
        if minor
    ]
    return Section(
        key="running",
        title=_("Running costs"),
        columns=(column, columns.money("amount", _("Paid in the period"))),
        rows=rows,
        totals=(None, columns.added(rows, 1)),
        bars=tuple(
            columns.bar(str(code), column.labels.get(str(code), str(code)), int(str(minor)))
            for code, minor in sorted(rows, key=lambda row: -int(str(row[1])))
        ),
    )


_GIFT = Q(journal__kind=JournalKind.GIFT)
_GRANT_RETURN = Q(category=Category.GRANT) & (
    Q(journal__kind=JournalKind.GRANT_RETURN) | Q(journal__reverses__kind=JournalKind.GRANT_RETURN)
)
_KINDS_OF_COST = ("cases", "running", "shared", "withheld", "uncovered", "returned")


def _part(scope: Scope, position: Position, name: str) -> Parts:
    moved = during(scope, position)
    costs = moved & _COSTS
    spent = on_side(Q(kind__in=EXPENSES), "debit") & on_side(Q(kind__in=NET_ASSETS), "credit")
    back = on_side(Q(kind__in=EXPENSES), "credit") & on_side(Q(kind__in=NET_ASSETS), "debit")
    posted = moved & Q(kind__in=POSTED)
    return {
        "cases": negative(gained(costs & Q(case_id__isnull=False), side=FUND_ACCOUNTS)),
        "running": _running_parts(scope, position),
        # A grant's share of running costs goes to another fund: nothing leaves the bank a second time.
        "shared": gained(costs & Q(category=Category.INDIRECT), side=FUND_ACCOUNTS),
        # A gift reaches its fund without the fee, which the payment company kept.
        "withheld": [(posted & on_side(Q(kind=AccountKind.FEES), "debit") & _GIFT, 1)],
        "uncovered": negative(gained(costs, side=Q(kind=AccountKind.UNCOVERED))),
        "returned": negative(gained(moved & _GRANT_RETURN, side=FUND_ACCOUNTS)),
        "bank": [(posted & spent, 1), (posted & back, -1)],
    }.get(name, [])


def _together(scope: Scope, position: Position) -> Section:
    sums = {name: total(_part(scope, position, name)) for name in (*_KINDS_OF_COST, "bank")}
    rows: list[Row] = [(name, sums[name]) for name in _KINDS_OF_COST]
    together = columns.added(rows, 1)
    return Section(
        key="together",
        title=_("Cases and running costs against the bank"),
        columns=(
            Column("cost", _("Cost"), "code", labels=_costs()),
            columns.money("amount", _("Paid in the period")),
        ),
        rows=rows,
        totals=(None, together),
        note=_("What cases and running costs took from the funds is what left banks, clearing and advances."),
        facts=(
            columns.figure("together", _("Cases and running costs"), together),
            columns.figure("bank", _("Left the bank and clearing"), sums["bank"]),
            columns.figure("difference", _("Difference"), together - sums["bank"]),
        ),
    )


def _costs() -> dict[str, str]:
    return {
        "cases": _("Cases"),
        "running": _("Running costs"),
        "shared": _("Of it charged by one fund to another"),
        "withheld": _("Fees kept back from gifts"),
        "uncovered": _("Losses no fund has covered yet"),
        "returned": _("Grants given back to their funders"),
    }


def behind(scope: Scope, position: Position, section: Section, row: Row | None, key: str) -> Parts:
    """The transfers of a figure of this report."""
    if section.key == "cases":
        case = None
        if row is not None:
            case = Case.objects.filter(reference=row[0]).values_list("pk", flat=True).first() or uuid.UUID(
                str(row[0])
            )
        return Measures(scope, position, case).parts(key)
    if section.key == "running" and key == "amount":
        return _running_parts(scope, position, str(row[0]) if row else "")
    if section.key == "together":
        if row is not None:
            return _part(scope, position, str(row[0]))
        if key == "bank":
            return _part(scope, position, "bank")
        if key in ("amount", "together"):
            return [part for name in _KINDS_OF_COST for part in _part(scope, position, name)]
    return []
