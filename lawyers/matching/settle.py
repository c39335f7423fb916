"""Least-cost flows: bring a flow into balance, in phases, in integers throughout.

Each phase finds how far every node is from the nearest one that lacks something, and then sends as much as
possible at once along all shortest ways (successive shortest paths, many at a time). It starts from any flow
that no change would improve, so a flow that was optimal before a limit was added is mended, not found anew.
"""

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import maximum_flow

from lawyers.matching.arrays import BoolArray, IntArray
from lawyers.matching.network import Costs, Flow, Network
from lawyers.matching.residual import FAR, Residual

MANY = 0.4
"""Share of places beyond which it is faster to look at all pairs than at those of the places."""


class NoPrices(ArithmeticError):
    """A change of the flow would improve it, so there are no prices at which it is optimal."""


def settled(
    network: Network, costs: Costs, flow: Flow, price: IntArray, live: IntArray
) -> tuple[Flow, IntArray]:
    """A flow of least cost over the live pairs, near the given one, and its prices.

    ``flow`` and ``price`` may be any; the fewer changes pay at those prices, the faster.
    """
    residual = Residual(network, costs, flow, live)
    price = price.copy()
    residual.cheapest(price)
    residual.agree(price)
    excess = residual.excess()
    while (excess > 0).any():
        phase(residual, excess)
    return residual.flow(), prices(residual)


def face(network: Network, costs: Costs, price: IntArray, live: IntArray) -> IntArray:
    """The pairs that an optimal flow can use, given the prices of one."""
    left = costs.pair[live] + price[network.pair_head[live]] - price[network.pair_need[live]]
    return live[left <= 0]


def prices(residual: Residual) -> IntArray:
    """The least cost from every node to the sink.

    Raises ``NoPrices`` when the flow is not of least cost.
    """
    target = np.zeros(residual.network.sink + 1, np.bool_)
    target[-1] = True
    return distances(residual, target)


def distances(residual: Residual, target: BoolArray) -> IntArray:
    """The least cost from every node to the nearest target (Bellman and Ford, by what changed last)."""
    network = residual.network
    price = np.where(target, 0, FAR)
    # A need that wants one lawyer may count the way it uses: it only ever leads back to where it came from.
    several = residual.used & (network.seats[residual.need] > 1)
    cost = np.where(several, FAR, residual.cost)
    tail, head, few = residual.changes()
    by_few, by_pairs = np.full_like(price, FAR), np.full_like(price, FAR)
    for _ in range(4 * len(price)):
        if (fresh := price < by_few).any():
            by_few = price.copy()
            now = fresh[head]
            np.minimum.at(price, tail[now], few[now] + price[head[now]])
        elif (fresh := (price < by_pairs)[network.needs : -1]).any():
            by_pairs = price.copy()
            along_pairs(residual, price, cost, fresh)
        else:
            return price
    raise NoPrices("a change would improve the flow")


def along_pairs(residual: Residual, price: IntArray, cost: IntArray, fresh: BoolArray) -> None:
    """Better prices of doors (places and gates) make better prices of needs."""
    places = np.unique(residual.network.place_of_door[fresh])
    if len(places) > MANY * residual.network.places:
        best = np.minimum.reduceat(cost + price[residual.head], residual.first)
        price[residual.some] = np.minimum(price[residual.some], best)
    else:
        at = residual.of_places(places)
        np.minimum.at(price, residual.need[at], cost[at] + price[residual.head[at]])


def detours(residual: Residual, pairs: IntArray) -> dict[int, int]:
    """What it costs each of these pairs that is used to be replaced by the cheapest way round.

    Exact for pairs that enter by one door; pairs of several doors are taken to enter by the nearest.
    """
    at = np.searchsorted(residual.live, pairs)
    at = at[(at < len(residual.live)) & residual.used[np.minimum(at, len(residual.used) - 1)]]
    target = np.zeros(residual.network.sink + 1, np.bool_)
    target[residual.head[at]] = True
    price = distances(residual, target)
    out = {}
    for mine in at.tolist():
        need = residual.need[mine]
        others = np.flatnonzero((residual.need == need) & ~residual.used)
        ways = [*(residual.cost[others] + price[residual.head[others]]).tolist()]
        short = int(residual.short.amount[need])
        if short < residual.network.seats[need]:
            ways.append(int(residual.short.marginal[need, short] + price[-1]))
        out[int(residual.live[mine])] = min(ways) - int(residual.cost[mine])
    return out


def phase(residual: Residual, excess: IntArray) -> None:
    """Send what the shortest ways carry."""
    price = distances(residual, excess < 0)
    need, head, used = residual.need, residual.head, residual.used
    reached = price[need] < FAR // 2
    level = reached & (residual.cost + price[head] == price[need])
    new, old = np.flatnonzero(level & ~used), np.flatnonzero(level & used)
    parts = [(need[new], head[new], np.ones_like(new)), (head[old], need[old], np.ones_like(old))]
    for kind in residual.kinds:
        parts += kind.tight(price)
    source, target = len(excess), len(excess) + 1
    over, under = np.flatnonzero(excess > 0), np.flatnonzero(excess < 0)
    parts.append((np.full_like(over, source), over, excess[over]))
    parts.append((under, np.full_like(under, target), -excess[under]))
    tail, head, units = (np.concatenate(each) for each in zip(*parts, strict=True))
    table = csr_matrix((units.astype(np.int32), (tail, head)), shape=(target + 1, target + 1))
    sent = maximum_flow(table, source, target).flow.tocoo()
    moved = sent.data > 0
    if not moved.any():
        raise NoPrices("what is left over has no way to where it lacks")
    tail, head, units = (each[moved].astype(np.int64) for each in (sent.row, sent.col, sent.data))
    inner = (tail != source) & (head != target)
    excess[head[tail == source]] -= units[tail == source]
    excess[tail[head == target]] += units[head == target]
    residual.shift(tail[inner], head[inner], units[inner])
