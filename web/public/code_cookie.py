"""A gift's code on its way from the form to the thank-you page, past Stripe: a short-lived cookie.

It reaches one address only, no script can read it, and it goes once the code was shown.
"""

import uuid

from django.conf import settings
from django.http import HttpRequest, HttpResponse

NAME = "g"
# As long as a payment page stays open, and a little more.
LASTS_SECONDS = 3600


def give(response: HttpResponse, code: str, donation_id: uuid.UUID, *, path: str) -> None:
    """Hand the code to the browser for the page at ``path`` alone."""
    response.set_signed_cookie(
        NAME,
        code,
        salt=_salt(donation_id),
        max_age=LASTS_SECONDS,
        path=path,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def code_in(request: HttpRequest, donation_id: uuid.UUID) -> str:
    """The code the browser brings for this gift, "" if none."""
    return request.get_signed_cookie(NAME, default="", salt=_salt(donation_id), max_age=LASTS_SECONDS) or ""


def take_back(response: HttpResponse, *, path: str) -> None:
    """Let the browser forget it."""
    response.delete_cookie(NAME, path=path, samesite="Lax")


def _salt(donation_id: uuid.UUID) -> str:
    return f"web.give.code.{donation_id}"
