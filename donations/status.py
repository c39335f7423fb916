"""From facts to one status; pure, and the same whatever order the facts came in."""

from collections.abc import Collection

from donations.models.gifts import Fact, Status

_STRONGEST_FIRST = [
    (Fact.Kind.SETTLED, Status.SETTLED),
    (Fact.Kind.PAID, Status.PAID),
    (Fact.Kind.PROCESSING, Status.PROCESSING),
    (Fact.Kind.OPENED, Status.OPEN),
]
_ENDS = [(Fact.Kind.FAILED, Status.FAILED), (Fact.Kind.EXPIRED, Status.EXPIRED)]


def project(facts: Collection[tuple[str, str]]) -> Status:
    """The status that these facts, as (kind, id of the object that shows it), amount to.

    Money that arrived beats everything. An attempt that failed or expired counts as over; only when no
    other attempt is still open does the gift fail: one attempt's end never beats another's payment.
    """
    kinds = {kind for kind, _ in facts}
    if Fact.Kind.SETTLED in kinds:
        return Status.SETTLED
    if Fact.Kind.PAID in kinds:
        return Status.PAID
    over = {shown_by for kind, shown_by in facts if kind in (Fact.Kind.FAILED, Fact.Kind.EXPIRED)}
    for kind, status in _STRONGEST_FIRST[2:]:
        if any(seen == kind and shown_by not in over for seen, shown_by in facts):
            return status
    for kind, status in _ENDS:
        if kind in kinds:
            return status
    return Status.DRAFT
