"""Load and authorise in one place: who may not see a thing is told that there is none."""

import functools
import uuid
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache

from accounts.models import User

P = ParamSpec("P")
M = TypeVar("M", bound=Model)
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def room(*permissions: str) -> Callable[[View[P]], View[P]]:
    """Open a page to those who hold any of these permissions; 404 for other people, sign-in for none.

    Staff without a second factor are sent to set one up first, unless settings excuse them.
    """

    def decorate(view: View[P]) -> View[P]:
        @functools.wraps(view)
        @never_cache
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            user = person(request)
            if settings.SECOND_FACTOR_REQUIRED and not is_mfa_enabled(user):
                return redirect("mfa_activate_totp")
            if not any(user.has(permission) for permission in permissions):
                raise Http404
            return view(request, *args, **kwargs)

        guarded.permissions = permissions  # type: ignore[attr-defined]  # read by the access table's test
        return guarded

    return decorate


def person(request: HttpRequest) -> User:
    """Whoever signed in; only for pages inside a room."""
    return cast(User, request.user)


def load(visible: QuerySet[M], key: uuid.UUID | str, **also: Any) -> M:
    """One row out of those the reader may see. Raises Http404 for others, as if they were not there."""
    found = visible.filter(pk=key, **also).first()
    if found is None:
        raise Http404
    return found


def require(request: HttpRequest, permission: str) -> None:
    """For a part of a page that takes more than the page itself. Raises Http404."""
    if not person(request).has(permission):
        raise Http404
