"""The same inputs give the same run; any other fact gives another identity."""

import random
from dataclasses import fields, replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lawyers.matching import BadInput, Need, Place, Policy, Span, Stage, compare_runs, solve
from lawyers.matching.identity import input_hash
from tests.matching.worlds import AT, hearing, plain_need, plain_place, problem_of, random_problem

CHANGED: dict[str, object] = {
    "id": "other",
    "demand": 2,
    "hours_to_hearing": 5,
    "in_custody": True,
    "minor": True,
    "ill": True,
    "region": "brest",
    "court": "other",
    "languages": frozenset({"pl"}),
    "family": "administrative",
    "severity": 5,
    "instance": "appeal",
    "hearings": (hearing(day=9, hour=9),),
    "risks": frozenset({"x"}),
    "adverse_groups": frozenset({"x"}),
    "vetoed": frozenset({"x"}),
    "excluded": frozenset({"x"}),
    "previous": frozenset({"x"}),
}


def test_every_fact_of_a_case_is_in_the_examples() -> None:
    assert set(CHANGED) == {each.name for each in fields(Need)}


@pytest.mark.parametrize("name", CHANGED)
def test_every_fact_of_a_case_changes_the_hash(name: str) -> None:
    before = problem_of([plain_need()], [plain_place()])
    after = problem_of([replace(plain_need(), **{name: CHANGED[name]})], [plain_place()])  # type: ignore[arg-type]
    assert input_hash(before) != input_hash(after)


@given(st.integers(0, 100_000))
def test_the_order_of_the_input_does_not_matter(seed: int) -> None:
    problem = random_problem(seed)
    needs, places = list(problem.needs), list(problem.places)
    random.Random(seed).shuffle(needs)
    random.Random(seed + 1).shuffle(places)
    again = replace(problem, needs=tuple(needs), places=tuple(places), locks=problem.locks[::-1])
    one, two = solve(problem), solve(again)
    assert one.identity == two.identity
    assert one.identity.digest == two.identity.digest
    assert one.assignments == two.assignments
    assert one.shortfalls == two.shortfalls


def test_a_run_that_is_its_own_proposal_changes_nothing() -> None:
    for seed in range(40):
        problem = replace(random_problem(seed), locks=())
        first = solve(problem)
        second = solve(replace(problem, current=first.pairs))
        assert second.pairs == first.pairs
        assert second.value(Stage.CHANGES) == 0


def test_two_runs_are_compared() -> None:
    needs = [plain_need("n1"), plain_need("n2", hearings=())]
    first = solve(problem_of(needs, [plain_place(max_open=1)]))
    second = solve(problem_of(needs, [plain_place(max_open=1), plain_place("p2", max_open=1)]))
    found = compare_runs(first.summary, second.summary)
    assert not found.same_inputs
    assert found.same_policy
    assert found.same_solver
    assert found.no_longer_missing == tuple(first.summary.missing)
    assert found.newly_missing == ()
    assert set(found.added) == second.pairs - first.pairs
    assert (Stage.COVERAGE, first.value(Stage.COVERAGE), 0) in found.stages
    same = compare_runs(first.summary, solve(problem_of(needs, [plain_place(max_open=1)])).summary)
    assert same.same_inputs
    assert not same.added
    assert not same.removed


def test_the_policy_is_part_of_the_identity() -> None:
    one = solve(problem_of([plain_need()], [plain_place()]))
    two = solve(problem_of([plain_need()], [plain_place()], policy=Policy(version="2026-2")))
    assert one.identity.digest != two.identity.digest
    assert two.identity.policy_version == "2026-2"


def test_contradictions_are_refused() -> None:
    with pytest.raises(BadInput):
        problem_of([plain_need(), plain_need()], [])
    with pytest.raises(BadInput):
        Span(AT, AT)
    with pytest.raises(BadInput):
        Span(AT.replace(tzinfo=None), (AT + timedelta(hours=1)).replace(tzinfo=None))
    with pytest.raises(BadInput):
        Need(id="n", demand=0)
    with pytest.raises(BadInput):
        Place(id="p", open_now=-1)
    with pytest.raises(BadInput):
        Place(id="p", region_caps=(("minsk", 1), ("minsk", 2)))


def test_an_empty_problem_has_an_empty_optimal_result() -> None:
    for needs, places in (([], []), ([plain_need()], []), ([], [plain_place()])):
        result = solve(problem_of(needs, places))
        assert result.pairs == frozenset()
        assert all(row.proved for row in result.stages)
