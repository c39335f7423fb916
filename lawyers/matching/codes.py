"""Stable codes. They are stored with runs, so none is ever renamed; labels live outside."""

from enum import StrEnum


class Reason(StrEnum):
    """Why a lawyer cannot take a case: one code per hard filter, and two that fixed assignments cause."""

    LICENCE = "licence-not-active"
    """The licence is known to end before the next hearing."""
    COVERAGE = "court-not-covered"
    """Coverage is known and names neither the court nor its region."""
    LANGUAGE = "no-shared-language"
    """Languages of both are known and none is shared."""
    COMPETENCE = "competence-below"
    """Known competence lacks the article family, its severity or the instance."""
    CONFLICT = "conflict-or-exclusion"
    """A conflict of interest, or an earlier decline for conflict."""
    CALENDAR = "calendar-overlap"
    """A hearing overlaps with what already stands in the lawyer's calendar."""
    RISK = "risk-policy"
    """The lawyer does not take this kind of risk, or the policy forbids it to them."""
    VETO = "client-veto"
    """The client does not want this lawyer."""
    AWAY = "away"
    """The lawyer is away on the day of a hearing."""
    FIXED_ADVERSE = "fixed-adverse"
    """The lawyer is fixed to an adverse co-defendant, or to as many cases of a region as they take."""
    FIXED_CLASH = "fixed-clash"
    """A hearing clashes with one of a case that is fixed to the lawyer."""


class Ask(StrEnum):
    """What is not known of a lawyer who is otherwise eligible: to be asked before an offer."""

    LICENCE = "ask-licence"
    COVERAGE = "ask-coverage"
    LANGUAGE = "ask-language"
    COMPETENCE = "ask-competence"
    CAPACITY = "ask-capacity"


class Component(StrEnum):
    """Parts of fit; they add up to it."""

    COMPETENCE = "competence"
    """Article family, severity and instance known to be within the lawyer's competence."""
    LOCALITY = "locality"
    """The court itself, its region, or a journey."""
    LANGUAGE = "language"
    """A language known to be shared."""
    CONTINUITY = "continuity"
    """The lawyer defended the same client before."""


class Stage(StrEnum):
    """Objectives in order of precedence. A later one never costs an earlier one a single unit."""

    COVERAGE = "coverage"
    """Urgency of cases left without any counsel; less is better."""
    SEATS = "seats"
    """Urgency of missing lawyers, where a case wants two; less is better."""
    MINIMUM = "minimum"
    """Cases that lawyers lack to their agreed minimum; less is better."""
    FIT = "fit"
    """Sum of fit over all proposed pairs; more is better."""
    LOAD = "load"
    """Sum of squares of the lawyers' loads; less is fairer."""
    CHANGES = "changes"
    """Pairs added to and taken from the current proposal; less is better."""


class Status(StrEnum):
    """What is proved of a result."""

    OPTIMAL = "optimal"
    """Value and bound are equal in every stage, in exact integers."""
    GAP = "gap"
    """The time limit came first: the result is lawful, and the distance to the bound is reported."""


class LockFault(StrEnum):
    """Why a fixed assignment cannot be right. It is reported and stays; only an unknown id cannot stay."""

    UNKNOWN_NEED = "lock-unknown-need"
    UNKNOWN_PLACE = "lock-unknown-place"
    NOT_ELIGIBLE = "lock-not-eligible"
    """A hard filter refuses the pair; the reasons are attached."""
    NO_ROOM = "lock-no-room"
    """More cases are fixed to the lawyer than they have room for."""
    DEMAND = "lock-demand"
    """More lawyers are fixed to the case than it wants."""
    REGION_CAP = "lock-region-cap"
    """More cases of one region are fixed to the lawyer than they take there."""
    ADVERSE = "lock-adverse"
    """Adverse co-defendants are fixed to one lawyer."""
    CLASH = "lock-clash"
    """Two cases fixed to one lawyer have hearings at the same time."""
