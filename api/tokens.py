"""Who calls: a token stands for one person, and carries some of that person's permissions."""

import re
from typing import Any, cast

from django.utils import timezone
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, MethodNotAllowed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from accounts.actions.access import find_token
from accounts.models import ApiToken, User

# Marks an endpoint that anybody may read, without a token.
PUBLIC = "public"
# A permission, or several of which any one opens the endpoint.
Wanted = str | tuple[str, ...]
_SHAPE = re.compile(r"abarona_[0-9a-f]{10}_[A-Za-z0-9_-]{43}")


class TokenAuthentication(BaseAuthentication):
    """``Authorization: Bearer abarona_…``. Cookies are never looked at."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        scheme, _space, text = request.headers.get("Authorization", "").partition(" ")
        if scheme.casefold() != "bearer":
            return None
        token = find_token(text, timezone.now()) if _SHAPE.fullmatch(text) else None
        if token is None:
            raise AuthenticationFailed()
        user = token.user
        user.scopes = frozenset(token.scopes.split())
        user.session_mark = token.prefix
        # The reading that the outermost middleware opened: from here on it has a name.
        request.reading.actor_id = user.actor_id  # type: ignore[attr-defined]
        return user, token

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


def caller(request: Request) -> User:
    """Who calls; only for endpoints that take a token."""
    return cast(User, request.user)


class ScopedPermission(BasePermission):
    """Deny by default: a view names what each method takes; token and person must both have it."""

    def has_permission(self, request: Request, view: Any) -> bool:
        wanted = wanted_by(view, request.method or "")
        if wanted == (PUBLIC,):
            return True
        user = request.user
        if not isinstance(user, User):
            return False
        if request.method not in view.allowed_methods:
            raise MethodNotAllowed(request.method or "")
        return any(user.has(permission) for permission in wanted)


def wanted_by(view: Any, method: str) -> tuple[str, ...]:
    """The permissions of which one is needed to call this method; none named means nobody may."""
    named: Wanted | dict[str, Wanted] = getattr(view, "permission", ())
    if isinstance(named, dict):
        named = named.get("GET" if method == "HEAD" else method, ())
    return (named,) if isinstance(named, str) else tuple(named)
