"""Limits of a place beyond its room: adverse co-defendants, a region's cap, hearings at the same time.

A limit becomes a gate of the network when it is nested in or disjoint from the others of its place; one that
crosses another leaves ``sides`` to choose between.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np

from lawyers.matching.arrays import IntArray
from lawyers.matching.network import Flow, Limit
from lawyers.matching.odds import Odds, members
from lawyers.matching.prepare import Prepared


@dataclass
class LimitBook:
    """Limits that are gates of the network, by place; those of one place are nested or disjoint."""

    gates: dict[int, list[Limit]] = field(default_factory=dict)

    def add(self, limit: Limit) -> bool:
        """Take a limit in, in place of those it implies; False when it is there or crosses another."""
        held = self.gates.get(limit.place, [])
        if len(limit.members) <= limit.cap or any(implies(old, limit) for old in held):
            return False
        held = [old for old in held if not implies(limit, old)]
        if not all(apart(old, limit) for old in held):
            return False
        self.gates[limit.place] = [*held, limit]
        return True

    def add_all(self, found: Iterable[Limit]) -> bool:
        """Take limits in, in this order; whether any could be."""
        taken = [limit for limit in found if self.add(limit)]
        return bool(taken)

    def all_gates(self) -> list[Limit]:
        return [limit for held in self.gates.values() for limit in held]


def implies(one: Limit, other: Limit) -> bool:
    """Whoever keeps the first keeps the second."""
    return other.members <= one.members and one.cap <= other.cap


def apart(one: Limit, other: Limit) -> bool:
    """Nested or disjoint."""
    return one.members <= other.members or other.members <= one.members or not one.members & other.members


class LimitRules:
    """Finds the limits of a prepared problem: caps of regions at once, the others when a flow breaks them."""

    def __init__(self, prepared: Prepared) -> None:
        self.prepared = prepared
        self.odds = Odds(prepared)
        self.regions = members(prepared, self.odds.live, lambda at: (prepared.needs[at].region,))
        self.caps = list(self.region_caps())
        self.by_place = np.argsort(prepared.pairs.place, kind="stable")
        self.places_sorted = prepared.pairs.place[self.by_place]

    def book(self) -> LimitBook:
        """The limits to start with."""
        book = LimitBook()
        for limit in self.caps:
            book.add(limit)
        return book

    def at_place(self, place: int) -> IntArray:
        """Positions of all pairs of a place."""
        low, high = np.searchsorted(self.places_sorted, [place, place + 1])
        return self.by_place[low:high]

    def region_caps(self) -> Iterator[Limit]:
        """What fixed cases leave of a region's cap; one that they use up is a refusal already."""
        fixed = [
            (int(p), self.prepared.needs[n].region)
            for n, p in zip(self.prepared.fixed.need, self.prepared.fixed.place, strict=True)
        ]
        for at, place in enumerate(self.prepared.places):
            for region, cap in place.region_caps:
                left = cap - fixed.count((at, region))
                inside = self.eligible(self.regions.get(region, frozenset())).get(at, frozenset())
                if left > 0 and inside:
                    yield Limit(at, inside, left)

    def eligible(self, needs: frozenset[int]) -> dict[int, frozenset[int]]:
        """For each place, those of the needs that may go there."""
        out: dict[int, set[int]] = {}
        for need in needs:
            for place in self.prepared.pairs.place[self.prepared.pairs.of_need(need)].tolist():
                out.setdefault(place, set()).add(need)
        return {place: frozenset(found) for place, found in out.items()}

    def everywhere(self, needs: frozenset[int]) -> list[Limit]:
        """At most one of the needs at every place that two of them could go to."""
        return [Limit(p, found, 1) for p, found in sorted(self.eligible(needs).items()) if len(found) > 1]

    def conflicts(self, flow: Flow) -> int:
        """How often proposed cases of a lawyer are at odds or pass a region's cap; a lawful flow has none."""
        chosen = np.flatnonzero(flow.pair)
        return len(self.odds.among(chosen, chosen)[0]) // 2 + len(list(self.broken_caps(flow)))

    def broken_caps(self, flow: Flow) -> Iterator[Limit]:
        pairs = self.prepared.pairs
        for limit in self.caps:
            there = pairs.need[flow.pair & (pairs.place == limit.place)].tolist()
            if len(limit.members.intersection(there)) > limit.cap:
                yield limit

    def broken(self, flow: Flow) -> list[Limit]:
        """Limits that a flow breaks, then the same limit at other places, which it would break next."""
        out: dict[Limit, bool] = dict.fromkeys(self.broken_caps(flow), True)
        for place, needs in dict.fromkeys(self.broken_sets(np.flatnonzero(flow.pair))):
            for limit in self.everywhere(needs):
                out[limit] = out.get(limit, False) or limit.place == place
        return sorted(out, key=lambda limit: (not out[limit], limit.place, sorted(limit.members)))

    def broken_sets(self, chosen: IntArray) -> Iterator[tuple[int, frozenset[int]]]:
        """Place, and cases of which it can have one but has more."""
        pairs, odds = self.prepared.pairs, self.odds
        for one, other in sorted(zip(*(each.tolist() for each in odds.adverse(chosen, chosen)), strict=True)):
            mine, theirs = (self.prepared.needs[pairs.need[at]].adverse_groups for at in (one, other))
            for group in sorted(mine & theirs):
                yield int(pairs.place[one]), odds.groups[group]
        first, row, _, other_row = odds.clashing_rows(chosen, chosen)
        places = pairs.place[chosen[first]].tolist()
        for place, a, b in sorted(zip(places, row.tolist(), other_row.tolist(), strict=True)):
            if a < b:
                yield from ((place, needs) for needs in self.at_one_time(a, b))

    def sides(self, flow: Flow) -> Iterator[tuple[int, list[frozenset[int]]]]:
        """Place and sets of cases of which at least one set must be wholly absent from it."""
        pairs, chosen = self.prepared.pairs, np.flatnonzero(flow.pair)
        first, row, _, other_row = self.odds.clashing_rows(chosen, chosen)
        for at, a, b in zip(first.tolist(), row.tolist(), other_row.tolist(), strict=True):
            if a < b:
                yield int(pairs.place[chosen[at]]), self.opposed(a, b)
        for one, other in zip(*(each.tolist() for each in self.odds.adverse(chosen, chosen)), strict=True):
            yield int(pairs.place[one]), [frozenset([int(pairs.need[at])]) for at in (one, other)]
        for limit in self.broken_caps(flow):
            there = pairs.need[flow.pair & (pairs.place == limit.place)].tolist()
            inside = [need for need in there if need in limit.members]
            yield limit.place, [frozenset([need]) for need in inside[: limit.cap + 1]]

    def opposed(self, one: int, other: int) -> list[frozenset[int]]:
        """The cases of two sittings; only the two at hand when a case has hearings in both, alone or not."""
        halls = self.halls_at(one, other)
        mine, theirs = frozenset(halls[self.hall(one)]), frozenset(halls[self.hall(other)])
        if mine & theirs:
            return [frozenset([int(self.odds.spans.owner[row])]) for row in (one, other)]
        return [mine, theirs]

    def at_one_time(self, one: int, other: int) -> Iterator[frozenset[int]]:
        """Sets of cases of which one lawyer can take one, around two hearings (by row) that clash.

        Cases of the two sittings in all combinations, each with as many others of that moment as are at odds
        with all of the set: the larger the set, the less is left to branch on.
        """
        halls = self.halls_at(one, other)
        present: dict[int, set[int]] = {}
        for hall, needs in halls.items():
            for need in needs:
                present.setdefault(need, set()).add(hall)
        for first in halls[self.hall(one)]:
            for second in halls[self.hall(other)]:
                if first != second:
                    yield self.widened(first, second, present)

    def widened(self, first: int, second: int, present: dict[int, set[int]]) -> frozenset[int]:
        groups = {at: self.prepared.needs[at].adverse_groups for at in present}

        def at_odds(a: int, b: int) -> bool:
            return len(present[a] | present[b]) > 1 or bool(groups[a] & groups[b])

        ours = groups[first] | groups[second]
        out = [first, second]
        for need in sorted(present, key=lambda at: (not groups[at] & ours, at)):
            if need not in out and all(at_odds(need, each) for each in out):
                out.append(need)
        return frozenset(out)

    def halls_at(self, one: int, other: int) -> dict[int, list[int]]:
        """Cases by sitting, at the first moment that two hearings (by row) share."""
        spans = self.odds.spans
        moment = max(spans.starts[one], spans.starts[other])
        now = (spans.starts <= moment) & (moment < self.odds.until) & self.odds.live[spans.owner]
        halls: dict[int, list[int]] = {}
        for row in np.flatnonzero(now).tolist():
            halls.setdefault(self.hall(row), []).append(int(spans.owner[row]))
        return halls

    def hall(self, row: int) -> int:
        """A number for the sitting of a hearing; each hearing of no named sitting has its own."""
        sitting = int(self.odds.spans.sitting[row])
        return sitting if sitting >= 0 else -1 - row
