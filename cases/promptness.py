"""How soon counsel came, in cases of ours: at the first hearing or not, and how long after the detention.

Pure reading, counted anew each time: facts arrive late. The desk sees it exactly; the public a quarter,
late and coarse, and nothing of a quarter that few clients or lawyers made.
"""

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from statistics import median
from typing import Any

from django.db.models import DateTimeField, Exists, Min, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from cases import kinds
from cases.coverage import published_quarter
from cases.models import Case, Hearing, Representation

# Fewer clients or lawyers behind a figure would point at single ones, whatever is rounded.
LEAST_CLIENTS, LEAST_LAWYERS = 20, 5
SHARE_TO, HOURS_TO = 5, 12
_DAY = kinds.Precision.DAY


@dataclass(frozen=True)
class Fact:
    """One case: when it first came to court, whether counsel stood there, hours until there was one.

    ``hours`` count from the beginning of the day of detention, as the hour is not known; None where the
    day is not known or nobody came yet.
    """

    client: Any
    lawyer: Any
    region: str
    first_on: datetime.date
    with_counsel: bool
    hours: int | None


@dataclass(frozen=True)
class Figures:
    """``cases`` came to court first; in ``with_counsel`` of them counsel stood there."""

    cases: int
    with_counsel: int
    median_hours: int | None

    @property
    def percent(self) -> int:
        return round(100 * self.with_counsel / self.cases) if self.cases else 0


@dataclass(frozen=True)
class Told:
    """What the public reads: a share in fives of a hundred, hours in halves of a day or None."""

    percent: int
    median_hours: int | None


def facts(cases: "QuerySet[Case]", since: datetime.date, until: datetime.date) -> list[Fact]:
    """Cases whose first hearing lay between two days, both included; one query."""
    hearings = Hearing.objects.filter(
        trial__defendants__case=OuterRef("pk"), trial__court_instance=kinds.Instance.FIRST
    ).exclude(status=kinds.HearingStatus.CANCELLED)
    lead = Representation.objects.lead().filter(case=OuterRef("pk"), answered_at__isnull=False)
    came = lead.exclude(state=kinds.EpisodeState.DECLINED).order_by("answered_at")
    stood = Q(ended_at=None) | Q(ended_at__gt=OuterRef("first_at"))
    found = (
        cases.order_by()
        .annotate(
            first_at=Subquery(
                hearings.order_by()
                .values("trial__defendants__case")
                .annotate(at=Min("starts_at"))
                .values("at"),
                output_field=DateTimeField(),
            )
        )
        .filter(first_at__gte=_start(since), first_at__lt=_start(until + datetime.timedelta(days=1)))
        .annotate(
            stood=Exists(came.filter(stood, answered_at__lte=OuterRef("first_at"))),
            came_at=Subquery(came.values("answered_at")[:1]),
            came_lawyer=Subquery(came.values("lawyer")[:1]),
        )
    )
    told = ("client", "came_lawyer", "region", "first_at", "stood", "came_at", "detained_on")
    return [_fact(*row) for row in found.values_list(*told, "detained_precision")]


def _fact(  # noqa: PLR0917  a row of the query above
    client: Any,
    lawyer: Any,
    region: str,
    first_at: datetime.datetime,
    stood: bool,
    came_at: datetime.datetime | None,
    detained_on: datetime.date | None,
    precision: str,
) -> Fact:
    hours = None
    if came_at is not None and detained_on is not None and precision == _DAY:
        hours = max(0, int((came_at - _start(detained_on)).total_seconds() // 3600))
    return Fact(client, lawyer, region, timezone.localdate(first_at), stood, hours)


def grouped(rows: Iterable[Fact], by: Callable[[Fact], Any]) -> list[tuple[Any, Figures]]:
    """The figures of each group, in the order of the groups."""
    groups: dict[Any, list[Fact]] = defaultdict(list)
    for row in rows:
        groups[by(row)].append(row)
    return [(key, figures(groups[key])) for key in sorted(groups)]


def figures(rows: Iterable[Fact]) -> Figures:
    """Of these cases together."""
    known = list(rows)
    hours = [row.hours for row in known if row.hours is not None]
    return Figures(len(known), sum(row.with_counsel for row in known), int(median(hours)) if hours else None)


def published(on: datetime.date) -> Told | None:
    """What may be told on this day, of the quarter of :func:`published_quarter`; None of too few clients or
    lawyers."""
    rows = facts(Case.objects.all(), *published_quarter(on))
    lawyers = {row.lawyer for row in rows if row.lawyer is not None}
    if len({row.client for row in rows}) < LEAST_CLIENTS or len(lawyers) < LEAST_LAWYERS:
        return None
    exact = figures(rows)
    hours = None if exact.median_hours is None else max(HOURS_TO, _rounded(exact.median_hours, HOURS_TO))
    return Told(_rounded(exact.percent, SHARE_TO), hours)


def _rounded(count: int, to: int) -> int:
    return (count + to // 2) // to * to


def _start(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time()))
