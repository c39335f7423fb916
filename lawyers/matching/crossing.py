"""Limits that cross each other at a place: exact search (MILP by HiGHS) over what prices cannot rule out.

The network without the crossing limits gives a bound; the network with stricter, merged limits gives a lawful
flow. When both agree nothing is left to do. Otherwise pairs whose reduced cost exceeds the difference cannot
be part of a better flow and are left out, and the rest is searched, stage by stage.
"""

import time
from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_matrix, vstack

from lawyers.matching.arrays import BoolArray, IntArray, within_runs
from lawyers.matching.assignment import flow_through
from lawyers.matching.codes import Stage
from lawyers.matching.limits import LimitBook, LimitRules, add_all
from lawyers.matching.network import Costs, Flow, Limit, build, member_pairs
from lawyers.matching.objectives import Objective
from lawyers.matching.prepare import Prepared
from lawyers.matching.proof import reduced
from lawyers.matching.stages import Staged, solve_stages


@dataclass(frozen=True)
class Found:
    """A lawful flow and what is proved of it, stage by stage; None where the time limit came first."""

    flow: Flow
    bounds: dict[Stage, int | None]


def merged_flow(prepared: Prepared, rules: LimitRules, book: LimitBook, stages: list[Objective]) -> Flow:
    """A lawful flow from stricter limits; it need not be the best."""
    strict = book.copy()
    for limit in book.crossing:
        strict.merge(limit)
    while True:
        flow = solve_stages(build(prepared, strict.all_gates()), stages).flow
        broken = rules.broken(flow)
        if not broken:
            return flow
        add_all(strict, broken, merging=True)


def values(stages: list[Objective], flow: Flow) -> tuple[int, ...]:
    return tuple(each.costs.of(flow) for each in stages)


def search(
    prepared: Prepared, rules: LimitRules, book: LimitBook, relaxed: Staged, stages: list[Objective]
) -> Found:
    """The best flow under all limits, as far as the policy's time limit allows."""
    best = merged_flow(prepared, rules, book, stages)
    bounds = relaxed.bounds
    if values(stages, best) == tuple(bounds[each.stage] for each in stages):
        return Found(best, {**bounds})
    deadline = time.monotonic() + prepared.problem.policy.time_limit_s
    while True:
        keep = worth_keeping(relaxed, best)
        model = Model(prepared, keep, [*book.all_gates(), *book.crossing])
        found = staged_search(model, stages, bounds, best, deadline)
        broken = rules.broken(found.flow)
        if not broken:
            return found
        add_all(book, broken)
        if time.monotonic() > deadline:
            return Found(best, first_bound(stages, bounds, best))


def first_bound(stages: list[Objective], bounds: dict[Stage, int], flow: Flow) -> dict[Stage, int | None]:
    """What the relaxed network proves: all stages up to the first that differs."""
    out: dict[Stage, int | None] = {}
    proved = True
    for each in stages:
        out[each.stage] = bounds[each.stage] if proved else None
        proved = proved and each.costs.of(flow) == bounds[each.stage]
    return out


def worth_keeping(relaxed: Staged, best: Flow) -> BoolArray:
    """Pairs that a flow at least as good as this one may use."""
    keep = relaxed.network.pair_high.copy()
    for each in relaxed.solved:
        gap = each.pack.costs.of(best) - each.proof.bound
        keep &= reduced(each.network, each.pack.costs, each.proof.price).pair <= gap
        if gap:
            break
    return keep


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


def staged_search(
    model: Model, stages: list[Objective], bounds: dict[Stage, int], best: Flow, deadline: float
) -> Found:
    """Each stage by search, then a row for the next; stages that the bound settles are skipped."""
    proved: dict[Stage, int | None] = {each.stage: None for each in stages}
    fixed: list[tuple[IntArray, int]] = []
    relaxed = True
    for each in stages:
        cost, value = model.costs(each.costs), each.costs.of(best)
        if relaxed and value == bounds[each.stage]:
            proved[each.stage] = value
        else:
            flow, bound = search_stage(model, cost, fixed, deadline)
            if flow is not None and each.costs.of(flow) <= value:
                best, value = flow, each.costs.of(flow)
            known = bounds[each.stage] if relaxed else None
            proved[each.stage] = max((b for b in (bound, known) if b is not None), default=None)
            relaxed = False
        if proved[each.stage] != value:
            return Found(best, proved)
        fixed.append((cost, value))
    return Found(best, proved)


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
