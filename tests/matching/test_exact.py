"""The proposal against every lawful one."""

from dataclasses import replace

import pytest

from lawyers.matching import Result, Stage, Status, solve
from lawyers.matching.facts import Problem
from lawyers.matching.objectives import STEADY
from tests.matching.brute import Brute
from tests.matching.worlds import random_problem

SEEDS = range(400)


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


@pytest.mark.parametrize("seed", SEEDS)
def test_no_lawful_proposal_is_better(seed: int) -> None:
    problem = random_problem(seed)
    # Every fourth is a repair, whose order of stages is another.
    problem = replace(problem, policy=replace(problem.policy, steady=seed % 4 == 3))
    brute = Brute(problem)
    result = solve(problem)
    assert_lawful(problem, result)
    assert as_costs(result) == brute.value(result.pairs - brute.fixed)
    assert as_costs(result) == brute.best()
    assert result.status is Status.OPTIMAL
    assert brute.fixed <= result.pairs
