"""Fixed assignments stay, take room, and are reported when they cannot be right."""

import pytest

from lawyers.matching import Coverage, Lock, LockFault, Need, Place, Reason, solve
from tests.matching.worlds import hearing, plain_need, plain_place, problem_of

LOCK = Lock("n1", "p1")


def faults(needs: list[Need], places: list[Place], *locks: Lock) -> dict[tuple[str, str], set[LockFault]]:
    result = solve(problem_of(needs, places, locks=locks))
    out: dict[tuple[str, str], set[LockFault]] = {}
    known = {need.id for need in needs}, {place.id for place in places}
    for lock in locks:
        pair = (lock.need_id, lock.place_id)
        if lock.need_id in known[0] and lock.place_id in known[1]:
            assert pair in result.pairs, "a fixed assignment was dropped"
    for found in result.lock_problems:
        out.setdefault((found.lock.need_id, found.lock.place_id), set()).add(found.fault)
    return out


def test_a_lawful_lock_is_kept_against_a_better_lawyer() -> None:
    better = plain_place("p2", languages=frozenset({"be"}), coverage=(Coverage("minsk", "minsk-centre"),))
    result = solve(problem_of([plain_need()], [plain_place(), better], locks=(LOCK,)))
    assert result.pairs == {("n1", "p1")}
    assert [row.fixed for row in result.assignments] == [True]
    assert result.lock_problems == ()


def test_a_lock_takes_room() -> None:
    places = [plain_place(max_open=1)]
    result = solve(problem_of([plain_need(), plain_need("n2", hearings=())], places, locks=(LOCK,)))
    assert result.pairs == {("n1", "p1")}
    assert [row.need_id for row in result.shortfalls] == ["n2"]


def test_an_ineligible_lock_is_reported_with_its_reasons_and_stays() -> None:
    result = solve(problem_of([plain_need(vetoed=frozenset({"p1"}))], [plain_place()], locks=(LOCK,)))
    assert result.pairs == {("n1", "p1")}
    assert [(row.fault, row.reasons) for row in result.lock_problems] == [
        (LockFault.NOT_ELIGIBLE, (Reason.VETO,))
    ]
    assert result.assignments[0].reasons == (Reason.VETO,)


@pytest.mark.parametrize(
    ("lock", "fault"),
    [(Lock("n9", "p1"), LockFault.UNKNOWN_NEED), (Lock("n1", "p9"), LockFault.UNKNOWN_PLACE)],
)
def test_a_lock_on_an_unknown_id_is_reported(lock: Lock, fault: LockFault) -> None:
    assert faults([plain_need()], [plain_place()], lock) == {(lock.need_id, lock.place_id): {fault}}


def test_locks_beyond_the_room() -> None:
    needs = [plain_need(), plain_need("n2", hearings=())]
    found = faults(needs, [plain_place(max_open=1)], LOCK, Lock("n2", "p1"))
    assert found == {("n1", "p1"): {LockFault.NO_ROOM}, ("n2", "p1"): {LockFault.NO_ROOM}}


def test_locks_beyond_the_demand() -> None:
    found = faults([plain_need()], [plain_place(), plain_place("p2")], LOCK, Lock("n1", "p2"))
    assert found == {("n1", "p1"): {LockFault.DEMAND}, ("n1", "p2"): {LockFault.DEMAND}}


def test_locks_beyond_a_regions_cap() -> None:
    needs = [plain_need(), plain_need("n2", hearings=())]
    found = faults(needs, [plain_place(region_caps=(("minsk", 1),))], LOCK, Lock("n2", "p1"))
    assert found == {("n1", "p1"): {LockFault.REGION_CAP}, ("n2", "p1"): {LockFault.REGION_CAP}}


def test_adverse_locks() -> None:
    group = frozenset({"g"})
    needs = [plain_need(adverse_groups=group), plain_need("n2", adverse_groups=group, hearings=())]
    found = faults(needs, [plain_place()], LOCK, Lock("n2", "p1"))
    assert found == {("n1", "p1"): {LockFault.ADVERSE}, ("n2", "p1"): {LockFault.ADVERSE}}


def test_clashing_locks() -> None:
    found = faults([plain_need(), plain_need("n2")], [plain_place()], LOCK, Lock("n2", "p1"))
    assert found == {("n1", "p1"): {LockFault.CLASH}, ("n2", "p1"): {LockFault.CLASH}}


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"adverse_groups": frozenset({"g"}), "hearings": ()}, Reason.FIXED_ADVERSE),
        ({}, Reason.FIXED_CLASH),
    ],
)
def test_a_lock_keeps_cases_at_odds_away(facts: dict[str, object], reason: Reason) -> None:
    needs = [plain_need(adverse_groups=frozenset({"g"})), plain_need("n2", **facts)]
    result = solve(problem_of(needs, [plain_place()], locks=(LOCK,)))
    assert result.pairs == {("n1", "p1")}
    assert result.refused("n2") == {reason: ("p1",)}


def test_two_defendants_in_one_hall_may_be_fixed_to_one_lawyer() -> None:
    hall = (hearing(day=5, hour=10, sitting="trial"),)
    needs = [plain_need(hearings=hall), plain_need("n2", hearings=hall)]
    assert faults(needs, [plain_place()], LOCK, Lock("n2", "p1")) == {}


def test_a_lock_that_serves_half_of_a_demand() -> None:
    result = solve(problem_of([plain_need(demand=2)], [plain_place(), plain_place("p2")], locks=(LOCK,)))
    assert result.pairs == {("n1", "p1"), ("n1", "p2")}
