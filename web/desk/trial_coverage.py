"""Coverage of known trials by month: who defended, as the desk may know it, exact and of today."""

import datetime
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncMonth

from cases.coverage import who_defended
from cases.kinds import DefendedBy
from cases.models import KnownTrial
from web.bars import Slice, slices

MONTHS = 12


@dataclass
class Month:
    """Known trials that began in one month; the rest of ``total`` had nobody, or nothing is known."""

    starts_on: datetime.date
    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def ours(self) -> int:
        return self.counts[DefendedBy.PANEL]

    @property
    def own(self) -> int:
        return self.counts[DefendedBy.OWN]

    @property
    def appointed(self) -> int:
        return self.counts[DefendedBy.APPOINTED]

    @property
    def nobody(self) -> int:
        """None, refused access, declined."""
        said = (DefendedBy.NONE, DefendedBy.REFUSED, DefendedBy.DECLINED)
        return sum(self.counts[who] for who in said)

    @property
    def unknown(self) -> int:
        return self.counts[DefendedBy.UNKNOWN]

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def percent(self) -> int:
        """Trials with counsel of any kind among those that began."""
        return round(100 * (self.ours + self.own + self.appointed) / self.total) if self.total else 0

    @property
    def bar(self) -> list[Slice]:
        return slices([self.ours, self.own, self.appointed], self.total)


def with_defence(trials: QuerySet[KnownTrial]) -> QuerySet[KnownTrial]:
    """Adds ``who``: what the linked case says of its defence, else what the list said."""
    return trials.annotate(who=who_defended())


def months(trials: QuerySet[KnownTrial], today: datetime.date) -> list[Month]:
    """The last twelve months with a trial, newest first; one query."""
    since = today.replace(year=today.year - 1, day=1)
    counted: Any = with_defence(trials.filter(starts_on__gte=since, starts_on__lte=today)).order_by()
    found: dict[datetime.date, Month] = {}
    grouped = counted.annotate(month=TruncMonth("starts_on")).values_list("month", "who")
    for month, who, number in grouped.annotate(number=Count("pk")):
        found.setdefault(month, Month(month)).counts[who] += number
    return [found[month] for month in sorted(found, reverse=True)][:MONTHS]
