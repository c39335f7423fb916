"""What one account could read and did read: for the hour after an arrest or a stolen phone.

Figures and opaque ids only; nothing sealed is opened here. How much each room opens to somebody is said by
the rooms themselves.
"""

import datetime
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from django.db.models.functions import TruncDate
from django.utils.functional import Promise

from accounts.actions.sessions import OpenSession, sessions_of
from accounts.budget import budget_of, outside
from accounts.models import ApiToken, CutOff, Grant, TeamGrant, TeamMember, User
from audit.models import ReadRecord, ReadSubject
from vault.keys import ORGANISATION

# How many of something this person may read now: (user, at) -> count.
Count = Callable[[User, datetime.datetime], int]
_rooms: dict[str, tuple[str | Promise, Count]] = {}


@dataclass(frozen=True)
class Reach:
    """One kind of thing that the account may read now."""

    name: str
    word: str | Promise
    count: int


@dataclass(frozen=True)
class Day:
    """What was read on one day: whose values, and on how many pages."""

    on: datetime.date
    people: int
    readings: int


@dataclass(frozen=True)
class BlastRadius:
    """All of it. ``read`` are the people whose values were opened, ``outside`` those under no grant."""

    user: User
    at: datetime.datetime
    since: datetime.datetime
    could: list[Reach]
    days: list[Day]
    read: set[uuid.UUID]
    outside: set[uuid.UUID]
    budget: int
    sessions: list[OpenSession]
    tokens: list[ApiToken]
    grants: list[Grant]
    team_grants: list[TeamGrant]
    cut: CutOff | None


def register(name: str, word: str | Promise, count: Count) -> None:
    """Let a room say how much of it somebody may read; from ``AppConfig.ready``."""
    _rooms[name] = (word, count)


def blast_radius(user: User, at: datetime.datetime, *, days: int = 30) -> BlastRadius:
    """What this account could read at this moment, and what it did read in so many days before."""
    since = at - datetime.timedelta(days=days)
    rows = ReadSubject.objects.filter(read__actor_id=user.actor_id, read__at__gt=since)
    read = set(rows.values_list("subject_id", flat=True).distinct()) - {ORGANISATION}
    teams = TeamMember.objects.filter(user=user, ended_at=None, team__ended_at=None)
    shared = TeamGrant.objects.filter(team__in=teams.values("team"), ended_at=None, until__gt=at)
    return BlastRadius(
        user=user,
        at=at,
        since=since,
        could=[Reach(name, word, count(user, at)) for name, (word, count) in _rooms.items()],
        days=_days(user, since),
        read=read,
        outside=outside(user.pk, read, since),
        budget=budget_of(user),
        sessions=sessions_of(user, at),
        tokens=list(ApiToken.objects.filter(user=user, ended_at=None, expires_at__gt=at)),
        grants=list(Grant.objects.live(at).of(user).order_by("-started_at")),
        team_grants=list(shared.select_related("team").order_by("-started_at")),
        cut=CutOff.objects.filter(user=user, restored_at=None).first(),
    )


def _days(user: User, since: datetime.datetime) -> list[Day]:
    """Newest first; in the time zone of the organisation."""
    readings: dict[datetime.date, set[int]] = {}
    people: dict[datetime.date, set[uuid.UUID]] = {}
    records = ReadRecord.objects.filter(actor_id=user.actor_id, at__gt=since).annotate(on=TruncDate("at"))
    for on, read_id, subject_id in records.values_list("on", "pk", "subjects__subject_id"):
        readings.setdefault(on, set()).add(read_id)
        people.setdefault(on, set()).add(subject_id)
    return [
        Day(on, len(people[on] - {ORGANISATION}), len(readings[on])) for on in sorted(readings, reverse=True)
    ]
