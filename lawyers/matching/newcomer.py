"""Where one more lawyer would help most, read off the prices of the proof without solving again."""

from dataclasses import dataclass

import numpy as np

from lawyers.matching.arrays import IntArray, ints
from lawyers.matching.codes import Stage
from lawyers.matching.residual import FAR, Residual
from lawyers.matching.result import Result
from lawyers.matching.search import Optimum


@dataclass(frozen=True, slots=True)
class RegionValue:
    """What one more lawyer of a region, of whom nothing else is known, with room for one case would change.

    Less is better except for fit.
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
    relaxed, prepared = result.relaxed, result.prepared
    stages = [each.stage for each in relaxed.pack.stages]
    joining = relaxed.pack.packed([each.newcomer for each in relaxed.pack.stages])
    price = from_sink(relaxed)
    best: dict[str, tuple[int, int]] = {}
    for at in np.flatnonzero((price[: len(prepared.needs)] < FAR // 2) & (prepared.seats > 0)):
        region = prepared.needs[at].region
        best[region] = min(best.get(region, (0, -1)), (int(price[at]) + joining, int(at)))
    rows = []
    for region, (value, case) in best.items():
        if value < 0:
            change = zip(stages, relaxed.pack.unpack(ints([value])), strict=True)
            told = tuple((s, -int(c[0]) if s is Stage.FIT else int(c[0])) for s, c in change)
            rows.append((value, RegionValue(region, prepared.needs[case].id, told)))
    return tuple(row for _, row in sorted(rows, key=lambda each: (each[0], each[1].region)))


def from_sink(optimum: Optimum) -> IntArray:
    """The least cost from the sink to every node: what a case gains when its lawyer is free for others."""
    residual = Residual(optimum.network, optimum.costs, optimum.flow, np.flatnonzero(optimum.network.is_open))
    tail, head, cost = residual.changes(new=True)
    price: IntArray = np.full(optimum.network.sink + 1, FAR)
    price[-1] = 0
    while True:
        before = price.copy()
        np.minimum.at(price, head, cost + price[tail])
        if np.array_equal(price, before):
            return price
