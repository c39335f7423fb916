"""The proposal against every lawful one."""

import os
from dataclasses import replace

import pytest

from lawyers.matching import Result, Stage, Status, solve
from lawyers.matching.facts import Problem
from lawyers.matching.objectives import STEADY
from tests.matching.brute import Brute
from tests.matching.worlds import random_problem

SEEDS = range(int(os.environ.get("MATCHING_ROUNDS", "200")))
"""``MATCHING_ROUNDS=1675`` for the long loop."""


def as_costs(result: Result) -> tuple[int, ...]:
    """Stage values in the order of precedence, less is better; without seats when no case wants two."""
    found = {row.stage: row.value for row in result.stages}
    found.setdefault(Stage.SEATS, found[Stage.COVERAGE])
    found[Stage.FIT] = -found[Stage.FIT]
    steady = result.prepared.problem.policy.steady
    return tuple(found[stage] for stage in (STEADY if steady else Stage))


def assert_lawful(problem: Problem, result: Result) -> None:
    """Every proposed pair stands every rule, whatever order they are added in."""
    brute = Brute(problem)
    proposed = {(row.need_id, row.place_id) for row in result.assignments if not row.fixed}
    for pair in proposed:
        assert brute.eligible(pair)
        assert brute.may_join(pair, frozenset(proposed - {pair}))
    for need in problem.needs:
        free = max(0, need.demand - sum(n == need.id for n, _ in brute.fixed))
        assert sum(n == need.id for n, _ in proposed) <= free


def instance(seed: int) -> Problem:
    """Every fourth is a repair, whose order of stages is another."""
    problem = random_problem(seed)
    return replace(problem, policy=replace(problem.policy, steady=seed % 4 == 3))


def assert_exact(problem: Problem) -> None:
    """Solved, lawful, no lock dropped, and as good as the best of all lawful proposals in every stage."""
    brute, result = Brute(problem), solve(problem)
    assert_lawful(problem, result)
    assert brute.fixed <= result.pairs
    assert as_costs(result) == brute.value(result.pairs - brute.fixed)
    assert as_costs(result) == brute.best()
    assert result.status is Status.OPTIMAL


@pytest.mark.parametrize("seed", SEEDS)
def test_no_lawful_proposal_is_better(seed: int) -> None:
    assert_exact(instance(seed))
