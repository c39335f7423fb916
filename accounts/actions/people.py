"""Adding people, their passwords and roles."""

import datetime
import uuid
from collections.abc import Sequence
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from accounts import approvals
from accounts.actions.sessions import drop_sessions
from accounts.models import RoleGrant, User
from accounts.permissions import AUDITOR, ROLES
from audit.actions import DomainError, action, fact, touch
from audit.actors import Actor
from vault import keys


class UsernameTaken(DomainError):
    code = "username-taken"
    message = _("Somebody signs in under this alias already. Choose another.")


class HasRole(DomainError):
    code = "has-role"
    message = _("This person has that role already.")


class NeedsEnd(DomainError):
    code = "role-needs-end"
    message = _("Auditors are guests: say until when. It can be given anew.")


class EndsTooSoon(DomainError):
    code = "role-ends-too-soon"
    message = _("That day has passed. Choose a later one.")


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


def role_terms(role: str, until: datetime.datetime | None = None) -> dict[str, Any]:
    """The payload a second person approves (kind "role.grant", object: the person)."""
    return {"role": role} if until is None else {"role": role, "until": until.isoformat()}


@action("role.granted")
def grant_role(
    *, user: User, role: str, until: datetime.datetime | None = None, by: User, at: datetime.datetime
) -> RoleGrant:
    """Give a role, for ever or until a moment. Needs another person's approval of exactly this.

    Auditors are guests: theirs always has an end. Raises HasRole, NeedsEnd, EndsTooSoon,
    approvals.NeedsSecondPerson.
    """
    if role == AUDITOR and until is None:
        raise NeedsEnd()
    if until is not None and until <= at:
        raise EndsTooSoon()
    terms = role_terms(role, until)
    approvals.use_approval(kind="role.grant", object_id=user.pk, payload=terms, by=by, at=at)
    return _give(user, role, at, until)


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


@action("role.room_closed")
def end_room(*, user: User, role: str, by: Actor, at: datetime.datetime) -> int:
    """End one role of somebody with all tokens and sessions, so that what is open in a browser closes too.

    How many sessions ended.
    """
    for held in user.role_grants.filter(role=role, ended_at=None):
        held.ended_at = at
        held.save()
    for token in user.api_tokens.filter(ended_at=None):
        token.ended_at = at
        token.save()
    user.__dict__.pop("roles", None)
    sessions = drop_sessions(user)
    touch(user.pk)
    fact(role=role, sessions=sessions)
    return sessions


@action("role.run_out")
def end_roles_run_out(*, by: Actor, at: datetime.datetime) -> int:
    """End the roles whose time is over, and the sessions of who has none left; how many."""
    over = list(RoleGrant.objects.run_out(at).select_related("user"))
    for role_grant in over:
        role_grant.ended_at = at
        role_grant.save()
        touch(role_grant.user_id)
        if not RoleGrant.objects.live(at).filter(user=role_grant.user).exists():
            drop_sessions(role_grant.user)
    fact(roles=len(over))
    return len(over)


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


def _give(user: User, role: str, at: datetime.datetime, until: datetime.datetime | None = None) -> RoleGrant:
    if role not in ROLES:
        raise KeyError(role)
    for over in RoleGrant.objects.run_out(at).filter(user=user, role=role):
        over.ended_at = at
        over.save()
    if RoleGrant.objects.filter(user=user, role=role, ended_at=None).exists():
        raise HasRole()
    touch(user.pk)
    fact(role=role)
    user.__dict__.pop("roles", None)
    return RoleGrant.objects.create(user=user, role=role, started_at=at, until=until)
