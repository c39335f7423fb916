"""What the solver is told about cases and lawyers: ids and facts, in a fixed number of queries.

An hour that is not known counts as the court's working day, so that nobody is promised to two courts;
a hearing with an hour counts as three.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from cases import conflicts, kinds
from cases.models import (
    Accusation,
    Case,
    Defendant,
    Exclusion,
    Hearing,
    MatchProposal,
    MatchRun,
    Representation,
)
from lawyers.matching import Lock, Need, Span

LASTS = datetime.timedelta(hours=3)
_DAY = (datetime.time(9), datetime.time(18))
_DEFENDED = (*kinds.DEFENDING, kinds.EpisodeState.ENDED)


@dataclass
class _Known:
    """Facts by case or client, gathered before the needs are made."""

    articles: dict[UUID, list[tuple[str, int]]] = field(default_factory=lambda: defaultdict(list))
    places: dict[UUID, tuple[str, str, str]] = field(default_factory=dict)
    hearings: dict[UUID, list[Span]] = field(default_factory=lambda: defaultdict(list))
    adverse: dict[UUID, set[str]] = field(default_factory=lambda: defaultdict(set))
    excluded: dict[UUID, set[str]] = field(default_factory=lambda: defaultdict(set))
    vetoed: dict[UUID, set[str]] = field(default_factory=lambda: defaultdict(set))
    previous: dict[UUID, set[str]] = field(default_factory=lambda: defaultdict(set))


def collect_needs(cases: QuerySet[Case], at: datetime.datetime) -> tuple[Need, ...]:
    """One need for each case, in the order of references. Nine queries, or ten, however many cases."""
    rows = list(cases.select_related("court").order_by("year", "number"))
    if not rows:
        return ()
    ids = cases.order_by().values("id")
    known = _Known()
    _read_articles(known, ids)
    _read_court(known, ids, at)
    _read_people(known, ids, cases.order_by().values("client"))
    return tuple(_need(case, known, at) for case in rows)


def collect_locks(cases: QuerySet[Case]) -> tuple[Lock, ...]:
    """What people have fixed: offers that are out, and proposals accepted but not yet asked."""
    ids = cases.order_by().values("id")
    asked = Representation.objects.lead().filter(case__in=ids, lawyer__isnull=False)
    states = {
        (case_id, lawyer_id): state
        for case_id, lawyer_id, state in asked.values_list("case", "lawyer", "state")
    }
    fixed = {pair for pair, state in states.items() if state == kinds.EpisodeState.OFFERED}
    taken = {case_id for case_id, _lawyer_id in fixed}
    decided = MatchProposal.objects.filter(case__in=ids, decision__in=["accepted", "replaced"])
    rows = decided.order_by("-run__number").values_list("case", "lawyer", "chosen")
    for case_id, lawyer_id, chosen_id in rows:
        pair = (case_id, chosen_id or lawyer_id)
        # Once the lawyer was asked, their answer counts and no longer the proposal.
        if case_id not in taken and pair not in states:
            taken.add(case_id)
            fixed.add(pair)
    return tuple(sorted(Lock(str(case_id), str(lawyer_id)) for case_id, lawyer_id in fixed))


def current_pairs(cases: QuerySet[Case]) -> frozenset[tuple[str, str]]:
    """The proposal people know: the pairs of the newest run that nobody has refused."""
    newest = MatchRun.objects.first()
    if newest is None:
        return frozenset()
    known = newest.proposals.filter(case__in=cases.order_by().values("id")).exclude(decision="refused")
    rows = known.values_list("case", "lawyer", "chosen")
    pairs = ((case_id, chosen_id or lawyer_id) for case_id, lawyer_id, chosen_id in rows)
    return frozenset((str(case_id), str(lawyer_id)) for case_id, lawyer_id in pairs if lawyer_id)


def span(hearing: Hearing) -> Span:
    """The time a hearing takes of its lawyer."""
    if hearing.time_known:
        return Span(hearing.starts_at, hearing.starts_at + LASTS)
    zone = ZoneInfo(hearing.zone)
    day = hearing.starts_at.astimezone(zone).date()
    opens, closes = (datetime.datetime.combine(day, hour, zone) for hour in _DAY)
    return Span(opens, closes)


def _read_articles(known: _Known, ids: QuerySet[Case, object]) -> None:
    rows = Accusation.objects.filter(case__in=ids, until_on=None)
    for case_id, family, severity in rows.values_list("case", "article__family", "article__severity"):
        known.articles[case_id].append((family, severity))


def _read_court(known: _Known, ids: QuerySet[Case, object], at: datetime.datetime) -> None:
    """The court and instance of the next hearing, the hours of all, and who stands against whom."""
    stands = list(Defendant.objects.filter(case__in=ids).select_related("trial__court").order_by("trial__id"))
    by_trial = defaultdict(list)
    for row in stands:
        by_trial[row.trial_id].append(row)
    coming = Hearing.objects.coming(at).filter(trial__defendants__case__in=ids).distinct()
    for hearing in coming.order_by("starts_at"):
        for row in by_trial[hearing.trial_id]:
            known.hearings[row.case_id].append(span(hearing))
            known.places.setdefault(row.case_id, _place(row))
    for row in stands:
        known.places.setdefault(row.case_id, _place(row))
    _read_adversaries(known, stands)


def _place(row: Defendant) -> tuple[str, str, str]:
    court = row.trial.court
    return (
        (court.region, court.code, row.trial.court_instance) if court else ("", "", row.trial.court_instance)
    )


def _read_adversaries(known: _Known, stands: Sequence[Defendant]) -> None:
    """Who defends, or defended, an adverse co-defendant is in conflict; the rest form a group."""
    trials = {row.trial_id for row in stands if row.interest_group}
    others = Defendant.objects.filter(trial__in=trials).exclude(interest_group="")
    groups: dict[UUID, dict[UUID, str]] = defaultdict(dict)
    for trial_id, case_id, group in others.values_list("trial", "case", "interest_group"):
        groups[trial_id][case_id] = group
    everybody = {case_id for members in groups.values() for case_id in members}
    counsel: dict[UUID, set[str]] = defaultdict(set)
    for case_id, lawyer_id in Representation.objects.filter(
        case__in=everybody, state__in=_DEFENDED, lawyer__isnull=False
    ).values_list("case", "lawyer"):
        counsel[case_id].add(str(lawyer_id))
    for row in stands:
        members = groups.get(row.trial_id, {})
        against = [case_id for case_id, group in members.items() if group != members.get(row.case_id)]
        if row.case_id in members and against:
            known.adverse[row.case_id].add(str(row.trial_id))
            known.excluded[row.case_id].update(*(counsel[case_id] for case_id in against))


def _read_people(known: _Known, ids: QuerySet[Case, object], clients: QuerySet[Case, object]) -> None:
    """Exclusions and vetoes by client, earlier counsel by client, earlier declines by case."""
    for client_id, lawyer_id, kind in Exclusion.objects.filter(client__in=clients).values_list(
        "client", "lawyer", "kind"
    ):
        refused = known.vetoed if kind == kinds.ExclusionKind.VETO else known.excluded
        refused[client_id].add(str(lawyer_id))
    for client_id, lawyers in conflicts.lawyers_bound(clients).items():
        known.excluded[client_id].update(str(lawyer_id) for lawyer_id in lawyers)
    told = Q(case__in=ids, state=kinds.EpisodeState.DECLINED) | Q(client__in=clients, state__in=_DEFENDED)
    for case_id, client_id, lawyer_id, state in Representation.objects.filter(
        told, lawyer__isnull=False
    ).values_list("case", "client", "lawyer", "state"):
        if state == kinds.EpisodeState.DECLINED:
            known.excluded[case_id].add(str(lawyer_id))
        else:
            known.previous[client_id].add(str(lawyer_id))


def _need(case: Case, known: _Known, at: datetime.datetime) -> Need:
    court = case.court
    usual = (case.region, court.code if court else "", "")
    region, code, instance = known.places.get(case.id, usual)
    hearings = tuple(known.hearings[case.id])
    articles = known.articles[case.id]
    family, severity = max(articles, key=lambda one: one[1], default=("", 0))
    return Need(
        id=str(case.id),
        hours_to_hearing=_hours(hearings, at),
        in_custody=bool(case.in_custody),
        minor=case.is_minor,
        ill=case.is_ill,
        region=region or case.region,
        court=code,
        languages=frozenset(case.languages.split()),
        family=family,
        severity=severity,
        instance=instance,
        hearings=hearings,
        risks=frozenset({case.kind, *(name for name, _severity in articles if name)}),
        adverse_groups=frozenset(known.adverse[case.id]),
        vetoed=frozenset(known.vetoed[case.client_id]),
        excluded=frozenset(known.excluded[case.id] | known.excluded[case.client_id]),
        previous=frozenset(known.previous[case.client_id]),
    )


def _hours(hearings: Iterable[Span], at: datetime.datetime) -> int | None:
    first = min((one.starts_at for one in hearings), default=None)
    return None if first is None else max(0, int((first - at).total_seconds() // 3600))
