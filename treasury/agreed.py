"""What a grant's agreement leaves: instalments to come, indirect costs, lines, commitments ahead."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, Sum

from treasury import chart
from treasury.books import Entry
from treasury.currencies import amount_text
from treasury.kinds import CASE_COSTS, POSTED, RUNNING_COSTS, TRACED, AccountKind, Category
from treasury.lines import limit_minor
from treasury.models import Balance, Fund, Grant, GrantLine, Hold, Transfer

COSTS = (*CASE_COSTS, *RUNNING_COSTS)


@dataclass(frozen=True)
class LineStanding:
    """One line in minor units; ``remaining_minor`` below zero is overspent, ``room_minor`` what may go on."""

    line: GrantLine
    actual_minor: int
    committed_minor: int

    @property
    def remaining_minor(self) -> int:
        return self.line.amount_minor - self.actual_minor - self.committed_minor

    @property
    def room_minor(self) -> int:
        """What may still be committed: the line, and what the funder lets it be overspent by."""
        return limit_minor(self.line) - self.actual_minor - self.committed_minor


@dataclass(frozen=True)
class Ahead:
    """Commitments that rest on signed instalments. ``bare_minor`` rests on nothing that is still to come."""

    limit_minor: int
    resting_minor: int
    signed_minor: int

    @property
    def bare_minor(self) -> int:
        return max(self.resting_minor - self.signed_minor, 0)


def outstanding_minor(grant: Grant) -> int:
    """Instalments that are signed and have not come."""
    to_come = grant.instalments.filter(received_on=None).aggregate(total=Sum("amount_minor"))
    return int(to_come["total"] or 0)


def ahead_of(grant: Grant) -> Ahead:
    """How commitments ahead stand against the board's limit and the signed instalments."""
    kept = Balance.objects.filter(account__kind=AccountKind.AHEAD, account__subject_id=grant.fund_id).first()
    resting = kept.debit_pending if kept else 0
    return Ahead(grant.ahead_minor, resting, outstanding_minor(grant))


def limit_entries(fund: Fund, change_minor: int) -> list[Entry]:
    """Raise or lower what may be committed ahead."""
    account, control = chart.accounts(chart.ahead_place(fund))[0], chart.ahead_control()
    if change_minor > 0:
        return [Entry(control, account, change_minor, Category.LIMIT, fund=fund)]
    if change_minor < 0:
        return [Entry(account, control, -change_minor, Category.LIMIT, fund=fund)]
    return []


def spent_minor(grant: Grant, categories: Iterable[str]) -> int:
    """What left the grant's fund for these categories, less what came back."""
    moved = Transfer.objects.filter(kind__in=POSTED, category__in=list(categories)).order_by()
    out = moved.filter(debit__kind__in=TRACED, debit__subject_id=grant.fund_id)
    back = moved.filter(credit__kind__in=TRACED, credit__subject_id=grant.fund_id)
    sums = [rows.aggregate(total=Sum("amount_minor"))["total"] or 0 for rows in (out, back)]
    return int(sums[0] - sums[1])


def indirect_left_minor(grant: Grant) -> int:
    """What may still be taken for indirect costs: the agreed share of direct costs, less what was taken."""
    allowed = spent_minor(grant, COSTS) * grant.indirect_basis_points // 10_000
    return allowed - spent_minor(grant, [Category.INDIRECT])


def lines_of(grant: Grant) -> list[LineStanding]:
    """Each line with what was spent and is held for its categories in the grant's fund, or ahead of it."""
    on_fund = Q(debit__subject_id=grant.fund_id, debit__kind__in=TRACED)
    off_fund = Q(credit__subject_id=grant.fund_id, credit__kind__in=TRACED)
    moved = Transfer.objects.filter(kind__in=POSTED).order_by().values_list("category")
    spent = dict(moved.filter(on_fund).annotate(total=Sum("amount_minor")))
    for category, total in moved.filter(off_fund).annotate(total=Sum("amount_minor")):
        spent[category] = spent.get(category, 0) - total
    held = Hold.objects.filter(
        transfer__debit__subject_id=grant.fund_id, transfer__debit__kind__in=(*TRACED, AccountKind.AHEAD)
    )
    holds = dict(held.order_by().values_list("transfer__category").annotate(total=Sum("remaining_minor")))
    return [
        LineStanding(line, _of(spent, line.categories), _of(holds, line.categories))
        for line in grant.lines.select_related("grant")
    ]


def _of(sums: dict[str, int], categories: Iterable[str]) -> int:
    return sum(sums.get(category) or 0 for category in categories)


def amounts(**minor: int) -> dict[str, str]:
    """Amounts of a refusal as text."""
    return {name: amount_text(value, chart.base_currency()) for name, value in minor.items()}
