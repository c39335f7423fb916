"""What the solver is told about lawyers, in nine queries. An absent fact is unknown, never "no"."""

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from cases import facts, kinds
from cases.models import Hearing, Representation
from lawyers.matching import Competence, Coverage, Days, Place, Span
from lawyers.models import Away, Capacity, Lawyer, Licence
from lawyers.models import Competence as CompetenceRow
from lawyers.models import Coverage as CoverageRow

_WEEK = datetime.timedelta(days=7)
_ONE_DAY = datetime.timedelta(days=1)


def lawyers_to_ask() -> QuerySet[Lawyer]:
    """Those on the panel whom somebody can reach."""
    return Lawyer.objects.on_panel().exclude(channel=Lawyer.Channel.NONE)


def collect_places(lawyers: QuerySet[Lawyer], at: datetime.datetime) -> tuple[Place, ...]:
    """One place for each lawyer, in the order of code names."""
    rows = list(lawyers.order_by("code_name"))
    ids = lawyers.order_by().values("id")
    licences = _grouped(Licence.objects.filter(lawyer__in=ids).order_by("from_on"))
    coverage = _grouped(CoverageRow.objects.filter(lawyer__in=ids))
    competences = _grouped(CompetenceRow.objects.filter(lawyer__in=ids))
    aways = _grouped(Away.objects.filter(lawyer__in=ids, until_on__gte=at.date()))
    capacity = {row.lawyer_id: row for row in Capacity.objects.filter(lawyer__in=ids)}
    open_now, new_this_week = _loads(ids, at)
    calendar = _calendars(ids, at)
    return tuple(
        Place(
            id=str(row.id),
            licensed_through=licensed_through(licences[row.id], at.date()),
            coverage=tuple(Coverage(c.region, c.court_code, c.travels) for c in coverage[row.id]),
            languages=frozenset(row.languages.split()),
            competences=tuple(
                Competence(c.article_family, c.max_severity, frozenset(c.instances.split()))
                for c in competences[row.id]
            ),
            calendar=tuple(calendar[row.id]),
            away=tuple(Days(a.from_on, a.until_on) for a in aways[row.id]),
            max_open=capacity[row.id].max_open if row.id in capacity else None,
            min_open=capacity[row.id].min_open if row.id in capacity else 0,
            open_now=open_now[row.id],
            new_per_week=capacity[row.id].new_per_week if row.id in capacity else None,
            new_this_week=new_this_week[row.id],
            refused_risks=frozenset(row.risks.split()),
        )
        for row in rows
    )


def licensed_through(licences: Iterable[Licence], on: datetime.date) -> datetime.date | None:
    """The last day known to be covered from this day on: None if nothing is known, a past day if lost."""
    rows = sorted(licences, key=lambda row: row.from_on)
    if not rows:
        return None
    lost = [row.from_on for row in rows if row.status != Licence.Status.ACTIVE and _reaches(row, on)]
    active = [row for row in rows if row.status == Licence.Status.ACTIVE]
    through = on - _ONE_DAY
    for row in active:
        if row.from_on <= through + _ONE_DAY:
            through = max(through, row.until_on or datetime.date.max)
    # Suspended or revoked from some day: whatever another entry promises ends before it.
    return min([through, *(day - _ONE_DAY for day in lost)])


def _reaches(row: Licence, on: datetime.date) -> bool:
    return row.until_on is None or row.until_on >= on


def _loads(ids: QuerySet[Lawyer, object], at: datetime.datetime) -> tuple[Counter[UUID], Counter[UUID]]:
    open_now: Counter[UUID] = Counter()
    new: Counter[UUID] = Counter()
    rows = Representation.objects.defending().filter(lawyer__in=ids)
    for lawyer_id, answered_at in rows.values_list("lawyer", "answered_at"):
        if lawyer_id is not None:
            open_now[lawyer_id] += 1
            new[lawyer_id] += answered_at is not None and answered_at > at - _WEEK
    return open_now, new


def _calendars(ids: QuerySet[Lawyer, object], at: datetime.datetime) -> dict[UUID, list[Span]]:
    """Hours of hearings in cases that each lawyer defends already."""
    found: dict[UUID, list[Span]] = defaultdict(list)
    defended: dict[UUID, set[UUID]] = defaultdict(set)
    rows = Representation.objects.filter(state__in=kinds.DEFENDING, lawyer__in=ids)
    for lawyer_id, trial_id in rows.values_list("lawyer", "case__defendants__trial"):
        if lawyer_id is not None and trial_id is not None:
            defended[trial_id].add(lawyer_id)
    for hearing in Hearing.objects.coming(at).filter(trial__in=defended).order_by("starts_at"):
        for lawyer_id in defended[hearing.trial_id]:
            found[lawyer_id].append(facts.span(hearing))
    return found


def _grouped(rows: Iterable[Any]) -> dict[UUID, list[Any]]:
    grouped: dict[UUID, list[Any]] = defaultdict(list)
    for row in rows:
        grouped[row.lawyer_id].append(row)
    return grouped
