"""Asking the solver: the problem as it stands now, and one case's live shortlist."""

import datetime
from dataclasses import dataclass

from django.db.models import QuerySet

from cases import facts, panel_facts, worklist
from cases.models import Case
from cases.models.case_lists import CaseQuerySet
from lawyers.matching import Policy, Problem, Reason, shortlist_for
from lawyers.matching.shortlist import Option
from lawyers.models import Lawyer


def problem_now(
    at: datetime.datetime, *, cases: CaseQuerySet | None = None, policy: Policy | None = None
) -> Problem:
    """Everything a run depends on: all cases that wait for counsel, unless some are given; the whole panel.

    Some twenty queries, however many cases and lawyers.
    """
    waiting = worklist.waiting_to_be_matched(Case.objects.all()) if cases is None else cases
    return Problem(
        needs=facts.collect_needs(waiting, at),
        places=panel_facts.collect_places(panel_facts.lawyers_to_ask(), at),
        at=at,
        locks=facts.collect_locks(waiting),
        current=facts.current_pairs(waiting),
        policy=policy or Policy(),
    )


@dataclass(frozen=True)
class Candidate:
    """A lawyer on a live shortlist with the solver's figures (see ``lawyers.matching.shortlist.Option``)."""

    lawyer: Lawyer
    option: Option


@dataclass(frozen=True)
class LiveShortlist:
    """Who can defend now, best first; who could but is full; and who cannot, by reason.

    A lawyer with several reasons stands under each of them.
    """

    case: Case
    options: tuple[Candidate, ...]
    full: tuple[Candidate, ...]
    refused: tuple[tuple[Reason, tuple[Lawyer, ...]], ...]
    lawyers: int


def live_shortlist(case: Case, at: datetime.datetime, *, policy: Policy | None = None) -> LiveShortlist:
    """Worked out at once for one case, without regard to what other cases need."""
    (need,) = facts.collect_needs(Case.objects.filter(pk=case.pk), at)
    places = panel_facts.collect_places(panel_facts.lawyers_to_ask(), at)
    found = shortlist_for(need, places, policy=policy or Policy(), at=at)
    rows = {str(row.id): row for row in _lawyers({place.id for place in places})}
    return LiveShortlist(
        case=case,
        options=tuple(Candidate(rows[one.place_id], one) for one in found.options),
        full=tuple(Candidate(rows[one.place_id], one) for one in found.full),
        refused=tuple((reason, tuple(rows[ref] for ref in refs)) for reason, refs in found.refused),
        lawyers=len(places),
    )


def _lawyers(ids: set[str]) -> QuerySet[Lawyer]:
    return Lawyer.objects.filter(id__in=ids) if len(ids) <= 500 else Lawyer.objects.all()
