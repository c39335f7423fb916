"""Nothing is called optimal on the solver's word: the proof refuses what is not."""

import numpy as np
import pytest

from lawyers.matching import Policy, solve, stages
from lawyers.matching.assignment import flow_through, solve_assignment
from lawyers.matching.network import Network, build
from lawyers.matching.objectives import Objective, objectives, packs, single_packs
from lawyers.matching.prepare import prepare
from lawyers.matching.proof import prove
from tests.matching.worlds import plain_need, plain_place, problem_of, random_problem


def network_of(seed: int) -> tuple[Network, list[Objective]]:
    prepared = prepare(random_problem(seed))
    network = build(prepared, ())
    return network, objectives(prepared, network)


@pytest.mark.parametrize("seed", range(0, 200, 2))
def test_a_worse_flow_has_no_proof(seed: int) -> None:
    network, found = network_of(seed)
    pack = next(iter(packs(found)))
    best = solve_assignment(network, pack.costs, pack.spread)
    assert prove(network, pack.costs, best) is not None
    for at in np.flatnonzero(best.pair):
        used = best.pair.copy()
        used[at] = False
        less = flow_through(network, used)
        proof = prove(network, pack.costs, less)
        assert (proof is None) == (pack.costs.of(less) > pack.costs.of(best))


def test_a_flow_beyond_the_room_has_no_proof() -> None:
    prepared = prepare(problem_of([plain_need("n1"), plain_need("n2")], [plain_place(max_open=1)]))
    network = build(prepared, ())
    pack = next(iter(packs(objectives(prepared, network))))
    assert prove(network, pack.costs, flow_through(network, np.ones(2, np.bool_))) is None


@pytest.mark.parametrize("seed", range(0, 40, 2))
def test_packed_and_single_stages_agree(seed: int) -> None:
    network, found = network_of(seed)
    many = stages.attempt(network, packs(found))
    single = stages.attempt(network, single_packs(found))
    assert many is not None
    assert single is not None
    assert many.bounds == single.bounds


def test_a_solver_that_errs_is_never_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    def idle(network: Network, *_: object) -> object:
        return flow_through(network, np.zeros(len(network.pair_need), np.bool_))

    monkeypatch.setattr(stages, "least_cost_flow", idle)
    with pytest.raises(stages.NotProved):
        solve(problem_of([plain_need()], [plain_place()]))


def test_points_too_large_to_stay_exact_are_refused() -> None:
    policy = Policy(continuity_same_client=1 << 60)
    problem = problem_of([plain_need(previous=frozenset({"p1"}))], [plain_place()], policy=policy)
    with pytest.raises(OverflowError):
        solve(problem)
