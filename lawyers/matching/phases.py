"""Least-cost flow in phases, for problems too large to be one assignment; in integers throughout.

Each phase finds how far every node is from the sink and then sends as much as possible at once along all
shortest ways (successive shortest paths, many at a time). Units that an earlier stage has made obligatory are
rewarded by more than everything else can bring, so that a flow that starts from nothing uses them all.
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import maximum_flow

from lawyers.matching.arrays import IntArray
from lawyers.matching.assignment import flow_through
from lawyers.matching.network import Costs, Flow, Network, NoFlow
from lawyers.matching.proof import FAR, Arcs, distances


@dataclass
class Bundle:
    """Arcs of one kind; ``marginal`` has a row for each arc and a column for each unit, never falling."""

    tail: IntArray
    head: IntArray
    marginal: IntArray
    high: IntArray
    amount: IntArray

    def more(self) -> tuple[IntArray, IntArray]:
        """Arcs that can carry a unit more, and what it costs."""
        arcs = np.flatnonzero(self.amount < self.high)
        return arcs, self.marginal[arcs, self.amount[arcs]]

    def less(self) -> tuple[IntArray, IntArray]:
        """Arcs that can carry a unit less, and what it costs."""
        arcs = np.flatnonzero(self.amount > 0)
        return arcs, -self.marginal[arcs, self.amount[arcs] - 1]

    def tight(self, price: IntArray) -> tuple[IntArray, IntArray, IntArray]:
        """Arcs on shortest ways, with the units that can be added and taken."""
        steps = price[self.tail] - price[self.head]
        near = np.flatnonzero((self.marginal == steps[:, None]).any(axis=1) & (price[self.tail] < FAR // 2))
        free = self.marginal[near] == steps[near, None]
        rank = np.arange(self.marginal.shape[1])
        carried = rank < self.amount[near, None]
        open_ = rank < self.high[near, None]
        return near, (free & ~carried & open_).sum(axis=1), (free & carried).sum(axis=1)


def bundles(network: Network, costs: Costs, reward: int) -> list[Bundle]:
    """Pairs, gates, shortfalls and slots, with obligatory units rewarded, all empty."""
    needs, places = np.arange(network.needs), np.arange(network.needs, network.needs + network.places)
    gates = np.arange(network.needs + network.places, network.sink)
    alive = np.flatnonzero(network.pair_high)
    cap = np.arange(int(network.gates.high.max(initial=0)))
    kinds = (
        (
            network.pair_need[alive],
            network.node_of_entry()[alive],
            costs.pair[alive, None],
            network.pair_low[alive],
            network.pair_high[alive],
        ),
        (gates, network.node_of_parent(), np.zeros((len(gates), len(cap)), np.int64), *gate_bounds(network)),
        (needs, np.full_like(needs, network.sink), costs.short, network.short_low, network.short_high),
        (places, np.full_like(places, network.sink), costs.slot, network.load_low, network.load_high),
    )
    out = []
    for tail, head, marginal, low, high in kinds:
        must = np.arange(marginal.shape[1]) < low.astype(np.int64)[:, None]
        out.append(Bundle(tail, head, marginal - reward * must, high.astype(np.int64), np.zeros_like(tail)))
    return out


def gate_bounds(network: Network) -> tuple[IntArray, IntArray]:
    return network.gates.low, network.gates.high


def solve_in_phases(network: Network, costs: Costs, spread: int) -> Flow:
    """A flow of least cost; ``proof`` checks it like any other."""
    kinds = bundles(network, costs, spread + 1)
    excess = network.seats.copy()
    while excess.any():
        sent = phase(network, kinds, excess)
        if not sent.any():
            raise NoFlow("the network has no flow within its bounds")
        excess -= sent
    used = np.zeros(len(network.pair_need), np.bool_)
    used[np.flatnonzero(network.pair_high)] = kinds[0].amount > 0
    return flow_through(network, used)


def phase(network: Network, kinds: list[Bundle], excess: IntArray) -> IntArray:
    """Send what the shortest ways carry; gives the seats that left each need."""
    price = distances(reverse_residual(kinds), network.sink, network.sink + 1)
    if price is None:
        raise NoFlow("a cycle of negative cost appeared between phases")
    source, nodes = network.sink + 1, network.sink + 2
    waiting = np.flatnonzero(excess)
    tails, heads, units = [np.full(len(waiting), source)], [waiting], [excess[waiting]]
    tight = [kind.tight(price) for kind in kinds]
    for kind, (arcs, more, less) in zip(kinds, tight, strict=True):
        tails += [kind.tail[arcs], kind.head[arcs]]
        heads += [kind.head[arcs], kind.tail[arcs]]
        units += [more, less]
    ways = (np.concatenate(tails), np.concatenate(heads))
    table = csr_matrix((np.concatenate(units).astype(np.int32), ways), shape=(nodes, nodes))
    flow = maximum_flow(table, source, network.sink).flow
    flow.sort_indices()
    flow = flow.tocoo()
    moved = flow.row.astype(np.int64) * nodes + flow.col
    for kind, (arcs, _, _) in zip(kinds, tight, strict=True):
        kind.amount[arcs] += found(moved, flow.data, kind.tail[arcs] * nodes + kind.head[arcs])
    return found(moved, flow.data, source * nodes + np.arange(network.needs))


def found(keys: IntArray, values: IntArray, wanted: IntArray) -> IntArray:
    """The value of each wanted key, 0 when absent; keys are sorted."""
    if not len(keys):
        return np.zeros(len(wanted), np.int64)
    at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where(keys[at] == wanted, values[at], 0)


def reverse_residual(kinds: list[Bundle]) -> Arcs:
    """Every way to change by a unit, turned round, so that distances are those to the sink."""
    tails, heads, costs = [], [], []
    for kind in kinds:
        arcs, cost = kind.more()
        tails.append(kind.head[arcs])
        heads.append(kind.tail[arcs])
        costs.append(cost)
        arcs, cost = kind.less()
        tails.append(kind.tail[arcs])
        heads.append(kind.head[arcs])
        costs.append(cost)
    return Arcs(np.concatenate(tails), np.concatenate(heads), np.concatenate(costs))
