"""Where two funders could be told of the same cost. Empty lists are the proof that none was.

What a funder's report counts is taken from the report's own description (reports/types/grant_lines.py), so
the proof is about the reports themselves and not about a second opinion of the books.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import F, Q, QuerySet, Sum

from reports.audit_pack.pairs import doubles
from reports.measures import behind
from reports.scope import Position
from reports.types.funding_behind import RECEIPTS
from reports.types.grant_lines import spending
from treasury.asking import Rows, rows
from treasury.kinds import POSTED, TRACED
from treasury.models import Grant, Transfer
from treasury.standing import within

# Why a line stands here.
TWICE, ASTRAY, ABOVE, SAME_VOUCHER = "in-two-reports", "names-another-fund", "above-its-cost", "same-voucher"


@dataclass(frozen=True)
class Doubled:
    """One cost that two funders could be told of. ``funds`` are their codes, in order."""

    why: str
    journal: int
    amount_minor: int
    funds: tuple[str, ...]
    about: str


def found(position: Position) -> list[Doubled]:
    """All of them, as the books are known at the position."""
    return [*in_two_reports(position), *astray(position), *above_cost(position), *same_voucher(position)]


def in_two_reports(position: Position) -> Iterator[Doubled]:
    """Transfers that the spending of two funders' reports counts."""
    first: dict[str, str] = {}
    for grant in Grant.objects.select_related("fund").order_by("fund__code"):
        rows = behind(spending(grant, within(position.journal_number)))
        for key, number, amount in rows.values_list("id", "journal__number", "amount_minor").iterator():
            other = first.setdefault(key, grant.fund.code)
            if other != grant.fund.code:
                yield Doubled(TWICE, number, amount, (other, grant.fund.code), key)


def astray(position: Position) -> Iterator[Doubled]:
    """Transfers out of one fund's account that name another fund."""
    rows = _out(position).exclude(fund_id=F("debit__subject_id")).select_related("journal", "fund", "debit")
    for row in rows.order_by("journal__number", "line").iterator():
        named = row.fund.code if row.fund is not None else "-"
        yield Doubled(ASTRAY, row.journal.number, row.amount_minor, (row.debit.code, named), row.id)


def above_cost(position: Position) -> Iterator[Doubled]:
    """Journals whose costs are charged to funds for more than was spent."""
    costs = Transfer.objects.filter(within(position.journal_number), kind__in=POSTED).order_by()
    beside = costs.exclude(_funds("debit") | _funds("credit"))
    beside = beside.exclude(Q(debit__kind="ceiling") | Q(credit__kind="ceiling"))
    spent = dict(beside.values_list("journal__number").annotate(total=Sum("amount_minor")))
    charged = _out(position).exclude(credit__kind__in=TRACED).order_by().values_list("journal__number")
    for number, total in sorted(charged.annotate(total=Sum("amount_minor"))):
        if total > spent.get(number, total):
            funds = _funds_of(_out(position).filter(journal__number=number))
            yield Doubled(ABOVE, number, total - spent[number], funds, str(number))


def same_voucher(position: Position) -> Iterator[Doubled]:
    """Pairs of claims that look like one voucher and that different funds paid."""
    for pair in doubles(position):
        paid = [claim["paid_in_id"] for claim in (pair.first, pair.second)]
        funds = [_funds_of(_out(position).filter(journal__in=[key] if key else [])) for key in paid]
        together = tuple(sorted({*funds[0], *funds[1]}))
        if all(funds) and len(together) > 1:
            about = f"{pair.first['id']} {pair.second['id']}"
            yield Doubled(SAME_VOUCHER, pair.journal, int(pair.second["base_minor"]), together, about)


def difference() -> int:
    """The law: what two funders' reports both count, in minor units. 0 when it holds."""
    return sum(total for _category, total in rows(_counted_twice))


def _counted_twice() -> Rows:
    both = _funds("credit") & ~Q(category__in=RECEIPTS)
    other = ~Q(fund_id=F("debit__subject_id"))
    out = Transfer.objects.filter(_funds("debit") & (both | other), kind__in=POSTED).order_by()
    return out.values_list("category").annotate(total=Sum("amount_minor"))


def _funds(side: str) -> Q:
    return Q(**{f"{side}__kind__in": TRACED})


def _out(position: Position) -> QuerySet[Transfer]:
    """What left funds for costs."""
    moved = Transfer.objects.filter(within(position.journal_number), kind__in=POSTED)
    return moved.filter(_funds("debit")).exclude(category__in=RECEIPTS)


def _funds_of(rows: QuerySet[Transfer]) -> tuple[str, ...]:
    codes = rows.order_by("debit__code").values_list("debit__code", flat=True).distinct()
    return tuple(code.removeprefix("fund:") for code in codes)
