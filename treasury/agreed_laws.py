"""Money laws of purposes and agreements: lines of grants, commitments ahead, evidence, doubled gifts."""

from collections import Counter as Tally
from collections.abc import Callable
from typing import Any

from django.db.models import Sum

from treasury import eligible
from treasury.agreed import COSTS
from treasury.kinds import POSTED, TRACED, AccountKind, Category, FundKind, TransferKind
from treasury.lines import limit_minor
from treasury.models import Balance, Claim, Doubling, Fund, Grant, GrantLine, Pledge, Transfer

_RETURNS = "refunds:grants"
_SIGNS = {TransferKind.POST: 1, TransferKind.PEND: 1, TransferKind.VOID_PEND: -1, TransferKind.POST_PEND: 0}


def costs_as_restricted() -> int:
    """What funds spent or hold for a cost or a case that they are not for."""
    funds = {fund.id: fund for fund in Fund.objects.prefetch_related("cases")}
    held = Transfer.objects.filter(
        kind__in=(TransferKind.POST, TransferKind.PEND), category__in=COSTS, debit__kind__in=TRACED
    )
    rows = held.order_by().values_list("debit__subject_id", "category", "case_id")
    difference = 0
    for fund_id, category, case_id, total in rows.annotate(total=Sum("amount_minor")):
        if not _is_for(funds[fund_id], category, case_id):
            difference += total
    return difference


def _is_for(fund: Fund, category: str, case_id: Any) -> bool:
    payable = fund.kind not in (FundKind.RESERVE, FundKind.PLEDGE)
    fits = eligible.fits_case(fund, Category(category), case_id)
    return payable and fits and (not fund.categories or category in fund.categories)


def lines_as_agreed() -> int:
    """Each line's account was given its amount and what the agreement lets it be overspent by."""
    given = Transfer.objects.filter(category=Category.LIMIT, credit__kind=AccountKind.GRANT_LINE).order_by()
    sums = dict(given.values_list("credit__subject_id").annotate(total=Sum("amount_minor")))
    lines = GrantLine.objects.filter(id__in=list(sums)).select_related("grant")
    return sum(abs(sums[line.id] - limit_minor(line)) for line in lines)


def lines_as_spent() -> int:
    """What a grant's lines spent and hold is what its fund spent and holds for the same costs."""
    kinds = {AccountKind.GRANT_LINE: -1, AccountKind.AHEAD: 1, AccountKind.FUND: 1}
    off: Tally[tuple[Any, str]] = Tally()
    with_lines = Grant.objects.filter(id__in=_grants_with_lines()).values("fund")
    costs = (*COSTS, Category.INDIRECT)
    moved = Transfer.objects.filter(fund__in=with_lines, category__in=costs).order_by()
    for side, sign in (("debit", 1), ("credit", -1)):
        rows = moved.filter(**{f"{side}__kind__in": list(kinds)})
        for fund, category, place, kind, total in rows.values_list(
            "fund_id", "category", f"{side}__kind", "kind"
        ).annotate(total=Sum("amount_minor")):
            # A hold that is posted was counted when it was made; coming back is posted the other way.
            off[fund, category] += sign * kinds[AccountKind(place)] * _SIGNS[TransferKind(kind)] * total
    named = {
        (line.grant.fund_id, category)
        for line in GrantLine.objects.select_related("grant")
        for category in line.categories
    }
    return sum(abs(total) for key, total in off.items() if key in named)


def _grants_with_lines() -> list[Any]:
    ids = Balance.objects.filter(account__kind=AccountKind.GRANT_LINE).values("account__subject_id")
    return list(GrantLine.objects.filter(id__in=ids).values_list("grant_id", flat=True))


def ahead_as_limited() -> int:
    """What may be committed ahead of instalments is what the board has set."""
    kept = Balance.objects.filter(account__kind=AccountKind.AHEAD).select_related("account")
    there = {row.account.subject_id: row for row in kept}
    difference = 0
    for grant in Grant.objects.all():
        row = there.get(grant.fund_id)
        allowed, held = (row.posted_minor, row.debit_pending) if row else (0, 0)
        difference += abs(allowed - grant.ahead_minor) + max(held - grant.ahead_minor, 0)
    return difference


def returns_as_booked() -> int:
    """What went back to funders is what the books say of it."""
    moved = Transfer.objects.filter(kind__in=POSTED, category=Category.GRANT)
    out = moved.filter(debit__code=_RETURNS).aggregate(total=Sum("amount_minor"))["total"] or 0
    back = moved.filter(credit__code=_RETURNS).aggregate(total=Sum("amount_minor"))["total"] or 0
    noted = Grant.objects.aggregate(total=Sum("returned_minor"))["total"] or 0
    return int(abs(noted - (out - back)))


def evidence_as_accepted() -> int:
    """What grants paid for on evidence that their funders do not accept."""
    difference = 0
    for grant in Grant.objects.exclude(evidence=[]):
        paid = Claim.objects.filter(paid_in__transfers__debit__subject_id=grant.fund_id)
        astray = paid.exclude(voucher_kind__in=grant.evidence).distinct()
        difference += sum(astray.values_list("base_minor", flat=True))
    return difference


def doublings_as_booked() -> int:
    """Each pledge owes what its doublings say, and each booked one moved as much."""
    difference = 0
    for pledge in Pledge.objects.annotate(noted=Sum("doublings__amount_minor")):
        difference += abs(pledge.doubled_minor - (pledge.noted or 0))
    booked = Doubling.objects.filter(booked_in__isnull=False)
    rows = booked.annotate(moved=Sum("booked_in__transfers__amount_minor"))
    return difference + sum(abs(row.amount_minor - (row.moved or 0)) for row in rows)


LAWS: dict[str, Callable[[], int]] = {
    "costs-as-restricted": costs_as_restricted,
    "grant-lines-as-agreed": lines_as_agreed,
    "grant-lines-as-spent": lines_as_spent,
    "ahead-as-limited": ahead_as_limited,
    "grant-returns-as-booked": returns_as_booked,
    "evidence-as-accepted": evidence_as_accepted,
    "doublings-as-booked": doublings_as_booked,
}
