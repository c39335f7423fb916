"""Money laws of purposes and agreements: lines of grants, commitments ahead, evidence, doubled gifts."""

from collections import Counter as Tally
from collections.abc import Callable
from typing import Any

from django.db.models import Sum

from treasury import eligible
from treasury.agreed import COSTS
from treasury.asking import Rows, rows
from treasury.kinds import POSTED, TRACED, AccountKind, Category, FundKind, TransferKind
from treasury.lines import accepted_minor
from treasury.models import Balance, Doubling, Fund, Grant, GrantLine, Pledge, Transfer

_RETURNS = "refunds:grants"
_SIGNS = {TransferKind.POST: 1, TransferKind.PEND: 1, TransferKind.VOID_PEND: -1, TransferKind.POST_PEND: 0}
# What leaves a line leaves its fund, or what is committed ahead of it.
_PLACES = {AccountKind.GRANT_LINE: -1, AccountKind.AHEAD: 1, AccountKind.FUND: 1}


def costs_as_restricted() -> int:
    """What funds spent or hold for a cost or a case that they are not for."""
    funds: dict[Any, tuple[str, list[str], set[Any]]] = {}
    for fund, kind, categories, case_id in rows(_funds):
        _kind, _categories, listed = funds.setdefault(fund, (kind, categories, set()))
        listed.update({case_id} - {None})
    return sum(
        total
        for fund, category, case_id, total in rows(_costs)
        if not _is_for(*funds[fund], category, case_id)
    )


def _funds() -> Rows:
    return Fund.objects.order_by().values_list("id", "kind", "categories", "cases__case_id")


def _costs() -> Rows:
    held = Transfer.objects.filter(
        kind__in=(TransferKind.POST, TransferKind.PEND), category__in=COSTS, debit__kind__in=TRACED
    )
    of_each = held.order_by().values_list("debit__subject_id", "category", "case_id")
    return of_each.annotate(total=Sum("amount_minor"))


def _is_for(kind: str, categories: list[str], listed: set[Any], category: str, case_id: Any) -> bool:
    payable = kind not in (FundKind.RESERVE, FundKind.PLEDGE)
    fits = eligible.fits(kind, categories, listed, category, case_id)
    return payable and fits and (not categories or category in categories)


def lines_as_agreed() -> int:
    """Each line's account was given its amount and what the agreement lets it be overspent by."""
    given = dict(rows(_given))
    return sum(
        abs(given[line] - accepted_minor(amount, reallocation))
        for line, amount, reallocation in rows(_agreed)
        if line in given
    )


def _given() -> Rows:
    given = Transfer.objects.filter(category=Category.LIMIT, credit__kind=AccountKind.GRANT_LINE).order_by()
    return given.values_list("credit__subject_id").annotate(total=Sum("amount_minor"))


def _agreed() -> Rows:
    return GrantLine.objects.order_by().values_list("id", "amount_minor", "grant__reallocation_basis_points")


def lines_as_spent() -> int:
    """What a grant's lines spent and hold is what its fund spent and holds for the same costs."""
    off: Tally[tuple[Any, str]] = Tally()
    for fund, category, debit, credit, kind, total in rows(_moved_on_lines):
        # A hold that is posted was counted when it was made; coming back is posted the other way.
        way = _PLACES.get(debit, 0) - _PLACES.get(credit, 0)
        off[fund, category] += way * _SIGNS[kind] * total
    named = {(fund, category) for fund, categories in rows(_named) for category in categories}
    return sum(abs(total) for key, total in off.items() if key in named)


def _moved_on_lines() -> Rows:
    guarded = Balance.objects.filter(account__kind=AccountKind.GRANT_LINE).values("account__subject_id")
    with_lines = GrantLine.objects.filter(id__in=guarded).order_by().values("grant__fund_id")
    moved = Transfer.objects.filter(fund__in=with_lines, category__in=(*COSTS, Category.INDIRECT)).order_by()
    between = moved.values_list("fund_id", "category", "debit__kind", "credit__kind", "kind")
    return between.annotate(total=Sum("amount_minor"))


def _named() -> Rows:
    return GrantLine.objects.order_by().values_list("grant__fund_id", "categories")


def ahead_as_limited() -> int:
    """What may be committed ahead of instalments is what the board has set."""
    there = {fund: (credit - debit, held) for fund, credit, debit, held in rows(_ahead)}
    difference = 0
    for fund, limit in rows(_limits):
        allowed, held = there.get(fund, (0, 0))
        difference += abs(allowed - limit) + max(held - limit, 0)
    return difference


def _ahead() -> Rows:
    kept = Balance.objects.filter(account__kind=AccountKind.AHEAD)
    return kept.values_list("account__subject_id", "credit_posted", "debit_posted", "debit_pending")


def _limits() -> Rows:
    return Grant.objects.values_list("fund_id", "ahead_minor")


def returns_as_booked() -> int:
    """What went back to funders is what the books say of it."""
    out, back = (sum(total for _kind, total in rows(_moved_back, side)) for side in ("debit", "credit"))
    return int(abs(sum(noted for (noted,) in rows(_returned)) - (out - back)))


def _moved_back(side: str) -> Rows:
    moved = Transfer.objects.filter(kind__in=POSTED, category=Category.GRANT, **{f"{side}__code": _RETURNS})
    return moved.order_by().values_list("kind").annotate(total=Sum("amount_minor"))


def _returned() -> Rows:
    return Grant.objects.values_list("returned_minor")


def evidence_as_accepted() -> int:
    """What grants paid for on evidence that their funders do not accept."""
    accepted = dict(rows(_accepted))
    return sum(
        total
        for fund, voucher_kind, total in (rows(_paid_on) if accepted else ())
        if voucher_kind not in accepted[fund]
    )


def _accepted() -> Rows:
    return Grant.objects.exclude(evidence=[]).values_list("fund_id", "evidence")


def _paid_on() -> Rows:
    asked = Grant.objects.exclude(evidence=[]).values("fund_id")
    paid = Transfer.objects.filter(debit__subject_id__in=asked, journal__claim__isnull=False).order_by()
    on = paid.values_list("debit__subject_id", "journal__claim__voucher_kind")
    return on.annotate(total=Sum("amount_minor"))


def doublings_as_booked() -> int:
    """Each pledge owes what its doublings say, and each booked one moved as much."""
    return sum(abs(kept - (found or 0)) for kept, found in (*rows(_doubled), *rows(_booked)))


def _doubled() -> Rows:
    noted = Pledge.objects.order_by().annotate(noted=Sum("doublings__amount_minor"))
    return noted.values_list("doubled_minor", "noted")


def _booked() -> Rows:
    booked = Doubling.objects.filter(booked_in__isnull=False).order_by()
    return booked.annotate(moved=Sum("booked_in__transfers__amount_minor")).values_list(
        "amount_minor", "moved"
    )


LAWS: dict[str, Callable[[], int]] = {
    "costs-as-restricted": costs_as_restricted,
    "grant-lines-as-agreed": lines_as_agreed,
    "grant-lines-as-spent": lines_as_spent,
    "ahead-as-limited": ahead_as_limited,
    "grant-returns-as-booked": returns_as_booked,
    "evidence-as-accepted": evidence_as_accepted,
    "doublings-as-booked": doublings_as_booked,
}
