"""Limits kept by choosing among equally good proposals.

The optimal flows of a network are as a rule many. Before the network is given more limits, which raises the
bound's cost in time, the broken ones are mended inside the set of optimal flows: what is found there needs no
further proof.
"""

import numpy as np

from lawyers.matching.arrays import IntArray
from lawyers.matching.assignment import flow_through, solve_assignment
from lawyers.matching.limits import LimitRules
from lawyers.matching.network import Costs, Flow
from lawyers.matching.objectives import spread
from lawyers.matching.stages import Staged

ROUNDS = 6


def repaired(rules: LimitRules, staged: Staged) -> Flow | None:
    """An optimal flow that keeps all limits, or None when a few rounds do not find one."""
    flow = staged.flow
    for _ in range(ROUNDS):
        if rules.keeps_all(flow):
            return flow if staged.attains(flow) else None
        pair = penalties(rules, staged, flow)
        first = staged.solved[0].pack.costs
        costs = Costs(pair, np.zeros_like(first.short), np.zeros_like(first.slot))
        flow = solve_assignment(staged.face, costs, spread(costs, staged.face))
    return None


def penalties(rules: LimitRules, staged: Staged, flow: Flow) -> IntArray:
    """Staying is free, moving costs one, and meeting a case at odds costs more than all moves together.

    Of two cases at odds that are together now, the first may stay.
    """
    live, chosen = np.flatnonzero(staged.face.pair_high), np.flatnonzero(flow.pair)
    one, other = rules.odds.among(live, chosen)
    first = flow.pair[one] & (one < other)
    met = np.zeros(len(flow.pair), np.int64)
    met[one[~first]] = 2 * len(chosen) + 1
    return np.where(flow.pair, 0, 1) + met


def pruned(rules: LimitRules, staged: Staged) -> Flow:
    """The flow less what breaks limits: lawful, and what the search has to beat."""
    used = staged.flow.pair.copy()
    chosen = np.flatnonzero(used)
    for one, other in zip(*(each.tolist() for each in rules.odds.among(chosen, chosen)), strict=True):
        if used[one] and used[other]:
            used[max(one, other)] = False
    for limit in rules.caps:
        there = np.flatnonzero(used & (staged.network.pair_place == limit.place))
        inside = there[np.isin(staged.network.pair_need[there], list(limit.members))]
        used[inside[limit.cap :]] = False
    return flow_through(staged.network, used)
