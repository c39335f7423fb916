"""The network as one sparse assignment, solved by the shortest augmenting paths in scipy.

Rows are free seats and units of gates, columns are slots of places, missing seats and units of gates. A unit
of a gate that nobody uses is assigned to its own column. A case that wants several lawyers gets a gate of one
for each lawyer, so that two of its seats never go to the same one.
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from lawyers.matching.arrays import BoolArray, IntArray, starts_of, within_runs
from lawyers.matching.network import Costs, Flow, Network

Edges = tuple[IntArray, IntArray, IntArray]
"""Row, column and cost, each row of equal length."""


@dataclass(frozen=True)
class Inner:
    """Gates of the network followed by the gates of one for cases that want several lawyers."""

    low: IntArray
    high: IntArray
    target: IntArray
    """Number of the node behind: places first, then these gates."""
    pair_target: IntArray
    """The node that each pair enters."""
    single_pair: IntArray
    """The pair behind each gate of one."""


@dataclass(frozen=True)
class Layout:
    """Where each need's and each node's rows and columns begin."""

    seat: IntArray
    gate_row: IntArray
    node: IntArray
    short: IntArray
    column_cost: IntArray
    toll: int
    """Paid for a slot and earned back by the pair: an idle unit of a gate then never takes a slot."""


def solve_assignment(network: Network, costs: Costs, spread: int) -> Flow:
    """A flow of least cost. Exactness is not taken on trust: ``proof`` checks it in integers."""
    inner = inner_gates(network)
    reward = spread + 1 if has_low(network) else 0
    layout = lay_out(network, inner, costs, reward)
    rows, columns, weight = edges(network, inner, costs, layout, reward)
    size = (int(layout.gate_row[-1]), int(layout.short[-1]))
    if not size[0]:
        return flow_through(network, np.zeros(len(network.pair_need), np.bool_))
    weight += 1 - int(weight.min())
    table = csr_matrix((weight.astype(np.float64), (rows, columns)), shape=size)
    matched, column = min_weight_full_bipartite_matching(table)
    return flow_of(network, inner, layout, matched.astype(np.int64), column.astype(np.int64))


def has_low(network: Network) -> bool:
    lows = (network.pair_low, network.short_low, network.load_low, network.gates.low)
    return any(bool(low.any()) for low in lows)


def inner_gates(network: Network) -> Inner:
    several = (network.seats[network.pair_need] > 1) & network.pair_high
    single_pair = np.flatnonzero(several)
    outer = len(network.gates.place)

    def node(gate: IntArray, place: IntArray) -> IntArray:
        return np.where(gate < 0, place, network.places + gate)

    behind = node(network.entry, network.pair_place)
    target = behind.copy()
    target[single_pair] = network.places + outer + np.arange(len(single_pair))
    return Inner(
        low=np.concatenate([network.gates.low, network.pair_low[single_pair].astype(np.int64)]),
        high=np.concatenate([network.gates.high, np.ones(len(single_pair), np.int64)]),
        target=np.concatenate([node(network.gates.parent, network.gates.place), behind[single_pair]]),
        pair_target=target,
        single_pair=single_pair,
    )


def lay_out(network: Network, inner: Inner, costs: Costs, reward: int) -> Layout:
    """Columns: slots of places, units of gates, missing seats. Rows: seats, units of gates."""
    place = np.repeat(np.arange(network.places), network.load_high)
    rank = within_runs(network.load_high)
    slots = costs.slot[place, rank] - reward * (rank < network.load_low[place])
    units = within_runs(inner.high) < np.repeat(inner.low, inner.high)
    toll = 1 - int(slots.min(initial=0))
    node = starts_of(np.concatenate([network.load_high, inner.high]))
    seat = starts_of(network.seats)
    return Layout(
        seat=seat,
        gate_row=seat[-1] + starts_of(inner.high),
        node=node,
        short=node[-1] + starts_of(network.short_high),
        column_cost=np.concatenate([slots + toll, -reward * units.astype(np.int64)]),
        toll=toll,
    )


def edges(network: Network, inner: Inner, costs: Costs, layout: Layout, reward: int) -> Edges:
    """Every possible assignment of a row to a column."""
    parts = [
        pair_edges(network, inner, costs, layout),
        short_edges(network, costs, layout, reward),
        idle_edges(inner, layout),
        spread_over(
            layout,
            np.arange(layout.gate_row[0], layout.gate_row[-1]),
            np.repeat(inner.target, inner.high),
            np.zeros(int(inner.high.sum()), np.int64),
        ),
    ]
    rows, columns, weight = (np.concatenate(each) for each in zip(*parts, strict=True))
    return rows, columns, weight


def spread_over(layout: Layout, rows: IntArray, nodes: IntArray, weight: IntArray) -> Edges:
    """Each row to all columns of its node."""
    counts = (layout.node[1:] - layout.node[:-1])[nodes]
    columns = np.repeat(layout.node[nodes], counts) + within_runs(counts)
    return np.repeat(rows, counts), columns, np.repeat(weight, counts) + layout.column_cost[columns]


def pair_edges(network: Network, inner: Inner, costs: Costs, layout: Layout) -> Edges:
    alive = np.flatnonzero(network.pair_high)
    seats = network.seats[network.pair_need[alive]]
    pair = np.repeat(alive, seats)
    rows = layout.seat[network.pair_need[pair]] + within_runs(seats)
    return spread_over(layout, rows, inner.pair_target[pair], costs.pair[pair] - layout.toll)


def short_edges(network: Network, costs: Costs, layout: Layout, reward: int) -> Edges:
    seat_need = np.repeat(np.arange(network.needs), network.seats)
    counts = network.short_high[seat_need]
    rows = np.repeat(np.arange(len(seat_need)), counts)
    need, rank = seat_need[rows], within_runs(counts)
    weight = costs.short[need, rank] - reward * (rank < network.short_low[need])
    return rows, layout.short[need] + rank, weight


def idle_edges(inner: Inner, layout: Layout) -> Edges:
    """A unit of a gate to its own column, unless the unit must be used."""
    idle = np.flatnonzero(within_runs(inner.high) >= np.repeat(inner.low, inner.high))
    first = layout.node[len(layout.node) - len(inner.high) - 1]
    return layout.gate_row[0] + idle, first + idle, np.zeros(len(idle), np.int64)


def flow_of(network: Network, inner: Inner, layout: Layout, rows: IntArray, columns: IntArray) -> Flow:
    """Read the flow off the matched seats; units of gates follow from them."""
    taken = (rows < layout.seat[-1]) & (columns < layout.node[-1])
    need = np.repeat(np.arange(network.needs), network.seats)[rows[taken]]
    node = np.searchsorted(layout.node, columns[taken], side="right") - 1
    place = np.concatenate(
        [np.arange(network.places), network.gates.place, network.pair_place[inner.single_pair]]
    )
    key = network.pair_need * network.places + network.pair_place
    used = np.zeros(len(key), np.bool_)
    used[np.searchsorted(key, need * network.places + place[node])] = True
    return flow_through(network, used)


def flow_through(network: Network, used: BoolArray) -> Flow:
    """The flow that a choice of pairs makes."""
    filled = np.bincount(network.pair_need[used], minlength=network.needs)
    load = np.bincount(network.pair_place[used], minlength=network.places)
    entry = network.entry[used]
    gate = np.bincount(entry[entry >= 0], minlength=len(network.gates.place)).astype(np.int64)
    for at in np.flatnonzero(network.gates.parent >= 0)[::-1]:
        gate[network.gates.parent[at]] += gate[at]
    return Flow(used, network.seats - filled, load.astype(np.int64), gate)
