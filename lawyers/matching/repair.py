"""Limits kept by choosing among equally good proposals.

The optimal flows of a network are as a rule many. Before the network is given more limits, which raises the
bound's cost in time, the broken ones are mended inside the set of optimal flows: what is found there needs no
further proof.
"""

import numpy as np

from lawyers.matching.arrays import IntArray, ints
from lawyers.matching.engines import least_cost_flow
from lawyers.matching.limits import LimitRules
from lawyers.matching.network import Costs, Flow
from lawyers.matching.objectives import spread
from lawyers.matching.stages import Staged

ROUNDS = 12
PATIENCE = 2
"""Rounds with little improvement before giving up."""


def repaired(rules: LimitRules, staged: Staged, start: Flow) -> tuple[Flow, int]:
    """The optimal flow with the fewest cases at odds that a few rounds find from a start; and how many."""
    first = staged.solved[0].pack.costs
    short, slot = np.zeros_like(first.short), np.zeros_like(first.slot)
    memory = np.zeros(len(start.pair), np.int64)
    best, fewest, flow = staged.flow, rules.conflicts(staged.flow), start
    idle = 0
    for _ in range(ROUNDS):
        if not fewest or idle > PATIENCE:
            break
        costs = Costs(penalties(rules, staged, flow, memory), short, slot)
        flow = least_cost_flow(staged.face, costs, spread(costs, staged.face))
        count = rules.conflicts(flow) if staged.attains(flow) else fewest
        idle = 0 if count < fewest * 0.9 else idle + 1
        if count < fewest:
            best, fewest = flow, count
    return best, fewest


def penalties(rules: LimitRules, staged: Staged, flow: Flow, memory: IntArray) -> IntArray:
    """Staying is free, moving costs one, and meeting a case at odds costs more than all moves together.

    Of two cases at odds that are together now, the first may stay. What went wrong in earlier rounds stays
    in the memory and costs more each time, so that the rounds do not go in circles.
    """
    live, chosen = np.flatnonzero(staged.face.pair_high), np.flatnonzero(flow.pair)
    one, other = rules.odds.among(live, chosen)
    first = flow.pair[one] & (one < other)
    met = np.zeros(len(flow.pair), np.int64)
    met[one[~first]] = 1
    memory += met * flow.pair
    return ints(np.where(flow.pair, 0, 1) + (met + memory) * (2 * len(chosen) + 1))
