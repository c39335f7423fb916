"""What stands again after a suspension that has an end: worked out before the suspension is written."""

import datetime
from dataclasses import dataclass

from lawyers.models import Lawyer, Licence

_ONE_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Resumption:
    """The licence that is in force again from a day on, to a day or open."""

    from_on: datetime.date
    until_on: datetime.date | None
    bar: str


def after_suspension(
    lawyer: Lawyer, from_on: datetime.date, until_on: datetime.date | None
) -> Resumption | None:
    """The licence known before it, from the day after its end. None when that has run out by then.

    None too when the suspension has no end, or when an entry that somebody made follows it. Whoever was
    suspended had a licence, so one nobody recorded is taken for an open one.
    """
    if until_on is None:
        return None
    recorded = lawyer.licences.filter(resumes=None, from_on__gt=from_on)
    if recorded.exists():
        return None
    rows = list(lawyer.licences.filter(from_on__lte=until_on).order_by("from_on"))
    known = [row for row in lawyer.licences.all() if row.status == Licence.Status.ACTIVE]
    last = max(known, key=lambda row: row.from_on, default=None)
    ends_on = None if last is None else last.until_on
    if last is not None and any(
        row.status == Licence.Status.SUSPENDED and row.from_on - _ONE_DAY == ends_on for row in rows
    ):
        ends_on = None  # it was an earlier suspension that cut it short
    if ends_on is not None and ends_on <= until_on:
        return None
    return Resumption(until_on + _ONE_DAY, ends_on, last.bar if last is not None else "")


def forget_resumptions(lawyer: Lawyer, status: str, from_on: datetime.date) -> None:
    """What a later word overrides: a licence that would have stood again by itself. Inside an action.

    A "no" overrides all that begins from its day on; a licence that somebody recorded, the one of its day.
    """
    again = lawyer.licences.filter(resumes__isnull=False)
    days = {"from_on": from_on} if status == Licence.Status.ACTIVE else {"from_on__gte": from_on}
    for row in again.filter(**days):
        row.delete()
