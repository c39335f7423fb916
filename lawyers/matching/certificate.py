"""Why cases stay without counsel: a minimum cut in a coordinator's terms, and where one lawyer more would help."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import breadth_first_order

from lawyers.matching.arrays import BoolArray, IntArray
from lawyers.matching.codes import Stage
from lawyers.matching.network import Flow, Network, build
from lawyers.matching.objectives import Pack
from lawyers.matching.prepare import Prepared
from lawyers.matching.proof import FAR, residual
from lawyers.matching.result import Result


@dataclass(frozen=True, slots=True)
class LimitedPlace:
    """At most ``most`` of these cases can go to this lawyer: adverse interests, one time, or a region's cap."""

    place_id: str
    need_ids: tuple[str, ...]
    most: int


@dataclass(frozen=True, slots=True)
class Certificate:
    """These cases want ``seats`` lawyers and can only go to these places, which can take ``capacity``.

    ``capacity`` adds the free room of ``place_ids``, the ``limited`` ones, and ``held``: lawyers whom a case
    that wants several has already, and who can serve it once only. seats = capacity + number missing, so no
    other proposal leaves fewer of these cases without counsel.
    """

    need_ids: tuple[str, ...]
    missing_ids: tuple[str, ...]
    missing: int
    seats: int
    place_ids: tuple[str, ...]
    limited: tuple[LimitedPlace, ...]
    held: int
    capacity: int


@dataclass(frozen=True, slots=True)
class RegionValue:
    """What one more lawyer of a region, of whom nothing else is known, with room for one case would change.

    Less is better except for fit. The stages are those of the first exact solve.
    """

    region: str
    need_id: str
    """The case that the newcomer would take."""
    change: tuple[tuple[Stage, int], ...]


def certificates(result: Result) -> tuple[Certificate, ...]:
    """One for each group of missing cases that compete for the same places.

    With crossing limits a case may be missing though the network has a way for it; such a case is proved by
    the search only and appears in no certificate.
    """
    network = result.relaxed.network
    reaches = [reach for reach in reach_of_missing(network, result.flow) if not reach[network.sink]]
    merged: list[BoolArray] = []
    for reach in reaches:
        apart = [other for other in merged if not (other & reach)[: network.needs].any()]
        joined = [other for other in merged if (other & reach)[: network.needs].any()]
        merged = [*apart, np.logical_or.reduce([reach, *joined])]
    found = [certificate(result.prepared, network, result.flow, reach) for reach in merged]
    return tuple(sorted(found, key=lambda each: each.need_ids))


def reach_of_missing(network: Network, flow: Flow) -> list[BoolArray]:
    """For each missing case, the nodes that a better proposal could shift cases to; the sink means spare room."""
    missing = np.flatnonzero(flow.short)
    if not len(missing):
        return []
    nodes = network.sink + 1
    arcs = residual(network, flat_costs(network, flow), flow)
    inner = (arcs.tail != network.sink) & ~((arcs.head == network.sink) & (arcs.tail < network.needs))
    table = csr_matrix((np.ones(int(inner.sum())), (arcs.tail[inner], arcs.head[inner])), shape=(nodes, nodes))
    out: list[BoolArray] = []
    for need in missing:
        reach = np.zeros(nodes, np.bool_)
        reach[breadth_first_order(table, need, return_predecessors=False)] = True
        out.append(reach)
    return out
