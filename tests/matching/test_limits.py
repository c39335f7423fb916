"""Adverse co-defendants, clashing hearings, rooms, minimums, caps: each binds."""

from dataclasses import replace

import numpy as np
import pytest

from lawyers.matching import Need, Place, Policy, Stage, Status, solve
from lawyers.matching.odds import Odds
from tests.matching.worlds import hearing, plain_need, plain_place, problem_of

APART = {"hearings": ()}
GROUP = frozenset({"g"})


def spread_of(needs: list[Need], places: list[Place]) -> dict[str, int]:
    """Cases of each lawyer."""
    result = solve(problem_of(needs, places))
    assert result.status is Status.OPTIMAL
    return {p.id: sum(place == p.id for _, place in result.pairs) for p in places}


def test_adverse_co_defendants_never_share_a_lawyer() -> None:
    needs = [plain_need(f"n{at}", adverse_groups=GROUP, **APART) for at in range(3)]
    assert spread_of(needs, [plain_place(), plain_place("p2")]) == {"p1": 1, "p2": 1}


def test_co_defendants_without_adverse_interests_may() -> None:
    needs = [plain_need(f"n{at}", **APART) for at in range(3)]
    assert spread_of(needs, [plain_place()]) == {"p1": 3}


def test_overlapping_adverse_groups_hold_each() -> None:
    needs = [
        plain_need("n1", adverse_groups=frozenset({"a"}), **APART),
        plain_need("n2", adverse_groups=frozenset({"a", "b"}), **APART),
        plain_need("n3", adverse_groups=frozenset({"b"}), **APART),
    ]
    result = solve(problem_of(needs, [plain_place()]))
    assert result.pairs == {("n1", "p1"), ("n3", "p1")}
    assert result.status is Status.OPTIMAL


def test_hearings_at_one_time_need_two_lawyers() -> None:
    needs = [plain_need("n1"), plain_need("n2")]
    assert spread_of(needs, [plain_place()]) == {"p1": 1}
    assert spread_of(needs, [plain_place(), plain_place("p2")]) == {"p1": 1, "p2": 1}


def test_one_sitting_needs_one_lawyer() -> None:
    hall = (hearing(day=5, hour=10, sitting="trial"),)
    needs = [plain_need("n1", hearings=hall), plain_need("n2", hearings=hall)]
    assert spread_of(needs, [plain_place()]) == {"p1": 2}


def test_two_halls_at_one_time_are_a_choice_between_halls() -> None:
    """Limits that cross: either both of the first hall or both of the second, the urgent ones win."""
    first = (hearing(day=5, hour=10, sitting="a"),)
    second = (hearing(day=5, hour=10, sitting="b"),)
    needs = [
        plain_need("n1", hearings=first),
        plain_need("n2", hearings=first),
        plain_need("n3", hearings=second, in_custody=True),
        plain_need("n4", hearings=second),
    ]
    result = solve(problem_of(needs, [plain_place(max_open=4)]))
    assert result.pairs == {("n3", "p1"), ("n4", "p1")}
    assert result.status is Status.OPTIMAL


def test_a_search_cut_short_says_so_and_is_lawful() -> None:
    times = [
        hearing(day=5, hour=9, hours=2),
        hearing(day=5, hour=10, hours=2),
        hearing(day=5, hour=11, hours=2),
    ]
    needs = [plain_need(f"n{at}", hearings=(time,)) for at, time in enumerate(times)]
    needs.append(plain_need("n3", hearings=(times[0], times[2])))
    policy = Policy(time_limit_s=0.0, hearing_gap_minutes=0)
    result = solve(problem_of(needs, [plain_place(max_open=4)], policy=policy))
    assert result.status is Status.GAP
    coverage = result.stages[0]
    assert coverage.bound is not None
    assert coverage.bound < coverage.value
    full = solve(problem_of(needs, [plain_place(max_open=4)], policy=replace(policy, time_limit_s=20.0)))
    assert full.status is Status.OPTIMAL
    assert full.pairs == {("n0", "p1"), ("n2", "p1")}
    assert coverage.bound <= full.stages[0].value <= coverage.value


@pytest.mark.parametrize("method", ["adverse", "clashing_rows"])
def test_without_the_limit_one_lawyer_gets_both(method: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The mutant: with the rule switched off the cases meet at one lawyer."""
    needs = [plain_need("n1", adverse_groups=GROUP), plain_need("n2", adverse_groups=GROUP)]
    if method == "adverse":
        needs = [replace(need, hearings=()) for need in needs]
    else:
        needs = [replace(need, adverse_groups=frozenset()) for need in needs]
    assert len(solve(problem_of(needs, [plain_place()])).pairs) == 1
    columns = {"adverse": 2, "clashing_rows": 4}[method]
    monkeypatch.setattr(Odds, method, lambda *_: (np.zeros(0, np.int64),) * columns)
    assert len(solve(problem_of(needs, [plain_place()])).pairs) == 2


@pytest.mark.parametrize(
    ("facts", "most"),
    [
        ({"max_open": 2}, 2),
        ({"max_open": 3, "open_now": 2}, 1),
        ({"max_open": 3, "new_per_week": 2}, 2),
        ({"max_open": 3, "new_per_week": 2, "new_this_week": 1}, 1),
        ({"max_open": 3, "region_caps": (("minsk", 1),)}, 1),
        ({"max_open": 3, "region_caps": (("minsk", 0),)}, 0),
        ({"max_open": 3, "region_caps": (("brest", 0),)}, 3),
        ({"max_open": None}, 1),
        ({"max_open": 1, "open_now": 5}, 0),
    ],
)
def test_a_lawyer_never_gets_more_than_they_take(facts: dict[str, object], most: int) -> None:
    needs = [plain_need(f"n{at}", **APART) for at in range(3)]
    result = solve(problem_of(needs, [plain_place(**facts)]))
    assert len(result.pairs) == most
    assert len(result.shortfalls) == 3 - most


def test_a_minimum_draws_cases_against_fit() -> None:
    needs = [plain_need(f"n{at}", previous=frozenset({"p1"}), **APART) for at in range(2)]
    assert spread_of(needs, [plain_place(), plain_place("p2")]) == {"p1": 2, "p2": 0}
    assert spread_of(needs, [plain_place(), plain_place("p2", min_open=1)]) == {"p1": 1, "p2": 1}


def test_a_minimum_out_of_reach_is_named_and_never_makes_the_run_impossible() -> None:
    result = solve(problem_of([plain_need()], [plain_place(), plain_place("p2", min_open=3)]))
    assert [(row.place_id, row.missing) for row in result.minimum_shortfalls] == [("p2", 2)]
    assert result.pairs == {("n1", "p2")}


def test_a_case_that_wants_two_gets_two_different_lawyers() -> None:
    result = solve(problem_of([plain_need(demand=2)], [plain_place(), plain_place("p2")]))
    assert result.pairs == {("n1", "p1"), ("n1", "p2")}
    alone = solve(problem_of([plain_need(demand=2)], [plain_place()]))
    assert [(row.missing, row.uncovered) for row in alone.shortfalls] == [(1, False)]


def test_first_lawyers_come_before_second_ones() -> None:
    needs = [plain_need("n1", demand=2, in_custody=True, **APART), plain_need("n2", **APART)]
    result = solve(problem_of(needs, [plain_place(max_open=1), plain_place("p2", max_open=1)]))
    assert {need for need, _ in result.pairs} == {"n1", "n2"}
    assert result.value(Stage.COVERAGE) == 0
