"""Who signed in here as a donor: a key of its own in a cookie of its own, apart from the desk's."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from donations import signing_in
from donations.models import Donor
from web.pages.leave import SeeOther
from web.public.guards import is_our_own

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, Donor, P], HttpResponse]
Guarded = Callable[Concatenate[HttpRequest, P], HttpResponse]
COOKIE = "m"
TOKEN_LASTS_SECONDS = 2 * 3600


def donor_in(request: HttpRequest) -> Donor | None:
    """The donor of this browser, if they signed in and have not been away too long."""
    key = request.COOKIES.get(COOKIE, "")
    return signing_in.donor_of(key, at=timezone.now()) if key else None


def remember(response: HttpResponse, key: str) -> None:
    """Give the browser its key: gone when it closes, sent by our own pages alone, seen by no script."""
    response.set_cookie(COOKIE, key, httponly=True, samesite="Strict", secure=settings.SESSION_COOKIE_SECURE)


def forget(response: HttpResponse) -> None:
    """Let the browser forget it."""
    response.delete_cookie(COOKIE, samesite="Strict")


def donors_only(view: View[P]) -> Guarded[P]:
    """Open a page to a donor who signed in, and name them as the reader; others are sent to sign in.

    Every form carries a token made for this session, so that no other site can send one.
    """

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        donor = donor_in(request)
        if donor is None:
            return SeeOther(reverse("my-sign-in"))
        if request.method == "POST" and not (is_our_own(request) and _is_ours(request)):
            return render(request, "403_csrf.html", status=403)
        opened: Any = getattr(request, "reading", None)
        if opened is not None:
            opened.actor_id = donor.actor_id
        return view(request, donor, *args, **kwargs)

    return csrf_exempt(guarded)


def token(request: HttpRequest) -> str:
    """For the forms of a page in this session."""
    return _signer(request).sign("form")


def _is_ours(request: HttpRequest) -> bool:
    try:
        _signer(request).unsign(request.POST.get("once", ""), max_age=TOKEN_LASTS_SECONDS)
    except signing.BadSignature:
        return False
    return True


def _signer(request: HttpRequest) -> signing.TimestampSigner:
    return signing.TimestampSigner(salt=f"my.{request.COOKIES.get(COOKIE, '')}")
