"""What the figures of the funding statement and of the trial balance are made of."""

import datetime

from django.db.models import Q

from reports.measures import FUND_ACCOUNTS, Parts, gained, negative, on_side, reserved
from reports.render.document import Row, Section
from reports.scope import Position, Scope
from treasury.kinds import NET_ASSETS, POSTED, AccountKind, Category
from treasury.models import Fund
from treasury.standing import within

# What adds to a fund; everything else is spending. As treasury.standing has it: a test compares.
RECEIPTS = (Category.GIFT, Category.GRANT, Category.OPENING, Category.ALLOCATION, Category.OTHER_INCOME)
EXPENSES = (
    AccountKind.PROGRAMME,
    AccountKind.STAFF,
    AccountKind.OFFICE,
    AccountKind.FEES,
    AccountKind.REFUNDS,
    AccountKind.FX,
)
_RECEIVED = Q(category__in=RECEIPTS)


def during(scope: Scope, position: Position) -> Q:
    """Transfers booked in the period."""
    return within(position.journal_number, scope.starts_on, scope.ends_on)


def until(scope: Scope, position: Position) -> Q:
    """Transfers booked up to the end of the period."""
    return within(position.journal_number, ends_on=scope.ends_on)


def before(scope: Scope, position: Position) -> Q:
    """Transfers booked before the period."""
    return within(position.journal_number, ends_on=scope.starts_on - datetime.timedelta(days=1))


def side_of(code: str) -> Q:
    """The account of a fund; all funds without a code."""
    if not code:
        return FUND_ACCOUNTS
    return FUND_ACCOUNTS & Q(subject_id=Fund.objects.values_list("pk", flat=True).get(code=code))


def fund_figure(scope: Scope, position: Position, code: str, key: str) -> Parts:
    """One of opening, received, spent, closing, committed, free of a fund; nothing for another key."""
    side, moved = side_of(code), during(scope, position)
    if key == "opening":
        return gained(before(scope, position), side=side)
    if key == "received":
        return gained(moved & _RECEIVED, side=side)
    if key == "spent":
        return negative(gained(moved & ~_RECEIVED, side=side))
    closing = gained(until(scope, position), side=side)
    committed = reserved(until(scope, position), side)
    if key == "closing":
        return closing
    if key == "committed":
        return committed
    return [*closing, *negative(committed)] if key == "free" else []


def statement(scope: Scope, position: Position, section: Section, row: Row | None, key: str) -> Parts:
    """A figure of the funding statement."""
    if section.key == "funds":
        return fund_figure(scope, position, str(row[0]) if row else scope.fund_code, key)
    if section.key in ("receipts", "spending") and key == "amount":
        return _by_category(scope, position, section.key, row)
    if section.key == "income-and-expenditure":
        return _income(scope, position, row, key)
    if section.key == "places":
        return _places(scope, position, row, key)
    return []


def _by_category(scope: Scope, position: Position, section: str, row: Row | None) -> Parts:
    moved = during(scope, position) & (_RECEIVED if section == "receipts" else ~_RECEIVED)
    if row is not None:
        moved &= Q(category=row[2])
    parts = gained(moved, side=side_of(str(row[0]) if row else scope.fund_code))
    return parts if section == "receipts" else negative(parts)


def _income(scope: Scope, position: Position, row: Row | None, key: str) -> Parts:
    moved = during(scope, position)
    if row is not None:
        parts = gained(moved, side=Q(code=row[1]))
        return parts if row[0] == "income" else negative(parts)
    income = gained(moved, side=Q(kind=AccountKind.INCOME))
    expenditure = gained(moved, side=Q(kind__in=EXPENSES))
    return {"income": income, "expenditure": negative(expenditure), "result": [*income, *expenditure]}.get(
        key, []
    )


def _places(scope: Scope, position: Position, row: Row | None, key: str) -> Parts:
    side = Q(kind__in=NET_ASSETS) if row is None else Q(code=row[0])
    places = negative(gained(until(scope, position), side=side))
    if key in ("closing", "places"):
        return places
    funds = gained(until(scope, position), side=FUND_ACCOUNTS | Q(kind=AccountKind.UNCOVERED))
    return funds if key == "funds" else []


def account(scope: Scope, position: Position, section: Section, row: Row | None, key: str) -> Parts:
    """A figure of the trial balance."""
    if section.key not in ("accounts", "classes"):
        return []
    side = _accounts(section, row)
    posted = Q(kind__in=POSTED)
    if key in ("debit", "debits"):
        return [(during(scope, position) & posted & on_side(side, "debit"), 1)]
    if key in ("credit", "credits"):
        return [(during(scope, position) & posted & on_side(side, "credit"), 1)]
    if key == "opening":
        return negative(gained(before(scope, position), side=side))
    return negative(gained(until(scope, position), side=side)) if key == "closing" else []


def _accounts(section: Section, row: Row | None) -> Q:
    if row is None:
        return Q(code__gt="")
    if section.key == "accounts":
        return Q(code=row[0])
    from reports.types.trial_balance import kinds_of

    return Q(kind__in=kinds_of(str(row[0])))
