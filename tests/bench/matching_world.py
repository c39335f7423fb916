"""An invented panel and docket of real proportions; two yardsticks: arrival order and bare assignment."""

import random
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np
from scipy.optimize import linear_sum_assignment
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from lawyers.matching import Competence, Coverage, Days, Need, Place, Problem, Result, Span
from lawyers.matching.filters import hearings_ahead
from lawyers.matching.prepare import Prepared

AT = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Shape:
    """How many of everything; ``regions`` decides how sparse the eligible pairs are.

    ``heard`` is the share of trials with a hearing ahead: all where cases run, few where most are over.
    """

    needs: int
    places: int
    regions: int
    courts: int
    room: tuple[int, int]
    days: int = 60
    heard: float = 1.0


SMALL = Shape(needs=1_200, places=400, regions=7, courts=10, room=(1, 5))
LARGE = Shape(needs=35_000, places=2_000, regions=60, courts=8, room=(8, 28), days=400, heard=0.2)


def problem(shape: Shape, seed: int = 1) -> Problem:
    dice = random.Random(seed)
    places = tuple(place(dice, shape, at) for at in range(shape.places))
    needs: list[Need] = []
    while len(needs) < shape.needs:
        needs += trial(dice, shape, len(needs), places)
    return Problem(needs=tuple(needs[: shape.needs]), places=places, at=AT)


def place(dice: random.Random, shape: Shape, at: int) -> Place:
    regions = dice.sample(range(shape.regions), dice.choice([1, 1, 1, 2]))
    rows = [Coverage(f"r{region}", travels=number > 0) for number, region in enumerate(regions)]
    if dice.random() < 0.5:
        rows.append(Coverage(f"r{regions[0]}", f"r{regions[0]}c{dice.randrange(shape.courts)}"))
    instances = frozenset({"first", "appeal"} if dice.random() < 0.7 else {"first"})
    families = ("criminal", "administrative") if dice.random() < 0.6 else ("criminal",)
    unknown = dice.random()
    return Place(
        id=f"p{at:05}",
        licensed_through=date.max if dice.random() < 0.9 else AT.date() + timedelta(days=dice.randrange(60)),
        coverage=() if unknown < 5 / shape.places else tuple(rows),
        languages=frozenset({"ru", "be"} if dice.random() < 0.6 else {"ru"}),
        competences=tuple(Competence(family, dice.randint(2, 5), instances) for family in families),
        calendar=tuple(sitting(dice, shape) for _ in range(4)),
        away=(Days(AT.date(), AT.date() + timedelta(days=9)),) if dice.random() < 0.05 else (),
        max_open=(open_now := dice.randrange(6)) + dice.randint(*shape.room),
        open_now=open_now,
        min_open=1,
        new_per_week=None if dice.random() < 0.5 else shape.room[1],
        refused_risks=frozenset({"extremism"}) if dice.random() < 0.1 else frozenset(),
    )


def sitting(dice: random.Random, shape: Shape, name: str = "") -> Span:
    starts = AT + timedelta(days=dice.randrange(shape.days), hours=dice.randrange(3, 11))
    return Span(starts, starts + timedelta(hours=dice.choice([1, 2, 3])), name)


def trial(dice: random.Random, shape: Shape, first: int, places: tuple[Place, ...]) -> list[Need]:
    """One defendant as a rule, sometimes up to four with adverse interests or a common hall."""
    count = dice.choice([1] * 9 + [2, 3, 4])
    region = dice.randrange(shape.regions)
    hearing = sitting(dice, shape, f"s{first}")
    hours = int((hearing.starts_at - AT).total_seconds() // 3600)
    ahead = dice.random() < shape.heard
    adverse = frozenset({f"g{first}"}) if count > 1 and dice.random() < 0.6 else frozenset()
    return [
        Need(
            id=f"n{first + at:06}",
            demand=2 if dice.random() < 0.02 else 1,
            hours_to_hearing=hours if ahead else None,
            in_custody=dice.random() < 0.6,
            minor=dice.random() < 0.03,
            ill=dice.random() < 0.1,
            region=f"r{region}",
            court=f"r{region}c{dice.randrange(shape.courts)}",
            languages=frozenset({"be"}) if dice.random() < 0.2 else frozenset({"ru", "be"}),
            family="criminal" if dice.random() < 0.6 else "administrative",
            severity=dice.randint(1, 4),
            instance="first" if dice.random() < 0.8 else "appeal",
            hearings=(hearing,) if ahead else (),
            risks=frozenset({"extremism"}) if dice.random() < 0.3 else frozenset(),
            adverse_groups=adverse,
            excluded=frozenset(p.id for p in dice.sample(places, 2)) if dice.random() < 0.1 else frozenset(),
            previous=frozenset({dice.choice(places).id}) if dice.random() < 0.15 else frozenset(),
        )
        for at in range(count)
    ]


def greedy(prepared: Prepared) -> tuple[int, int]:
    """Fit and missing lawyers when cases are served in the order in which they came, best fit first."""
    room, taken = prepared.room.copy(), {at: set[int]() for at in range(len(prepared.places))}
    fit, missing = 0, 0
    for need in range(len(prepared.needs)):
        span = prepared.pairs.of_need(need)
        order = sorted(range(span.start, span.stop), key=lambda at: -int(prepared.pairs.fit[at]))
        left = int(prepared.seats[need])
        for pair in order:
            at = int(prepared.pairs.place[pair])
            if left and room[at] and not any(at_odds(prepared, need, other) for other in taken[at]):
                room[at] -= 1
                taken[at].add(need)
                fit += int(prepared.pairs.fit[pair])
                left -= 1
        missing += left
    return fit, missing


def at_odds(prepared: Prepared, one: int, other: int) -> bool:
    a, b = prepared.needs[one], prepared.needs[other]
    if a.adverse_groups & b.adverse_groups:
        return True
    gap = timedelta(minutes=prepared.problem.policy.hearing_gap_minutes)
    return any(
        x.sitting != y.sitting and x.starts_at < y.ends_at + gap and y.starts_at < x.ends_at + gap
        for x in hearings_ahead(a, AT)
        for y in hearings_ahead(b, AT)
    )


def bare_assignment(prepared: Prepared) -> int:
    """Replicated columns for coverage and fit alone: no limits, no proof, one lawyer for each case."""
    slots = np.repeat(np.arange(len(prepared.places)), prepared.room)
    table = np.full((len(prepared.needs), len(prepared.places)), 1e9)
    pairs = prepared.pairs
    table[pairs.need, pairs.place] = -(prepared.urgency[pairs.need] * 1_000_000 + pairs.fit)
    dense = np.concatenate([table[:, slots], np.zeros((len(prepared.needs), len(prepared.needs)))], axis=1)
    _, columns = linear_sum_assignment(dense)
    return int((columns < len(slots)).sum())


def sparse_assignment(prepared: Prepared) -> int:
    """The same for problems whose table would not fit in memory: one column for each place that is free."""
    pairs, room = prepared.pairs, prepared.room
    starts = np.cumsum(room) - room
    counts = room[pairs.place]
    edge = np.repeat(np.arange(len(counts)), counts)
    columns = starts[pairs.place[edge]] + np.arange(len(edge)) - np.repeat(np.cumsum(counts) - counts, counts)
    worth = (prepared.urgency[pairs.need] * 1_000_000 + pairs.fit)[edge]
    needs, slots = np.arange(len(prepared.needs)), int(room.sum())
    most = float(worth.max()) + 1
    rows = (np.concatenate([pairs.need[edge], needs]), np.concatenate([columns, slots + needs]))
    table = csr_matrix((np.concatenate([most - worth, np.full(len(needs), most)]), rows))
    return int((min_weight_full_bipartite_matching(table)[1] < slots).sum())


def explain_all(result: Result) -> Counter[str]:
    """Everything the match page shows, for every case."""
    found: Counter[str] = Counter()
    for need in result.prepared.needs:
        told = result.explanation(need.id)
        found["options"] += len(told.options) + len(told.full)
        found["reasons"] += len(told.refused)
    return found
