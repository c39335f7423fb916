"""People with an account: staff and lawyers abroad. Donors have none."""

import datetime
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property

from accounts import permissions
from audit.tracked import Tracked, TrackedManager, TrackedQuerySet
from vault.fields import SealedField


class UserQuerySet(TrackedQuerySet["User"]):
    def active(self) -> "UserQuerySet":
        return self.filter(is_active=True)

    def staff(self) -> "UserQuerySet":
        """Everybody who holds a role of the desk now."""
        return self.filter(
            id__in=RoleGrant.objects.live(timezone.now()).filter(role__in=permissions.STAFF).values("user")
        )


class UserManager(TrackedManager.from_queryset(UserQuerySet)):
    def get_by_natural_key(self, username: str) -> "User":
        return self.get(username=username)  # type: ignore[no-any-return]


class User(Tracked, AbstractBaseUser):
    """Somebody who signs in. ``username`` is an alias and no name; the name is sealed.

    In the log and everywhere outside ``/desk/people/`` a person is ``actor_id``.
    """

    history_excluded = ("password", "username")
    last_login = None  # when somebody signed in last is nobody's business

    username = models.CharField(max_length=40, unique=True)
    name = SealedField(label="user.name", subject="id", blank=True, default="")
    is_active = models.BooleanField(default=True)
    language = models.CharField(max_length=8, default="en")

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()

    class Meta(Tracked.Meta):
        pass

    # Set by the web's and the API's sign-in, so that two-person rules can tell sessions apart.
    session_mark: str = ""
    # Set by the API's sign-in: the permissions its token carries. A session of the web carries all.
    scopes: frozenset[str] | None = None

    def __str__(self) -> str:
        return self.short

    @property
    def actor_id(self) -> str:
        return f"staff:{self.pk}"

    @property
    def short(self) -> str:
        """Eight digits by which colleagues can speak of somebody without naming them."""
        return str(self.pk)[:8]

    @cached_property
    def roles(self) -> frozenset[str]:
        """The roles that are in force; reloaded with the row."""
        return frozenset(
            RoleGrant.objects.live(timezone.now()).filter(user=self).values_list("role", flat=True)
        )

    def has(self, permission: str) -> bool:
        """Whether one of the person's roles carries this permission of accounts/permissions.py.

        With a token, the token has to carry it too.
        """
        carried = self.scopes is None or permission in self.scopes
        return self.is_active and carried and permissions.roles_may(self.roles, permission)

    def get_short_name(self) -> str:
        return self.short

    def check_password(self, raw_password: str | None) -> bool:
        """As Django's, without the silent re-hash, which would be a write outside an action."""
        from django.contrib.auth.hashers import check_password

        return check_password(raw_password, self.password)

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        self.__dict__.pop("roles", None)
        super().refresh_from_db(*args, **kwargs)


class RoleGrantQuerySet(TrackedQuerySet["RoleGrant"]):
    """Adjectives for roles."""

    def live(self, at: datetime.datetime) -> "RoleGrantQuerySet":
        """In force at this moment."""
        return self.filter(models.Q(until=None) | models.Q(until__gt=at), ended_at=None)

    def run_out(self, at: datetime.datetime) -> "RoleGrantQuerySet":
        """Past their end, and not yet ended by the clock."""
        return self.filter(ended_at=None, until__lte=at)


class RoleGrant(Tracked):
    """One person's role from one day to another; who asked and who approved is in the log."""

    user = models.ForeignKey(User, models.PROTECT, related_name="role_grants")
    role = models.CharField(max_length=20, choices=[(name, text) for name, text in permissions.ROLES.items()])
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    # From then on the role gives nothing, even before the clock has ended it.
    until = models.DateTimeField(null=True)

    objects = TrackedManager.from_queryset(RoleGrantQuerySet)()

    class Meta(Tracked.Meta):
        constraints = [
            models.CheckConstraint(
                name="accounts_role_until_later",
                condition=models.Q(until=None) | models.Q(until__gt=models.F("started_at")),
            ),
            models.UniqueConstraint(
                name="accounts_role_once", fields=["user", "role"], condition=models.Q(ended_at=None)
            ),
            models.CheckConstraint(
                name="accounts_role_known", condition=models.Q(role__in=sorted(permissions.ROLES))
            ),
        ]
