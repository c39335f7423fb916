"""Invented matching problems: small ones that bite, and a plain case and lawyer to vary."""

import random
from datetime import UTC, date, datetime, timedelta

from lawyers.matching import Competence, Coverage, Days, Lock, Need, Place, Policy, Problem, Span

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
REGIONS = ("minsk", "homel", "brest")


def hearing(*, day: int, hour: int, hours: int = 1, sitting: str = "") -> Span:
    """Some days after the run."""
    starts = AT.replace(hour=hour) + timedelta(days=day)
    return Span(starts, starts + timedelta(hours=hours), sitting)


def plain_need(need_id: str = "n1", **facts: object) -> Need:
    """A case that ``plain_place`` may take without any question."""
    given: dict[str, object] = {
        "region": "minsk",
        "court": "minsk-centre",
        "languages": frozenset({"be"}),
        "family": "criminal",
        "severity": 3,
        "instance": "first",
        "hearings": (hearing(day=5, hour=10),),
        "hours_to_hearing": 121,
    }
    return Need(id=need_id, **{**given, **facts})  # type: ignore[arg-type]


def plain_place(place_id: str = "p1", **facts: object) -> Place:
    """A lawyer of whom everything is known."""
    given: dict[str, object] = {
        "licensed_through": date(2027, 1, 1),
        "coverage": (Coverage("minsk"),),
        "languages": frozenset({"be", "ru"}),
        "competences": (Competence("criminal", 5, frozenset({"first", "appeal"})),),
        "max_open": 3,
    }
    return Place(id=place_id, **{**given, **facts})  # type: ignore[arg-type]


def problem_of(needs: list[Need], places: list[Place], **more: object) -> Problem:
    return Problem(needs=tuple(needs), places=tuple(places), at=AT, **more)  # type: ignore[arg-type]


def random_need(dice: random.Random, at: int, places: list[str], groups: int) -> Need:
    slots = [hearing(day=1, hour=9 + dice.randrange(5), hours=dice.randint(1, 3)) for _ in range(2)]
    shared = hearing(day=1, hour=11, hours=2, sitting="trial") if dice.random() < 0.3 else None
    hearings = (*slots[: dice.choice([0, 1, 1, 2])], *([shared] if shared else []))
    return Need(
        id=f"n{at}",
        demand=dice.choice([1, 1, 1, 2]),
        hours_to_hearing=dice.choice([None, 24, 100]),
        in_custody=dice.random() < 0.5,
        minor=dice.random() < 0.2,
        region=dice.choice(REGIONS[:2]),
        court=dice.choice(["", "c1", "c2"]),
        languages=frozenset(dice.sample(["be", "ru", "pl"], dice.choice([0, 1]))),
        family="criminal",
        severity=dice.randint(0, 5),
        hearings=hearings,
        adverse_groups=frozenset(f"g{g}" for g in range(groups) if dice.random() < 0.4),
        excluded=frozenset(p for p in places if dice.random() < 0.1),
        vetoed=frozenset(p for p in places if dice.random() < 0.05),
        previous=frozenset(p for p in places if dice.random() < 0.2),
    )


def random_place(dice: random.Random, at: int) -> Place:
    coverage = tuple(
        Coverage(r, dice.choice(["", "", "c1"]), dice.random() < 0.3)
        for r in REGIONS[:2]
        if dice.random() < 0.6
    )
    low = dice.choice([0, 0, 1])
    return Place(
        id=f"p{at}",
        licensed_through=dice.choice([None, date.max, date.max, AT.date()]),
        coverage=coverage,
        languages=frozenset(dice.sample(["be", "ru", "pl"], dice.choice([0, 2, 3]))),
        competences=(Competence("criminal", dice.randint(3, 5)),) if dice.random() < 0.8 else (),
        max_open=dice.choice([None, 1, 2, 3, 4]),
        min_open=low,
        open_now=dice.choice([0, 0, 1]),
        new_per_week=dice.choice([None, None, 1, 2]),
        region_caps=(("minsk", dice.choice([0, 1, 2])),) if dice.random() < 0.3 else (),
        away=(Days(AT.date(), AT.date() + timedelta(days=1)),) if dice.random() < 0.05 else (),
        calendar=(hearing(day=1, hour=12),) if dice.random() < 0.1 else (),
    )


def open_place(dice: random.Random, at: int) -> Place:
    """A lawyer whom no filter refuses, so that rooms, times and adverse interests decide."""
    cap = (("minsk", dice.choice([1, 2])),) if dice.random() < 0.3 else ()
    return Place(id=f"p{at}", max_open=dice.randint(1, 4), min_open=dice.choice([0, 0, 2]), region_caps=cap)


def random_problem(seed: int) -> Problem:
    """A few cases and lawyers with everything that can get in the way of each other."""
    dice = random.Random(seed)
    make = random_place if seed % 2 else open_place
    places = [make(dice, at) for at in range(dice.randint(1, 4))]
    ids = [place.id for place in places]
    needs = [random_need(dice, at, ids, dice.choice([0, 1, 2])) for at in range(dice.randint(1, 5))]
    pairs = [(need.id, place) for need in needs for place in ids]
    locks = dice.sample(pairs, min(len(pairs), dice.choice([0, 0, 0, 1, 2])))
    current = dice.sample(pairs, min(len(pairs), dice.randint(0, 3)))
    dice.shuffle(needs)
    dice.shuffle(places)
    return problem_of(
        needs,
        places,
        locks=tuple(Lock(n, p) for n, p in locks),
        current=frozenset(current),
        policy=Policy(hearing_gap_minutes=dice.choice([0, 30])),
    )
