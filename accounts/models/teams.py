"""Teams: several people who share access to cases, by one grant to all of them."""

import datetime

from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import Combinable

from accounts.models.access import Grant
from accounts.models.organisation import OfOrganisation
from accounts.models.people import User
from audit.tracked import Tracked
from vault.fields import SealedField


class Team(Tracked):
    """Colleagues who work on the same cases. ``name`` says what they do, never who they are."""

    name = models.CharField(max_length=60, unique=True)
    ended_at = models.DateTimeField(null=True)

    class Meta(Tracked.Meta):
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class TeamMember(Tracked):
    """Somebody belongs to a team from one day to another."""

    team = models.ForeignKey(Team, models.PROTECT, related_name="members")
    user = models.ForeignKey(User, models.PROTECT, related_name="teams")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta(Tracked.Meta):
        constraints = [
            models.UniqueConstraint(
                name="accounts_member_once", fields=["team", "user"], condition=Q(ended_at=None)
            )
        ]


class TeamGrant(OfOrganisation, Tracked):
    """The access of a whole team to one thing; it opens to whoever is a member at the moment of reading."""

    team = models.ForeignKey(Team, models.PROTECT, related_name="grants")
    object_kind = models.CharField(max_length=20)
    object_id = models.UUIDField()
    reason = SealedField(label="team.reason", subject="organisation_id", blank=True, default="")
    started_at = models.DateTimeField()
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    end_reason = SealedField(label="team.end_reason", subject="organisation_id", null=True, default=None)

    class Meta(Tracked.Meta):
        indexes = [models.Index(fields=["object_kind", "object_id"], name="accounts_team_lookup")]
        constraints = [
            models.UniqueConstraint(
                name="accounts_team_grant_once",
                fields=["team", "object_kind", "object_id"],
                condition=Q(ended_at=None),
            ),
            models.CheckConstraint(
                name="accounts_team_ends_later", condition=Q(until__gt=models.F("started_at"))
            ),
        ]


def own_grants(user: User, object_kind: str, at: datetime.datetime) -> QuerySet[Grant]:
    """The live grants of this person, not those of their teams."""
    return Grant.objects.filter(user=user, object_kind=object_kind, ended_at=None, until__gt=at)


def team_grants(user: User, object_kind: str, at: datetime.datetime) -> QuerySet[TeamGrant]:
    """The live grants of the teams this person belongs to now."""
    teams = TeamMember.objects.filter(user=user, ended_at=None, team__ended_at=None).values("team")
    return TeamGrant.objects.filter(team__in=teams, object_kind=object_kind, ended_at=None, until__gt=at)


def held(user: User, object_kind: str, at: datetime.datetime, field: str = "id") -> Q:
    """Rows on whose ``field`` this person holds a live grant, their own or a team's.

    The one place that says what a grant is; lists, searches and single pages all filter by it.
    """
    return Q(**{f"{field}__in": own_grants(user, object_kind, at).values("object_id")}) | Q(
        **{f"{field}__in": team_grants(user, object_kind, at).values("object_id")}
    )


def is_held(user: User, object_kind: str, at: datetime.datetime, field: str = "pk") -> Combinable | Q:
    """The same as a column of a list: whether a grant stands on the row's ``field``."""
    own = own_grants(user, object_kind, at).filter(object_id=OuterRef(field))
    shared = team_grants(user, object_kind, at).filter(object_id=OuterRef(field))
    return Q(Exists(own)) | Q(Exists(shared))
