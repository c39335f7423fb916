"""Fixed assignments: they stay, they take room, and one that cannot be right is reported, never dropped."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations

from lawyers.matching.arrays import IntArray, ints
from lawyers.matching.bulk import Rows, overlapping, span_rows
from lawyers.matching.codes import LockFault, Reason
from lawyers.matching.facts import Lock, Need, Place, Problem
from lawyers.matching.filters import Verdict, hearings_ahead, judge, overlaps
from lawyers.matching.policy import Policy


@dataclass(frozen=True, slots=True)
class LockProblem:
    """A fixed assignment that cannot be right; ``reasons`` are those of the hard filters."""

    lock: Lock
    fault: LockFault
    reasons: tuple[Reason, ...] = ()
    with_need_ids: tuple[str, ...] = ()


def room_of(place: Place, policy: Policy) -> int:
    """New cases a place can take now: the less of open places and what is left of the week."""
    most = place.open_now + policy.assumed_room if place.max_open is None else place.max_open
    room = most - place.open_now
    if place.new_per_week is not None:
        room = min(room, place.new_per_week - place.new_this_week)
    return max(0, room)


def clash(one: Need, other: Need, policy: Policy, at: datetime) -> bool:
    """One lawyer cannot be at hearings of both."""
    return overlaps(hearings_ahead(one, at), hearings_ahead(other, at), policy) is Verdict.REFUSES


def lock_problems(problem: Problem) -> tuple[LockProblem, ...]:
    """Every fault of every fixed assignment, in the order of ids."""
    needs = {need.id: need for need in problem.needs}
    places = {place.id: place for place in problem.places}
    found: list[LockProblem] = []
    known: list[Lock] = []
    for lock in sorted(set(problem.locks)):
        if lock.need_id not in needs:
            found.append(LockProblem(lock, LockFault.UNKNOWN_NEED))
        elif lock.place_id not in places:
            found.append(LockProblem(lock, LockFault.UNKNOWN_PLACE))
        else:
            known.append(lock)
    for lock in known:
        reasons = judge(needs[lock.need_id], places[lock.place_id], problem.policy, problem.at).reasons
        if reasons:
            found.append(LockProblem(lock, LockFault.NOT_ELIGIBLE, reasons))
    found += crowded(known, needs, places, problem.policy)
    found += at_odds(known, needs, problem)
    return tuple(sorted(found, key=lambda p: (p.lock, p.fault)))


def crowded(
    known: Sequence[Lock], needs: dict[str, Need], places: dict[str, Place], policy: Policy
) -> Iterator[LockProblem]:
    by_place, by_need = Counter(x.place_id for x in known), Counter(x.need_id for x in known)
    by_region = Counter((x.place_id, needs[x.need_id].region) for x in known)
    for lock in known:
        place, region = places[lock.place_id], needs[lock.need_id].region
        if by_place[lock.place_id] > room_of(place, policy):
            yield LockProblem(lock, LockFault.NO_ROOM)
        if by_need[lock.need_id] > needs[lock.need_id].demand:
            yield LockProblem(lock, LockFault.DEMAND)
        cap = dict(place.region_caps).get(region)
        if cap is not None and by_region[lock.place_id, region] > cap:
            yield LockProblem(lock, LockFault.REGION_CAP)


def at_odds(known: Sequence[Lock], needs: dict[str, Need], problem: Problem) -> Iterator[LockProblem]:
    by_place: dict[str, list[Lock]] = {}
    for lock in known:
        by_place.setdefault(lock.place_id, []).append(lock)
    for fixed in by_place.values():
        for one, other in combinations(fixed, 2):
            a, b = needs[one.need_id], needs[other.need_id]
            faults = []
            if a.adverse_groups & b.adverse_groups:
                faults.append(LockFault.ADVERSE)
            if clash(a, b, problem.policy, problem.at):
                faults.append(LockFault.CLASH)
            for fault in faults:
                yield LockProblem(one, fault, with_need_ids=(b.id,))
                yield LockProblem(other, fault, with_need_ids=(a.id,))


@dataclass(frozen=True)
class Fixed:
    """Locks by index; ``adverse`` and ``clashing`` are the pairs that they rule out."""

    need: IntArray
    place: IntArray
    adverse: Rows
    clashing: Rows


def fixed_pairs(problem: Problem, needs: Sequence[Need], places: Sequence[Place]) -> Fixed:
    """Known locks and what follows from them for the other cases."""
    need_at = {need.id: at for at, need in enumerate(needs)}
    place_at = {place.id: at for at, place in enumerate(places)}
    known = [x for x in sorted(set(problem.locks)) if x.need_id in need_at and x.place_id in place_at]
    need = ints([need_at[x.need_id] for x in known])
    place = ints([place_at[x.place_id] for x in known])
    return Fixed(
        need, place, adverse_rows(needs, places, need, place), clash_rows(problem, needs, need, place)
    )


def adverse_rows(needs: Sequence[Need], places: Sequence[Place], need: IntArray, place: IntArray) -> Rows:
    """Members of a fixed case's groups, and whole regions whose cap is used up, at that lawyer."""
    members: dict[str, list[int]] = {}
    in_region: dict[str, list[int]] = {}
    for at, each in enumerate(needs):
        in_region.setdefault(each.region, []).append(at)
        for group in each.adverse_groups:
            members.setdefault(group, []).append(at)
    out = {
        (other, int(p))
        for n, p in zip(need, place, strict=True)
        for group in needs[n].adverse_groups
        for other in members[group]
    }
    used = Counter((int(p), needs[n].region) for n, p in zip(need, place, strict=True))
    for p, whose in enumerate(places):
        for region, cap in whose.region_caps:
            if used[p, region] >= cap:
                out |= {(other, p) for other in in_region.get(region, ())}
    out -= {(int(n), int(p)) for n, p in zip(need, place, strict=True)}
    ordered = sorted(out)
    return ints([n for n, _ in ordered]), ints([p for _, p in ordered])


def clash_rows(problem: Problem, needs: Sequence[Need], need: IntArray, place: IntArray) -> Rows:
    """Cases whose hearings clash with those of a case fixed to the same lawyer."""
    sittings: dict[str, int] = {}
    hearings = span_rows([hearings_ahead(each, problem.at) for each in needs], sittings)
    taken = span_rows([hearings_ahead(needs[n], problem.at) for n in need], sittings)
    mine, theirs = overlapping(hearings, taken, problem.policy)
    at_need, lock = hearings.owner[mine], taken.owner[theirs]
    others = at_need != need[lock]
    return at_need[others], place[lock[others]]
