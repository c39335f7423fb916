"""What of coverage the public may see. The policy is this file; a test tries to get round it.

1. Whole quarters only, whatever days are asked for: no two periods differ by less than a quarter.
2. A quarter is shown three months after its end, and then as it was known on that day, for ever: two
   reports made before and after one fact became known say the same, so nothing can be subtracted.
3. A quarter with fewer than twenty known trials is left out whole, from the totals too.
4. Counts are rounded to tens, the median to half days, and totals are sums of rounded counts: no rounded
   total can be set against exact parts.
5. Four answers to "who defended", no regions, no cases. Hours only where twenty cases or more found counsel.
"""

import datetime
import statistics
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from audit.models import Event
from cases.coverage import LATE_MONTHS, LEAST_TRIALS, ROUND_TO
from cases.kinds import DefendedBy
from reports.types.coverage import trials, waits

HALF_DAY = 12
LEAST_CASES = LEAST_TRIALS


@dataclass(frozen=True)
class PublicQuarter:
    """One quarter as published; counts in tens, ``median_hours`` in half days or None."""

    starts_on: datetime.date
    ours: int
    own: int
    appointed: int
    nobody: int
    median_hours: int | None

    @property
    def total(self) -> int:
        return self.ours + self.own + self.appointed + self.nobody


def published(starts_on: datetime.date, ends_on: datetime.date, log_size: int) -> list[PublicQuarter]:
    """The quarters that lie wholly within the days and may be shown at that size of the log."""
    today = day_of(log_size)
    found = []
    for first, last in quarters(starts_on, ends_on):
        shown_from = _months_later(last + datetime.timedelta(days=1), LATE_MONTHS)
        if today is None or shown_from > today:
            continue
        quarter = _as_known(first, last, _size_on(shown_from, log_size))
        if quarter is not None:
            found.append(quarter)
    return found


def quarters(
    starts_on: datetime.date, ends_on: datetime.date
) -> Iterator[tuple[datetime.date, datetime.date]]:
    """First and last day of each whole quarter within the days."""
    first = datetime.date(starts_on.year, (starts_on.month - 1) // 3 * 3 + 1, 1)
    while first <= ends_on:
        after = _months_later(first, 3)
        if first >= starts_on and after - datetime.timedelta(days=1) <= ends_on:
            yield first, after - datetime.timedelta(days=1)
        first = after


def _as_known(first: datetime.date, last: datetime.date, log_size: int) -> PublicQuarter | None:
    who = Counter(one.defended_by for one in trials(first, last, log_size))
    if who.total() < LEAST_TRIALS:
        return None
    named = (DefendedBy.PANEL, DefendedBy.OWN, DefendedBy.APPOINTED)
    counts = [who[code] for code in named]
    hours = [one.hours for one in waits(first, last, log_size) if one.hours is not None]
    median = None
    if len(hours) >= LEAST_CASES:
        median = round(statistics.median(hours) / HALF_DAY) * HALF_DAY
    ours, own, appointed = counts
    nobody = who.total() - sum(counts)
    return PublicQuarter(first, _tens(ours), _tens(own), _tens(appointed), _tens(nobody), median)


def _tens(count: int) -> int:
    return (count + ROUND_TO // 2) // ROUND_TO * ROUND_TO


def day_of(log_size: int) -> datetime.date | None:
    """The day of the last event in the log of that size."""
    last = Event.objects.filter(seq__lt=log_size).order_by("-seq").values_list("at", flat=True).first()
    return last.date() if last else None


def _size_on(day: datetime.date, log_size: int) -> int:
    """The size of the log when that day began."""
    moment = datetime.datetime.combine(day, datetime.time(), datetime.UTC)
    earlier = Event.objects.filter(at__lt=moment, seq__lt=log_size).order_by("-seq")
    last = earlier.values_list("seq", flat=True).first()
    return 0 if last is None else last + 1


def _months_later(day: datetime.date, months: int) -> datetime.date:
    month = day.year * 12 + day.month - 1 + months
    return datetime.date(month // 12, month % 12 + 1, 1)
