"""Hearings inside the suspension of whoever leads the defence: somebody has to stand in for that day."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from cases.models import Case, Hearing, Representation
from cases.models.case_lists import CaseQuerySet
from lawyers.models import Lawyer, Licence

AHEAD = datetime.timedelta(days=60)


@dataclass(frozen=True)
class StandIn:
    """One hearing of a case whose lead may not appear that day, and nobody else defends it who may."""

    case: Case
    lawyer: Lawyer
    hearing: Hearing
    until_on: datetime.date | None


def needed(cases: CaseQuerySet, at: datetime.datetime, within: datetime.timedelta = AHEAD) -> list[StandIn]:
    """Those among these cases, soonest first. One query where nobody is suspended, else four.

    A second lawyer of the case who is not suspended that day is a stand-in. Lawyers off the panel count for
    nothing here: their cases seek counsel anew.
    """
    suspended = _suspended(at)
    if not suspended:
        return []
    led = list(
        Representation.objects.lead()
        .defending()
        .filter(case__in=cases.open().order_by().values("id"), lawyer__in=list(suspended))
        .select_related("lawyer", "case__client")
    )
    ids = [row.case_id for row in led]
    others = _others(ids)
    hearings = _hearings(ids, at, within)
    found = [
        StandIn(row.case, row.lawyer, hearing, blocking.until_on)
        for row in led
        if row.lawyer is not None
        for hearing in hearings[row.case_id]
        if (blocking := _blocking(suspended[row.lawyer.pk], hearing)) is not None
        and not any(
            _blocking(suspended.get(other, ()), hearing) is None
            for other in others[row.case_id] - {row.lawyer.pk}
        )
    ]
    return sorted(found, key=lambda one: (one.hearing.starts_at, one.case.reference))


def suspended_until(lawyers: Iterable[UUID | None], on: datetime.date) -> dict[UUID | None, datetime.date]:
    """Of these lawyers those suspended on this day, each with the last day of it, where one is known."""
    wanted = [key for key in lawyers if key is not None]
    if not wanted:
        return {}
    rows = Licence.objects.in_force(on).filter(lawyer__in=wanted, status=Licence.Status.SUSPENDED)
    known = rows.order_by("until_on").values_list("lawyer", "until_on")
    return {lawyer_id: until_on for lawyer_id, until_on in known if until_on is not None}


def _suspended(at: datetime.datetime) -> dict[UUID, list[Licence]]:
    """Suspensions of the panel that last today or begin later."""
    rows = Licence.objects.filter(status=Licence.Status.SUSPENDED, lawyer__is_active=True)
    today = timezone.localdate(at)
    found: dict[UUID, list[Licence]] = defaultdict(list)
    for row in rows:
        if row.until_on is None or row.until_on >= today:
            found[row.lawyer_id].append(row)
    return found


def _others(case_ids: list[UUID]) -> dict[UUID, set[UUID]]:
    rows = Representation.objects.defending().filter(case__in=case_ids, lawyer__isnull=False)
    found: dict[UUID, set[UUID]] = defaultdict(set)
    for case_id, lawyer_id in rows.values_list("case", "lawyer"):
        if lawyer_id is not None:
            found[case_id].add(lawyer_id)
    return found


def _hearings(
    case_ids: list[UUID], at: datetime.datetime, within: datetime.timedelta
) -> dict[UUID, list[Hearing]]:
    coming = Hearing.objects.coming(at).filter(
        starts_at__lt=at + within, trial__defendants__case__in=case_ids
    )
    found: dict[UUID, list[Hearing]] = defaultdict(list)
    by_id = {row.pk: row for row in coming.select_related("trial__court").distinct()}
    wanted = set(case_ids)
    for hearing_id, case_id in coming.values_list("pk", "trial__defendants__case").distinct():
        if case_id in wanted and case_id is not None:
            found[case_id].append(by_id[hearing_id])
    return found


def _blocking(suspensions: Iterable[Licence], hearing: Hearing) -> Licence | None:
    day = timezone.localdate(hearing.starts_at)
    return next(
        (row for row in suspensions if row.from_on <= day and (row.until_on is None or day <= row.until_on)),
        None,
    )
