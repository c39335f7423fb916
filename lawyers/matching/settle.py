"""Least-cost flows: bring a flow into balance, in phases, in integers throughout.

Each phase finds how far every node is from the nearest one that lacks something, and then sends as much as
possible at once along all shortest ways (successive shortest paths, many at a time). It starts from any flow
that no change would improve, so a flow that was optimal before a limit was added is mended, not found anew.
"""

import numpy as np

from lawyers.matching.arrays import BoolArray, IntArray, ints
from lawyers.matching.network import Costs, Flow, Network
from lawyers.matching.residual import FAR, Arcs, Residual

MANY = 0.4
"""Share of places beyond which it is faster to look at all pairs than at those of the places."""


class NoPrices(ArithmeticError):
    """A change of the flow would improve it, so there are no prices at which it is optimal."""


def settled(
    network: Network, costs: Costs, flow: Flow, price: IntArray, live: IntArray
) -> tuple[Flow, IntArray]:
    """A flow of least cost over the live pairs, near the given one, and prices that prove it.

    ``flow`` and ``price`` may be any; the fewer changes pay at those prices, the faster.
    """
    residual = Residual(network, costs, flow, live)
    price = price.copy()
    residual.cheapest(price)
    residual.agree(price)
    excess = residual.excess()
    while (excess > 0).any():
        price = phase(residual, price, excess)
    residual.cheapest(price)
    return residual.flow(), price - price[-1]


def face(network: Network, costs: Costs, price: IntArray, live: IntArray) -> IntArray:
    """The pairs that an optimal flow can use, given the prices of one."""
    left = costs.pair[live] + price[network.pair_head[live]] - price[network.pair_need[live]]
    return live[left <= 0]


def prices(network: Network, costs: Costs, flow: Flow) -> IntArray:
    """The least cost from every node to the sink, each the cost of one path.

    Raises ``NoPrices`` when the flow is not of least cost.
    """
    residual = Residual(network, costs, flow, np.flatnonzero(network.is_open))
    start = np.full(network.sink + 1, FAR)
    start[-1] = 0
    return lowered(residual, residual.changes(), start, np.zeros_like(start), ints([]))


def lowered(
    residual: Residual,
    steps: Arcs,
    way: IntArray,
    price: IntArray,
    wanted: IntArray,
    *,
    shut: IntArray | None = None,
) -> IntArray:
    """The least of what the nodes start with and what it costs to get to others (Bellman and Ford).

    ``steps`` are the changes of the residual, ``price`` prices at which none of them pays. When some nodes
    are ``wanted``, whatever is farther than all of them, after prices, is left unfinished. Live pairs that
    are ``shut`` are not used.
    """
    # A need that wants one lawyer may count the way it uses: it only ever leads back to where it came from.
    several = residual.used & (residual.network.seats[residual.need] > 1)
    cost = np.where(several, FAR, residual.cost)
    cost[ints([]) if shut is None else shut] = FAR
    tail, head, few = steps
    by_few, by_pairs = np.full_like(way, FAR), np.full_like(way, FAR)
    doors = slice(residual.network.needs, -1)
    for _ in range(4 * len(way)):
        near = way - price < (way - price)[wanted].max(initial=-FAR) if len(wanted) else way < FAR
        if (fresh := near & (way < by_few)).any():
            by_few[fresh] = way[fresh]
            now = np.flatnonzero(fresh[head])
            np.minimum.at(way, tail[now], few[now] + way[head[now]])
        elif (fresh := near[doors] & (way < by_pairs)[doors]).any():
            by_pairs[doors][fresh] = way[doors][fresh]
            along_pairs(residual, way, cost, fresh)
        else:
            return way
    raise NoPrices("a change would improve the flow")


def along_pairs(residual: Residual, way: IntArray, cost: IntArray, fresh: BoolArray) -> None:
    """Better prices of doors (places and gates) make better prices of needs."""
    places = np.unique(residual.network.place_of_door[fresh])
    if len(places) > MANY * residual.network.places:
        best = np.minimum.reduceat(cost + way[residual.head], residual.first)
        way[residual.some] = np.minimum(way[residual.some], best)
    else:
        at = residual.of_places(places)
        np.minimum.at(way, residual.need[at], cost[at] + way[residual.head[at]])


def detour(residual: Residual, steps: Arcs, price: IntArray, pair: int) -> int:
    """What it costs at least to do without a pair, given prices that prove the flow; 0 if it is not used."""
    at = np.flatnonzero(residual.live == pair)
    if not residual.used[at].any():
        return 0
    start, head = np.full_like(price, FAR), residual.head[at]
    start[head] = price[head]
    way = lowered(residual, steps, start, price, residual.need[at], shut=at)
    return int((way[residual.need[at]] - price[head] - residual.cost[at]).item())


def phase(residual: Residual, price: IntArray, excess: IntArray) -> IntArray:
    """Send what the shortest ways carry; gives the prices after it."""
    from scipy.sparse import csr_matrix  # here, because most processes of the program never match
    from scipy.sparse.csgraph import maximum_flow

    over, under = np.flatnonzero(excess > 0), np.flatnonzero(excess < 0)
    start = np.full_like(price, FAR)
    start[under] = price[under]
    way = lowered(residual, residual.changes(), start, price, over)
    limit = int((way - price)[over].max())
    if limit >= FAR // 2:
        raise NoPrices("what is left over has no way to where it lacks")
    price = np.minimum(way, np.minimum(price + limit, FAR // 2))
    need, head, used = residual.need, residual.head, residual.used
    level = (way[need] == price[need]) & (residual.cost + price[head] == price[need])
    new, old = np.flatnonzero(level & ~used), np.flatnonzero(level & used)
    parts = [(need[new], head[new], np.ones_like(new)), (head[old], need[old], np.ones_like(old))]
    for kind in residual.kinds:
        parts += kind.tight(price)
    source, target = len(excess), len(excess) + 1
    parts.append((np.full_like(over, source), over, excess[over]))
    parts.append((under, np.full_like(under, target), -excess[under]))
    tail, head, units = (np.concatenate(each) for each in zip(*parts, strict=True))
    table = csr_matrix((units.astype(np.int32), (tail, head)), shape=(target + 1, target + 1))
    sent = maximum_flow(table, source, target).flow.tocoo()
    moved = sent.data > 0
    tail, head, units = (each[moved].astype(np.int64) for each in (sent.row, sent.col, sent.data))
    inner = (tail != source) & (head != target)
    excess[head[tail == source]] -= units[tail == source]
    excess[tail[head == target]] += units[head == target]
    residual.shift(tail[inner], head[inner], units[inner])
    return price
