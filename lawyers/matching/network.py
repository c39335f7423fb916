"""The matching as a flow: need → (gates) → place → sink. A seat that nobody fills goes straight to the sink.

A gate lets at most ``cap`` cases of one set through to one place: adverse co-defendants, hearings at the
same time, a region's cap. Gates of a place are nested or disjoint, so the flow is integral.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from lawyers.matching.arrays import BoolArray, IntArray, ints
from lawyers.matching.prepare import Prepared


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``cap`` of these needs (indexes) at one place (index)."""

    place: int
    members: frozenset[int]
    cap: int


@dataclass(frozen=True)
class Gates:
    """A column for each limit, outermost first; ``parent`` is another gate or -1 for the place itself."""

    limits: tuple[Limit, ...]
    place: IntArray
    parent: IntArray
    cap: IntArray


@dataclass(frozen=True)
class Network:
    """What may flow where. ``entry`` is the gate through which a pair reaches its place, or -1.

    Nodes are numbered: needs, then places, then gates, then the sink; places, gates and sink are doors.
    """

    needs: int
    places: int
    seats: IntArray
    room: IntArray
    pair_need: IntArray
    pair_place: IntArray
    entry: IntArray
    is_open: BoolArray
    """Pairs that may be used at all."""
    gates: Gates

    @property
    def sink(self) -> int:
        return self.needs + self.places + len(self.gates.place)

    @cached_property
    def pair_head(self) -> IntArray:
        """The node at which each pair's arc ends."""
        gate = self.needs + self.places + self.entry
        return np.where(self.entry < 0, self.needs + self.pair_place, gate)

    @cached_property
    def gate_head(self) -> IntArray:
        """The node at which each gate's arc ends."""
        gate = self.needs + self.places + self.gates.parent
        return np.where(self.gates.parent < 0, self.needs + self.gates.place, gate)

    @cached_property
    def place_of_door(self) -> IntArray:
        """The place of each place and gate, by number of node less the needs."""
        return np.concatenate([np.arange(self.places), self.gates.place])


@dataclass(frozen=True)
class Flow:
    """How much goes over every arc; a solution before it is put into words."""

    pair: BoolArray
    short: IntArray
    load: IntArray
    gate: IntArray


@dataclass(frozen=True)
class Costs:
    """Integer cost of every arc; marginal, and never falling, for shortfall and load."""

    pair: IntArray
    short: IntArray
    """Needs by number of missing seats, from the first."""
    slot: IntArray
    """Places by number of new cases, from the first."""

    def of(self, flow: Flow) -> int:
        """Exact cost of a flow."""
        depth = np.arange(self.short.shape[1]) < flow.short[:, None]
        slots = np.arange(self.slot.shape[1]) < flow.load[:, None]
        return int(self.pair[flow.pair].sum()) + int(self.short[depth].sum()) + int(self.slot[slots].sum())


def build(prepared: Prepared, limits: Iterable[Limit]) -> Network:
    """The network of a prepared problem; limits of one place must be nested or disjoint."""
    pairs = prepared.pairs
    gates, entry = gated(prepared, in_order(limits))
    degree = np.bincount(pairs.place, minlength=len(prepared.places)).astype(np.int64)
    room = np.minimum(prepared.room, degree)
    return Network(
        needs=len(prepared.needs),
        places=len(prepared.places),
        seats=prepared.seats,
        room=room,
        pair_need=pairs.need,
        pair_place=pairs.place,
        entry=entry,
        is_open=(prepared.seats[pairs.need] > 0) & (room[pairs.place] > 0),
        gates=gates,
    )


def in_order(limits: Iterable[Limit]) -> tuple[Limit, ...]:
    """The order of gates: by place, the outermost first."""
    return tuple(sorted(limits, key=lambda x: (x.place, -len(x.members), x.cap, min(x.members))))


def gated(prepared: Prepared, limits: tuple[Limit, ...]) -> tuple[Gates, IntArray]:
    """The gates of these limits and the innermost gate of each pair."""
    sizes = ints([len(limit.members) for limit in limits])
    places = ints([limit.place for limit in limits])
    members = ints([need for limit in limits for need in limit.members])
    position = prepared.pairs.find(members, np.repeat(places, sizes), len(prepared.places))
    innermost: dict[int, int] = {}
    parents, starts = [], np.cumsum(sizes) - sizes
    positions = position.tolist()
    for at, (first, size) in enumerate(zip(starts.tolist(), sizes.tolist(), strict=True)):
        inside = [each for each in positions[first : first + size] if each >= 0]
        parents.append(innermost.get(inside[0], -1))
        innermost.update(dict.fromkeys(inside, at))
    entry = np.full(len(prepared.pairs.need), -1, np.int64)
    entry[ints(list(innermost))] = ints(list(innermost.values()))
    return Gates(limits, places, ints(parents), ints([limit.cap for limit in limits])), entry


def flow_through(network: Network, used: BoolArray) -> Flow:
    """The flow that a choice of pairs makes."""
    filled = np.bincount(network.pair_need[used], minlength=network.needs)
    load = np.bincount(network.pair_place[used], minlength=network.places)
    entry = network.entry[used]
    gate = np.bincount(entry[entry >= 0], minlength=len(network.gates.place)).astype(np.int64)
    for at in np.flatnonzero(network.gates.parent >= 0)[::-1]:
        gate[network.gates.parent[at]] += gate[at]
    return Flow(used, network.seats - filled, load.astype(np.int64), gate)
