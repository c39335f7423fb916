"""A flow in the making: what goes over every arc, what is still out of balance, and how it could change."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from lawyers.matching.arrays import IntArray, starts_of, within_runs
from lawyers.matching.network import Costs, Flow, Network

FAR = 1 << 61
"""The price of a node from which no target can be reached."""

Arcs = tuple[IntArray, IntArray, IntArray]
"""Tail, head and cost, or tail, head and units."""


@dataclass
class Bundle:
    """Arcs of one kind, none or one from each node.

    ``marginal`` has a row for each arc and a column for each unit, never falling.
    """

    tail: IntArray
    head: IntArray
    marginal: IntArray
    high: IntArray
    amount: IntArray

    def changes(self) -> Iterator[Arcs]:
        """Every way to carry a unit more or less, and what it costs."""
        more, less = np.flatnonzero(self.amount < self.high), np.flatnonzero(self.amount > 0)
        yield self.tail[more], self.head[more], self.marginal[more, self.amount[more]]
        yield self.head[less], self.tail[less], -self.marginal[less, self.amount[less] - 1]

    def tight(self, price: IntArray) -> Iterator[Arcs]:
        """The units that can be added or taken away at these prices for nothing."""
        near = np.flatnonzero(price[self.tail] < FAR // 2)
        steps = price[self.tail[near]] - price[self.head[near]]
        rank = np.arange(self.marginal.shape[1])
        free = self.marginal[near] == steps[:, None]
        carried = rank < self.amount[near, None]
        more = (free & ~carried & (rank < self.high[near, None])).sum(axis=1)
        less = (free & carried).sum(axis=1)
        for ends, units in (((self.tail, self.head), more), ((self.head, self.tail), less)):
            some = units > 0
            yield ends[0][near[some]], ends[1][near[some]], units[some]

    def shift(self, tail: IntArray, head: IntArray, units: IntArray) -> None:
        """Carry units along those arcs that are of this kind, forth or back."""
        if not len(self.tail):
            return
        base = int(self.tail[0])
        for start, end, sign in ((tail, head, 1), (head, tail, -1)):
            at = start - base
            mine = (at >= 0) & (at < len(self.tail))
            mine[mine] = self.head[at[mine]] == end[mine]
            self.amount[at[mine]] += sign * units[mine]

    def agree(self, price: IntArray) -> None:
        """What pays at these prices is carried, what does not is not, the rest stays."""
        left = self.marginal + (price[self.head] - price[self.tail])[:, None]
        may = np.arange(self.marginal.shape[1]) < self.high[:, None]
        self.amount = np.clip(self.amount, (may & (left < 0)).sum(axis=1), (may & (left <= 0)).sum(axis=1))


class Residual:
    """The network with costs and a flow that need not be in balance; ``live`` are the pairs in play."""

    def __init__(self, network: Network, costs: Costs, flow: Flow, live: IntArray) -> None:
        self.network, self.live = network, live
        self.need, self.head = network.pair_need[live], network.pair_head[live]
        self.cost, self.used = costs.pair[live], flow.pair[live]
        sink = network.sink
        needs, places = np.arange(network.needs), np.arange(network.needs, network.needs + network.places)
        gates, cap = np.arange(network.needs + network.places, sink), network.gates.cap
        free = np.zeros((len(gates), int(cap.max(initial=0))), np.int64)
        self.short = Bundle(needs, np.full_like(needs, sink), costs.short, network.seats, flow.short)
        self.slot = Bundle(places, np.full_like(places, sink), costs.slot, network.room, flow.load)
        self.gate = Bundle(gates, network.gate_head, free, cap, flow.gate)
        self.kinds = (self.short, self.slot, self.gate)
        counts = np.bincount(self.need, minlength=network.needs)
        self.first = starts_of(counts)[:-1][counts > 0]
        self.some = np.flatnonzero(counts)
        place = network.pair_place[live]
        self.key = self.need * network.places + place
        self.by_place = np.argsort(
            place.astype(np.uint16 if network.places < 1 << 16 else np.int64), kind="stable"
        )
        self.place_starts = starts_of(np.bincount(place, minlength=network.places))

    def of_places(self, places: IntArray) -> IntArray:
        """Positions of all live pairs of some places."""
        counts = np.diff(self.place_starts)[places]
        at: IntArray = self.by_place[np.repeat(self.place_starts[places], counts) + within_runs(counts)]
        return at

    def cheapest(self, price: IntArray) -> None:
        """Set the price of each need such that as many of its ways on pay as it has seats."""
        seats, sink = self.network.seats, self.network.sink
        needs = price[: self.network.needs]
        needs[:] = 0
        ways = self.cost + price[self.head]
        if len(ways):
            needs[self.some] = np.minimum.reduceat(ways, self.first)
        wanted = np.flatnonzero(seats)
        needs[wanted] = np.minimum(needs[wanted], self.short.marginal[wanted, 0] + price[sink])
        several = np.flatnonzero(seats > 1)
        mine = np.flatnonzero(seats[self.need] > 1)
        missing, rank = np.repeat(several, seats[several]), within_runs(seats[several])
        owner = np.concatenate([self.need[mine], missing])
        cost = np.concatenate([ways[mine], self.short.marginal[missing, rank] + price[sink]])
        order = np.lexsort((cost, owner))
        start = np.searchsorted(owner[order], several)
        needs[several] = cost[order[start + seats[several] - 1]]

    def agree(self, price: IntArray) -> None:
        """Make the flow such that no change pays at these prices, in balance or not."""
        left = self.cost + price[self.head] - price[self.need]
        self.used = (self.used & (left <= 0)) | (left < 0)
        for kind in self.kinds:
            kind.agree(price)

    def excess(self) -> IntArray:
        """What enters each node and does not leave it."""
        network, nodes = self.network, self.network.sink + 1
        out = np.zeros(nodes, np.int64)
        out[: network.needs] = network.seats - np.bincount(self.need[self.used], minlength=network.needs)
        out += np.bincount(self.head[self.used], minlength=nodes)
        for kind in self.kinds:
            out[kind.tail] -= kind.amount
            out += np.bincount(kind.head, kind.amount, minlength=nodes).astype(np.int64)
        out[network.sink] -= network.seats.sum()
        return out

    def changes(self, *, new: bool = False) -> Arcs:
        """Every way to change the flow by a unit, and its cost; those by a new pair only if asked for."""
        used = self.used
        parts = [(self.head[used], self.need[used], -self.cost[used])]
        if new:
            parts.append((self.need[~used], self.head[~used], self.cost[~used]))
        for kind in self.kinds:
            parts += kind.changes()
        tail, head, cost = (np.concatenate(each) for each in zip(*parts, strict=True))
        return tail, head, cost

    def shift(self, tail: IntArray, head: IntArray, units: IntArray) -> None:
        """Send units along arcs, or back against them."""
        needs, sink = self.network.needs, self.network.sink
        forth, back = (tail < needs) & (head < sink), (head < needs) & (tail < sink)
        self.used[self.positions(tail[forth], head[forth])] = True
        self.used[self.positions(head[back], tail[back])] = False
        rest = ~(forth | back)
        for kind in self.kinds:
            kind.shift(tail[rest], head[rest], units[rest])

    def positions(self, need: IntArray, door: IntArray) -> IntArray:
        """Of pairs by need and the door that leads to their place."""
        place = self.network.place_of_door[door - self.network.needs]
        return np.searchsorted(self.key, need * self.network.places + place)

    def flow(self) -> Flow:
        """What goes over every arc of the network."""
        pair = np.zeros(len(self.network.pair_need), np.bool_)
        pair[self.live[self.used]] = True
        return Flow(pair, self.short.amount, self.slot.amount, self.gate.amount)
