"""Who defended in known trials, as the public may know it: a quarter, late, in round numbers.

Pure reading. A case that is linked says itself who defended; otherwise the monitor's list does.
"""

import datetime
from collections import Counter
from dataclasses import dataclass

from django.db.models import Case as When
from django.db.models import CharField, IntegerField, OuterRef, Subquery, Value
from django.db.models import When as Is
from django.db.models.functions import Coalesce

from cases.kinds import DefendedBy, Instance
from cases.models import Defendant, KnownTrial

ROUND_TO = 10
# Fewer trials would point at single ones, whatever is rounded.
LEAST_TRIALS = 20
LATE_MONTHS = 3


@dataclass(frozen=True)
class Coverage:
    """Known trials that began from ``starts_on`` to ``ends_on``, each count rounded to tens."""

    starts_on: datetime.date
    ends_on: datetime.date
    ours: int
    own: int
    appointed: int
    nobody: int

    @property
    def total(self) -> int:
        """What the table's column adds up to."""
        return self.ours + self.own + self.appointed + self.nobody


def coverage(on: datetime.date) -> Coverage | None:
    """The last quarter that ended at least three months before ``on``; None if it has too few trials."""
    starts_on, ends_on = published_quarter(on)
    trials = KnownTrial.objects.filter(starts_on__range=(starts_on, ends_on)).order_by()
    counts = Counter(trials.annotate(who=who_defended()).values_list("who", flat=True))
    if counts.total() < LEAST_TRIALS:
        return None
    ours, own = counts[DefendedBy.PANEL], counts[DefendedBy.OWN]
    appointed = counts[DefendedBy.APPOINTED]
    nobody = counts.total() - ours - own - appointed
    return Coverage(starts_on, ends_on, *(_rounded(count) for count in (ours, own, appointed, nobody)))


def published_quarter(on: datetime.date) -> tuple[datetime.date, datetime.date]:
    """First and last day of the last quarter that may be shown on this day."""
    month = on.year * 12 + on.month - 1 - LATE_MONTHS
    starts = month - month % 3 - 3
    return _first_of(starts), _first_of(starts + 3) - datetime.timedelta(days=1)


def _first_of(month: int) -> datetime.date:
    return datetime.date(month // 12, month % 12 + 1, 1)


def who_defended() -> Coalesce:
    """The first instance of the linked case, then any other; "not known" gives way to the list's word."""
    first_of_all = When(
        Is(trial__court_instance=Instance.FIRST, then=Value(0)), default=Value(1), output_field=IntegerField()
    )
    places = Defendant.objects.filter(case=OuterRef("case")).exclude(defended_by=DefendedBy.UNKNOWN)
    said = places.order_by(first_of_all, "trial__started_on", "pk").values("defended_by")[:1]
    return Coalesce(Subquery(said), "defended_by", output_field=CharField())


def _rounded(count: int) -> int:
    return (count + ROUND_TO // 2) // ROUND_TO * ROUND_TO
