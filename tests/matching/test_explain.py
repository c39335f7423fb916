"""What a coordinator reads: shortlists, chains, prices, certificates, the worth of a newcomer."""

from dataclasses import replace
from datetime import date

import pytest

from lawyers.matching import (
    Component,
    Coverage,
    Lock,
    Place,
    Policy,
    Problem,
    Result,
    Stage,
    Status,
    certificates,
    shortlist_for,
    solve,
    value_by_region,
    why_not,
)
from lawyers.matching.filters import judge
from lawyers.matching.search import Optimum, Search
from tests.matching.brute import Brute
from tests.matching.test_exact import as_costs
from tests.matching.worlds import AT, plain_need, plain_place, problem_of, random_problem

ALONE: dict[str, object] = {"hearings": ()}


def test_components_add_up_and_the_best_comes_first() -> None:
    need = plain_need(previous=frozenset({"p3"}))
    places = [
        plain_place("p1"),
        plain_place("p2", coverage=(Coverage("minsk", "minsk-centre"),)),
        plain_place("p3"),
        plain_place("p4", languages=frozenset({"pl"})),
    ]
    told = solve(problem_of([need], places)).explanation("n1")
    assert [row.place_id for row in told.options] == ["p3", "p2", "p1"]
    assert [row.chosen for row in told.options] == [True, False, False]
    for row in told.options:
        assert sum(points for _, points in row.parts) == row.fit
        assert [part for part, _ in row.parts] == list(Component)
    assert dict(told.options[0].parts)[Component.CONTINUITY] == Policy().continuity_same_client
    assert [reason.value for reason, _ in told.refused] == ["no-shared-language"]


def test_the_chosen_lawyer_is_shown_wherever_they_rank() -> None:
    needs = [plain_need(f"n{at}", previous=frozenset({"p0"}), **ALONE) for at in range(2)]
    places = [plain_place(f"p{at}", max_open=1) for at in range(8)]
    result = solve(problem_of(needs, places))
    moved = next(need for need, place in result.pairs if place != "p0")
    assert sum(row.chosen for row in result.shortlist(moved, 1)) == 1


@pytest.mark.parametrize("seed", range(0, 60, 3))
def test_the_live_shortlist_agrees_with_the_run(seed: int) -> None:
    problem = replace(random_problem(seed), locks=(), current=frozenset())
    problem = replace(problem, places=tuple(replace(place, region_caps=()) for place in problem.places))
    result = solve(problem)
    for need in problem.needs:
        live = shortlist_for(need, problem.places, policy=problem.policy, at=problem.at)
        run = {row.place_id: (row.fit, row.parts, row.asks) for row in result.shortlist(need.id, 99)}
        assert run == {row.place_id: (row.fit, row.parts, row.asks) for row in (*live.options, *live.full)}
        assert dict(live.refused) == result.refused(need.id)


def test_full_lawyers_stand_apart_in_the_live_shortlist() -> None:
    places = [plain_place("p1", open_now=3), plain_place("p2")]
    live = shortlist_for(plain_need(), places, policy=Policy(), at=AT)
    assert [row.place_id for row in live.options] == ["p2"]
    assert [row.place_id for row in live.full] == ["p1"]


def test_why_not_tells_the_chain_and_the_price() -> None:
    """n1 wants p1, who is full with n2; n2 then goes to p2 and loses the lawyer it knows."""
    needs = [
        plain_need("n1", previous=frozenset({"p2"}), **ALONE),
        plain_need("n2", previous=frozenset({"p1"}), **ALONE),
    ]
    places = [plain_place("p1", max_open=1), plain_place("p2", max_open=1)]
    result = solve(problem_of(needs, places))
    assert result.pairs == {("n1", "p2"), ("n2", "p1")}
    answer = why_not(result, "n1", "p1")
    assert [(step.need_id, step.from_place_ids, step.to_place_ids) for step in answer.chain] == [
        ("n1", ("p2",), ("p1",)),
        ("n2", ("p1",), ("p2",)),
    ]
    assert answer.price[Stage.FIT] == -2 * Policy().continuity_same_client
    assert answer.price[Stage.COVERAGE] == 0
    assert answer.moves == 4
    assert answer.proved
    assert answer.lock_problems == ()


def test_why_not_a_refused_lawyer_says_why_and_what_it_would_cost() -> None:
    result = solve(problem_of([plain_need(vetoed=frozenset({"p2"}))], [plain_place(), plain_place("p2")]))
    answer = why_not(result, "n1", "p2")
    assert [reason.value for reason in answer.reasons] == ["client-veto"]
    assert [row.fault.value for row in answer.lock_problems] == ["lock-not-eligible"]
    assert answer.result.pairs == {("n1", "p2")}


@pytest.mark.parametrize("seed", range(0, 80, 2))
def test_the_price_of_an_override_is_exact(seed: int) -> None:
    problem = replace(random_problem(seed), locks=())
    result = solve(problem)
    base = as_costs(result)
    for need in problem.needs[:2]:
        for place in problem.places[:2]:
            if not judge(need, place, problem.policy, problem.at).eligible:
                continue
            fixed = Brute(replace(problem, locks=(Lock(need.id, place.id),)))
            expected = [new - old for new, old in zip(fixed.best()[:5], base[:5], strict=True)]
            price = why_not(result, need.id, place.id).price
            found = [price.get(stage, price[Stage.COVERAGE]) for stage in list(Stage)[:5]]
            found[3] = -found[3]
            assert found == expected


def assert_certified(problem: Problem, result: Result) -> int:
    """Each certificate is checked from the facts alone (Hall); gives the missing lawyers it proves."""
    brute = Brute(problem)
    places = {place.id: place for place in problem.places}
    proved = 0
    for cut in certificates(result):
        fixed = {n: sum(need == n for need, _ in brute.fixed) for n in cut.need_ids}
        seats = sum(max(0, brute.needs[n].demand - fixed[n]) for n in cut.need_ids)
        taken = {p: sum(place == p for _, place in brute.fixed) for p in cut.place_ids}
        room = sum(max(0, brute.room(places[p]) - taken[p]) for p in cut.place_ids)
        assert cut.seats == seats
        assert cut.seats == cut.capacity + cut.missing
        assert cut.capacity <= room + sum(each.most for each in cut.limited) + cut.held
        limited = {(n, each.place_id) for each in cut.limited for n in each.need_ids}
        outside = {
            (n, p)
            for n in cut.need_ids
            for p in places
            if p not in cut.place_ids and (n, p) not in limited | brute.fixed and brute.eligible((n, p))
            if brute.may_join((n, p), frozenset())
        }
        assert len(outside) <= cut.held
        for each in cut.limited:
            assert each.most < len(each.need_ids)
        proved += cut.missing
    return proved


@pytest.mark.parametrize("seed", range(150))
def test_missing_lawyers_are_certified(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    branched: list[bool] = []
    branch = Search.branch

    def watched(self: Search, best: Optimum, closed: frozenset[int]) -> None:
        branched.append(True)
        branch(self, best, closed)

    monkeypatch.setattr(Search, "branch", watched)
    problem = random_problem(seed)
    result = solve(problem)
    missing = sum(row.missing for row in result.shortfalls)
    proved = assert_certified(problem, result)
    assert proved <= missing
    if not branched:
        assert proved == missing


def test_a_certificate_names_cases_and_places() -> None:
    needs = [plain_need(f"n{at}", **ALONE) for at in range(3)] + [plain_need("far", region="brest", court="")]
    result = solve(
        problem_of(needs, [plain_place(max_open=2), plain_place("p2", coverage=(Coverage("homel"),))])
    )
    found = {cut.need_ids: cut for cut in certificates(result)}
    assert set(found) == {("n0", "n1", "n2"), ("far",)}
    cut = found["n0", "n1", "n2"]
    assert (cut.place_ids, cut.seats, cut.capacity, cut.missing) == (("p1",), 3, 2, 1)
    assert found[("far",)].place_ids == ()


def newcomer(region: str) -> Place:
    return Place(id="zz", coverage=(Coverage(region),), licensed_through=date.max, max_open=1)


@pytest.mark.parametrize("seed", range(0, 120, 2))
def test_the_worth_of_a_newcomer_is_exact(seed: int) -> None:
    problem = replace(random_problem(seed), locks=())
    needs = tuple(replace(need, hearings=(), adverse_groups=frozenset()) for need in problem.needs)
    places = tuple(replace(place, region_caps=()) for place in problem.places)
    problem = replace(problem, needs=needs, places=places)
    before = solve(problem)
    told = {row.region: dict(row.change) for row in value_by_region(before)}
    for region in sorted({need.region for need in needs}):
        after = solve(replace(problem, places=(*places, newcomer(region))))
        change = {row.stage: row.value - (before.value(row.stage) or 0) for row in after.stages}
        assert told.get(region, dict.fromkeys(change, 0)) == change
    assert before.status is Status.OPTIMAL
