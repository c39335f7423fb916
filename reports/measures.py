"""A figure as what it is made of: kinds of transfers, each counted with a sign.

The same description gives the sum and the transfers behind it, so the two cannot disagree.
"""

from collections.abc import Sequence
from functools import reduce
from operator import add, or_
from typing import Any

from django.db.models import Case, Expression, F, IntegerField, Q, QuerySet, Sum, Value, When

from treasury.kinds import POSTED, TRACED, AccountKind, TransferKind
from treasury.models import Transfer

# Which transfers, and how many times each counts: +1 or -1.
Parts = Sequence[tuple[Q, int]]


def weight(parts: Parts) -> Expression:
    """How many times a transfer counts in the figure."""
    return reduce(
        add,
        (
            Case(When(which, then=Value(sign)), default=Value(0), output_field=IntegerField())
            for which, sign in parts
        ),
    )


def behind(parts: Parts) -> QuerySet[Transfer]:
    """The transfers of a figure with their ``weight`` in it, in the order of the books."""
    if not parts:
        return Transfer.objects.none()
    among = reduce(or_, (which for which, _sign in parts))
    found = Transfer.objects.filter(among).annotate(weight=weight(parts)).exclude(weight=0)
    return found.order_by("journal__number", "line")


def total(parts: Parts) -> int:
    """The figure, in minor units of the books' currency."""
    return sum(row["sum"] or 0 for row in summed(parts, Value("")))


def summed(parts: Parts, key: str | Value, among: Q | None = None) -> list[dict[str, Any]]:
    """The figure for each value of ``key`` (a column of transfers): dicts of ``key`` and ``sum``."""
    grouped = F(key) if isinstance(key, str) else key
    rows = Transfer.objects.order_by() if among is None else Transfer.objects.filter(among).order_by()
    rows = rows.filter(reduce(or_, (which for which, _sign in parts)))
    keyed = rows.annotate(key=grouped).values("key")
    return [dict(row) for row in keyed.annotate(sum=Sum(F("amount_minor") * weight(parts)))]


def by_key(parts: Parts, key: str, among: Q | None = None) -> dict[Any, int]:
    """The same as a dict."""
    return {row["key"]: row["sum"] or 0 for row in summed(parts, key, among)}


def gained(parts_of: Q, *, side: Q, kinds: Sequence[str] = POSTED) -> Parts:
    """What accounts gained by transfers: credits less debits. ``side`` is about ``account``'s columns."""
    moved = parts_of & Q(kind__in=kinds)
    return [(moved & on_side(side, "credit"), 1), (moved & on_side(side, "debit"), -1)]


def on_side(accounts: Q, side: str) -> Q:
    """A condition on accounts (``kind``, ``subject_id``, ``code``) as one on a side of a transfer."""
    moved = Q(_connector=accounts.connector, _negated=accounts.negated)
    for child in accounts.children:
        if isinstance(child, Q):
            moved.children.append(on_side(child, side))
        elif isinstance(child, tuple):
            moved.children.append((f"{side}__{child[0]}", child[1]))
    return moved


def negative(parts: Parts) -> Parts:
    """The same figure with the other sign."""
    return [(which, -sign) for which, sign in parts]


# Accounts of funds, and what a hold still reserves on the side it is debited to.
FUND_ACCOUNTS = Q(kind__in=TRACED)
CEILINGS = Q(kind=AccountKind.CEILING)


def reserved(parts_of: Q, side: Q) -> Parts:
    """What commitments hold on accounts: holds made less holds posted or released."""
    held = parts_of & on_side(side, "debit")
    return [
        (held & Q(kind=TransferKind.PEND), 1),
        (held & Q(kind__in=(TransferKind.POST_PEND, TransferKind.VOID_PEND)), -1),
    ]
