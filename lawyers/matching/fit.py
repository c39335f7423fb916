"""How well an eligible lawyer suits a case, in whole points that add up. Past outcomes are not used."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any

from lawyers.matching.codes import Component
from lawyers.matching.facts import Competence, Coverage, Need, Place
from lawyers.matching.filters import reaches
from lawyers.matching.policy import Policy


@dataclass(frozen=True)
class Measure:
    """One component of fit and the facts it reads on both sides."""

    component: Component
    need_facts: Callable[[Need], Hashable]
    place_facts: Callable[[Place], Hashable]
    points: Callable[[Any, Any, Policy], int]


def competence(asked: tuple[str, int, str], known: tuple[Competence, ...], policy: Policy) -> int:
    """The best row that is known to reach; what is unknown on either side earns nothing."""
    family, severity, instance = asked
    best = 0
    for row in known:
        if row.family != family or row.up_to < severity:
            continue
        points = policy.competence_family + policy.competence_severity * (severity > 0)
        points += policy.competence_instance * (instance != "" and instance in row.instances)
        best = max(best, points)
    return best


def locality(where: tuple[str, str], coverage: tuple[Coverage, ...], policy: Policy) -> int:
    """The court by name is nearer than the region; a journey is farther than both."""
    region, court = where
    best = 0
    for row in coverage:
        if not (region or court) or not reaches(row, region, court):
            continue
        near = policy.locality_court if row.court else policy.locality_region
        best = max(best, policy.locality_journey if row.travels else near)
    return best


def language(wanted: frozenset[str], spoken: frozenset[str], policy: Policy) -> int:
    return policy.language_shared if wanted & spoken else 0


def continuity(previous: frozenset[str], place_id: str, policy: Policy) -> int:
    return policy.continuity_same_client if place_id in previous else 0


MEASURES: tuple[Measure, ...] = (
    Measure(
        Component.COMPETENCE,
        lambda n: (n.family, n.severity, n.instance),
        lambda p: p.competences,
        competence,
    ),
    Measure(Component.LOCALITY, lambda n: (n.region, n.court), lambda p: p.coverage, locality),
    Measure(Component.LANGUAGE, lambda n: n.languages, lambda p: p.languages, language),
    Measure(Component.CONTINUITY, lambda n: n.previous, lambda p: p.id, continuity),
)


def components(need: Need, place: Place, policy: Policy) -> dict[Component, int]:
    """Points of each component for one pair."""
    return {m.component: m.points(m.need_facts(need), m.place_facts(place), policy) for m in MEASURES}
