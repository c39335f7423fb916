"""A grant as it was known at a position of the log: its lines, instalments, what each line has cost."""

import datetime
import uuid
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from reports.known import versions_at, written_by
from reports.measures import FUND_ACCOUNTS, Parts, by_key, gained, negative, reserved
from reports.models import Explanation
from reports.scope import Position, Scope
from reports.types.funding_behind import RECEIPTS, before, during, until
from reports.types.registry import NeedsGrant
from treasury.kinds import TRACED, AccountKind
from treasury.models import Grant, GrantLine, Instalment

# Where the agreement has no limit of its own: a line off its plan by more than a tenth is explained.
LIMIT_BASIS_POINTS = 1_000
NO_LINE = 0  # the number under which spending stands that no line of the funder covers


@dataclass
class LineFigures:
    """One line of the funder in minor units; ``planned`` is the budget's share of the days gone by."""

    number: int
    title: str
    budget_minor: int
    categories: tuple[str, ...]
    key: uuid.UUID | None = None
    planned_before_minor: int = 0
    planned_minor: int = 0
    before_minor: int = 0
    period_minor: int = 0
    committed_minor: int = 0
    explanation: str = ""
    sums: dict[str, int] = field(default_factory=dict)

    @property
    def actual_minor(self) -> int:
        return self.before_minor + self.period_minor

    @property
    def remaining_minor(self) -> int:
        return self.budget_minor - self.actual_minor - self.committed_minor

    @property
    def variance_minor(self) -> int:
        """Spent beyond the plan; below zero where less was spent."""
        return self.actual_minor - self.planned_minor

    @property
    def percent(self) -> int | None:
        """The variance in percent of the plan, rounded; None without a plan."""
        return round(100 * self.variance_minor / self.planned_minor) if self.planned_minor else None


def grant_of(scope: Scope) -> Grant:
    """The grant whose fund was chosen. Raises NeedsGrant."""
    found = Grant.objects.select_related("fund").filter(fund__code=scope.fund_code).first()
    if found is None:
        raise NeedsGrant()
    return found


def needs_grant(scope: Scope) -> None:
    """Raises NeedsGrant."""
    grant_of(scope)


def limit_of(grant: Grant) -> int:
    """From how many basis points of its plan a line's variance has to be explained."""
    return grant.reallocation_basis_points or LIMIT_BASIS_POINTS


def needs_words(line: LineFigures, grant: Grant) -> bool:
    """Whether the variance is above the limit; spending without a plan always is."""
    return abs(line.variance_minor) * 10_000 > limit_of(grant) * line.planned_minor


def lines_of(grant: Grant, scope: Scope, position: Position) -> list[LineFigures]:
    """The funder's lines in their order; last, if there is any, what was spent outside all of them."""
    lines = [
        _line(row, grant, scope)
        for row in versions_at(
            GrantLine, position.log_size, "number", "title", "amount_minor", "categories", grant_id=grant.pk
        )
    ]
    lines.sort(key=lambda line: line.number)
    _add_sums(lines, grant, scope, position)
    _add_words(lines, scope, position)
    return lines


def instalments_of(grant: Grant, position: Position) -> list[dict[str, Any]]:
    """number, amount_minor, due_on, received_on, received_minor of each, in order."""
    fields = ("number", "amount_minor", "due_on", "received_on", "received_minor")
    rows = versions_at(Instalment, position.log_size, *fields, grant_id=grant.pk)
    return sorted(rows, key=lambda row: row["number"])


def _line(row: dict[str, Any], grant: Grant, scope: Scope) -> LineFigures:
    budget = row["amount_minor"]
    day_before = scope.starts_on - datetime.timedelta(days=1)
    return LineFigures(
        row["number"],
        row["title"],
        budget,
        tuple(row["categories"]),
        row["id"],
        planned_before_minor=_planned(budget, grant, day_before),
        planned_minor=_planned(budget, grant, scope.ends_on),
    )


def _planned(budget_minor: int, grant: Grant, on: datetime.date) -> int:
    whole = (grant.ends_on - grant.starts_on).days + 1
    gone = min(max((on - grant.starts_on).days + 1, 0), whole)
    return budget_minor * gone // whole


def spending(grant: Grant, moved: Q) -> Parts:
    """What left the grant's fund for costs."""
    return negative(gained(moved & ~Q(category__in=RECEIPTS), side=account_of(grant)))


def days_of(grant: Grant, days: str) -> Q:
    """Transfers booked "inside" or "outside" the days of the agreement."""
    inside = Q(journal__booked_on__range=(grant.starts_on, grant.ends_on))
    return inside if days == "inside" else ~inside


def account_of(grant: Grant) -> Q:
    """The account of the grant's fund."""
    return FUND_ACCOUNTS & Q(subject_id=grant.fund_id)


def holding(grant: Grant) -> Q:
    """The accounts that hold commitments on the grant: its fund, and what rests on signed instalments."""
    return Q(kind__in=(*TRACED, AccountKind.AHEAD)) & Q(subject_id=grant.fund_id)


def _add_sums(lines: list[LineFigures], grant: Grant, scope: Scope, position: Position) -> None:
    home = home_of(lines)
    others = LineFigures(NO_LINE, "", 0, ())
    for name, parts in (
        ("before_minor", spending(grant, before(scope, position))),
        ("period_minor", spending(grant, during(scope, position))),
        ("committed_minor", reserved(until(scope, position), holding(grant))),
    ):
        for category, minor in by_key(parts, "category").items():
            line = home.get(category, others)
            setattr(line, name, getattr(line, name) + minor)
            if name != "committed_minor":
                line.sums[category] = line.sums.get(category, 0) + minor
    if others.actual_minor or others.committed_minor or any(others.sums.values()):
        lines.append(others)


def home_of(lines: list[LineFigures]) -> dict[str, LineFigures]:
    """The line each category counts towards: the first that names it."""
    home: dict[str, LineFigures] = {}
    for line in lines:
        for category in line.categories:
            home.setdefault(category, line)
    return home


def _add_words(lines: list[LineFigures], scope: Scope, position: Position) -> None:
    by_line = {line.key: line for line in lines}
    typed = Explanation.objects.filter(line__in=[key for key in by_line if key], ends_on=scope.ends_on)
    for words in written_by(typed, position.log_size).order_by("written_at", "pk"):
        by_line[words.line_id].explanation = words.text
