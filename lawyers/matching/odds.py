"""Which pairs of one lawyer are at odds: adverse co-defendants, or hearings at the same time."""

from collections.abc import Callable, Iterable

import numpy as np

from lawyers.matching.arrays import IntArray, ints, joined_spans
from lawyers.matching.bulk import span_rows
from lawyers.matching.filters import hearings_ahead
from lawyers.matching.prepare import Prepared

Found = tuple[IntArray, IntArray]


class Odds:
    """Answers for positions of pairs; needs whose seats are all fixed take no part."""

    def __init__(self, prepared: Prepared) -> None:
        self.pair_need, self.pair_place = prepared.pairs.need, prepared.pairs.place
        self.live = prepared.seats > 0
        self.groups = members(prepared, self.live, lambda at: prepared.needs[at].adverse_groups)
        rows = [(need, at) for at, group in enumerate(sorted(self.groups)) for need in self.groups[group]]
        table = np.asarray(sorted(rows), dtype=np.int64).reshape(-1, 2)
        self.group_need, self.group_number = table[:, 0], table[:, 1]
        self.spans = span_rows([hearings_ahead(need, prepared.problem.at) for need in prepared.needs], {})
        self.until = self.spans.ends + prepared.problem.policy.hearing_gap_minutes * 60_000_000

    def among(self, one: IntArray, other: IntArray) -> Found:
        """Positions of the first and of the second list that one lawyer cannot have both."""
        adverse, clash = self.adverse(one, other), self.clashing(one, other)
        return np.concatenate([adverse[0], clash[0]]), np.concatenate([adverse[1], clash[1]])

    def adverse(self, one: IntArray, other: IntArray) -> Found:
        """Different members of one adverse group at one place."""
        width = int(self.pair_place.max(initial=0)) + 1
        first, row = join_equal(self.pair_need[one], self.group_need)
        second, other_row = join_equal(self.pair_need[other], self.group_need)
        key = self.group_number[row] * width + self.pair_place[one[first]]
        other_key = self.group_number[other_row] * width + self.pair_place[other[second]]
        order = np.argsort(other_key, kind="stable")
        left, right = join_equal(key, other_key[order])
        mine, theirs = one[first[left]], other[second[order[right]]]
        differ = self.pair_need[mine] != self.pair_need[theirs]
        return mine[differ], theirs[differ]

    def clashing(self, one: IntArray, other: IntArray) -> Found:
        """Hearings of different cases at one place, at the same time and not of one sitting."""
        first, _, second, _ = self.clashing_rows(one, other)
        return one[first], other[second]

    def clashing_rows(self, one: IntArray, other: IntArray) -> tuple[IntArray, IntArray, IntArray, IntArray]:
        """The same as indexes into both lists, each followed by the hearing's row."""
        first, row = join_equal(self.pair_need[one], self.spans.owner)
        second, other_row = join_equal(self.pair_need[other], self.spans.owner)
        if not len(row) or not len(other_row):
            return ints([]), ints([]), ints([]), ints([])
        base = int(self.spans.starts.min())
        length = int(self.until.max()) - base + 1
        shift = self.pair_place[one[first]] * length - base
        other_shift = self.pair_place[other[second]] * length - base
        left, right = joined_spans(
            self.spans.starts[row] + shift,
            self.until[row] + shift,
            self.spans.starts[other_row] + other_shift,
            self.until[other_row] + other_shift,
        )
        hall, other_hall = self.spans.sitting[row[left]], self.spans.sitting[other_row[right]]
        differ = self.pair_need[one[first[left]]] != self.pair_need[other[second[right]]]
        differ &= (hall < 0) | (hall != other_hall)
        left, right = left[differ], right[differ]
        return first[left], row[left], second[right], other_row[right]


def members(
    prepared: Prepared, live: Iterable[bool], keys: Callable[[int], Iterable[str]]
) -> dict[str, frozenset[int]]:
    """Needs with free seats by what they belong to."""
    out: dict[str, set[int]] = {}
    for at in np.flatnonzero(np.asarray(live)):
        for key in keys(int(at)):
            out.setdefault(key, set()).add(int(at))
    return {key: frozenset(found) for key, found in out.items()}


def join_equal(left: IntArray, right: IntArray) -> Found:
    """Positions in both of equal values; ``right`` is sorted."""
    low, high = np.searchsorted(right, left, side="left"), np.searchsorted(right, left, side="right")
    counts = high - low
    position = np.repeat(np.arange(len(left)), counts)
    inside = np.arange(len(position)) - np.repeat(np.cumsum(counts) - counts, counts)
    return ints(position), ints(np.repeat(low, counts) + inside)
