"""The organisation's own view of a case: which step may follow which; no queries."""

from cases.kinds import CaseStatus as S

NEXT: dict[str, tuple[S, ...]] = {
    S.RECEIVED: (S.VERIFIED, S.ELIGIBLE, S.NOT_ELIGIBLE, S.DUPLICATE),
    S.VERIFIED: (S.ELIGIBLE, S.NOT_ELIGIBLE, S.DUPLICATE),
    S.ELIGIBLE: (S.SEEKING, S.REPRESENTED, S.NOT_ELIGIBLE, S.DUPLICATE),
    S.SEEKING: (S.REPRESENTED, S.ELIGIBLE, S.NOT_ELIGIBLE, S.DUPLICATE),
    S.REPRESENTED: (S.SEEKING, S.ELIGIBLE, S.DUPLICATE),
    S.NOT_ELIGIBLE: (S.REOPENED,),
    S.DUPLICATE: (S.REOPENED,),
    S.CLOSED: (S.REOPENED,),
    S.REOPENED: (S.VERIFIED, S.ELIGIBLE, S.NOT_ELIGIBLE, S.SEEKING, S.REPRESENTED, S.DUPLICATE),
}
CLOSABLE = (S.RECEIVED, S.VERIFIED, S.ELIGIBLE, S.SEEKING, S.REPRESENTED, S.REOPENED)
# Somebody has decided that the organisation defends here, so lawyers may be asked.
DECIDED = (S.ELIGIBLE, S.SEEKING, S.REOPENED)


def may_follow(before: str, after: str) -> bool:
    """Whether a case may go from one status to the other by hand; closing is an action of its own."""
    return after in NEXT[before]
