"""Whom a morning's letter reaches: colleagues with something due on the cases they answer for."""

import datetime
import uuid

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Grant, TeamGrant, TeamMember
from cases import standins, worklist
from cases.models import Case, Hearing
from cases.models.case_lists import GRANT_KIND

HEARINGS_AHEAD = datetime.timedelta(hours=36)
OFFERS_AHEAD = datetime.timedelta(hours=12)
TERMS_AHEAD = datetime.timedelta(days=3)


def cases_due(at: datetime.datetime) -> set[uuid.UUID]:
    """Open cases in court within 36 hours, heard without a word since, with an offer or a term that ends, or
    with a hearing in three days at which their counsel is suspended."""
    live = Case.objects.open()
    ids = live.order_by().values("id")
    soon = Hearing.objects.coming(at).filter(starts_at__lt=at + HEARINGS_AHEAD)
    over = Hearing.objects.without_outcome(at)
    found: set[uuid.UUID] = set()
    for hearings in (soon, over):
        found |= _of_hearings(hearings, ids)
    found |= set(worklist.offers_to_lapse(live, at, OFFERS_AHEAD).values_list("case", flat=True))
    found |= {one.case.pk for one in standins.needed(live, at, TERMS_AHEAD)}
    found |= set(worklist.deadlines_due(live, at, TERMS_AHEAD).values_list("case", flat=True))
    return found


def answering_for(cases: set[uuid.UUID], at: datetime.datetime) -> list[uuid.UUID]:
    """Who is responsible for these cases, deputy, or in a team that holds one; each once."""
    grants = Grant.objects.live(at).filter(
        object_kind=GRANT_KIND, kind__in=["responsible", "deputy"], user__is_active=True
    )
    held = grants.values_list("user", "object_id")
    own = {user_id for user_id, case_id in held if case_id in cases}
    return sorted(own | _in_teams(cases, at))


def _in_teams(cases: set[uuid.UUID], at: datetime.datetime) -> set[uuid.UUID]:
    """Members of the teams that share one of these cases; a team answers as a whole."""
    shared = TeamGrant.objects.filter(
        object_kind=GRANT_KIND, ended_at=None, until__gt=at, team__ended_at=None
    ).values_list("team", "object_id")
    teams = {team_id for team_id, case_id in shared if case_id in cases}
    members = TeamMember.objects.filter(team__in=teams, ended_at=None, user__is_active=True)
    return set(members.values_list("user", flat=True))


def due_now(at: datetime.datetime) -> bool:
    """Whether this minute is the one of the morning in which people are told."""
    local = timezone.localtime(at)
    return (local.hour, local.minute) == (7, 0)


def _of_hearings(hearings: QuerySet[Hearing], ids: QuerySet[Case, object]) -> set[uuid.UUID]:
    rows = hearings.filter(trial__defendants__case__in=ids)
    return set(rows.values_list("trial__defendants__case", flat=True))
