"""From facts to numbers: everything in the order of ids, so that the order of the input never matters."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from lawyers.matching.arrays import BoolArray, IntArray, ints
from lawyers.matching.bulk import PairBits
from lawyers.matching.codes import Reason
from lawyers.matching.facts import Need, Place, Problem
from lawyers.matching.locks import Fixed, LockProblem, fixed_pairs, lock_problems, room_of
from lawyers.matching.pairs import Pairs, eligible_pairs, without
from lawyers.matching.urgency import urgency


@dataclass(frozen=True)
class Prepared:
    """A problem in arrays. ``seats`` and ``room`` are what fixed assignments leave free."""

    problem: Problem
    needs: tuple[Need, ...]
    places: tuple[Place, ...]
    pairs: Pairs
    bits: PairBits
    fixed: Fixed
    lock_problems: tuple[LockProblem, ...]
    urgency: IntArray
    seats: IntArray
    fixed_seats: IntArray
    room: IntArray
    load: IntArray
    """Open cases and fixed ones of each place, before anything is proposed."""
    minimum: IntArray
    """Cases that each place still lacks to its minimum."""
    is_current: BoolArray
    """For each pair, whether the current proposal has it."""

    @cached_property
    def need_at(self) -> dict[str, int]:
        return {need.id: at for at, need in enumerate(self.needs)}

    @cached_property
    def place_at(self) -> dict[str, int]:
        return {place.id: at for at, place in enumerate(self.places)}


def prepare(problem: Problem) -> Prepared:
    """Judge and measure all pairs of the problem and set its fixed assignments aside."""
    needs = tuple(sorted(problem.needs, key=lambda n: n.id))
    places = tuple(sorted(problem.places, key=lambda p: p.id))
    fixed = fixed_pairs(problem, needs, places)
    bits = PairBits(needs, places, problem.policy, problem.at)
    bits.refuse(*fixed.adverse, reason=Reason.FIXED_ADVERSE)
    bits.refuse(*fixed.clashing, reason=Reason.FIXED_CLASH)
    pairs = eligible_pairs(needs, places, problem.policy, bits)
    pairs = without(pairs, np.isin(pairs.key, fixed.need * len(places) + fixed.place))
    fixed_seats = np.bincount(fixed.need, minlength=len(needs)).astype(np.int64)
    taken = np.bincount(fixed.place, minlength=len(places)).astype(np.int64)
    load = ints([place.open_now for place in places]) + taken
    return Prepared(
        problem=problem,
        needs=needs,
        places=places,
        pairs=pairs,
        bits=bits,
        fixed=fixed,
        lock_problems=lock_problems(problem),
        urgency=ints([urgency(need, problem.policy) for need in needs]),
        seats=np.maximum(ints([need.demand for need in needs]) - fixed_seats, 0),
        fixed_seats=fixed_seats,
        room=np.maximum(ints([room_of(place, problem.policy) for place in places]) - taken, 0),
        load=load,
        minimum=np.maximum(ints([place.min_open for place in places]) - load, 0),
        is_current=current_pairs(problem, needs, places, pairs),
    )


def current_pairs(
    problem: Problem, needs: tuple[Need, ...], places: tuple[Place, ...], pairs: Pairs
) -> BoolArray:
    need_at = {need.id: at for at, need in enumerate(needs)}
    place_at = {place.id: at for at, place in enumerate(places)}
    keys = [
        need_at[n] * len(places) + place_at[p] for n, p in problem.current if n in need_at and p in place_at
    ]
    return np.isin(pairs.key, ints(keys))
