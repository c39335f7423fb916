"""What the solver is told. A need is a case that wants counsel; a place is a lawyer. No names, only ids."""

from dataclasses import dataclass, field
from datetime import date, datetime

from lawyers.matching.policy import Policy

NOBODY: frozenset[str] = frozenset()


class BadInput(ValueError):
    """The facts contradict themselves; the text names ids and fields only."""


@dataclass(frozen=True, slots=True)
class Span:
    """Aware moments; the end is not included. Spans of one named ``sitting`` never clash: a lawyer may defend
    several people in it."""

    starts_at: datetime
    ends_at: datetime
    sitting: str = ""

    def __post_init__(self) -> None:
        if self.starts_at.tzinfo is None or self.ends_at.tzinfo is None:
            raise BadInput("a span needs aware moments")
        if self.ends_at <= self.starts_at:
            raise BadInput("a span ends after it starts")


@dataclass(frozen=True, slots=True)
class Days:
    """Calendar days, both ends included."""

    from_on: date
    until_on: date


@dataclass(frozen=True, slots=True)
class Coverage:
    """A region, or one court of it when named; ``travels`` when it takes a journey."""

    region: str
    court: str = ""
    travels: bool = False


@dataclass(frozen=True, slots=True)
class Competence:
    """An article family up to a severity of 1 to 5; without instances they are unknown."""

    family: str
    up_to: int = 5
    instances: frozenset[str] = NOBODY


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """A case and what its defence asks for. Empty text, empty sets and a severity of 0 mean unknown.

    ``hours_to_hearing`` is None when no hearing is known. ``excluded`` holds lawyers in conflict and those
    who declined for conflict; ``previous`` those who defended the same client before. ``adverse_groups``
    are ids of groups of co-defendants with adverse interests.
    """

    id: str
    demand: int = 1
    hours_to_hearing: int | None = None
    in_custody: bool = False
    minor: bool = False
    ill: bool = False
    region: str = ""
    court: str = ""
    languages: frozenset[str] = NOBODY
    family: str = ""
    severity: int = 0
    instance: str = ""
    hearings: tuple[Span, ...] = ()
    risks: frozenset[str] = NOBODY
    adverse_groups: frozenset[str] = NOBODY
    vetoed: frozenset[str] = NOBODY
    excluded: frozenset[str] = NOBODY
    previous: frozenset[str] = NOBODY

    def __post_init__(self) -> None:
        if self.demand < 1:
            raise BadInput(f"need {self.id}: demand is at least 1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A lawyer and what they can take. Empty means unknown: ask, never refuse.

    ``licensed_through`` is the last day known to be covered, ``date.max`` for an open licence, a day of the
    past for a lost one, None for unknown. ``max_open`` None is unknown as well. ``risk_flags`` describe the
    lawyer's own danger. ``region_caps`` are pairs of a region and the most new cases there.
    """

    id: str
    licensed_through: date | None = None
    coverage: tuple[Coverage, ...] = ()
    languages: frozenset[str] = NOBODY
    competences: tuple[Competence, ...] = ()
    calendar: tuple[Span, ...] = ()
    away: tuple[Days, ...] = ()
    max_open: int | None = None
    min_open: int = 0
    open_now: int = 0
    new_per_week: int | None = None
    new_this_week: int = 0
    region_caps: tuple[tuple[str, int], ...] = ()
    refused_risks: frozenset[str] = NOBODY
    risk_flags: frozenset[str] = NOBODY

    def __post_init__(self) -> None:
        counts = (
            self.min_open,
            self.open_now,
            self.new_this_week,
            self.max_open or 0,
            self.new_per_week or 0,
        )
        if min(counts) < 0 or any(cap < 0 for _, cap in self.region_caps):
            raise BadInput(f"place {self.id}: a count is negative")
        if len({region for region, _ in self.region_caps}) < len(self.region_caps):
            raise BadInput(f"place {self.id}: a region has two caps")


@dataclass(frozen=True, slots=True, order=True)
class Lock:
    """A human has fixed this lawyer to this case."""

    need_id: str
    place_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Everything one run depends on; ``at`` is the moment for which it is solved (aware).

    ``current`` holds (need id, place id) of the proposal that people already know.
    """

    needs: tuple[Need, ...]
    places: tuple[Place, ...]
    at: datetime
    locks: tuple[Lock, ...] = ()
    current: frozenset[tuple[str, str]] = field(default_factory=frozenset)
    policy: Policy = field(default_factory=Policy)

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise BadInput("the moment of a run is aware")
        for kind, rows in (("need", self.needs), ("place", self.places)):
            ids = [row.id for row in rows]
            if len(set(ids)) < len(ids):
                raise BadInput(f"a {kind} id appears twice")
