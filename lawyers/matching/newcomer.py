"""Where one more lawyer would help most, read off the prices of the proof without solving again."""

from dataclasses import dataclass

import numpy as np

from lawyers.matching.codes import Stage
from lawyers.matching.objectives import Pack, newcomer_costs
from lawyers.matching.proof import FAR
from lawyers.matching.result import Result


@dataclass(frozen=True, slots=True)
class RegionValue:
    """What one more lawyer of a region, of whom nothing else is known, with room for one case would change.

    Less is better except for fit. The stages are those of the first exact solve.
    """

    region: str
    need_id: str
    """The case that the newcomer would take."""
    change: tuple[tuple[Stage, int], ...]


def value_by_region(result: Result) -> tuple[RegionValue, ...]:
    """For each region where a newcomer would improve the proposal, by how much; the most helpful first.

    The price of a case is the cheapest way to hand a free lawyer on to it, so the sum is exact for a run
    without crossing limits and an estimate otherwise. It names people in small regions: for the desk only.
    """
    first = result.relaxed.solved[0]
    costs = newcomer_costs(result.prepared.problem.policy)
    joining = sum(
        costs.get(stage, 0) * by for stage, by in zip(first.pack.stages, first.pack.factors, strict=True)
    )
    best: dict[str, tuple[int, int]] = {}
    price = first.proof.price[: first.network.needs]
    for at in np.flatnonzero((price < FAR // 2) & (result.prepared.seats > 0)):
        region = result.prepared.needs[at].region
        if region:
            best[region] = min(best.get(region, (0, -1)), (int(price[at]) + joining, int(at)))
    rows = [
        (
            value,
            RegionValue(region, result.prepared.needs[at].id, tuple(in_own_units(first.pack, value).items())),
        )
        for region, (value, at) in best.items()
        if value < 0
    ]
    return tuple(row for _, row in sorted(rows, key=lambda each: (each[0], each[1].region)))


def in_own_units(pack: Pack, value: int) -> dict[Stage, int]:
    """The change of each stage; fit counts upwards."""
    return {stage: -cost if stage is Stage.FIT else cost for stage, cost in pack.unpack(value).items()}
