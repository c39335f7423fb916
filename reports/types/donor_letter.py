"""A letter to the givers of a fund: what came in closed batches, and what each was used for, late and coarse.

It says what ``donations.published`` lets a giver see of a batch, computed as the log knew it: closed batches
only, quarters three months after their end, amounts rounded down to hundreds, four groups of costs.
"""

import datetime
import uuid
from collections import defaultdict

from django.db.models import Q
from django.utils.translation import gettext as _

from donations import published
from reports.exclusion import day_of
from reports.known import versions_at
from reports.measures import Parts, by_key, on_side, total
from reports.render.document import Column, Fact, Row, Section
from reports.scope import Position, Scope
from reports.types import columns
from treasury.kinds import POSTED, TRACED, BatchKind, Category
from treasury.models import Batch, Transfer
from treasury.standing import within

_GROUPS: dict[str, tuple[Category, ...]] = {
    published.FEES: (Category.FEE,),
    published.APPEALS: (Category.APPEAL, Category.COURT_FEE),
    published.ROAD: (Category.VISIT, Category.TRAVEL),
}
_GROUP_OF: dict[str, str] = {
    category: group for group, categories in _GROUPS.items() for category in categories
}
_NO_USE = (Category.REFUND, Category.DISPUTE, Category.PROCESSING_FEE, Category.ALLOCATION)


def build(scope: Scope, position: Position) -> list[Section]:
    """Closed batches, and their use by quarter."""
    batches = _closed(scope, position)
    return [_batches(batches, position), _uses(batches, scope, position)]


def _closed(scope: Scope, position: Position) -> list[tuple[uuid.UUID, str]]:
    """Batches of gifts that were closed by the end of the period, with their names, in order."""
    fund = scope.fund()
    which = {"kind": BatchKind.GIFTS, **({"fund_id": fund.pk} if fund else {})}
    rows = versions_at(Batch, position.log_size, "fund__code", "number", "closed_on", **which)
    found = [row for row in rows if row["closed_on"] and row["closed_on"] <= scope.ends_on]
    found.sort(key=lambda row: (row["fund__code"], row["number"]))
    return [(row["id"], f"{row['fund__code']} {row['number']}") for row in found]


def _gifts(batch: uuid.UUID, position: Position) -> Q:
    into = on_side(Q(kind__in=TRACED), "credit")
    return within(position.journal_number) & Q(batch=batch, category=Category.GIFT, kind__in=POSTED) & into


def _rounded(minor: int) -> int:
    return minor // published.ROUND_TO_MINOR * published.ROUND_TO_MINOR


def _batches(batches: list[tuple[uuid.UUID, str]], position: Position) -> Section:
    rows: list[Row] = []
    for batch, name in batches:
        gifts = Transfer.objects.filter(_gifts(batch, position)).count()
        sums: Parts = [(_gifts(batch, position), 1)]
        near = gifts // published.ROUND_GIFTS_TO * published.ROUND_GIFTS_TO
        rows.append((name, near, _rounded(total(sums))))
    return Section(
        key="batches",
        title=_("What came"),
        columns=(
            Column("batch", _("Batch"), "text"),
            Column("gifts", _("Gifts, about"), "count"),
            columns.money("amount", _("Amount, about")),
        ),
        rows=rows,
        totals=(None, sum(int(str(row[1])) for row in rows), columns.added(rows, 2)),
        note=_("Gifts are told in batches of fifty or more, so that no single one can be read from a sum."),
        facts=(
            Fact("gifts", _("Gifts, about"), "count", sum(int(str(row[1])) for row in rows)),
            columns.figure("amount", _("Given, about"), columns.added(rows, 2)),
        ),
    )


def _uses(batches: list[tuple[uuid.UUID, str]], scope: Scope, position: Position) -> Section:
    today = day_of(position.log_size)
    rows: list[Row] = []
    sums: dict[str, int] = defaultdict(int)
    for batch, name in batches:
        by_group: dict[tuple[datetime.date, str], int] = defaultdict(int)
        for (day, category), minor in _spent(batch, scope, position).items():
            by_group[published.quarter_of(day), _GROUP_OF.get(category, published.OTHER)] += minor
        for (quarter, group), minor in sorted(by_group.items(), key=lambda item: str(item[0])):
            late = today is not None and published.shown_on(quarter) <= today
            if late and _rounded(minor):
                rows.append((name, quarter, group, _rounded(minor)))
                sums[group] += _rounded(minor)
    labels = groups()
    return Section(
        key="uses",
        title=_("What it was used for"),
        columns=(
            Column("batch", _("Batch"), "text"),
            Column("quarter", _("Quarter from"), "date"),
            Column("group", _("Used for"), "code", labels=labels),
            columns.money("amount", _("Amount, about")),
        ),
        rows=rows,
        totals=(None, None, None, columns.added(rows, 3)),
        note=_("A quarter is told three months after its end, rounded down to hundreds."),
        facts=(columns.figure("used", _("Used so far, about"), columns.added(rows, 3)),),
        bars=tuple(columns.bar(group, labels[group], sums[group]) for group in labels if sums[group]),
    )


def _out(batch: uuid.UUID, scope: Scope, position: Position) -> Q:
    """Transfers by which the batch paid; a payment that was undone is no use."""
    number = position.journal_number
    out = within(number, ends_on=scope.ends_on) & Q(batch=batch, kind__in=POSTED)
    out &= on_side(Q(kind__in=TRACED), "debit") & ~on_side(Q(kind__in=TRACED), "credit")
    undone = Q(journal__reversed_in__number__lte=number) | Q(journal__reverses__isnull=False)
    return out & ~undone & ~Q(category__in=_NO_USE)


def _spent(batch: uuid.UUID, scope: Scope, position: Position) -> dict[tuple[datetime.date, str], int]:
    """What the batch paid, by day and category."""
    out = _out(batch, scope, position)
    found: dict[tuple[datetime.date, str], int] = {}
    for category in by_key([(out, 1)], "category"):
        days = by_key([(out & Q(category=category), 1)], "journal__booked_on")
        found |= {(day, category): minor for day, minor in days.items()}
    return found


def behind(scope: Scope, position: Position, section: Section, row: Row | None, key: str) -> Parts:
    """The transfers of one batch, or of one quarter of its use; the letter rounds what they make down."""
    if row is None or key != "amount":
        return []
    batches = {name: batch for batch, name in _closed(scope, position)}
    batch = batches[str(row[0])]
    if section.key == "batches":
        return [(_gifts(batch, position), 1)]
    first = row[1]
    if section.key != "uses" or not isinstance(first, datetime.date):
        return []
    days = (first, published.ends_on(first))
    named = Q(category__in=_GROUPS.get(str(row[2]), ()))
    if row[2] == published.OTHER:
        named = ~Q(category__in=list(_GROUP_OF))
    return [(_out(batch, scope, position) & named & Q(journal__booked_on__range=days), 1)]


def groups() -> dict[str, str]:
    """What costs are told as."""
    return {
        published.FEES: _("Counsel"),
        published.APPEALS: _("Appeals and court fees"),
        published.ROAD: _("Visits and travel"),
        published.OTHER: _("Other costs of defence"),
    }
