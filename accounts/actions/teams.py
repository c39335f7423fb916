"""Teams: who belongs to them, and which cases they share."""

import datetime
import uuid
from typing import Any, cast

from django.utils.translation import gettext_lazy as _

from accounts.actions.access import GRANT_LASTS, NoReason
from accounts.models import Team, TeamGrant, TeamMember, User
from audit.actions import DomainError, action, fact, touch
from audit.actors import Actor


class TeamNameTaken(DomainError):
    code = "team-name-taken"
    message = _("A team has this name already. Choose another.")


class InTeam(DomainError):
    code = "in-team"
    message = _("This colleague belongs to the team already.")


class TeamEnded(DomainError):
    code = "team-ended"
    message = _("This team has ended. Begin a new one.")


@action("team.added")
def add_team(*, name: str, by: Actor, at: datetime.datetime) -> Team:
    """A team without anybody. ``name`` says what it does, never who is in it. Raises TeamNameTaken."""
    if Team.objects.filter(name=name).exists():
        raise TeamNameTaken()
    team = Team.objects.create(name=name)
    touch(team.pk)
    return team


@action("team.joined")
def join_team(*, team: Team, user: User, by: Actor, at: datetime.datetime) -> TeamMember:
    """From now on the team's cases are open to this person. Raises InTeam, TeamEnded."""
    if team.ended_at is not None:
        raise TeamEnded()
    if TeamMember.objects.filter(team=team, user=user, ended_at=None).exists():
        raise InTeam()
    touch(team.pk, user.pk)
    return TeamMember.objects.create(team=team, user=user, started_at=at)


@action("team.left")
def leave_team(*, member: TeamMember, by: Actor, at: datetime.datetime) -> TeamMember:
    """The team's cases close to this person at once."""
    member.ended_at = at
    member.save()
    touch(member.team_id, member.user_id)
    return member


@action("team.ended")
def end_team(*, team: Team, by: Actor, at: datetime.datetime) -> Team:
    """Nobody belongs to it any more, and it opens nothing."""
    if team.ended_at is not None:
        raise TeamEnded()
    team.ended_at = at
    team.save()
    members, grants = team.members.filter(ended_at=None), team.grants.filter(ended_at=None)
    row: Any
    for row in (*members, *grants):
        row.ended_at = at
        row.save()
    touch(team.pk)
    return team


@action("access.granted_to_team")
def grant_team(
    *,
    team: Team,
    object_kind: str,
    object_id: uuid.UUID,
    reason: str,
    until: datetime.datetime | None = None,
    by: Actor,
    at: datetime.datetime,
) -> TeamGrant:
    """Open one thing to a whole team; an older grant of the team on it is replaced.

    Raises NoReason, TeamEnded.
    """
    if not reason.strip():
        raise NoReason()
    if team.ended_at is not None:
        raise TeamEnded()
    for older in TeamGrant.objects.filter(
        team=team, object_kind=object_kind, object_id=object_id, ended_at=None
    ):
        older.ended_at = at
        older.save()
    touch(team.pk, object_id)
    fact(access="team")
    return TeamGrant.objects.create(
        team=team,
        object_kind=object_kind,
        object_id=object_id,
        reason=reason.strip(),
        started_at=at,
        until=until or at + GRANT_LASTS,
    )


@action("access.ended_for_team")
def end_team_access(*, grant: TeamGrant, reason: str, by: Actor, at: datetime.datetime) -> TeamGrant:
    """Close it to the team again. Raises NoReason."""
    if not reason.strip():
        raise NoReason()
    grant.ended_at, grant.end_reason = at, cast(Any, reason.strip())
    grant.save()
    touch(grant.team_id, grant.object_id)
    return grant
