"""Hard filters. Each is a pure function of what it looks at and nothing else.

A filter names the facts it reads on both sides (``need_facts``, ``place_facts``), so that a run evaluates
every distinct combination once instead of every pair.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import IntEnum
from typing import Any

from lawyers.matching.codes import Ask, Reason
from lawyers.matching.facts import Competence, Coverage, Days, Need, Place, Span
from lawyers.matching.policy import Policy


class Verdict(IntEnum):
    """What a filter says of one pair."""

    PASSES = 0
    ASK = 1
    REFUSES = 2


@dataclass(frozen=True)
class Filter:
    """One hard filter; ``ask`` is the question when the fact is unknown."""

    reason: Reason
    need_facts: Callable[[Need, datetime], Hashable]
    place_facts: Callable[[Place], Hashable]
    verdict: Callable[[Any, Any, Policy], Verdict]
    ask: Ask | None = None


def next_hearing_on(need: Need, at: datetime) -> date:
    """Day of the next hearing in the zone it is given in; the day of the run when none is ahead."""
    ahead = [h.starts_at for h in need.hearings if h.ends_at > at]
    return min(ahead).date() if ahead else at.date()


def hearing_days(need: Need, at: datetime) -> tuple[date, ...]:
    """Days on which counsel must be there; the day of the run when no hearing is ahead."""
    days = {h.starts_at.date() for h in need.hearings if h.ends_at > at}
    return tuple(sorted(days)) or (at.date(),)


def hearings_ahead(need: Need, at: datetime) -> tuple[Span, ...]:
    """Hearings that are not over."""
    return tuple(h for h in need.hearings if h.ends_at > at)


def refused_if(refused: bool) -> Verdict:
    return Verdict.REFUSES if refused else Verdict.PASSES


def licence(needed_on: date, through: date | None, _: Policy) -> Verdict:
    return Verdict.ASK if through is None else refused_if(through < needed_on)


def covered(where: tuple[str, str], coverage: tuple[Coverage, ...], _: Policy) -> Verdict:
    """A row without a court covers its whole region; a case whose court is unknown cannot be refused."""
    region, court = where
    if not coverage or not (region or court):
        return Verdict.ASK
    near = False
    for row in coverage:
        if reaches(row, region, court):
            return Verdict.PASSES
        near = near or row.region == region
    return Verdict.ASK if near and not court else Verdict.REFUSES


def reaches(row: Coverage, region: str, court: str) -> bool:
    return row.court == court if row.court else row.region == region


def language(wanted: frozenset[str], spoken: frozenset[str], _: Policy) -> Verdict:
    """One shared language is enough."""
    if not wanted:
        return Verdict.PASSES
    return refused_if(not wanted & spoken) if spoken else Verdict.ASK


def competence(asked: tuple[str, int, str], known: tuple[Competence, ...], _: Policy) -> Verdict:
    family, severity, instance = asked
    if not known:
        return Verdict.ASK
    rows = [c for c in known if family in ("", c.family) and c.up_to >= severity]
    if any(c.instances and instance in {"", *c.instances} for c in rows):
        return Verdict.PASSES
    if any(not c.instances for c in rows):
        return Verdict.ASK if instance else Verdict.PASSES
    return Verdict.REFUSES


def risk(risks: frozenset[str], lawyer: tuple[frozenset[str], frozenset[str]], policy: Policy) -> Verdict:
    refused, flags = lawyer
    forbidden = any((r, flag) in policy.forbidden_risks for r in risks for flag in flags)
    return refused_if(forbidden or bool(risks & refused))


def named(ids: frozenset[str], place_id: str, _: Policy) -> Verdict:
    return refused_if(place_id in ids)


def overlaps(hearings: tuple[Span, ...], calendar: tuple[Span, ...], policy: Policy) -> Verdict:
    """The policy's gap is kept free before and after each entry of another sitting."""
    gap = timedelta(minutes=policy.hearing_gap_minutes)
    return refused_if(
        any(
            h.starts_at < c.ends_at + gap and c.starts_at < h.ends_at + gap
            for h in hearings
            for c in calendar
            if not h.sitting or h.sitting != c.sitting
        )
    )


def away(days: tuple[date, ...], windows: tuple[Days, ...], _: Policy) -> Verdict:
    return refused_if(any(w.from_on <= day <= w.until_on for day in days for w in windows))


FILTERS: tuple[Filter, ...] = (
    Filter(Reason.LICENCE, next_hearing_on, lambda p: p.licensed_through, licence, Ask.LICENCE),
    Filter(Reason.COVERAGE, lambda n, _: (n.region, n.court), lambda p: p.coverage, covered, Ask.COVERAGE),
    Filter(Reason.LANGUAGE, lambda n, _: n.languages, lambda p: p.languages, language, Ask.LANGUAGE),
    Filter(
        Reason.COMPETENCE,
        lambda n, _: (n.family, n.severity, n.instance),
        lambda p: p.competences,
        competence,
        Ask.COMPETENCE,
    ),
    Filter(Reason.RISK, lambda n, _: n.risks, lambda p: (p.refused_risks, p.risk_flags), risk),
    Filter(Reason.CONFLICT, lambda n, _: n.excluded, lambda p: p.id, named),
    Filter(Reason.VETO, lambda n, _: n.vetoed, lambda p: p.id, named),
    Filter(Reason.CALENDAR, hearings_ahead, lambda p: p.calendar, overlaps),
    Filter(Reason.AWAY, hearing_days, lambda p: p.away, away),
)


@dataclass(frozen=True, slots=True)
class Judgement:
    """All reasons against a pair, and all questions about it; eligible when there is no reason."""

    reasons: tuple[Reason, ...]
    asks: tuple[Ask, ...]

    @property
    def eligible(self) -> bool:
        return not self.reasons


def judge(need: Need, place: Place, policy: Policy, at: datetime) -> Judgement:
    """Every filter is asked, so that a coordinator sees all reasons and not only the first."""
    reasons: list[Reason] = []
    asks = [Ask.CAPACITY] if place.max_open is None else []
    for each in FILTERS:
        verdict = each.verdict(each.need_facts(need, at), each.place_facts(place), policy)
        if verdict is Verdict.REFUSES:
            reasons.append(each.reason)
        elif verdict is Verdict.ASK and each.ask is not None:
            asks.append(each.ask)
    return Judgement(tuple(reasons), tuple(sorted(asks)))
