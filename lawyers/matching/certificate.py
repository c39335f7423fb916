"""Why cases stay without counsel: a minimum cut in a coordinator's terms."""

from dataclasses import dataclass

import numpy as np

from lawyers.matching.arrays import BoolArray
from lawyers.matching.network import Flow, Network, flow_through
from lawyers.matching.prepare import Prepared
from lawyers.matching.residual import Residual
from lawyers.matching.result import Result


@dataclass(frozen=True, slots=True)
class LimitedPlace:
    """At most ``most`` of these cases can go to this lawyer: adverse, at one time, or capped by region."""

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


def certificates(result: Result) -> tuple[Certificate, ...]:
    """One for each group of missing cases that compete for the same places.

    With crossing limits a case may be missing though the network has a way for it; such a case is proved by
    the search only and appears in no certificate.
    """
    network = result.relaxed.network
    flow = flow_through(network, result.flow.pair)
    # Lawyers without room belong to the places that a case can go to.
    residual = Residual(network, result.relaxed.costs, flow, np.flatnonzero(network.seats[network.pair_need]))
    reaches = [reach for reach in reach_of_missing(residual) if not reach[network.sink]]
    merged: list[BoolArray] = []
    for reach in reaches:
        apart = [other for other in merged if not (other & reach)[: network.needs].any()]
        joined = [other for other in merged if (other & reach)[: network.needs].any()]
        merged = [*apart, np.logical_or.reduce([reach, *joined])]
    found = [certificate(result.prepared, network, flow, reach) for reach in merged]
    return tuple(sorted(found, key=lambda each: each.need_ids))


def reach_of_missing(residual: Residual) -> list[BoolArray]:
    """For each missing case, the nodes that shifting could reach; the sink means spare room."""
    from scipy.sparse import csr_matrix  # here, because most processes of the program never match
    from scipy.sparse.csgraph import breadth_first_order

    needs, sink = residual.network.needs, residual.network.sink
    tail, head, _ = residual.changes(new=True)
    inner = (tail != sink) & ~((head == sink) & (tail < needs))
    ones = np.ones(int(inner.sum()), np.int8)
    table = csr_matrix((ones, (tail[inner], head[inner])), shape=(sink + 1, sink + 1))
    out: list[BoolArray] = []
    for need in np.flatnonzero(residual.short.amount):
        reach = np.zeros(sink + 1, np.bool_)
        reach[breadth_first_order(table, need, return_predecessors=False)] = True
        out.append(reach)
    return out


def certificate(prepared: Prepared, network: Network, flow: Flow, reach: BoolArray) -> Certificate:
    """The cut around the reached nodes."""
    needs, first_gate = np.arange(network.needs), network.needs + network.places
    inside, missing = reach[: network.needs], flow.short > 0
    places = np.flatnonzero(reach[network.needs : first_gate])
    held = flow.pair & inside[network.pair_need] & ~reach[network.pair_head]
    limited = limited_places(prepared, network, reach)
    return Certificate(
        need_ids=tuple(prepared.needs[at].id for at in needs[inside]),
        missing_ids=tuple(prepared.needs[at].id for at in needs[inside & missing]),
        missing=int(flow.short[inside].sum()),
        seats=int(network.seats[inside].sum()),
        place_ids=tuple(prepared.places[at].id for at in places),
        limited=limited,
        held=int(held.sum()),
        capacity=int(network.room[places].sum()) + sum(each.most for each in limited) + int(held.sum()),
    )


def limited_places(prepared: Prepared, network: Network, reach: BoolArray) -> tuple[LimitedPlace, ...]:
    """Gates that the cut goes through, with the reached cases that they let pass."""
    first_gate = network.needs + network.places
    parent = network.gate_head
    cut = np.flatnonzero(reach[first_gate : network.sink] & ~reach[parent])
    out = []
    for gate in cut:
        below = {int(gate)}
        for child in range(int(gate) + 1, len(parent)):
            if int(network.gates.parent[child]) in below:
                below.add(child)
        mine = np.isin(network.entry, list(below)) & reach[network.pair_need]
        ids = tuple(prepared.needs[at].id for at in network.pair_need[mine])
        place = prepared.places[network.gates.place[gate]].id
        out.append(LimitedPlace(place, ids, int(network.gates.cap[gate])))
    return tuple(out)
