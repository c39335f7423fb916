"""The objectives as integer costs, and their packing into few exact solves."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from lawyers.matching.arrays import IntArray, ints
from lawyers.matching.codes import Stage
from lawyers.matching.network import Costs, Network
from lawyers.matching.policy import Policy
from lawyers.matching.prepare import Prepared

EDGE_LIMIT = 1 << 45
"""A packed cost of one arc stays below this, so that sums along a path are exact in 53 bits."""
FIRST_TOTAL = 1 << 58
"""The spread of the first pack: distances stay far from the end of 64 bits."""
LATER_TOTAL = 1 << 46
"""Later packs have arcs that must be used; the reward for that exceeds the spread and is an arc's cost."""


STEADY = (Stage.COVERAGE, Stage.SEATS, Stage.CHANGES, Stage.MINIMUM, Stage.FIT, Stage.LOAD)
"""The order of a repair: nobody is left out for it, but little is moved."""


@dataclass(frozen=True)
class Objective:
    """One stage; ``spread`` is at least the difference between any two values it can take."""

    stage: Stage
    costs: Costs
    spread: int

    @property
    def largest(self) -> int:
        return max(
            int(np.abs(a).max(initial=0)) for a in (self.costs.pair, self.costs.short, self.costs.slot)
        )


@dataclass(frozen=True)
class Pack:
    """Consecutive stages in one cost. Factors follow from the spreads, so that one unit of a stage outweighs
    everything that later stages can bring; they are no preference of anybody."""

    stages: tuple[Stage, ...]
    factors: tuple[int, ...]
    costs: Costs
    spread: int

    def unpack(self, value: int) -> dict[Stage, int]:
        """The value of each stage in a sum or difference of packed costs."""
        out: dict[Stage, int] = {}
        for stage, factor in zip(self.stages, self.factors, strict=True):
            out[stage] = (2 * value + factor) // (2 * factor)
            value -= out[stage] * factor
        return out


def objectives(prepared: Prepared, network: Network) -> list[Objective]:
    """All stages in order of precedence."""
    depth, width = int(prepared.seats.max(initial=0)), int(network.load_high.max(initial=0))
    none = Costs(
        np.zeros(len(prepared.pairs.need), np.int64),
        np.zeros((len(prepared.needs), depth), np.int64),
        np.zeros((len(prepared.places), width), np.int64),
    )
    missing, slot = np.arange(1, depth + 1), np.arange(width)
    last = (missing == prepared.seats[:, None]) & (prepared.fixed_seats == 0)[:, None]
    wanted = missing <= prepared.seats[:, None]
    real = slot < network.load_high[:, None]
    weight = prepared.urgency[:, None]
    stages = {
        Stage.COVERAGE: Costs(none.pair, weight * last, none.slot),
        Stage.SEATS: Costs(none.pair, weight * wanted, none.slot),
        Stage.MINIMUM: Costs(none.pair, none.short, -1 * ((slot < prepared.minimum[:, None]) & real)),
        Stage.FIT: Costs(-prepared.pairs.fit, none.short, none.slot),
        Stage.LOAD: Costs(none.pair, none.short, (2 * (prepared.load[:, None] + slot) + 1) * real),
        Stage.CHANGES: Costs(np.where(prepared.is_current, -1, 1), none.short, none.slot),
    }
    if prepared.problem.policy.steady:
        stages = {stage: stages[stage] for stage in STEADY}
    if not (prepared.seats + prepared.fixed_seats > 1).any():
        del stages[Stage.SEATS]
    # Room for one lawyer more, so that prices also tell what a newcomer would change.
    more = newcomer_costs(prepared.problem.policy)
    return [
        Objective(stage, costs, spread(costs, network) + abs(more.get(stage, 0)))
        for stage, costs in stages.items()
    ]


def newcomer_costs(policy: Policy) -> dict[Stage, int]:
    """What a pair costs with a lawyer who has no case yet, of whom nothing but the region is known."""
    return {Stage.FIT: -policy.locality_region, Stage.LOAD: 1, Stage.CHANGES: 1}


def spread(costs: Costs, network: Network) -> int:
    """A bound on the difference between two values of the stage, flow or not."""
    highest, lowest = np.zeros(network.needs, np.int64), np.zeros(network.needs, np.int64)
    np.maximum.at(highest, network.pair_need, costs.pair)
    np.minimum.at(lowest, network.pair_need, costs.pair)
    by_pair = int(((highest - lowest) * network.seats).sum())
    return by_pair + int(np.abs(costs.short).sum()) + int(np.abs(costs.slot).sum())


def packs(stages: list[Objective]) -> Iterator[Pack]:
    """As many consecutive stages in each pack as stay exact."""
    group: list[Objective] = []
    total = FIRST_TOTAL
    for stage in stages:
        if group and not packed([*group, stage], total):
            yield require(packed(group, total))
            group, total = [], LATER_TOTAL
        group.append(stage)
    yield require(packed(group, total))


def single_packs(stages: list[Objective]) -> Iterator[Pack]:
    """One stage in each pack: the smallest numbers."""
    for stage in stages:
        yield require(packed([stage], LATER_TOTAL))


def require(pack: Pack | None) -> Pack:
    if pack is None:
        raise OverflowError("the costs of a single stage are too large to be exact")
    return pack


def packed(group: list[Objective], most: int) -> Pack | None:
    """The group in one cost, or None when it would not stay exact."""
    factors, factor, largest, total = [], 1, 0, 0
    for each in reversed(group):
        factors.append(factor)
        largest += each.largest * factor
        total += each.spread * factor
        factor *= 2 * each.spread + 1
    if largest >= EDGE_LIMIT or total >= most:
        return None
    factors.reverse()
    costs = [each.costs for each in group]

    def mixed(name: str) -> IntArray:
        arrays: list[IntArray] = [getattr(c, name) * f for c, f in zip(costs, factors, strict=True)]
        return ints(np.sum(arrays, axis=0, dtype=np.int64))

    both = Costs(mixed("pair"), mixed("short"), mixed("slot"))
    return Pack(tuple(each.stage for each in group), tuple(factors), both, total)
