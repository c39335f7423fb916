"""An arrest, a stolen phone: one act ends all that an account can do; and the whole house locked down."""

import datetime
from typing import Any, cast

from django.contrib.sessions.models import Session
from django.utils.translation import gettext_lazy as _

from accounts import approvals, lockdown
from accounts.actions.access import NoReason
from accounts.actions.sessions import drop_sessions
from accounts.lockdown import standing
from accounts.models import ApiToken, CutOff, Lockdown, User
from audit.actions import DomainError, action, fact, touch
from audit.actors import Actor


class CutAlready(DomainError):
    code = "cut-already"
    message = _("This person was cut off already.")


class NotCutOff(DomainError):
    code = "not-cut-off"
    message = _("This person is not cut off.")


class LockedAlready(DomainError):
    code = "locked-already"
    message = _("The house is locked down already.")


class NotLocked(DomainError):
    code = "not-locked"
    message = _("There is no lockdown to lift.")


@action("user.cut_off")
def cut_off(*, user: User, reason: str, by: Actor, at: datetime.datetime) -> CutOff:
    """End this person's sessions, tokens, grants, teams, feeds and sign-in at once, without asking anybody.

    Roles stay, so that :func:`let_in_again` brings back what the person may do; grants do not come back.
    Raises NoReason, CutAlready.
    """
    if not reason.strip():
        raise NoReason()
    if CutOff.objects.filter(user=user, restored_at=None).exists():
        raise CutAlready()
    # Whoever holds the stolen phone may be signing in at this very moment, which writes the account too.
    user = User.objects.select_for_update().get(pk=user.pk)
    user.is_active = False
    user.save()
    ended = {"sessions": drop_sessions(user)}
    for name, owned in (("tokens", user.api_tokens), ("grants", user.grants), ("teams", user.teams)):
        rows = list(owned.filter(ended_at=None))
        for row in rows:
            row.ended_at = at
            row.save()
        ended[name] = len(rows)
    ended |= lockdown.end_personal(user=user, by=by, at=at)
    touch(user.pk)
    fact(ended=ended)
    cut = CutOff(user=user, cut_at=at, cut_by=by.actor_id, reason=reason.strip())
    cut.save()
    return cut


@action("user.let_in_again")
def let_in_again(*, user: User, by: User, at: datetime.datetime) -> User:
    """Let somebody sign in again after they were cut off; takes two people (kind ``access.restore``).

    Raises NotCutOff, approvals.NeedsSecondPerson.
    """
    cut = CutOff.objects.filter(user=user, restored_at=None).first()
    if cut is None:
        raise NotCutOff()
    approvals.use_approval(kind="access.restore", object_id=user.pk, payload={}, by=by, at=at)
    cut.restored_at = at
    cut.save()
    user.is_active = True
    user.save()
    touch(user.pk)
    return user


@action("house.locked_down")
def lock_down(*, reason: str, by: Actor, at: datetime.datetime) -> Lockdown:
    """Close sign-ins and end every session and token. The caller then runs ``lockdown.run_parts``.

    From here until two people lift it, only those who may lift it sign in, and find only the room for it.
    Raises NoReason, LockedAlready.
    """
    if not reason.strip():
        raise NoReason()
    if standing() is not None:
        raise LockedAlready()
    sessions, _by_model = Session.objects.all().delete()
    tokens = list(ApiToken.objects.filter(ended_at=None))
    for token in tokens:
        token.ended_at = at
        token.save()
    fact(sessions=sessions, tokens=len(tokens))
    row = Lockdown(begun_at=at, begun_by=by.actor_id, reason=cast(Any, reason.strip()))
    row.save()
    touch(row.pk)
    return row


@action("house.opened")
def lift_lockdown(*, by: User, at: datetime.datetime) -> Lockdown:
    """Let people sign in again; takes two people (kind ``lockdown.lift``). Nothing else comes back by itself.

    Raises NotLocked, approvals.NeedsSecondPerson.
    """
    row = standing()
    if row is None:
        raise NotLocked()
    approvals.use_approval(kind="lockdown.lift", object_id=row.pk, payload={}, by=by, at=at)
    row.lifted_at = at
    row.save()
    touch(row.pk)
    return row
