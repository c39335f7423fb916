"""Limits of a place beyond its room: adverse co-defendants, a region's cap, hearings at the same time.

A limit becomes a gate of the network when it is nested in or disjoint from the others of its place. One that
crosses another is kept apart: it needs the search in ``crossing``.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np

from lawyers.matching.arrays import IntArray, ints, joined_spans
from lawyers.matching.bulk import span_rows
from lawyers.matching.filters import hearings_ahead
from lawyers.matching.network import Flow, Limit
from lawyers.matching.prepare import Prepared


@dataclass
class LimitBook:
    """Limits in force; ``gates`` by place are nested or disjoint, ``crossing`` are not."""

    gates: dict[int, list[Limit]] = field(default_factory=dict)
    crossing: list[Limit] = field(default_factory=list)

    def add(self, limit: Limit, *, needed: bool) -> None:
        """Take a limit in. One that crosses is kept only when a solution has broken it (``needed``)."""
        held = self.gates.get(limit.place, [])
        if len(limit.members) <= limit.cap or any(implies(old, limit) for old in held):
            return
        held = [old for old in held if not implies(limit, old)]
        if all(apart(old, limit) for old in held):
            self.gates[limit.place] = [*held, limit]
        elif needed and limit not in self.crossing:
            self.crossing.append(limit)

    def merge(self, limit: Limit) -> None:
        """Take a limit in by widening it over all that it crosses: stricter than the truth, so lawful."""
        held = self.gates.get(limit.place, [])
        met = [old for old in held if not apart(old, limit)]
        if not met:
            self.add(limit, needed=False)
            return
        union = limit.members.union(*(old.members for old in met))
        self.gates[limit.place] = [old for old in held if apart(old, limit)]
        self.merge(Limit(limit.place, union, min(limit.cap, *(old.cap for old in met))))

    def all_gates(self) -> list[Limit]:
        return [limit for held in self.gates.values() for limit in held]

    def copy(self) -> "LimitBook":
        return LimitBook({place: list(held) for place, held in self.gates.items()}, list(self.crossing))


def implies(one: Limit, other: Limit) -> bool:
    """Whoever keeps the first keeps the second."""
    return other.members <= one.members and one.cap <= other.cap


def apart(one: Limit, other: Limit) -> bool:
    """Nested or disjoint."""
    return one.members <= other.members or other.members <= one.members or not one.members & other.members


class LimitRules:
    """Finds the limits of a prepared problem, all at once where they are few and on demand for hearings."""

    def __init__(self, prepared: Prepared) -> None:
        self.prepared = prepared
        self.live = prepared.seats > 0
        self.groups = self.members(lambda at: prepared.needs[at].adverse_groups)
        self.regions = self.members(lambda at: (prepared.needs[at].region,))
        hearings = [hearings_ahead(need, prepared.problem.at) for need in prepared.needs]
        self.spans = span_rows(hearings, {})
        self.until = self.spans.ends + prepared.problem.policy.hearing_gap_minutes * 60_000_000

    def members(self, keys: Callable[[int], Iterable[str]]) -> dict[str, frozenset[int]]:
        out: dict[str, set[int]] = {}
        for at in np.flatnonzero(self.live):
            for key in keys(int(at)):
                out.setdefault(key, set()).add(int(at))
        return {key: frozenset(found) for key, found in out.items()}

    def book(self) -> LimitBook:
        """Adverse groups and caps of regions; limits on hearings come when a solution breaks them."""
        book = LimitBook()
        for place, region, left in self.region_caps():
            members = self.eligible(self.regions.get(region, frozenset())).get(place, frozenset())
            book.add(Limit(place, members, left), needed=False)
        for group in sorted(self.groups):
            for limit in self.everywhere(self.groups[group]):
                book.add(limit, needed=False)
        return book

    def region_caps(self) -> Iterator[tuple[int, str, int]]:
        """Place, region and how many more cases; a cap that fixed cases use up is a refusal already."""
        fixed = [
            (int(p), self.prepared.needs[n].region)
            for n, p in zip(self.prepared.fixed.need, self.prepared.fixed.place, strict=True)
        ]
        for at, place in enumerate(self.prepared.places):
            for region, cap in place.region_caps:
                left = cap - fixed.count((at, region))
                if left > 0:
                    yield at, region, left

    def eligible(self, members: frozenset[int]) -> dict[int, frozenset[int]]:
        """For each place, those of the members that may go there."""
        out: dict[int, set[int]] = {}
        for need in members:
            for place in self.prepared.pairs.place[self.prepared.pairs.of_need(need)]:
                out.setdefault(int(place), set()).add(need)
        return {place: frozenset(found) for place, found in out.items()}

    def everywhere(self, members: frozenset[int]) -> list[Limit]:
        """At most one of the members at every place that two of them could go to."""
        return [Limit(p, found, 1) for p, found in sorted(self.eligible(members).items()) if len(found) > 1]

    def broken(self, flow: Flow) -> list[tuple[Limit, bool]]:
        """Limits that a flow breaks (True), and the same limit at other places, which it would break next."""
        pairs = self.prepared.pairs
        need, place = pairs.need[flow.pair], pairs.place[flow.pair]
        found: dict[tuple[int, frozenset[int]], None] = {}
        for p, members in self.broken_sets(need, place):
            found.setdefault((p, members))
        out: dict[Limit, bool] = {}
        for p, members in found:
            for limit in self.everywhere(members):
                out[limit] = out.get(limit, False) or limit.place == p
        out.update(dict.fromkeys(self.broken_caps(need, place), True))
        return sorted(out.items(), key=lambda row: (not row[1], row[0].place, sorted(row[0].members)))

    def broken_sets(self, need: IntArray, place: IntArray) -> Iterator[tuple[int, frozenset[int]]]:
        seen: set[tuple[int, str]] = set()
        for n, p in zip(need.tolist(), place.tolist(), strict=True):
            for group in sorted(self.prepared.needs[n].adverse_groups):
                if (p, group) in seen:
                    yield p, self.groups[group]
                seen.add((p, group))
        for p, one, other in self.clashes(need, place):
            yield from ((p, members) for members in self.at_one_time(one, other))

    def at_one_time(self, one: int, other: int) -> Iterator[frozenset[int]]:
        """Sets of cases of which one lawyer can take one, around two hearings (by row) that clash.

        Each set has one case of every sitting at that moment; cases of the two sittings in all combinations.
        """
        spans = self.spans
        moment = max(spans.starts[one], spans.starts[other])
        now = np.flatnonzero((spans.starts <= moment) & (moment < self.until) & self.live[spans.owner])
        halls: dict[int, list[int]] = {}
        for row in now.tolist():
            halls.setdefault(self.hall(row), []).append(int(spans.owner[row]))
        mine, theirs = halls.pop(self.hall(one)), halls.pop(self.hall(other))
        rest = [owners[0] for owners in halls.values()]
        for first in mine:
            for second in theirs:
                if first != second:
                    yield frozenset([first, second, *rest])

    def hall(self, row: int) -> int:
        """A number for the sitting of a hearing; each hearing of no named sitting has its own."""
        sitting = int(self.spans.sitting[row])
        return sitting if sitting >= 0 else -1 - row

    def broken_caps(self, need: IntArray, place: IntArray) -> Iterator[Limit]:
        for at, region, left in self.region_caps():
            at_place = need[place == at].tolist()
            inside = [n for n in at_place if n in self.regions.get(region, frozenset())]
            if len(inside) > left:
                yield Limit(at, self.eligible(self.regions[region])[at], left)

    def clashes(self, need: IntArray, place: IntArray) -> list[tuple[int, int, int]]:
        """Place and the two hearings (by row) of every clash between two proposed cases of one place."""
        spans = self.spans
        if not len(spans.starts):
            return []
        position, row = join_equal(need, spans.owner)
        length = int(self.until.max() - spans.starts.min()) + 1
        shift = place[position] * length - int(spans.starts.min())
        starts, until = spans.starts[row] + shift, self.until[row] + shift
        one, other = joined_spans(starts, until, starts, until)
        hall = spans.sitting[row]
        differ = (need[position[one]] < need[position[other]]) & (
            (hall[one] < 0) | (hall[one] != hall[other])
        )
        one, other = one[differ], other[differ]
        found = zip(place[position[one]].tolist(), row[one].tolist(), row[other].tolist(), strict=True)
        return sorted(found)


def join_equal(left: IntArray, right: IntArray) -> tuple[IntArray, IntArray]:
    """Positions in both of equal values; ``right`` is sorted."""
    low, high = np.searchsorted(right, left, side="left"), np.searchsorted(right, left, side="right")
    counts = high - low
    position = np.repeat(np.arange(len(left)), counts)
    starts = np.repeat(low, counts)
    inside = np.arange(len(position)) - np.repeat(np.cumsum(counts) - counts, counts)
    return ints(position), ints(starts + inside)


def add_all(book: LimitBook, found: Iterable[tuple[Limit, bool]], *, merging: bool = False) -> None:
    """Take found limits into the book: those broken first."""
    for limit, needed in found:
        if merging and needed:
            book.merge(limit)
        else:
            book.add(limit, needed=needed)
