"""From flows to lawful proposals: mend, then narrow the network, then branch. Exact, best bound first.

A flow may give one lawyer two cases at odds. First it is mended among equally good flows. If that fails, the
limits that remain broken become gates of the network. A limit that crosses another gate of its place cannot;
then one of the two sides must be absent from the lawyer, and the search follows both possibilities.
"""

import heapq
import time
from dataclasses import dataclass, field, replace

from lawyers.matching.codes import Stage
from lawyers.matching.fallback import lawful_flow
from lawyers.matching.limits import LimitBook, LimitRules
from lawyers.matching.network import Flow, build
from lawyers.matching.objectives import Objective, objectives
from lawyers.matching.prepare import Prepared
from lawyers.matching.repair import repaired
from lawyers.matching.stages import Staged, solve_stages

Closed = frozenset[int]


@dataclass(frozen=True)
class Found:
    """A lawful flow and what is proved of it, stage by stage; None where the time limit came first.

    ``relaxed`` is the network before any branch: the source of prices and certificates.
    """

    flow: Flow
    bounds: dict[Stage, int | None]
    stages: list[Objective]
    relaxed: Staged


@dataclass(order=True)
class Node:
    """A network with some pairs closed; nodes are ordered by their bounds, stage by stage, then by age."""

    bounds: tuple[int, ...]
    age: int
    closed: Closed = field(compare=False)
    staged: Staged = field(compare=False)
    flow: Flow = field(compare=False)
    conflicts: int = field(compare=False)


class Search:
    """The open nodes and the best lawful flow so far."""

    def __init__(self, prepared: Prepared) -> None:
        self.prepared, self.rules = prepared, LimitRules(prepared)
        self.book: LimitBook = self.rules.book()
        self.stages = objectives(prepared, build(prepared, ()))
        self.open: list[Node] = []
        self.made = 0
        self.lawful: tuple[tuple[int, ...], Flow] | None = None
        self.root = self.relax(frozenset(), None)

    def relax(self, closed: Closed, start: Flow | None) -> Staged:
        """Solve the network without the closed pairs, mend it near a start, and keep it as an open node."""
        network = build(self.prepared, self.book.all_gates())
        high = network.pair_high.copy()
        high[list(closed)] = False
        staged = solve_stages(replace(network, pair_high=high), self.stages)
        flow, conflicts = repaired(self.rules, staged, start or staged.flow)
        bounds = tuple(staged.bounds[each.stage] for each in self.stages)
        heapq.heappush(self.open, Node(bounds, self.made, closed, staged, flow, conflicts))
        self.made += 1
        lawful = lawful_flow(self.prepared, self.rules, network, flow) if conflicts else flow
        worth = tuple(each.costs.of(lawful) for each in self.stages)
        if self.lawful is None or worth < self.lawful[0]:
            self.lawful = worth, lawful
        return staged

    def run(self) -> Found:
        """The best lawful flow, or the best found when the policy's time limit comes first."""
        deadline = time.monotonic() + self.prepared.problem.policy.time_limit_s
        while True:
            node = heapq.heappop(self.open)
            if self.lawful is not None and self.lawful[0] <= node.bounds:
                return self.found(node.bounds)
            if time.monotonic() >= deadline:
                return self.found(node.bounds)
            self.follow(node)

    def follow(self, node: Node) -> None:
        """Narrow the node by gates, or branch where limits cross."""
        if self.book.add_all(self.rules.broken(node.flow)):
            staged = self.relax(node.closed, node.flow)
            if not node.closed:
                self.root = staged
            return
        place, sides = next(self.rules.sides(node.flow))
        for side in sides:
            more = frozenset(at for need in side if (at := self.position(need, place)) >= 0)
            self.relax(node.closed | more, node.flow)

    def position(self, need: int, place: int) -> int:
        return self.prepared.pairs.find(need, place, len(self.prepared.places))

    def found(self, proved: tuple[int, ...]) -> Found:
        """No flow is below the proved bounds: equal stages are settled, the first that differs has a gap."""
        if self.lawful is None:
            raise AssertionError("the first node always leaves a lawful flow")
        worth, flow = self.lawful
        bounds: dict[Stage, int | None] = {}
        settled = True
        for each, bound, value in zip(self.stages, proved, worth, strict=True):
            bounds[each.stage] = bound if settled else None
            settled = settled and bound == value
        return Found(flow, bounds, self.stages, self.root)
