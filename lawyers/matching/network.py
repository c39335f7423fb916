"""The matching as a flow: need → (gates) → place → sink, with bounds on every arc.

A gate lets at most ``cap`` cases of one set through to one place: adverse co-defendants, hearings at the
same time, a region's cap. Gates of a place are nested or disjoint, so the flow is integral.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from lawyers.matching.arrays import BoolArray, IntArray, ints
from lawyers.matching.prepare import Prepared


class NoFlow(ArithmeticError):
    """The bounds of a network leave no flow at all."""


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``cap`` of these needs (indexes) at one place (index)."""

    place: int
    members: frozenset[int]
    cap: int


@dataclass(frozen=True)
class Gates:
    """Columns of equal length; ``parent`` is another gate or -1 for the place itself."""

    place: IntArray
    parent: IntArray
    low: IntArray
    high: IntArray


@dataclass(frozen=True)
class Network:
    """Bounds of every arc. ``entry`` is the gate through which a pair reaches its place, or -1."""

    needs: int
    places: int
    seats: IntArray
    pair_need: IntArray
    pair_place: IntArray
    entry: IntArray
    pair_low: BoolArray
    pair_high: BoolArray
    short_low: IntArray
    short_high: IntArray
    load_low: IntArray
    load_high: IntArray
    gates: Gates

    @property
    def sink(self) -> int:
        """Number of the last node; needs come first, then places, then gates."""
        return self.needs + self.places + len(self.gates.place)

    def node_of_entry(self) -> IntArray:
        """The node at which each pair's arc ends."""
        gate = self.needs + self.places + self.entry
        return np.where(self.entry < 0, self.needs + self.pair_place, gate)

    def node_of_parent(self) -> IntArray:
        """The node at which each gate's arc ends."""
        gate = self.needs + self.places + self.gates.parent
        return np.where(self.gates.parent < 0, self.needs + self.gates.place, gate)


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
    gates, entry = gated(prepared, list(limits))
    degree = np.bincount(pairs.place, minlength=len(prepared.places)).astype(np.int64)
    return Network(
        needs=len(prepared.needs),
        places=len(prepared.places),
        seats=prepared.seats,
        pair_need=pairs.need,
        pair_place=pairs.place,
        entry=entry,
        pair_low=np.zeros(len(pairs.need), np.bool_),
        pair_high=prepared.seats[pairs.need] > 0,
        short_low=np.zeros(len(prepared.needs), np.int64),
        short_high=prepared.seats,
        load_low=np.zeros(len(prepared.places), np.int64),
        load_high=np.minimum(prepared.room, degree),
        gates=gates,
    )


def gated(prepared: Prepared, limits: Sequence[Limit]) -> tuple[Gates, IntArray]:
    """Gates, outermost first, and the innermost gate of each pair."""
    entry = np.full(len(prepared.pairs.need), -1, np.int64)
    parents: list[int] = []
    for at, limit in enumerate(in_order(limits)):
        positions = member_pairs(prepared, limit)
        parents.append(int(entry[positions[0]]))
        entry[positions] = at
    caps = ints([limit.cap for limit in in_order(limits)])
    places = ints([limit.place for limit in in_order(limits)])
    return Gates(places, ints(parents), np.zeros_like(caps), caps), entry


def in_order(limits: Iterable[Limit]) -> list[Limit]:
    """The order of gates: by place, the outermost first."""
    return sorted(limits, key=lambda x: (x.place, -len(x.members), x.cap, sorted(x.members)))


def regated(face: Network, prepared: Prepared, held: Sequence[Limit], more: Sequence[Limit]) -> Network:
    """A network with more gates; those it has (``held``, all of them) keep the bounds they have in it."""
    gates, entry = gated(prepared, [*held, *more])
    known = dict(zip(in_order(held), zip(face.gates.low, face.gates.high, strict=True), strict=True))
    bounds = [known.get(limit, (0, limit.cap)) for limit in in_order([*held, *more])]
    low, high = ints([row[0] for row in bounds]), ints([row[1] for row in bounds])
    return replace(face, entry=entry, gates=replace(gates, low=low, high=high))


def member_pairs(prepared: Prepared, limit: Limit) -> IntArray:
    """Positions of the eligible pairs that a limit speaks of."""
    keys = ints(sorted(limit.members)) * len(prepared.places) + limit.place
    found = np.searchsorted(prepared.pairs.key, keys)
    found = np.minimum(found, max(0, len(prepared.pairs.key) - 1))
    real: IntArray = found[prepared.pairs.key[found] == keys]
    return real


def narrowed(
    network: Network,
    *,
    pair: tuple[BoolArray, BoolArray],
    short: tuple[IntArray, IntArray],
    load: tuple[IntArray, IntArray],
    gate: tuple[IntArray, IntArray],
) -> Network:
    """The same network with tighter bounds, each as (low, high)."""
    gates = replace(network.gates, low=gate[0], high=gate[1])
    return replace(
        network,
        pair_low=pair[0],
        pair_high=pair[1],
        short_low=short[0],
        short_high=short[1],
        load_low=load[0],
        load_high=load[1],
        gates=gates,
    )
