"""A grant against its own budget: what each of the funder's lines has cost and still holds."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Sum

from treasury import standing
from treasury.kinds import TRACED
from treasury.models import Grant, GrantLine, Hold


@dataclass(frozen=True)
class LineStanding:
    """One line in minor units; ``remaining_minor`` below zero is overspent."""

    line: GrantLine
    actual_minor: int
    committed_minor: int

    @property
    def remaining_minor(self) -> int:
        return self.line.amount_minor - self.actual_minor - self.committed_minor


def lines_of(grant: Grant) -> list[LineStanding]:
    """Each line with what was spent and what is held for its categories in the grant's fund."""
    fund = grant.fund
    row = standing.fund_balances(grant.starts_on, grant.ends_on, fund=fund)[0]
    held = Hold.objects.filter(transfer__debit__subject_id=fund.pk, transfer__debit__kind__in=TRACED)
    holds = dict(held.order_by().values_list("transfer__category").annotate(total=Sum("remaining_minor")))
    return [
        LineStanding(line, _of(row.spending, line.categories), _of(holds, line.categories))
        for line in grant.lines.all()
    ]


def _of(sums: dict[str, int], categories: Iterable[str]) -> int:
    return sum(sums.get(category) or 0 for category in categories)
