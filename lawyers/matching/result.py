"""What a run says, in ids and codes."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from lawyers.matching.arrays import IntArray
from lawyers.matching.bulk import ASK_BIT, REASON_BIT
from lawyers.matching.codes import Ask, Component, Reason, Stage, Status
from lawyers.matching.filters import judge
from lawyers.matching.fit import MEASURES, components
from lawyers.matching.identity import RunIdentity, RunSummary, StageValue
from lawyers.matching.locks import LockProblem
from lawyers.matching.network import Flow
from lawyers.matching.prepare import Prepared
from lawyers.matching.search import Optimum
from lawyers.matching.shortlist import Option, Shortlist


@dataclass(frozen=True, slots=True)
class Assignment:
    """A proposed or fixed pair; ``parts`` add up to ``fit``. ``reasons`` only ever stand at a fixed pair."""

    need_id: str
    place_id: str
    fixed: bool
    fit: int
    parts: tuple[tuple[Component, int], ...]
    asks: tuple[Ask, ...]
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A case that lacks ``missing`` of its lawyers; ``eligible`` counts those who pass all filters."""

    need_id: str
    missing: int
    uncovered: bool
    urgency: int
    eligible: int


@dataclass(frozen=True, slots=True)
class MinimumShortfall:
    """A lawyer who stays below the agreed minimum of cases."""

    place_id: str
    missing: int


@dataclass(frozen=True)
class Result:
    """A finished run. Lists are in the order of ids; what is rarely read is worked out on demand."""

    prepared: Prepared
    flow: Flow
    relaxed: Optimum
    """The network behind prices and certificates; with crossing limits it is a relaxation."""
    identity: RunIdentity
    assignments: tuple[Assignment, ...]
    shortfalls: tuple[Shortfall, ...]
    minimum_shortfalls: tuple[MinimumShortfall, ...]

    @property
    def status(self) -> Status:
        return self.identity.status

    @property
    def stages(self) -> tuple[StageValue, ...]:
        return self.identity.stages

    @property
    def lock_problems(self) -> tuple[LockProblem, ...]:
        return self.prepared.lock_problems

    @cached_property
    def pairs(self) -> frozenset[tuple[str, str]]:
        return frozenset((row.need_id, row.place_id) for row in self.assignments)

    @property
    def summary(self) -> RunSummary:
        """What to keep for a comparison with a later run."""
        return RunSummary(self.identity, self.pairs, {row.need_id: row.missing for row in self.shortfalls})

    def value(self, stage: Stage) -> int | None:
        """Value of a stage, or None when the run has no such stage."""
        return next((row.value for row in self.stages if row.stage is stage), None)

    def refused_counts(self, need_id: str) -> dict[Reason, int]:
        """How many lawyers each reason refuses for a case; one lawyer may have several reasons."""
        row = self.prepared.pairs.refused[self.prepared.need_at[need_id]].tolist()
        return {reason: count for reason, count in zip(Reason, row, strict=True) if count}

    def refused(self, need_id: str) -> dict[Reason, tuple[str, ...]]:
        """The same with the ids of the lawyers."""
        at = self.prepared.need_at[need_id]
        bits = self.prepared.bits.block(at, at + 1)[0]
        out: dict[Reason, tuple[str, ...]] = {}
        for reason in self.refused_counts(need_id):
            found = np.flatnonzero(bits & np.uint32(REASON_BIT[reason]))
            out[reason] = tuple(self.place_ids[found].tolist())
        return out

    @cached_property
    def place_ids(self) -> npt.NDArray[np.object_]:
        return np.asarray([place.id for place in self.prepared.places], dtype=object)

    @cached_property
    def final_load(self) -> IntArray:
        return self.prepared.load + self.flow.load

    @cached_property
    def ranked(self) -> IntArray:
        """Positions of all pairs, by need, then from the best."""
        pairs = self.prepared.pairs
        return np.lexsort((pairs.place, self.prepared.load[pairs.place], -pairs.fit, pairs.need))

    def shortlist(self, need_id: str, length: int | None = None) -> tuple[Option, ...]:
        """The best eligible lawyers of a case with parts of fit, and the proposed ones at any rank.

        ``load`` and ``room`` are those after this proposal.
        """
        at = self.prepared.need_at[need_id]
        ranked = self.ranked[self.prepared.pairs.of_need(at)]
        most = self.prepared.problem.policy.shortlist_length if length is None else length
        chosen = [position for position in ranked[most:] if self.flow.pair[position]]
        return tuple(self.option(int(position)) for position in [*ranked[:most], *chosen])

    def option(self, position: int) -> Option:
        pairs = self.prepared.pairs
        place = int(pairs.place[position])
        return Option(
            place_id=self.prepared.places[place].id,
            fit=int(pairs.fit[position]),
            parts=parts_of(pairs.parts[:, position]),
            asks=asks_of(int(pairs.asks[position])),
            load=int(self.final_load[place]),
            room=int(self.prepared.room[place] - self.flow.load[place]),
            chosen=bool(self.flow.pair[position]),
        )

    def explanation(self, need_id: str) -> Shortlist:
        """Everything the match page shows of one case before somebody asks further."""
        options = self.shortlist(need_id)
        return Shortlist(
            need_id,
            tuple(each for each in options if each.room or each.chosen),
            tuple(each for each in options if not each.room and not each.chosen),
            tuple(self.refused(need_id).items()),
        )


def parts_of(points: IntArray) -> tuple[tuple[Component, int], ...]:
    return tuple(zip((measure.component for measure in MEASURES), points.tolist(), strict=True))


def asks_of(bits: int) -> tuple[Ask, ...]:
    return tuple(sorted(ask for ask, bit in ASK_BIT.items() if bits & bit))


def assignments_of(prepared: Prepared, flow: Flow) -> tuple[Assignment, ...]:
    """Fixed and proposed pairs in the order of ids."""
    pairs = prepared.pairs
    rows = [
        Assignment(
            need_id=prepared.needs[pairs.need[at]].id,
            place_id=prepared.places[pairs.place[at]].id,
            fixed=False,
            fit=int(pairs.fit[at]),
            parts=parts_of(pairs.parts[:, at]),
            asks=asks_of(int(pairs.asks[at])),
        )
        for at in np.flatnonzero(flow.pair)
    ]
    for n, p in zip(prepared.fixed.need, prepared.fixed.place, strict=True):
        need, place = prepared.needs[n], prepared.places[p]
        verdict = judge(need, place, prepared.problem.policy, prepared.problem.at)
        parts = components(need, place, prepared.problem.policy)
        rows.append(
            Assignment(
                need.id,
                place.id,
                fixed=True,
                fit=sum(parts.values()),
                parts=tuple(parts.items()),
                asks=verdict.asks,
                reasons=verdict.reasons,
            )
        )
    return tuple(sorted(rows, key=lambda row: (row.need_id, row.place_id)))


def shortfalls_of(prepared: Prepared, flow: Flow) -> tuple[Shortfall, ...]:
    eligible = np.bincount(prepared.pairs.need, minlength=len(prepared.needs))
    missing = flow.short
    return tuple(
        Shortfall(
            need_id=prepared.needs[at].id,
            missing=int(missing[at]),
            uncovered=bool(missing[at] == prepared.seats[at] and not prepared.fixed_seats[at]),
            urgency=int(prepared.urgency[at]),
            eligible=int(eligible[at]),
        )
        for at in np.flatnonzero(missing)
    )


def minimum_shortfalls_of(prepared: Prepared, flow: Flow) -> tuple[MinimumShortfall, ...]:
    missing = prepared.minimum - flow.load
    return tuple(
        MinimumShortfall(prepared.places[at].id, int(missing[at])) for at in np.flatnonzero(missing > 0)
    )
