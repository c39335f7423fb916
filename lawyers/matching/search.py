"""From flows to lawful proposals: the best flow, narrowed where it breaks limits, then branched.

A flow may give one lawyer two cases at odds. The limits that it breaks become gates of the network, and the
flow is mended. A limit that crosses another gate of its place cannot be a gate; then one of its sides must be
absent from the lawyer, and the search follows each possibility. Exact, best bound first.
"""

import heapq
import time
from dataclasses import dataclass, field, replace

import numpy as np

from lawyers.matching.arrays import IntArray, ints
from lawyers.matching.codes import Stage
from lawyers.matching.fallback import lawful_flow
from lawyers.matching.limits import LimitBook, LimitRules
from lawyers.matching.network import Costs, Flow, Network, build, flow_through
from lawyers.matching.objectives import LEAST_STEPS, Objective, Pack, objectives, packed
from lawyers.matching.prepare import Prepared
from lawyers.matching.proof import is_proved
from lawyers.matching.residual import Arcs, Residual
from lawyers.matching.settle import NoPrices, detour, face, prices, settled

Worth = tuple[int, ...]
Closed = frozenset[int]
Split = tuple[Closed, ...]


class NotProved(RuntimeError):
    """The solver's answer failed its own proof; nothing is returned rather than something unproved."""


@dataclass(frozen=True)
class Optimum:
    """A flow that is the best of its network in every stage, with the prices that prove it."""

    network: Network
    pack: Pack
    costs: Costs
    flow: Flow
    price: IntArray
    worth: Worth


@dataclass(frozen=True)
class Found:
    """A lawful flow and what is proved of it, stage by stage; None where the time limit came first.

    ``relaxed`` is the optimum before any branch: the source of prices and certificates.
    """

    flow: Flow
    bounds: dict[Stage, int | None]
    stages: list[Objective]
    relaxed: Optimum


@dataclass(frozen=True)
class WayOut:
    """Pairs to close, and about what that costs in packed units."""

    price: int
    pairs: Closed


@dataclass(order=True)
class Node:
    """A network to be solved without some pairs (``closed``), and the optimum of a wider one to start from.

    Nodes are ordered by what is proved of the wider one, stage by stage, then the youngest first.
    """

    bound: Worth
    age: int
    network: Network = field(compare=False)
    closed: Closed = field(compare=False)
    start: Optimum = field(compare=False)
    is_tied: bool = field(compare=False)
    """A way out that seemed free was taken on the way here."""
    is_solved: bool = field(compare=False)
    """``start`` is its own optimum."""


class Search:
    """The open nodes, and the nearest to a lawful flow so far."""

    def __init__(self, prepared: Prepared) -> None:
        self.prepared, self.rules = prepared, LimitRules(prepared)
        self.book: LimitBook = self.rules.book()
        self.open: list[Node] = []
        self.made = 0
        self.gated = network = build(prepared, self.book.all_gates())
        self.stages = objectives(prepared, network)
        self.pack = packed(self.stages, LEAST_STEPS + 2 * network.places)
        self.costs = self.pack.costs(len(self.stages))
        self.root = self.staged(network)
        self.hard: list[Split] = []
        self.begin()

    def begin(self) -> None:
        """One line of search, from what is known without any branch."""
        self.open.clear()
        self.push(self.root.network, Closed(), self.root, is_solved=True)

    def staged(self, network: Network) -> Optimum:
        """The optimum of the first network, stage by stage, each among the optimal flows of those before."""
        flow = flow_through(network, np.zeros(len(network.pair_need), np.bool_))
        price, live = np.zeros(network.sink + 1, np.int64), np.flatnonzero(network.is_open)
        for count, factor in enumerate(self.pack.factors, 1):
            costs = self.pack.costs(count)
            price = price * factor
            price[network.needs : -1] += level(self.stages[count - 1].costs.slot, flow.load)
            flow, price = settled(network, costs, flow, price, live)
            live = face(network, costs, price, live)
        return self.optimum(network, flow, price)

    def optimum(self, network: Network, flow: Flow, price: IntArray) -> Optimum:
        """From any flow and prices to the best flow, with its proof."""
        try:
            flow, _ = settled(network, self.costs, flow, price, np.flatnonzero(network.is_open))
            price = prices(network, self.costs, flow)
        except NoPrices as fault:
            raise NotProved("the solver found no prices for its flow") from fault
        if not is_proved(network, [each.costs for each in self.stages], flow, self.pack.unpack(price)):
            raise NotProved("the solver returned a flow that is not optimal")
        worth = tuple(each.costs.of(flow) for each in self.stages)
        return Optimum(network, self.pack, self.costs, flow, price, worth)

    def push(
        self,
        network: Network,
        closed: Closed,
        start: Optimum,
        *,
        is_tied: bool = False,
        is_solved: bool = False,
    ) -> None:
        self.made += 1
        heapq.heappush(self.open, Node(start.worth, -self.made, network, closed, start, is_tied, is_solved))

    def run(self) -> Found:
        """The best lawful flow, or the best found when the policy's time limit comes first."""
        deadline = time.monotonic() + self.prepared.problem.policy.time_limit_s
        nearest: tuple[int, Flow] | None = None
        while self.open:
            node = heapq.heappop(self.open)
            if nearest is not None and time.monotonic() >= deadline:
                flow = lawful_flow(self.prepared, self.rules, self.root.network, nearest[1])
                return self.found(flow, node.bound)
            best = self.solved(node)
            conflicts = self.rules.conflicts(best.flow)
            if nearest is None or conflicts <= nearest[0]:
                nearest = conflicts, best.flow
            if self.open and self.open[0].bound < best.worth:
                self.push(best.network, node.closed, best, is_tied=node.is_tied, is_solved=True)
            elif conflicts:
                self.narrow(best, node)
            else:
                return self.found(best.flow, best.worth)
        raise AssertionError("a search ends with a lawful flow")

    def solved(self, node: Node) -> Optimum:
        """The optimum of a node, mended from that of a wider network."""
        if node.is_solved:
            return node.start
        network, start = without_pairs(node.network, node.closed), node.start
        flow = start.flow
        if network.gates is not start.network.gates:
            flow = replace(flow, gate=flow_through(network, flow.pair).gate)
        best = self.optimum(network, flow, prices_in(network, start))
        if not node.closed:
            self.root = best
        return best

    def narrow(self, best: Optimum, node: Node) -> None:
        """Gates for the limits that the flow breaks; where no gate helps, one side or another must go."""
        if self.book.add_all(self.rules.broken(best.flow)):
            self.gated = build(self.prepared, self.book.all_gates())
        if best.network.gates is self.gated.gates:
            self.branch(best, node)
        else:
            self.push(self.gated, node.closed, best, is_tied=node.is_tied)

    def branch(self, best: Optimum, node: Node) -> None:
        """One limit where every way out costs something; where there is none, the free ways out of all.

        The youngest node follows all the free ways at once; each of the others leaves that way at one limit.
        A limit that turns out to cost something only after free ways were taken is decided before them: else
        every mixture of free ways would have to be tried.
        """
        closed = node.closed
        residual = Residual(best.network, best.costs, best.flow, np.flatnonzero(best.network.is_open))
        early = [split for split in self.hard if not any(side <= closed for side in split)]
        splits = early[:1] or [self.split_of(*broken) for broken in self.rules.sides(best.flow)]
        steps = residual.changes()
        ways = [self.ways_out(residual, steps, best.price, split) for split in splits]
        dearest = max(ways, key=lambda way: way[0].price)
        is_hard = bool(early or dearest[0].price)
        if is_hard and node.is_tied and not early:
            self.hard.append(tuple(way.pairs for way in dearest))
            self.begin()
            return
        for way in [dearest] if is_hard else ways:
            for other in reversed(way[1:]):
                self.push(best.network, closed | other.pairs, best, is_tied=not is_hard)
            closed |= way[0].pairs
        self.push(best.network, closed, best, is_tied=not is_hard)

    def split_of(self, place: int, sides: list[frozenset[int]]) -> Split:
        """The pairs of each side, of which one or another must be closed."""
        found = []
        for side in sides:
            needs = ints(sorted(side))
            at = self.prepared.pairs.find(needs, np.full_like(needs, place), len(self.prepared.places))
            found.append(Closed(at[at >= 0].tolist()))
        return tuple(found)

    def ways_out(self, residual: Residual, steps: Arcs, price: IntArray, split: Split) -> list[WayOut]:
        """What it would cost to close each side, cheapest first: a guide, not a bound."""
        ways = [WayOut(sum(detour(residual, steps, price, pair) for pair in side), side) for side in split]
        return sorted(ways, key=lambda way: way.price)

    def found(self, flow: Flow, proved: Worth) -> Found:
        """No flow is below the proved bounds: equal stages are settled, the first that differs has a gap."""
        bounds: dict[Stage, int | None] = {}
        even = True
        for each, bound in zip(self.stages, proved, strict=True):
            bounds[each.stage] = bound if even else None
            even = even and bound == each.costs.of(flow)
        return Found(flow, bounds, self.stages, self.root)


def level(slot: IntArray, load: IntArray) -> int:
    """What the last case costs at most lawyers: near what the next stage will make of it, so less to mend."""
    return int(np.median(slot[np.arange(len(load)), np.maximum(load - 1, 0)])) if len(load) else 0


def without_pairs(network: Network, closed: Closed) -> Network:
    """The network in which these pairs carry nothing."""
    is_open = network.is_open.copy()
    is_open[list(closed)] = False
    return replace(network, is_open=is_open)


def prices_in(network: Network, start: Optimum) -> IntArray:
    """Prices to start from in a network with other gates: a new gate has the price of what is behind it."""
    if network.gates is start.network.gates:
        return start.price
    first, old = network.needs + network.places, start.network.gates
    known = dict(zip(old.limits, start.price[first:-1].tolist(), strict=True))
    price = np.zeros(network.sink + 1, np.int64)
    price[:first], price[-1] = start.price[:first], start.price[-1]
    for at, (limit, behind) in enumerate(zip(network.gates.limits, network.gate_head.tolist(), strict=True)):
        price[first + at] = known.get(limit, price[behind])
    return price
