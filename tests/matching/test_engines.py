"""Both ways to a least-cost flow give flows of one cost, and a result that is cut short is lawful."""

from dataclasses import replace

import numpy as np
import pytest

from lawyers.matching import Policy, Stage, Status, engines, solve
from lawyers.matching.assignment import solve_assignment
from lawyers.matching.limits import LimitRules
from lawyers.matching.network import build
from lawyers.matching.objectives import objectives, packs, single_packs
from lawyers.matching.phases import solve_in_phases
from lawyers.matching.prepare import prepare
from lawyers.matching.proof import optimal_face, prove
from tests.matching.brute import Brute
from tests.matching.test_exact import as_costs, assert_lawful
from tests.matching.worlds import random_problem


@pytest.mark.parametrize("seed", range(120))
def test_phases_and_assignment_agree_in_every_stage(seed: int) -> None:
    prepared = prepare(random_problem(seed))
    rules = LimitRules(prepared)
    book = rules.book()
    book.add_all((limit, True) for group in rules.odds.groups.values() for limit in rules.everywhere(group))
    face = build(prepared, book.all_gates())
    for method in (packs, single_packs):
        network = face
        for pack in method(objectives(prepared, face)):
            one = solve_assignment(network, pack.costs, pack.spread)
            other = solve_in_phases(network, pack.costs, pack.spread)
            proof = prove(network, pack.costs, one)
            assert proof is not None
            assert prove(network, pack.costs, other) is not None
            assert pack.costs.of(one) == pack.costs.of(other) == proof.bound
            network = optimal_face(network, pack.costs, proof)


@pytest.mark.parametrize("seed", range(100))
def test_a_large_problem_is_solved_as_exactly(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "LARGEST_ASSIGNMENT", -1)
    problem = random_problem(seed)
    assert as_costs(solve(problem)) == Brute(problem).best()


def test_the_face_holds_exactly_the_optimal_flows() -> None:
    """Every flow of the face costs the bound: shown by the dearest one."""
    for seed in range(0, 60, 2):
        prepared = prepare(random_problem(seed))
        network = build(prepared, ())
        pack = next(iter(packs(objectives(prepared, network))))
        flow = solve_assignment(network, pack.costs, pack.spread)
        proof = prove(network, pack.costs, flow)
        assert proof is not None
        face = optimal_face(network, pack.costs, proof)
        dice = np.random.default_rng(seed)
        for _ in range(5):
            noise = replace(
                pack.costs,
                pair=dice.integers(0, 9, len(pack.costs.pair)),
                short=np.zeros_like(pack.costs.short),
                slot=np.zeros_like(pack.costs.slot),
            )
            other = solve_assignment(face, noise, 1_000)
            assert pack.costs.of(other) == proof.bound


@pytest.mark.parametrize("seed", range(200))
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
