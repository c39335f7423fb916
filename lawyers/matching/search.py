"""From flows to lawful proposals: mend, then narrow the network, then branch. Exact, best bound first.

A flow may give one lawyer two cases at odds. First it is mended among equally good flows. If that fails, the
limits that remain broken become gates of the network. A limit that crosses another gate of its place cannot;
then one of the two sides must be absent from the lawyer, and the search follows both possibilities.
"""

import heapq
import time
from dataclasses import dataclass, field, replace
from itertools import zip_longest

from lawyers.matching.codes import Stage
from lawyers.matching.engines import is_large
from lawyers.matching.fallback import lawful_flow
from lawyers.matching.limits import LimitBook, LimitRules
from lawyers.matching.network import Flow, Limit, Network, build, regated
from lawyers.matching.objectives import Objective, Pack, objectives, packs, single_packs
from lawyers.matching.prepare import Prepared
from lawyers.matching.repair import repaired
from lawyers.matching.stages import NotProved, Solved, Staged, solve_pack

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
    """The next solve of one line of search: a pack of stages in a face of those before it.

    Nodes are ordered by what is proved so far, stage by stage, a shorter proof first, then by age. ``held``
    are the gates of the face. ``grown`` says that gates or closed pairs came after the first pack was solved.
    """

    bounds: tuple[int, ...]
    age: int
    packs: tuple[Pack, ...] = field(compare=False)
    face: Network = field(compare=False)
    held: tuple[Limit, ...] = field(compare=False)
    closed: Closed = field(default=frozenset(), compare=False)
    solved: tuple[Solved, ...] = field(default=(), compare=False)
    start: Flow | None = field(default=None, compare=False)
    grown: bool = field(default=False, compare=False)

    @property
    def pack(self) -> Pack:
        return self.packs[len(self.solved)]


class Search:
    """The open nodes and the best lawful flow so far.

    A stage is made lawful before the next one is solved: limits that are added later leave the bounds of
    earlier stages true, and their faces exact, as long as some flow attains them. When none does, the node
    begins again with all gates found so far.
    """

    def __init__(self, prepared: Prepared) -> None:
        self.prepared, self.rules = prepared, LimitRules(prepared)
        self.book: LimitBook = self.rules.book()
        self.stages = objectives(prepared, build(prepared, ()))
        self.open: list[Node] = []
        self.made = 0
        self.lawful: tuple[tuple[int, ...], Flow] | None = None
        self.broken: tuple[int, Network, Flow] | None = None
        self.reached = 0
        self.root: Staged | None = None
        self.begin((), frozenset(), None, single=is_large(self.network(frozenset())))

    def begin(self, bounds: tuple[int, ...], closed: Closed, start: Flow | None, *, single: bool) -> None:
        """A line of search from the first pack on, with every gate of the book."""
        method = single_packs if single else packs
        held = tuple(self.book.all_gates())
        self.push(Node(bounds, 0, tuple(method(self.stages)), self.network(closed), held, closed, (), start))

    def push(self, node: Node) -> None:
        heapq.heappush(self.open, replace(node, age=self.made))
        self.made += 1

    def network(self, closed: Closed) -> Network:
        """The network with every gate of the book, without the closed pairs."""
        network = build(self.prepared, self.book.all_gates())
        return without_pairs(network, closed)

    def run(self) -> Found:
        """The best lawful flow, or the best found when the policy's time limit comes first."""
        deadline = time.monotonic() + self.prepared.problem.policy.time_limit_s
        while self.open:
            node = heapq.heappop(self.open)
            if self.lawful is not None and self.lawful[0] <= node.bounds:
                return self.found(self.lawful[0])
            if self.broken is not None and time.monotonic() >= deadline:
                self.prune()
                return self.found(node.bounds)
            self.follow(node)
        return self.found(self.incumbent()[0])

    def prune(self) -> None:
        """Time is up: the flow nearest to a lawful one, made lawful, if that is the best so far."""
        if self.broken is not None and self.broken[0]:
            _conflicts, face, flow = self.broken
            self.offer(lawful_flow(self.prepared, self.rules, face, flow))

    def follow(self, node: Node) -> None:
        """Solve and mend one pack; then go on, gate what is broken, or branch where limits cross."""
        staged = solve_pack(node.face, node.pack, node.solved)
        if staged is None:
            self.begin_again(node)
            return
        flow, conflicts = repaired(self.rules, staged, node.start or staged.flow)
        self.keep(node, staged, flow, conflicts)
        bounds = tuple(staged.bounds[each.stage] for each in self.stages if each.stage in staged.bounds)
        if not conflicts:
            if len(staged.solved) < len(node.packs):
                self.push(replace(node, bounds=bounds, solved=staged.solved, face=staged.face, start=flow))
        elif not self.gate(replace(node, bounds=bounds, start=flow)):
            self.branch(replace(node, bounds=bounds, start=flow), flow)

    def gate(self, node: Node) -> bool:
        """The same pack once more with the gates that its flow wants; False when no gate helps."""
        self.book.add_all(self.rules.broken(node.start) if node.start is not None else ())
        known = set(node.held)
        more = [limit for limit in self.book.all_gates() if limit not in known]
        if more:
            face = regated(node.face, self.prepared, node.held, more)
            self.push(replace(node, face=face, held=(*node.held, *more), grown=bool(node.solved)))
        return bool(more)

    def branch(self, node: Node, flow: Flow) -> None:
        """One of the sides of a broken limit must be absent from its place."""
        place, sides = next(self.rules.sides(flow))
        for side in sides:
            more = frozenset(at for need in side if (at := self.position(need, place)) >= 0)
            face = without_pairs(node.face, more)
            self.push(replace(node, face=face, closed=node.closed | more, grown=bool(node.solved)))

    def begin_again(self, node: Node) -> None:
        """What was added left no flow to the bounds so far, or the numbers were too large for the solver."""
        single = len(node.packs) == len(self.stages)
        if single and not node.grown:
            raise NotProved("the assignment solver returned a flow that is not optimal")
        self.begin(node.bounds[: len(node.solved)] if single else (), node.closed, node.start, single=True)

    def keep(self, node: Node, staged: Staged, flow: Flow, conflicts: int) -> None:
        """Remember the relaxation, the flow if it is lawful, else the one nearest to it."""
        if not node.closed:
            self.root = staged
        if not conflicts:
            self.offer(flow)
        if self.broken is None or len(staged.solved) > self.reached or conflicts <= self.broken[0]:
            self.reached, self.broken = len(staged.solved), (conflicts, node.face, flow)

    def offer(self, flow: Flow) -> None:
        """A lawful flow: kept if it is the best so far."""
        worth = tuple(each.costs.of(flow) for each in self.stages)
        if self.lawful is None or worth < self.lawful[0]:
            self.lawful = worth, flow

    def incumbent(self) -> tuple[tuple[int, ...], Flow]:
        if self.lawful is None:
            raise AssertionError("a search ends with a lawful flow")
        return self.lawful

    def position(self, need: int, place: int) -> int:
        return self.prepared.pairs.find(need, place, len(self.prepared.places))

    def found(self, proved: tuple[int, ...]) -> Found:
        """No flow is below the proved bounds: equal stages are settled, the first that differs has a gap."""
        worth, flow = self.incumbent()
        if self.root is None:
            raise AssertionError("the first node is the root")
        bounds: dict[Stage, int | None] = {}
        settled = True
        for each, bound, value in zip_longest(self.stages, proved, worth):
            bounds[each.stage] = bound if settled else None
            settled = settled and bound == value
        return Found(flow, bounds, self.stages, replace(self.root, network=self.network(frozenset())))


def without_pairs(network: Network, closed: Closed) -> Network:
    """The network in which these pairs carry nothing; one that must carry something leaves it no flow."""
    high = network.pair_high.copy()
    high[list(closed)] = False
    return replace(network, pair_high=high)
