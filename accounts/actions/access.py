"""Grants on one case, and tokens for machines."""

import datetime
import hashlib
import hmac
import secrets
import uuid
from typing import Any, cast

from django.utils.translation import gettext_lazy as _

from accounts.lockdown import standing
from accounts.models import ApiToken, Grant, User
from accounts.permissions import PERMISSIONS
from audit.actions import DomainError, action, fact, touch
from audit.actors import Actor

GRANT_LASTS = datetime.timedelta(days=365)
TOKEN_LASTS = datetime.timedelta(days=90)


class UnknownScope(DomainError):
    code = "unknown-scope"
    message = _("This account does not have the permission %(scope)s, so no token can carry it.")


class LockedDown(DomainError):
    code = "locked-down"
    message = _("The house is locked down. Two people lift it first, in the room of people.")


class NoReason(DomainError):
    code = "no-reason"
    message = _("Say why, in a few words: colleagues read it later.")


class GlassIsNotGiven(DomainError):
    code = "glass-is-not-given"
    message = _("Nobody breaks the glass for somebody else. Give access with a role on the case instead.")


@action("access.granted")
def grant_access(
    *,
    user: User,
    object_kind: str,
    object_id: uuid.UUID,
    kind: str = "helper",
    reason: str = "",
    until: datetime.datetime | None = None,
    by: Actor,
    at: datetime.datetime,
) -> Grant:
    """Open one thing to one person until an end; a live grant on the same thing is replaced.

    Raises GlassIsNotGiven: that way in has an action of its own (accounts/actions/glass.py).
    """
    if kind == "glass":
        raise GlassIsNotGiven()
    return open_to(user, object_kind, object_id, kind, reason, until or at + GRANT_LASTS, at)


def open_to(  # noqa: PLR0917  the columns of a grant, for the two actions that write one
    user: User,
    object_kind: str,
    object_id: uuid.UUID,
    kind: str,
    reason: str,
    until: datetime.datetime,
    at: datetime.datetime,
) -> Grant:
    """A step of the actions that open something: end what stood before, write the new grant."""
    for older in Grant.objects.filter(user=user, object_kind=object_kind, object_id=object_id, ended_at=None):
        older.ended_at = at
        older.save()
    touch(user.pk, object_id)
    fact(access=kind)
    return Grant.objects.create(
        user=user,
        object_kind=object_kind,
        object_id=object_id,
        kind=kind,
        reason=reason,
        started_at=at,
        until=until,
    )


@action("access.ended")
def end_access(*, grant: Grant, reason: str, by: Actor, at: datetime.datetime) -> Grant:
    """Close it again; the reason is sealed. Raises NoReason."""
    if not reason.strip():
        raise NoReason()
    grant.ended_at, grant.end_reason = at, cast(Any, reason.strip())
    grant.save()
    touch(grant.user_id, grant.object_id)
    return grant


@action("token.issued")
def issue_token(
    *,
    user: User,
    scopes: list[str],
    expires_at: datetime.datetime | None = None,
    by: Actor,
    at: datetime.datetime,
) -> tuple[ApiToken, str]:
    """A token for the API and its text, which is shown once. Raises UnknownScope, LockedDown."""
    if standing() is not None:
        raise LockedDown()
    for scope in scopes:
        if scope not in PERMISSIONS or not user.has(scope):
            raise UnknownScope(scope=scope)
    prefix, secret = secrets.token_hex(5), secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        user=user,
        prefix=prefix,
        digest=_digest(secret),
        scopes=" ".join(sorted(scopes)),
        expires_at=expires_at or at + TOKEN_LASTS,
    )
    touch(user.pk)
    fact(scopes=sorted(scopes))
    return token, f"abarona_{prefix}_{secret}"


@action("token.ended")
def end_token(*, token: ApiToken, by: Actor, at: datetime.datetime) -> ApiToken:
    """The token stops working at once."""
    token.ended_at = at
    token.save()
    touch(token.user_id)
    return token


def find_token(text: str, at: datetime.datetime) -> ApiToken | None:
    """The live token with this text, compared in constant time."""
    mark, _sep, rest = text.partition("_")
    prefix, _sep, secret = rest.partition("_")
    known = ApiToken.objects.select_related("user").filter(prefix=prefix)
    token = known.first() if mark == "abarona" else None
    if token is None or not hmac.compare_digest(token.digest, _digest(secret)):
        return None
    alive = token.ended_at is None and token.expires_at > at and token.user.is_active
    return token if alive else None  # a lockdown ends every token and lets nobody make one


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
