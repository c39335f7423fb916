"""What a session alone does not open: acts that take a recent sign-in, and the house during a lockdown."""

import time
from collections.abc import Callable
from typing import Any, cast

from allauth.account.internal.flows.login import get_authentication_records
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _

from accounts.lockdown import standing
from accounts.models import User

# Acts that take the password or a second factor of the last ten minutes, by the name of their page.
STEP_UP = frozenset(
    {
        # people and keys
        "desk:person-add",
        "desk:role-ask",
        "desk:account-close",
        "desk:factor-reset",
        "desk:cut-off",
        "desk:let-in",
        "desk:lockdown",
        "desk:team",
        "desk:freeze-lift",
        "desk:approval-decide",
        # names of everybody, sealed cases
        "desk:people",
        "desk:case-glass",
        "desk:case-access-give",
        # money out
        "desk:payee-route",
        "desk:payee-check",
        "desk:pay",
        # machines
        "api-tokens",
    }
)
# Pages that stay open to those who may lift a lockdown, by the begin of their address.
OPEN_IN_LOCKDOWN = ("/desk/people/", "/desk/approvals/", "/account/", "/leave/", "/i18n/", "/static/")
_SHUT = "shut"


class SignedInMiddleware:
    """Looks at each request of somebody signed in; stands after ``ReaderMiddleware``."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and (shut := _shut_out(request)) is not None:
            return shut
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        match = request.resolver_match
        if (
            settings.STEP_UP_REQUIRED
            and match is not None
            and match.view_name in STEP_UP
            and request.user.is_authenticated
            and not signed_in_lately(request)
        ):
            return _ask_again(request)
        return None


def signed_in_lately(request: HttpRequest) -> bool:
    """Whether this session gave a password or a second factor within the last minutes."""
    records = get_authentication_records(request, cast(User, request.user))
    latest = max((record["at"] for record in records), default=0)
    return bool(time.time() - latest < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT)


def _ask_again(request: HttpRequest) -> HttpResponse:
    """To the page that asks for the password. What was posted is not kept: a session row is readable."""
    came_from = request.get_full_path()
    if request.method != "GET":
        messages.info(request, _("Say once more that it is you, then send it again."))
        came_from = _own_page(request)
    return redirect(f"{reverse('account_reauthenticate')}?{urlencode({'next': came_from})}")


def _own_page(request: HttpRequest) -> str:
    """The page of ours from which something was sent, for the way back; else the worklist."""
    came_from = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(came_from, {request.get_host()}, request.is_secure())
    path = "/" + came_from.split("://", 1)[-1].partition("/")[2] if ours and came_from else ""
    return path or reverse("desk:worklist")


def _shut_out(request: HttpRequest) -> HttpResponse | None:
    """During a lockdown: nobody gets in but those who may lift it, and they find only the rooms for it.

    A lockdown ends all sessions, so only those begun since then have to be looked at: once when they are
    new, and always if they began during one.
    """
    session = request.session
    if _SHUT not in session:
        session[_SHUT] = standing() is not None
    if not session[_SHUT]:
        return None
    if standing() is None:
        session[_SHUT] = False
        return None
    if not cast(User, request.user).has("lockdown.lift"):
        logout(request)
        return redirect("account_login")
    if request.path.startswith(OPEN_IN_LOCKDOWN):
        return None
    return redirect("desk:lockdown")
