"""Every lawful proposal of a small problem, tried one by one; written apart from the solver on purpose."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from itertools import combinations

from lawyers.matching import Need, Place, Problem
from lawyers.matching.filters import judge
from lawyers.matching.fit import components
from lawyers.matching.urgency import urgency

Pair = tuple[str, str]


class Brute:
    """Lawfulness and value by the words of the design."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.needs = {need.id: need for need in problem.needs}
        self.places = {place.id: place for place in problem.places}
        self.fixed = {
            (x.need_id, x.place_id)
            for x in problem.locks
            if x.need_id in self.needs and x.place_id in self.places
        }
        self.weight = {n: urgency(need, problem.policy) for n, need in self.needs.items()}
        self.fit = {
            (n, p): sum(components(need, place, problem.policy).values())
            for n, need in self.needs.items()
            for p, place in self.places.items()
        }

    def eligible(self, pair: Pair) -> bool:
        need, place = self.needs[pair[0]], self.places[pair[1]]
        return judge(need, place, self.problem.policy, self.problem.at).eligible

    def clash(self, one: Need, other: Need) -> bool:
        gap = timedelta(minutes=self.problem.policy.hearing_gap_minutes)
        return any(
            a.starts_at < b.ends_at + gap and b.starts_at < a.ends_at + gap
            for a in one.hearings
            for b in other.hearings
            if not a.sitting or a.sitting != b.sitting
        )

    def at_odds(self, one: str, other: str) -> bool:
        a, b = self.needs[one], self.needs[other]
        return bool(a.adverse_groups & b.adverse_groups) or self.clash(a, b)

    def may_join(self, pair: Pair, chosen: frozenset[Pair]) -> bool:
        """Lawful beside what is there already; faults among fixed pairs are not the newcomer's."""
        place = self.places[pair[1]]
        new = [n for n, p in chosen | self.fixed if p == pair[1]]
        if len(new) >= self.room(place) or any(self.at_odds(pair[0], n) for n in new):
            return False
        region = self.needs[pair[0]].region
        cap = dict(place.region_caps).get(region)
        return cap is None or sum(self.needs[n].region == region for n in new) < cap

    def room(self, place: Place) -> int:
        most = self.problem.policy.assumed_room if place.max_open is None else place.max_open - place.open_now
        return most if place.new_per_week is None else min(most, place.new_per_week - place.new_this_week)

    def proposals(self) -> Iterator[frozenset[Pair]]:
        yield from self.extend(sorted(self.needs), frozenset())

    def extend(self, left: list[str], chosen: frozenset[Pair]) -> Iterator[frozenset[Pair]]:
        if not left:
            yield chosen
            return
        need = left[0]
        seats = self.needs[need].demand - sum(n == need for n, _ in self.fixed)
        free = [
            (need, p) for p in sorted(self.places) if (need, p) not in self.fixed and self.eligible((need, p))
        ]
        for count in range(max(0, seats) + 1):
            for extra in combinations(free, count):
                if all(self.may_join(pair, chosen) for pair in extra):
                    yield from self.extend(left[1:], chosen | set(extra))

    def value(self, chosen: frozenset[Pair]) -> tuple[int, ...]:
        """All stages so that less is better, in order of precedence."""
        everything = chosen | self.fixed
        served, load = Counter(n for n, _ in everything), Counter(p for _, p in everything)
        missing = {n: max(0, need.demand - served[n]) for n, need in self.needs.items()}
        loads = {p: place.open_now + load[p] for p, place in self.places.items()}
        found = (
            sum(self.weight[n] for n in self.needs if not served[n]),
            sum(self.weight[n] * missing[n] for n in self.needs),
            sum(max(0, place.min_open - loads[p]) for p, place in self.places.items()),
            -sum(self.fit[pair] for pair in everything),
            sum(each**2 for each in loads.values()),
            len(everything ^ self.problem.current),
        )
        # A repair asks for the fewest changes before agreed minimum, fit and fair loads.
        return (*found[:2], found[5], *found[2:5]) if self.problem.policy.steady else found

    def best(self) -> tuple[int, ...]:
        return min(self.value(chosen) for chosen in self.proposals())
