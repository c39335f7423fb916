"""The objectives as integer costs, and their packing into one."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lawyers.matching.arrays import IntArray
from lawyers.matching.codes import Stage
from lawyers.matching.network import Costs, Network
from lawyers.matching.policy import Policy
from lawyers.matching.prepare import Prepared

LARGEST = 1 << 60
"""The packed cost of a path stays below this, far from the end of 64 bits."""
LEAST_STEPS = 4
"""Pairs on a path that a packing must at least be good for."""

STEADY = (Stage.COVERAGE, Stage.SEATS, Stage.CHANGES, Stage.MINIMUM, Stage.FIT, Stage.LOAD)
"""The order of a repair: nobody is left out for it, but little is moved."""


@dataclass(frozen=True)
class Objective:
    """One stage and its costs, less is better."""

    stage: Stage
    costs: Costs
    newcomer: int
    """Cost of a pair with a lawyer not on the panel yet, so that prices also tell what one would change."""

    def reach(self, steps: int) -> int:
        """The most that a path can bring or take away which changes this many pairs."""
        pair = self.costs.pair if len(self.costs.pair) else np.zeros(1, np.int64)
        ends = sum(2 * int(np.abs(each).max(initial=0)) for each in (self.costs.short, self.costs.slot))
        return steps * int(pair.max() - pair.min()) + int(np.abs(pair).max()) + ends + abs(self.newcomer)


@dataclass(frozen=True)
class Pack:
    """Stages in one cost: a unit of a stage outweighs everything that later stages can bring along a path.

    That holds for paths that change as many pairs as the packing was made for. It is no matter of trust:
    ``proof`` looks at every stage apart.
    """

    stages: tuple[Objective, ...]
    factors: tuple[int, ...]
    """Of each stage to the one before it; the first has 1."""

    def costs(self, count: int) -> Costs:
        """The packed costs of the first stages."""
        first, *others = self.stages[:count]
        pair, short, slot = first.costs.pair, first.costs.short, first.costs.slot
        for each, factor in zip(others, self.factors[1:], strict=False):
            more = each.costs
            pair, short = pair * factor + more.pair, short * factor + more.short
            slot = slot * factor + more.slot
        return Costs(pair, short, slot)

    def packed(self, values: Sequence[int]) -> int:
        """One value of each stage in the packed cost."""
        out = 0
        for value, factor in zip(values, self.factors, strict=True):
            out = out * factor + value
        return out

    def unpack(self, value: IntArray) -> list[IntArray]:
        """The part of each stage in packed prices."""
        out = []
        for factor in reversed(self.factors[1:]):
            upper = (2 * value + factor) // (2 * factor)
            out.append(value - upper * factor)
            value = upper
        return [value, *reversed(out)]


def objectives(prepared: Prepared, network: Network) -> list[Objective]:
    """All stages in order of precedence."""
    depth, width = int(prepared.seats.max(initial=1)), int(network.room.max(initial=1))
    none = Costs(
        np.zeros(len(prepared.pairs.need), np.int64),
        np.zeros((len(prepared.needs), depth), np.int64),
        np.zeros((len(prepared.places), width), np.int64),
    )
    missing, slot = np.arange(1, depth + 1), np.arange(width)
    last = (missing == prepared.seats[:, None]) & (prepared.fixed_seats == 0)[:, None]
    wanted = missing <= prepared.seats[:, None]
    real = slot < network.room[:, None]
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
    joining = newcomer_costs(prepared.problem.policy)
    return [Objective(stage, costs, joining.get(stage, 0)) for stage, costs in stages.items()]


def newcomer_costs(policy: Policy) -> dict[Stage, int]:
    """What a pair costs with a lawyer who has no case yet, of whom nothing but the region is known."""
    return {Stage.FIT: -policy.locality_region, Stage.LOAD: 1, Stage.CHANGES: 1}


def packed(stages: Sequence[Objective], steps: int) -> Pack:
    """All stages in one cost, good for paths that change so many pairs, or for fewer where numbers are large.

    Raises OverflowError when the costs are too large for any path worth the name.
    """
    while steps >= LEAST_STEPS:
        reach = [each.reach(steps) for each in stages]
        factors = [1, *(2 * each + 1 for each in reach[1:])]
        total = 0
        for most, factor in zip(reach, factors, strict=True):
            total = total * factor + most
        if total < LARGEST:
            return Pack(tuple(stages), tuple(factors))
        steps //= 2
    raise OverflowError("the costs of the stages are too large to be exact")
