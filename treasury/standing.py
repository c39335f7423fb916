"""How money stands: read functions for pages, commands and reports.

All figures come from transfers, so each can be taken as of a journal number (``upto``): journals are
numbered in the order of the event log, so a report bound to a log position names the last number in it.
``None`` means everything so far. Days are those the journals are booked on.
"""

import datetime
import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet, Sum

from treasury.kinds import POSTED, TRACED, AccountKind, Category, FundKind, TransferKind
from treasury.models import Account, Balance, Fund, FundCase, Journal, Transfer

_HELD: dict[str, int] = {TransferKind.PEND: 1, TransferKind.POST_PEND: -1, TransferKind.VOID_PEND: -1}


@dataclass
class TrialRow:
    """One account of the trial balance; opening and closing are debits less credits, in minor units."""

    code: str
    kind: str
    opening_minor: int = 0
    debit_minor: int = 0
    credit_minor: int = 0

    @property
    def closing_minor(self) -> int:
        return self.opening_minor + self.debit_minor - self.credit_minor


@dataclass
class FundRow:
    """One fund in a period; ``receipts`` and ``spending`` are {category: minor units}, net of reversals.

    ``committed_minor`` is all that is not free; ``held_minor`` of it are gifts held for a decision.
    """

    fund: Fund
    opening_minor: int = 0
    receipts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    spending: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    committed_minor: int = 0
    held_minor: int = 0

    @property
    def closing_minor(self) -> int:
        return self.opening_minor + sum(self.receipts.values()) - sum(self.spending.values())

    @property
    def agreed_minor(self) -> int:
        """What commitments hold, without gifts that wait for a decision."""
        return self.committed_minor - self.held_minor

    @property
    def free_minor(self) -> int:
        """Closing less what is committed and held at the end."""
        return self.closing_minor - self.committed_minor


@dataclass
class CaseRow:
    """What one case costs: ``raised`` in its own fund, ``drawn`` (paid or committed) from other funds."""

    case_id: uuid.UUID
    budget_minor: int = 0
    raised_minor: int = 0
    drawn_minor: int = 0
    committed_minor: int = 0
    paid_minor: int = 0
    own_free_minor: int = 0

    @property
    def short_minor(self) -> int:
        """What is still to be found: budget less paid, committed and free in its own fund."""
        left = self.budget_minor - self.paid_minor - self.committed_minor - self.own_free_minor
        return max(left, 0)


def last_number() -> int:
    """The number of the last journal; 0 in empty books."""
    return Journal.objects.order_by("-number").values_list("number", flat=True).first() or 0


def within(
    upto: int | None, starts_on: datetime.date | None = None, ends_on: datetime.date | None = None
) -> Q:
    """Transfers of journals up to a number, booked within the days."""
    limit = Q()
    if upto is not None:
        limit &= Q(journal__number__lte=upto)
    if starts_on is not None:
        limit &= Q(journal__booked_on__gte=starts_on)
    if ends_on is not None:
        limit &= Q(journal__booked_on__lte=ends_on)
    return limit


# Sources of receipts, of an allocation's both sides, and of undone ones: the category decides the column.
_RECEIPTS = {Category.GIFT, Category.GRANT, Category.OPENING, Category.ALLOCATION, Category.OTHER_INCOME}


def trial_balance(
    starts_on: datetime.date, ends_on: datetime.date, upto: int | None = None
) -> list[TrialRow]:
    """Every account with its opening, movement and closing; the columns of each add up to zero."""
    rows = {a.id: TrialRow(code=a.code, kind=a.kind) for a in Account.objects.order_by("code")}
    moved = Transfer.objects.filter(within(upto, ends_on=ends_on), kind__in=POSTED)
    before = Q(journal__booked_on__lt=starts_on)
    for side, sign in (("debit_id", 1), ("credit_id", -1)):
        sums = (
            moved.order_by()
            .values_list(side)
            .annotate(
                opening=Sum("amount_minor", filter=before), movement=Sum("amount_minor", filter=~before)
            )
        )
        for account_id, opening, movement in sums:
            row = rows[account_id]
            row.opening_minor += sign * (opening or 0)
            if sign > 0:
                row.debit_minor = movement or 0
            else:
                row.credit_minor = movement or 0
    return [row for row in rows.values() if row.opening_minor or row.debit_minor or row.credit_minor]


def fund_balances(
    starts_on: datetime.date, ends_on: datetime.date, upto: int | None = None, fund: Fund | None = None
) -> list[FundRow]:
    """Each fund's opening, receipts, spending, closing and commitments, from transfers."""
    funds = Fund.objects.all() if fund is None else Fund.objects.filter(pk=fund.pk)
    rows = {row.id: FundRow(row) for row in funds}
    touched = Transfer.objects.filter(within(upto, ends_on=ends_on)).order_by()
    before = Q(journal__booked_on__lt=starts_on)
    for side in ("credit", "debit"):
        sums = touched.filter(**{f"{side}__kind__in": TRACED, f"{side}__subject_id__in": list(rows)})
        grouped = sums.values(f"{side}__subject_id", "category", "kind").annotate(
            opening=Sum("amount_minor", filter=before, default=0),
            movement=Sum("amount_minor", filter=~before, default=0),
        )
        for group in grouped:
            _add(rows[group[f"{side}__subject_id"]], group, 1 if side == "credit" else -1)
    return list(rows.values())


def _add(row: FundRow, group: dict[str, Any], sign: int) -> None:
    opening, movement = group["opening"], group["movement"]
    if group["kind"] in POSTED:
        row.opening_minor += sign * opening
        if movement:
            received = group["category"] in _RECEIPTS
            column, way = (row.receipts, sign) if received else (row.spending, -sign)
            column[group["category"]] += way * movement
    if sign < 0:
        change = _HELD.get(group["kind"], 0) * (opening + movement)
        row.committed_minor += change
        row.held_minor += change if group["category"] == Category.GIFT else 0


def case_costs(
    upto: int | None = None, ends_on: datetime.date | None = None, case_id: uuid.UUID | None = None
) -> list[CaseRow]:
    """What each case with a ceiling or a cost has cost, as of a journal number and a day."""
    rows: dict[uuid.UUID, CaseRow] = {}
    moved = Transfer.objects.filter(within(upto, ends_on=ends_on), case_id__isnull=False).order_by()
    if case_id is not None:
        moved = moved.filter(case_id=case_id)
    _add_ceilings(rows, moved)
    own = _own_funds(case_id)
    _add_drawn(rows, moved, own)
    _add_own(rows, own, upto, ends_on)
    return sorted(rows.values(), key=lambda row: str(row.case_id))


def _add_drawn(
    rows: dict[uuid.UUID, CaseRow], moved: QuerySet[Transfer], own: dict[uuid.UUID, uuid.UUID]
) -> None:
    """A hold counts when it is made, so posting it adds nothing; what goes back is taken off."""
    others = moved.exclude(kind=TransferKind.POST_PEND).exclude(fund_id__in=list(own))
    for side, sign in (("debit", 1), ("credit", -1)):
        grouped = others.filter(**{f"{side}__kind__in": TRACED}).values_list("case_id", "kind")
        for case, kind, total in grouped.annotate(total=Sum("amount_minor")):
            way = -sign if kind == TransferKind.VOID_PEND else sign
            rows.setdefault(case, CaseRow(case)).drawn_minor += way * total


def _add_ceilings(rows: dict[uuid.UUID, CaseRow], moved: QuerySet[Transfer]) -> None:
    for side, sign in (("debit", 1), ("credit", -1)):
        grouped = moved.filter(**{f"{side}__kind": AccountKind.CEILING}).values_list(
            "case_id", "category", "kind"
        )
        for case, category, kind, total in grouped.annotate(total=Sum("amount_minor")):
            row = rows.setdefault(case, CaseRow(case))
            if category == Category.CEILING:
                row.budget_minor -= sign * total
            else:
                row.committed_minor += sign * _HELD.get(kind, 0) * total
                row.paid_minor += sign * total if kind in POSTED else 0


def _own_funds(case_id: uuid.UUID | None) -> dict[uuid.UUID, uuid.UUID]:
    """Funds of one case: {fund: case}."""
    listed = FundCase.objects.filter(fund__kind=FundKind.CASE)
    if case_id is not None:
        listed = listed.filter(case_id=case_id)
    return dict(listed.values_list("fund_id", "case_id"))


def _add_own(
    rows: dict[uuid.UUID, CaseRow],
    own: dict[uuid.UUID, uuid.UUID],
    upto: int | None,
    ends_on: datetime.date | None,
) -> None:
    last = ends_on or datetime.date.max
    for balance in fund_balances(datetime.date.min, last, upto) if own else []:
        if (case := own.get(balance.fund.id)) is not None:
            row = rows.setdefault(case, CaseRow(case))
            row.raised_minor += sum(balance.receipts.values())
            row.own_free_minor += balance.free_minor


def uncovered_minor() -> int:
    """Losses that no fund has covered yet: an alarm for the second officer, not an error of the books."""
    balances = Balance.objects.filter(account__kind=AccountKind.UNCOVERED)
    return -sum(balance.posted_minor for balance in balances)


def control_figures(starts_on: datetime.date, ends_on: datetime.date) -> tuple[int, int]:
    """How many journals are booked within these days, and the sum of what they posted."""
    posted = posted_within(starts_on, ends_on).aggregate(total=Sum("amount_minor"))["total"]
    return booked_within(starts_on, ends_on).count(), int(posted or 0)


def booked_within(starts_on: Any, ends_on: Any) -> QuerySet[Journal]:
    """Journals of these days, which may be those of a row that is asked about (``OuterRef``)."""
    return Journal.objects.filter(booked_on__range=(starts_on, ends_on))


def posted_within(starts_on: Any, ends_on: Any) -> QuerySet[Transfer]:
    """What those journals posted."""
    return Transfer.objects.filter(within(None, starts_on, ends_on), kind__in=POSTED)
