"""The live shortlist for one case: who could take it now, without solving for all the others."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from lawyers.matching.codes import Ask, Component, Reason
from lawyers.matching.facts import Need, Place
from lawyers.matching.filters import judge
from lawyers.matching.fit import components
from lawyers.matching.locks import room_of
from lawyers.matching.policy import Policy


@dataclass(frozen=True, slots=True)
class Option:
    """One eligible lawyer for a case; ``parts`` add up to ``fit``, ``load`` counts open cases."""

    place_id: str
    fit: int
    parts: tuple[tuple[Component, int], ...]
    asks: tuple[Ask, ...]
    load: int
    room: int
    """New cases that the lawyer can still take."""
    chosen: bool = False
    """Proposed for this case by the run; always False in a live shortlist."""


@dataclass(frozen=True, slots=True)
class Shortlist:
    """Options from the best; ``full`` are eligible without room; one may be refused for several reasons."""

    need_id: str
    options: tuple[Option, ...]
    full: tuple[Option, ...]
    refused: tuple[tuple[Reason, tuple[str, ...]], ...]


def rank(option: Option) -> tuple[int, int, str]:
    """Better fit first, then the smaller load, then the id, so that the order is always the same."""
    return (-option.fit, option.load, option.place_id)


def shortlist_for(need: Need, places: Iterable[Place], *, policy: Policy, at: datetime) -> Shortlist:
    """All lawyers for one case, judged one by one; nothing is proposed, no other case is looked at."""
    options: list[Option] = []
    refused: dict[Reason, list[str]] = {}
    for place in places:
        verdict = judge(need, place, policy, at)
        for reason in verdict.reasons:
            refused.setdefault(reason, []).append(place.id)
        if verdict.eligible:
            parts = components(need, place, policy)
            options.append(
                Option(
                    place_id=place.id,
                    fit=sum(parts.values()),
                    parts=tuple(parts.items()),
                    asks=verdict.asks,
                    load=place.open_now,
                    room=room_of(place, policy),
                )
            )
    options.sort(key=rank)
    return Shortlist(
        need.id,
        tuple(option for option in options if option.room),
        tuple(option for option in options if not option.room),
        tuple((reason, tuple(sorted(refused[reason]))) for reason in Reason if reason in refused),
    )
