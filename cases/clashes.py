"""One lawyer wanted in two courts at once: hearings of cases already defended that overlap."""

import datetime
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from cases import facts
from cases.models import Case, Defendant, Hearing, Representation
from cases.models.case_lists import CaseQuerySet
from lawyers.models import Lawyer

AHEAD = datetime.timedelta(days=30)


@dataclass(frozen=True)
class Clash:
    """Two hearings of one lawyer, the earlier first; ``cases`` are the reader's own that are touched."""

    lawyer: Lawyer
    first: Hearing
    second: Hearing
    cases: tuple[Case, ...]


def clashes(cases: CaseQuerySet, at: datetime.datetime, within: datetime.timedelta = AHEAD) -> list[Clash]:
    """Clashes that touch these cases, soonest first; the other hearing may be of anybody's case.

    Four queries. One sitting in which a lawyer defends several people is none.
    """
    mine = {case.pk: case for case in _in_court(cases, at, within)}
    if not mine:
        return []
    defends = _defends(set(mine))
    calendar = _calendar({lawyer.pk for lawyer in defends.values()}, at, within)
    names = {lawyer.pk: lawyer for lawyer in defends.values()}
    return [
        Clash(names[lawyer_id], first, second, touched)
        for lawyer_id, hearings in calendar.items()
        for first, second, ids in _overlapping(hearings)
        if (touched := tuple(mine[key] for key in sorted(ids & set(mine)) if (key in defends)))
    ]


_Sitting = tuple[Hearing, set[UUID]]


def _in_court(cases: CaseQuerySet, at: datetime.datetime, within: datetime.timedelta) -> CaseQuerySet:
    soon = Hearing.objects.coming(at).filter(starts_at__lt=at + within)
    placed = Defendant.objects.filter(trial__hearings__in=soon).values("case")
    found: CaseQuerySet = cases.open().filter(id__in=placed).select_related("client")
    return found


def _defends(case_ids: set[UUID]) -> dict[UUID, Lawyer]:
    """The panel's lead of each of these cases."""
    rows = Representation.objects.lead().defending().filter(case__in=case_ids, lawyer__isnull=False)
    return {row.case_id: row.lawyer for row in rows.select_related("lawyer") if row.lawyer is not None}


def _calendar(
    lawyers: set[UUID], at: datetime.datetime, within: datetime.timedelta
) -> dict[UUID, list[_Sitting]]:
    """Coming hearings of each lawyer with the cases they defend in them."""
    led = Representation.objects.lead().defending().filter(lawyer__in=lawyers)
    trials: dict[UUID, dict[UUID, set[UUID]]] = defaultdict(lambda: defaultdict(set))
    for lawyer_id, case_id, trial_id in led.values_list("lawyer", "case", "case__defendants__trial"):
        if lawyer_id is not None and trial_id is not None:
            trials[trial_id][lawyer_id].add(case_id)
    found: dict[UUID, list[_Sitting]] = defaultdict(list)
    coming = Hearing.objects.coming(at).filter(trial__in=trials, starts_at__lt=at + within)
    for hearing in coming.select_related("trial__court").order_by("starts_at", "pk"):
        for lawyer_id, ids in trials[hearing.trial_id].items():
            found[lawyer_id].append((hearing, ids))
    return found


def _overlapping(sittings: list[_Sitting]) -> Iterator[tuple[Hearing, Hearing, set[UUID]]]:
    for number, (first, ids) in enumerate(sittings):
        ends_at = facts.span(first).ends_at
        for second, others in sittings[number + 1 :]:
            begins_at = facts.span(second).starts_at
            if begins_at < ends_at and first.trial_id != second.trial_id:
                yield first, second, ids | others
