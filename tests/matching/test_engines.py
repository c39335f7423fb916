"""The engine against an exact LP, from any start; its proof; and a result that is cut short is lawful."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import linprog
from scipy.sparse import csr_matrix

from lawyers.matching import Policy, Stage, Status, solve
from lawyers.matching.arrays import IntArray
from lawyers.matching.limits import LimitRules
from lawyers.matching.network import Costs, Flow, Network, build, flow_through
from lawyers.matching.objectives import Pack, objectives, packed
from lawyers.matching.prepare import prepare
from lawyers.matching.proof import is_proved
from lawyers.matching.settle import face, prices, settled
from tests.matching.brute import Brute
from tests.matching.test_exact import as_costs, assert_lawful
from tests.matching.worlds import random_problem


def network_of(seed: int) -> tuple[Network, Pack]:
    """With gates for all adverse groups."""
    prepared = prepare(random_problem(seed))
    rules = LimitRules(prepared)
    book = rules.book()
    book.add_all(limit for group in rules.odds.groups.values() for limit in rules.everywhere(group))
    network = build(prepared, book.all_gates())
    return network, packed(objectives(prepared, network), 16)


def least_cost(network: Network, costs: Costs) -> int:
    """The same by a linear programme; its optimum is integral, as that of every flow."""
    live = np.flatnonzero(network.is_open)
    tails, heads = [network.pair_need[live]], [network.pair_head[live]]
    cost, high = [costs.pair[live]], [1] * len(live)
    place, gate = network.needs, network.needs + network.places
    for first, bounds, marginal in ((0, network.seats, costs.short), (place, network.room, costs.slot)):
        for row, units in enumerate(bounds.tolist()):
            tails.append(np.full(units, first + row))
            heads.append(np.full(units, network.sink))
            cost.append(marginal[row, :units])
            high += [1] * units
    # One arc more, shut, because the solver refuses a programme of a single variable.
    tails.append(np.append(np.arange(gate, network.sink), 0))
    heads.append(np.append(network.gate_head, network.sink))
    cost.append(np.zeros(len(network.gate_head) + 1, np.int64))
    high += [*network.gates.cap.tolist(), 0]
    tail, head, price = (np.concatenate(each) for each in (tails, heads, cost))
    arcs = np.arange(len(tail))
    signs = np.repeat([1.0, -1.0], len(arcs))
    ends = (np.concatenate([tail, head]), np.tile(arcs, 2))
    table = csr_matrix((signs, ends), shape=(network.sink + 1, len(arcs)))
    supply = np.concatenate([network.seats, np.zeros(network.sink - network.needs, np.int64)])
    found = linprog(price, A_eq=table[:-1], b_eq=supply, bounds=[(0, each) for each in high], method="highs")
    return round(found.fun)


def empty(network: Network) -> tuple[Flow, IntArray]:
    flow = flow_through(network, np.zeros(len(network.pair_need), np.bool_))
    return flow, np.zeros(network.sink + 1, np.int64)


@pytest.mark.parametrize("seed", range(40))
def test_every_stage_costs_what_a_linear_programme_says(seed: int) -> None:
    network, pack = network_of(seed)
    live = np.flatnonzero(network.is_open)
    for each in pack.stages:
        flow, _ = settled(network, each.costs, *empty(network), live)
        assert each.costs.of(flow) == least_cost(network, each.costs)


@pytest.mark.parametrize("seed", range(60))
def test_the_start_does_not_matter(seed: int) -> None:
    """From nothing, stage by stage in ever smaller faces, or from any prices: one optimum."""
    network, pack = network_of(seed)
    last = len(pack.stages)
    costs, live = pack.costs(last), np.flatnonzero(network.is_open)
    best = costs.of(settled(network, costs, *empty(network), live)[0])
    flow, price = empty(network)
    for count, factor in enumerate(pack.factors, 1):
        flow, price = settled(network, pack.costs(count), flow, price * factor, live)
        live = face(network, pack.costs(count), price, live)
    assert costs.of(flow) == best
    dice = np.random.default_rng(seed)
    for size in (3, 1 << 20, 1 << 45):
        noise = dice.integers(-size, size, network.sink + 1)
        again, _ = settled(network, costs, flow, noise, np.flatnonzero(network.is_open))
        assert costs.of(again) == best
        price = prices(network, costs, again)
        assert is_proved(network, [each.costs for each in pack.stages], again, pack.unpack(price))


@pytest.mark.parametrize("seed", range(100))
def test_a_run_out_of_time_is_lawful_and_within_its_bounds(seed: int) -> None:
    problem = replace(random_problem(seed), policy=Policy(time_limit_s=0.0))
    result = solve(problem)
    assert_lawful(problem, result)
    best = Brute(problem).best()
    found = as_costs(result)
    if result.status is Status.OPTIMAL:
        assert found == best
        return
    assert found >= best
    for stage, value, optimum in zip(Stage, found, best, strict=True):
        row = next((row for row in result.stages if row.stage is stage), None)
        if row is None:
            continue
        assert row.bound is not None
        assert (-row.bound if stage is Stage.FIT else row.bound) <= optimum
        if value != optimum or not row.proved:
            break
