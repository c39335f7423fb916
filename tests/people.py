"""Named people for tests: one for each role, a stranger, and the clock's own actor."""

from datetime import UTC, datetime

from accounts.actions.people import add_user
from accounts.models import RoleGrant, User
from audit.actions import action
from audit.actors import Machine

SETUP = Machine("system:test")
START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
PASSWORD = "plum orchard in the rain"


@action("role.granted")
def _roles(*, user: User, roles: tuple[str, ...], by: Machine, at: datetime) -> None:
    for role in roles:
        RoleGrant.objects.create(user=user, role=role, started_at=at)


def person(username: str, *roles: str, name: str = "") -> User:
    """Somebody with these roles, made without the approvals that tests of roles are about."""
    user = add_user(username=username, password=PASSWORD, name=name or username.title(), by=SETUP, at=START)
    _roles(user=user, roles=roles, by=SETUP, at=START)
    return user


def coordinator(username: str = "alder") -> User:
    return person(username, "coordinator")


def second_officer(username: str = "birch") -> User:
    return person(username, "second-officer")


def treasurer(username: str = "cedar") -> User:
    return person(username, "treasurer")


def auditor(username: str = "damson") -> User:
    return person(username, "auditor")


def administrator(username: str = "elm") -> User:
    return person(username, "administrator")


def stranger(username: str = "fig") -> User:
    """Signed in, with no role at all."""
    return person(username)
