"""Proof that a flow is optimal in every stage, in exact integers and independent of the solver that found it.

There is one price for each node and stage. What an arc costs after prices is read stage by stage, and the
first stage in which it is not zero decides: above zero the arc must be empty, below zero full. Then no other
flow is better in any stage without being worse in one before it (complementary slackness, stage by stage).
"""

from collections.abc import Iterator, Sequence

import numpy as np

from lawyers.matching.arrays import BoolArray, IntArray
from lawyers.matching.network import Costs, Flow, Network, flow_through

Units = tuple[IntArray, IntArray, BoolArray, list[IntArray]]
"""Arcs of one unit each: tail, head, whether it is carried, and its cost in every stage."""


def is_proved(network: Network, stages: Sequence[Costs], flow: Flow, price: Sequence[IntArray]) -> bool:
    """Whether these prices, a row for each stage, prove the flow optimal; False for what is no flow."""
    return is_lawful(network, flow) and all(agrees(units, price) for units in arcs(network, stages, flow))


def is_lawful(network: Network, flow: Flow) -> bool:
    """All bounds hold, and what enters a node leaves it."""
    through = flow_through(network, flow.pair)
    same = all(
        np.array_equal(mine, theirs)
        for mine, theirs in (
            (flow.short, through.short),
            (flow.load, through.load),
            (flow.gate, through.gate),
        )
    )
    return bool(
        same
        and not (flow.pair & ~network.is_open).any()
        and (flow.short >= 0).all()
        and (flow.load <= network.room).all()
        and (flow.gate <= network.gates.cap).all()
    )


def arcs(network: Network, stages: Sequence[Costs], flow: Flow) -> Iterator[Units]:
    """Every arc of the network, a shortfall, load or gate as one arc for each unit that it may carry."""
    live = np.flatnonzero(network.is_open)
    ends = network.pair_need[live], network.pair_head[live]
    yield *ends, flow.pair[live], [each.pair[live] for each in stages]
    place = network.needs + np.arange(network.places)
    gate = network.needs + network.places + np.arange(len(network.gates.place))
    for tail, high, amount, costs in (
        (np.arange(network.needs), network.seats, flow.short, [each.short for each in stages]),
        (place, network.room, flow.load, [each.slot for each in stages]),
    ):
        row, rank = np.nonzero(np.arange(costs[0].shape[1]) < high[:, None])
        sink = np.full(len(row), network.sink)
        yield tail[row], sink, rank < amount[row], [each[row, rank] for each in costs]
    row, rank = np.nonzero(np.arange(int(network.gates.cap.max(initial=0))) < network.gates.cap[:, None])
    free = np.zeros(len(row), np.int64)
    yield gate[row], network.gate_head[row], rank < flow.gate[row], [free for _ in stages]


def agrees(units: Units, price: Sequence[IntArray]) -> bool:
    tail, head, carried, costs = units
    open_ = np.arange(len(tail))
    for cost, prices in zip(costs, price, strict=True):
        left = cost[open_] + prices[head[open_]] - prices[tail[open_]]
        if ((left > 0) & carried[open_]).any() or ((left < 0) & ~carried[open_]).any():
            return False
        open_ = open_[left == 0]
    return True
