"""Access beyond a role: grants on one case, and tokens of machines."""

import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.organisation import OfOrganisation
from accounts.models.people import User
from audit.tracked import Tracked, TrackedManager, TrackedQuerySet
from vault.fields import SealedField


class GrantQuerySet(TrackedQuerySet["Grant"]):
    def live(self, at: datetime.datetime) -> "GrantQuerySet":
        """In force at this moment."""
        return self.filter(ended_at=None, until__gt=at)

    def of(self, user: User) -> "GrantQuerySet":
        return self.filter(user=user)


class Grant(OfOrganisation, Tracked):
    """A person's access to one thing, with a reason and an end.

    ``object_id`` is the thing's UUID (a case); rooms above decide what a grant opens there.
    """

    KINDS = [
        ("responsible", _("Responsible")),
        ("deputy", _("Deputy")),
        ("helper", _("Helper")),
        ("glass", _("Break-glass")),
    ]

    user = models.ForeignKey(User, models.PROTECT, related_name="grants")
    object_kind = models.CharField(max_length=20)
    object_id = models.UUIDField()
    kind = models.CharField(max_length=12, choices=KINDS)
    reason = SealedField(label="grant.reason", subject="organisation_id", blank=True, default="")
    started_at = models.DateTimeField()
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    end_reason = SealedField(label="grant.end_reason", subject="organisation_id", null=True, default=None)

    objects = TrackedManager.from_queryset(GrantQuerySet)()

    class Meta(Tracked.Meta):
        indexes = [models.Index(fields=["user", "object_kind", "object_id"], name="accounts_grant_lookup")]
        constraints = [
            models.UniqueConstraint(
                name="accounts_grant_once",
                fields=["user", "object_kind", "object_id"],
                condition=models.Q(ended_at=None),
            ),
            models.CheckConstraint(
                name="accounts_grant_ends_later", condition=models.Q(until__gt=models.F("started_at"))
            ),
        ]


class ApiToken(Tracked):
    """A machine's key to the API, acting for one person. Only the hash of the secret part is kept."""

    user = models.ForeignKey(User, models.PROTECT, related_name="api_tokens")
    prefix = models.CharField(max_length=12, unique=True)
    digest = models.CharField(max_length=64)
    scopes = models.CharField(max_length=400)
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    def allows(self, scope: str) -> bool:
        """Whether the token carries this permission of accounts/permissions.py."""
        return scope in self.scopes.split()
