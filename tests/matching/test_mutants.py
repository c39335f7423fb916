"""Each constraint and each stage switched off in the solver: the comparison with every proposal sees it."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from importlib import import_module
from typing import Any

import numpy as np
import pytest

from lawyers.matching import Reason, Stage, search
from lawyers.matching.arrays import BitArray, IntArray
from lawyers.matching.bulk import REASON_BIT, PairBits
from lawyers.matching.facts import Place, Problem
from lawyers.matching.limits import LimitRules
from lawyers.matching.locks import Fixed, fixed_pairs, room_of
from lawyers.matching.network import Costs, Network
from lawyers.matching.objectives import Objective, objectives
from lawyers.matching.odds import Odds
from lawyers.matching.policy import Policy
from lawyers.matching.prepare import Prepared, prepare
from tests.matching.test_exact import assert_exact, instance
from tests.matching.worlds import hearing

SEEDS = 120
"""As many instances a mutant may survive before it counts as not seen."""


def is_seen(problems: Iterable[Problem]) -> bool:
    for problem in problems:
        try:
            assert_exact(problem)
        except AssertionError:
            return True
    return False


def instances() -> Iterable[Problem]:
    return map(instance, range(SEEDS))


def risky(problem: Problem) -> Problem:
    """With what the random worlds have none of: a risk that a lawyer does not take."""
    needs = tuple(replace(need, risks=frozenset({"extremism"})) for need in problem.needs)
    places = tuple(replace(place, refused_risks=frozenset({"extremism"})) for place in problem.places[:1])
    return replace(problem, needs=needs, places=(*places, *problem.places[1:]))


def busy(problem: Problem) -> Problem:
    """With lawyers who have a sitting at noon."""
    places = tuple(replace(place, calendar=(hearing(day=1, hour=12),)) for place in problem.places)
    return replace(problem, places=places)


def capped(problem: Problem) -> Problem:
    """With lawyers who take one case of a region."""
    places = tuple(replace(place, region_caps=(("minsk", 1),)) for place in problem.places)
    return replace(problem, places=places)


@pytest.mark.parametrize("reason", list(Reason))
def test_a_filter_switched_off_is_seen(reason: Reason, monkeypatch: pytest.MonkeyPatch) -> None:
    block = PairBits.block

    def without(self: PairBits, first: int, last: int) -> BitArray:
        return block(self, first, last) & ~np.uint32(REASON_BIT[reason])

    change = {Reason.RISK: risky, Reason.CALENDAR: busy}.get(reason)
    problems = [change(problem) if change else problem for problem in instances()]
    monkeypatch.setattr(PairBits, "block", without)
    assert is_seen(problems)


def nothing(costs: Costs) -> Costs:
    return Costs(np.zeros_like(costs.pair), np.zeros_like(costs.short), np.zeros_like(costs.slot))


@pytest.mark.parametrize("stage", list(Stage))
def test_a_stage_switched_off_is_seen(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    def without(prepared: Prepared, network: Network) -> list[Objective]:
        return [
            replace(each, costs=nothing(each.costs)) if each.stage is stage else each
            for each in objectives(prepared, network)
        ]

    monkeypatch.setattr(search, "objectives", without)
    assert is_seen(instances())


def more_room(place: Place, policy: Policy) -> int:
    return room_of(place, policy) + 1


def no_week(place: Place, policy: Policy) -> int:
    return room_of(replace(place, new_per_week=None), policy)


@pytest.mark.parametrize("room", [more_room, no_week])
def test_room_for_too_many_is_seen(room: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_module("lawyers.matching.prepare"), "room_of", room)
    assert is_seen(instances())


def test_a_dropped_lock_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(problem: Problem, *rest: Any) -> Fixed:
        return fixed_pairs(replace(problem, locks=()), *rest)

    monkeypatch.setattr(import_module("lawyers.matching.prepare"), "fixed_pairs", none)
    assert is_seen(instances())


def test_a_lawyer_more_than_a_case_wants_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    def more(problem: Problem) -> Prepared:
        found = prepare(problem)
        return replace(found, seats=found.seats + 1)

    monkeypatch.setattr(import_module("lawyers.matching.solve"), "prepare", more)
    assert is_seen(instances())


def test_ignored_caps_of_regions_are_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(LimitRules, "region_caps", lambda _: iter(()))
    assert is_seen(map(capped, instances()))


@pytest.mark.parametrize(("method", "columns"), [("adverse", 2), ("clashing_rows", 4)])
def test_ignored_odds_between_cases_are_seen(
    method: str, columns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(*_: object) -> tuple[IntArray, ...]:
        return (np.zeros(0, np.int64),) * columns

    monkeypatch.setattr(Odds, method, none)
    assert is_seen(instances())


def test_a_branch_that_is_not_followed_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of two sides that could go, only the one is tried that looks cheaper."""
    ways_out = search.Search.ways_out

    def first(self: search.Search, *given: Any) -> list[search.WayOut]:
        return ways_out(self, *given)[:1]

    monkeypatch.setattr(search.Search, "ways_out", first)
    assert is_seen(map(instance, range(0, 4 * SEEDS, 2)))


@pytest.mark.parametrize("change", [risky, busy, capped])
def test_nothing_is_seen_when_nothing_is_switched_off(change: Callable[[Problem], Problem]) -> None:
    assert not is_seen(change(instance(seed)) for seed in range(20))
