"""A lawful proposal from one that breaks limits: to be beaten, and what stands if time runs out."""

import numpy as np

from lawyers.matching.arrays import BoolArray, ints
from lawyers.matching.limits import LimitRules
from lawyers.matching.network import Flow, Network, flow_through
from lawyers.matching.prepare import Prepared


def lawful_flow(prepared: Prepared, rules: LimitRules, network: Network, flow: Flow) -> Flow:
    """Take away what breaks limits, then give those cases, urgent first, to who may still take them."""
    used = flow.pair.copy()
    prune(rules, network, used)
    refill(prepared, rules, network, used)
    return flow_through(network, used)


def prune(rules: LimitRules, network: Network, used: BoolArray) -> None:
    """Of two cases at odds the first stays."""
    chosen = np.flatnonzero(used)
    for one, other in zip(*(each.tolist() for each in rules.odds.among(chosen, chosen)), strict=True):
        if used[one] and used[other]:
            used[max(one, other)] = False
    for limit in rules.caps:
        there = np.flatnonzero(used & (network.pair_place == limit.place))
        inside = there[np.isin(network.pair_need[there], list(limit.members))]
        used[inside[limit.cap :]] = False


def refill(prepared: Prepared, rules: LimitRules, network: Network, used: BoolArray) -> None:
    """Best fit first, as far as room, limits and hearings allow."""
    pairs = prepared.pairs
    served = np.bincount(pairs.need[used], minlength=network.needs)
    missing = np.flatnonzero(served < prepared.seats)
    for need in missing[np.argsort(-prepared.urgency[missing], kind="stable")].tolist():
        span = pairs.of_need(need)
        order = span.start + np.argsort(-pairs.fit[span], kind="stable")
        left = int(prepared.seats[need] - served[need])
        for pair in order.tolist():
            if left and not used[pair] and may_take(prepared, rules, used, pair):
                used[pair] = True
                left -= 1


def may_take(prepared: Prepared, rules: LimitRules, used: BoolArray, pair: int) -> bool:
    """The lawyer has room, and nothing they have stands against the case."""
    pairs = prepared.pairs
    place, need = int(pairs.place[pair]), int(pairs.need[pair])
    there = rules.at_place(place)
    there = there[used[there]]
    if len(there) >= prepared.room[place] or len(rules.odds.among(ints([pair]), there)[0]):
        return False
    cases = pairs.need[there].tolist()
    caps = (limit for limit in rules.caps if limit.place == place and need in limit.members)
    return all(len(limit.members.intersection(cases)) < limit.cap for limit in caps)
