"""Two exact ways to a least-cost flow, chosen by size; ``proof`` judges both alike."""

from lawyers.matching.assignment import solve_assignment
from lawyers.matching.network import Costs, Flow, Network
from lawyers.matching.phases import solve_in_phases

LARGEST_ASSIGNMENT = 1_500_000
"""Possible assignments of a seat to a slot beyond which phases are the faster way (measured)."""


def least_cost_flow(network: Network, costs: Costs, spread: int) -> Flow:
    """A flow of least cost, by one assignment when it is small enough."""
    return (solve_in_phases if is_large(network) else solve_assignment)(network, costs, spread)


def is_large(network: Network) -> bool:
    alive = network.pair_high
    slots = network.load_high[network.pair_place[alive]]
    return int((slots * network.seats[network.pair_need[alive]]).sum()) > LARGEST_ASSIGNMENT
