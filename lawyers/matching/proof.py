"""Proof that a flow is optimal, in exact integers and independent of the solver that found it.

Distances from the sink in the residual network are prices. They exist only when no cycle of negative cost is
left, and they give a bound that must equal the cost of the flow. Prices also say which arcs can differ among
all optimal flows, and so hand the next stage exactly the optimal ones to choose from.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from lawyers.matching.arrays import BoolArray, IntArray, exact_sum
from lawyers.matching.network import Costs, Flow, Network, narrowed

FAR = 1 << 60
"""The price of a node that the sink cannot reach."""


@dataclass(frozen=True)
class Proof:
    """Prices of all nodes (needs, places, gates, sink) and the bound they prove."""

    price: IntArray
    bound: int


@dataclass(frozen=True)
class Arcs:
    tail: IntArray
    head: IntArray
    cost: IntArray


def residual(network: Network, costs: Costs, flow: Flow) -> Arcs:
    """Every way in which the flow could be changed by one unit."""
    parts = list(residual_parts(network, costs, flow))
    tail, head, cost = (np.concatenate(each) for each in zip(*parts, strict=True))
    return Arcs(tail, head, cost)


def residual_parts(
    network: Network, costs: Costs, flow: Flow
) -> Iterator[tuple[IntArray, IntArray, IntArray]]:
    need, place = np.arange(network.needs), np.arange(network.needs, network.needs + network.places)
    gate = np.arange(network.needs + network.places, network.sink)
    entry, parent = network.node_of_entry(), network.node_of_parent()
    more, less = ~flow.pair & network.pair_high, flow.pair & ~network.pair_low
    yield network.pair_need[more], entry[more], costs.pair[more]
    yield entry[less], network.pair_need[less], -costs.pair[less]
    yield from to_sink(network.sink, need, costs.short, flow.short, (network.short_low, network.short_high))
    yield from to_sink(network.sink, place, costs.slot, flow.load, (network.load_low, network.load_high))
    more, less = flow.gate < network.gates.high, flow.gate > network.gates.low
    yield gate[more], parent[more], np.zeros(int(more.sum()), np.int64)
    yield parent[less], gate[less], np.zeros(int(less.sum()), np.int64)


def to_sink(
    sink: int, nodes: IntArray, marginal: IntArray, amount: IntArray, bounds: tuple[IntArray, IntArray]
) -> Iterator[tuple[IntArray, IntArray, IntArray]]:
    up, down = np.flatnonzero(amount < bounds[1]), np.flatnonzero(amount > bounds[0])
    yield nodes[up], np.full(len(up), sink), marginal[up, amount[up]]
    yield np.full(len(down), sink), nodes[down], -marginal[down, amount[down] - 1]


def distances(arcs: Arcs, source: int, nodes: int) -> IntArray | None:
    """Shortest distances from the source (Bellman and Ford); None when a cycle of negative cost exists."""
    price = np.full(nodes, FAR, np.int64)
    price[source] = 0
    order = np.argsort(arcs.head, kind="stable")
    tail, head, cost = arcs.tail[order], arcs.head[order], arcs.cost[order]
    if not len(head):
        return price
    first = np.flatnonzero(np.concatenate([[True], head[1:] != head[:-1]]))
    reached = head[first]
    for _ in range(nodes + 1):
        best = np.minimum.reduceat(price[tail] + cost, first)
        better = best < price[reached]
        if not better.any():
            return price
        price[reached[better]] = best[better]
    return None


def prove(network: Network, costs: Costs, flow: Flow) -> Proof | None:
    """Prices and the bound, or None when the flow is not optimal (or not a flow)."""
    if not lawful(network, flow):
        return None
    price = distances(residual(network, costs, flow), network.sink, network.sink + 1)
    if price is None:
        return None
    bound = dual_bound(network, costs, price)
    return Proof(price, bound) if bound == costs.of(flow) else None


def lawful(network: Network, flow: Flow) -> bool:
    """All bounds hold. Amounts are counts of the chosen pairs, so flow is conserved by construction."""
    checks = (
        (flow.pair, network.pair_low, network.pair_high),
        (flow.short, network.short_low, network.short_high),
        (flow.load, network.load_low, network.load_high),
        (flow.gate, network.gates.low, network.gates.high),
    )
    return all(bool((low <= amount).all() and (amount <= high).all()) for amount, low, high in checks)


@dataclass(frozen=True)
class Reduced:
    """Cost of every arc after prices: above zero it is never used, below zero always."""

    pair: IntArray
    short: IntArray
    slot: IntArray
    gate: IntArray


def reduced(network: Network, costs: Costs, price: IntArray) -> Reduced:
    needs, places = price[: network.needs], price[network.needs : network.needs + network.places]
    gates, sink = price[network.needs + network.places : -1], price[-1]
    return Reduced(
        costs.pair + price[network.pair_need] - price[network.node_of_entry()],
        costs.short + (needs - sink)[:, None],
        costs.slot + (places - sink)[:, None],
        gates - price[network.node_of_parent()],
    )


def dual_bound(network: Network, costs: Costs, price: IntArray) -> int:
    """No flow within the bounds can cost less than this, whatever the prices are."""
    left = reduced(network, costs, price)
    bound = seat_value(network, price)
    bound += least(left.pair, network.pair_low.astype(np.int64), network.pair_high.astype(np.int64))
    bound += least_by_rank(left.short, network.short_low, network.short_high)
    bound += least_by_rank(left.slot, network.load_low, network.load_high)
    return bound + least(left.gate, network.gates.low, network.gates.high)


def seat_value(network: Network, price: IntArray) -> int:
    """Every seat travels from its need to the sink."""
    gain = price[-1] - price[: network.needs]
    return sum(exact_sum(gain[network.seats > rank]) for rank in range(int(network.seats.max(initial=0))))


def least(left: IntArray, low: IntArray, high: IntArray) -> int:
    """The least that arcs with these reduced costs can contribute; amounts are small, so sums stay exact."""
    amount = np.where(left > 0, low, high)
    return sum(exact_sum(left[amount > rank]) for rank in range(int(amount.max(initial=0))))


def least_by_rank(left: IntArray, low: IntArray, high: IntArray) -> int:
    rank = np.arange(left.shape[1])
    must, may = rank < low[:, None], rank < high[:, None]
    return exact_sum(left[must | (may & (left < 0))])


def optimal_face(network: Network, costs: Costs, proof: Proof) -> Network:
    """The network whose flows are exactly the optimal flows of this one (complementary slackness)."""
    left = reduced(network, costs, proof.price)
    pair_low = network.pair_low | (network.pair_high & (left.pair < 0))
    full = np.bincount(network.pair_need[pair_low], minlength=network.needs) >= network.seats
    pair_high = pair_low | (network.pair_high & (left.pair <= 0) & ~full[network.pair_need])
    short = ranks(left.short, network.short_low, network.short_high)
    short_high = np.where(full, 0, short[1])
    gate_low = np.where(left.gate < 0, network.gates.high, network.gates.low)
    gate_high = np.where(left.gate > 0, network.gates.low, network.gates.high)
    return narrowed(
        network,
        pair=(pair_low, pair_high),
        short=(short[0], short_high),
        load=ranks(left.slot, network.load_low, network.load_high),
        gate=(gate_low, gate_high),
    )


def ranks(left: IntArray, low: IntArray, high: IntArray) -> tuple[IntArray, IntArray]:
    """Marginal costs never fall, so the ranks that must and may be used are counts."""
    rank = np.arange(left.shape[1])
    may: BoolArray = rank < high[:, None]
    must = np.maximum(low, (may & (left < 0)).sum(axis=1))
    return must, np.maximum(must, (may & (left <= 0)).sum(axis=1))
