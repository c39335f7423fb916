"""Adding people, their passwords and roles."""

import datetime
import uuid
from collections.abc import Sequence

from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from accounts import approvals
from accounts.actions.sessions import drop_sessions
from accounts.models import RoleGrant, User
from accounts.permissions import ROLES
from audit.actions import DomainError, action, fact, touch
from audit.actors import Actor
from vault import keys


class UsernameTaken(DomainError):
    code = "username-taken"
    message = _("Somebody signs in under this alias already. Choose another.")


class HasRole(DomainError):
    code = "has-role"
    message = _("This person has that role already.")


@action("user.added")
def add_user(
    *, username: str, password: str, name: str, language: str = "en", by: Actor, at: datetime.datetime
) -> User:
    """A new account without any role. ``username`` is an alias, never a name.

    Raises UsernameTaken, and django's ValidationError for a weak password.
    """
    validate_password(password)
    if User.objects.filter(username=username).exists():
        raise UsernameTaken()
    user_id = uuid.uuid4()
    keys.new_key(user_id)
    touch(user_id)
    return User.objects.create(  # type: ignore[no-any-return]
        id=user_id, username=username, password=make_password(password), name=name, language=language
    )


@action("user.password_changed")
def change_password(*, user: User, password: str, by: Actor, at: datetime.datetime) -> User:
    """Replace the password. Sessions elsewhere end, because Django binds them to the hash."""
    touch(user.pk)
    user.password = make_password(password)
    user.save()
    return user


@action("role.granted")
def grant_role(*, user: User, role: str, by: User, at: datetime.datetime) -> RoleGrant:
    """Give a role. Needs an approval of kind ``role.grant`` by another person for exactly this role.

    Raises HasRole, approvals.NeedsSecondPerson.
    """
    approvals.use_approval(kind="role.grant", object_id=user.pk, payload={"role": role}, by=by, at=at)
    return _give(user, role, at)


@action("role.founded")
def grant_first_roles(*, roles: Sequence[tuple[User, str]], by: Actor, at: datetime.datetime) -> None:
    """Roles of the first people of an empty installation, when nobody is there yet to be asked.

    Raises approvals.NeedsSecondPerson as soon as anybody holds a role.
    """
    if RoleGrant.objects.filter(ended_at=None).exists():
        raise approvals.NeedsSecondPerson()
    for user, role in roles:
        _give(user, role, at)


@action("role.ended")
def end_role(*, role_grant: RoleGrant, by: Actor, at: datetime.datetime) -> RoleGrant:
    """Take a role away at once; that needs nobody's consent."""
    role_grant.ended_at = at
    role_grant.save()
    touch(role_grant.user_id)
    fact(role=role_grant.role)
    return role_grant


@action("user.closed")
def close_account(*, user: User, by: Actor, at: datetime.datetime) -> User:
    """Nobody signs in with this account any more; its roles, grants, teams, tokens and sessions end."""
    user.is_active = False
    user.save()
    for owned in (user.role_grants, user.grants, user.teams, user.api_tokens):
        for row in owned.filter(ended_at=None):
            row.ended_at = at
            row.save()
    drop_sessions(user)
    touch(user.pk)
    return user


@action("user.second_factor_reset")
def reset_second_factor(*, user: User, by: User, at: datetime.datetime) -> int:
    """Take the second factors of somebody away who lost them; how many. Takes two people.

    Their sessions end; with the password alone they reach nothing but the page that sets up a new one.
    Raises approvals.NeedsSecondPerson.
    """
    approvals.use_approval(kind="second-factor.reset", object_id=user.pk, payload={}, by=by, at=at)
    count: int = Authenticator.objects.filter(user=user).delete()[0]
    drop_sessions(user)
    touch(user.pk)
    fact(factors=count)
    return count


def _give(user: User, role: str, at: datetime.datetime) -> RoleGrant:
    if role not in ROLES:
        raise KeyError(role)
    if RoleGrant.objects.filter(user=user, role=role, ended_at=None).exists():
        raise HasRole()
    touch(user.pk)
    fact(role=role)
    user.__dict__.pop("roles", None)
    return RoleGrant.objects.create(user=user, role=role, started_at=at)
