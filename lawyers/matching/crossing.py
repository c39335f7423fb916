"""What flows cannot say: limits that cross each other at a place. Exact search by MILP (HiGHS).

The network without the crossing limits gives bounds and prices. A pair whose reduced cost exceeds the
distance between a lawful flow and the bound cannot be part of a better one, so the search stays small.
"""

import time
from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_matrix, vstack

from lawyers.matching.arrays import BoolArray, IntArray, within_runs
from lawyers.matching.assignment import flow_through
from lawyers.matching.codes import Stage
from lawyers.matching.limits import LimitRules
from lawyers.matching.network import Costs, Flow, Limit, build, member_pairs
from lawyers.matching.objectives import Objective
from lawyers.matching.prepare import Prepared
from lawyers.matching.proof import reduced
from lawyers.matching.repair import pruned
from lawyers.matching.stages import Staged

FIRST_FIT = 30
"""Points of fit by which a pair may be worse and still be looked at first."""


@dataclass(frozen=True)
class Found:
    """A lawful flow and what is proved of it, stage by stage; None where the time limit came first."""

    flow: Flow
    bounds: dict[Stage, int | None]


def search(prepared: Prepared, rules: LimitRules, relaxed: Staged, stages: list[Objective]) -> Found:
    """The best flow under all limits, as far as the policy's time limit allows.

    The search starts among nearly optimal pairs. Its answer is final when every pair that was left out costs
    more than the distance between the answer and the bound; otherwise it goes on with more pairs.
    """
    deadline = time.monotonic() + prepared.problem.policy.time_limit_s
    best = pruned(rules, relaxed)
    keep = near(relaxed, first_allowance(relaxed))
    while True:
        model = Model(prepared, keep, limits_among(rules, keep))
        found = staged_search(model, stages, best, deadline)
        best = found.flow
        needed = near(relaxed, distances_to(relaxed, best))
        if not (needed & ~keep).any():
            return found
        if time.monotonic() > deadline:
            return Found(best, first_bound(stages, relaxed.bounds, best))
        keep |= needed


def first_allowance(relaxed: Staged) -> list[int]:
    """Pairs that cost up to a few points of fit, without loss of anything that comes before fit."""
    out = []
    for each in relaxed.solved:
        factor = dict(zip(each.pack.stages, each.pack.factors, strict=True)).get(Stage.FIT, 0)
        out.append(FIRST_FIT * factor)
    return out


def distances_to(relaxed: Staged, flow: Flow) -> list[int]:
    """How far a flow is from the bound of each pack; what comes after the first distance does not count."""
    return [each.pack.costs.of(flow) - each.proof.bound for each in relaxed.solved]


def near(relaxed: Staged, allowance: list[int]) -> BoolArray:
    """Pairs that a flow within this distance of the bounds may use."""
    keep = relaxed.network.pair_high.copy()
    for each, most in zip(relaxed.solved, allowance, strict=True):
        keep &= reduced(each.network, each.pack.costs, each.proof.price).pair <= most
        if most:
            break
    return keep


def limits_among(rules: LimitRules, keep: BoolArray) -> list[Limit]:
    """Every limit that speaks of kept pairs; hearings pair by pair, which the search joins by itself."""
    kept = np.flatnonzero(keep)
    need, place = rules.odds.pair_need, rules.odds.pair_place
    one, other = rules.odds.clashing(kept, kept)
    first = one < other
    rows = zip(
        place[one[first]].tolist(), need[one[first]].tolist(), need[other[first]].tolist(), strict=True
    )
    out = dict.fromkeys(Limit(p, frozenset((a, b)), 1) for p, a, b in rows)
    for group in rules.odds.groups.values():
        out.update(dict.fromkeys(rules.everywhere(group)))
    return [*out, *rules.caps]


def first_bound(stages: list[Objective], bounds: dict[Stage, int], flow: Flow) -> dict[Stage, int | None]:
    """What the relaxed network proves: all stages up to the first that differs."""
    out: dict[Stage, int | None] = {}
    proved = True
    for each in stages:
        out[each.stage] = bounds[each.stage] if proved else None
        proved = proved and each.costs.of(flow) == bounds[each.stage]
    return out


def values(stages: list[Objective], flow: Flow) -> tuple[int, ...]:
    return tuple(each.costs.of(flow) for each in stages)


class Model:
    """The mixed-integer model: kept pairs, missing seats by rank, slots by rank."""

    def __init__(self, prepared: Prepared, keep: BoolArray, limits: list[Limit]) -> None:
        network = build(prepared, ())
        self.network = network
        self.pair = np.flatnonzero(keep & network.pair_high)
        self.short_need = np.repeat(np.arange(network.needs), network.seats)
        self.short_rank = within_runs(network.seats)
        self.slot_place = np.repeat(np.arange(network.places), network.load_high)
        self.slot_rank = within_runs(network.load_high)
        self.size = len(self.pair) + len(self.short_need) + len(self.slot_place)
        self.rows = [self.seat_rows(), self.load_rows(), *self.limit_rows(prepared, limits)]

    def seat_rows(self) -> LinearConstraint:
        """Every seat is given to a place or missing."""
        owner = np.concatenate([self.network.pair_need[self.pair], self.short_need])
        matrix = self.matrix(owner, np.arange(len(owner)), np.ones(len(owner)), self.network.needs)
        return LinearConstraint(matrix, self.network.seats, self.network.seats)

    def load_rows(self) -> LinearConstraint:
        """Cases at a place fill its slots."""
        first = len(self.pair) + len(self.short_need)
        owner = np.concatenate([self.network.pair_place[self.pair], self.slot_place])
        column = np.concatenate([np.arange(len(self.pair)), first + np.arange(len(self.slot_place))])
        sign = np.concatenate([np.ones(len(self.pair)), -np.ones(len(self.slot_place))])
        return LinearConstraint(self.matrix(owner, column, sign, self.network.places), 0, 0)

    def limit_rows(self, prepared: Prepared, limits: list[Limit]) -> list[LinearConstraint]:
        if not limits:
            return []
        column_of = np.full(len(self.network.pair_need), -1, np.int64)
        column_of[self.pair] = np.arange(len(self.pair))
        found = [column_of[member_pairs(prepared, limit)] for limit in limits]
        row = np.repeat(np.arange(len(limits)), [len(each) for each in found])
        column = np.concatenate(found)
        row, column = row[column >= 0], column[column >= 0]
        matrix = self.matrix(row, column, np.ones(len(row)), len(limits))
        return [LinearConstraint(matrix, -np.inf, [limit.cap for limit in limits])]

    def matrix(self, row: IntArray, column: IntArray, value: object, rows: int) -> csr_matrix:
        return csr_matrix((value, (row, column)), shape=(rows, self.size))

    def costs(self, costs: Costs) -> IntArray:
        short = costs.short[self.short_need, self.short_rank]
        return np.concatenate([costs.pair[self.pair], short, costs.slot[self.slot_place, self.slot_rank]])

    def flow(self, solution: "IntArray") -> Flow:
        used = np.zeros(len(self.network.pair_need), np.bool_)
        used[self.pair[np.round(solution[: len(self.pair)]) == 1]] = True
        return flow_through(self.network, used)


def staged_search(model: Model, stages: list[Objective], best: Flow, deadline: float) -> Found:
    """Each stage by search, then a row for the next. ``best`` is lawful and stands in when time runs out."""
    proved: dict[Stage, int | None] = {each.stage: None for each in stages}
    fixed: list[tuple[IntArray, int]] = []
    found: Flow | None = None
    for each in stages:
        cost = model.costs(each.costs)
        flow, proved[each.stage] = search_stage(model, cost, fixed, deadline)
        found = flow or found
        if found is None or proved[each.stage] != each.costs.of(found):
            break
        fixed.append((cost, each.costs.of(found)))
    if found is None or values(stages, best) < values(stages, found):
        return Found(best, proved)
    return Found(found, proved)


def search_stage(
    model: Model, cost: IntArray, fixed: list[tuple[IntArray, int]], deadline: float
) -> tuple[Flow | None, int | None]:
    """The best flow of one stage and the bound that the search proved, rounded up to an integer."""
    rows = list(model.rows)
    if fixed:
        matrix = vstack([csr_matrix(row[None, :]) for row, _ in fixed])
        rows.append(LinearConstraint(matrix, -np.inf, [value for _, value in fixed]))
    left = deadline - time.monotonic()
    if left <= 0:
        return None, None
    answer = milp(
        cost.astype(np.float64),
        constraints=rows,
        integrality=np.ones(model.size),
        bounds=Bounds(0, 1),
        options={"time_limit": left, "mip_rel_gap": 0.0},
    )
    dual = answer.mip_dual_bound
    bound = int(np.ceil(dual - 1e-6)) if dual is not None and np.isfinite(dual) else None
    return (model.flow(answer.x) if answer.x is not None else None), bound
