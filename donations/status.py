"""From facts to one status; pure, and the same whatever order the facts came in."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from donations.models.gifts import Fact, Status

Kind = Fact.Kind
_OPEN = [(Kind.PROCESSING, Status.PROCESSING), (Kind.OPENED, Status.OPEN)]
_ENDS = [
    (Kind.FAILED, Status.FAILED),
    (Kind.EXPIRED, Status.EXPIRED),
    (Kind.ABANDONED, Status.ABANDONED),
]


def project(facts: Collection[tuple[str, str]]) -> Status:
    """The status that these facts, as (kind, id of the object that shows it), amount to.

    Money that arrived beats everything. An attempt that failed or expired counts as over; only when no
    other attempt is still open does the gift fail: one attempt's end never beats another's payment. A
    payout that came back counts as if it had not been.
    """
    kinds = {kind for kind, _ in facts}
    if Kind.SETTLED in kinds:
        back = {shown_by for kind, shown_by in facts if kind == Kind.PAYOUT_FAILED}
        out = any(kind == Kind.PAID_OUT and shown_by not in back for kind, shown_by in facts)
        return Status.PAID_OUT if out else Status.SETTLED
    if Kind.PAID in kinds:
        return Status.PAID
    over = {shown_by for kind, shown_by in facts if kind in (Kind.FAILED, Kind.EXPIRED)}
    for kind, status in _OPEN:
        if any(seen == kind and shown_by not in over for seen, shown_by in facts):
            return status
    for kind, status in _ENDS:
        if kind in kinds:
            return status
    return Status.DRAFT


@dataclass(frozen=True)
class Overlay:
    """What of a gift went back, and what its giver's bank holds or has taken; minor units, never negative."""

    refunded_minor: int
    disputed_minor: int


def overlay(amounts: Iterable[tuple[str, int | None]]) -> Overlay:
    """Sum (kind, gross) of facts about money; gross is negative when money left."""
    refunded = disputed = 0
    for kind, gross_minor in amounts:
        if kind in (Kind.REFUNDED, Kind.REFUND_RETURNED):
            refunded -= gross_minor or 0
        elif kind in (Kind.DISPUTE_TAKEN, Kind.DISPUTE_RETURNED):
            disputed -= gross_minor or 0
    return Overlay(max(0, refunded), max(0, disputed))
