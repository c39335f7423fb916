"""What the public forms need in place of the cookie that Django's protection would leave in the browser.

A cookie of the giving form on a searched phone is evidence. These forms change nothing for anybody who is
signed in; it is enough that a browser says they come from our own pages.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def without_cookie(view: View[P]) -> View[P]:
    """Accept forms from our own pages only, told by the browser's own headers, and set no cookie for it."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.method == "POST" and not is_our_own(request):
            return render(request, "403_csrf.html", status=403)
        return view(request, *args, **kwargs)

    return csrf_exempt(guarded)


def is_our_own(request: HttpRequest) -> bool:
    """Whether a browser says that a form was on one of our own pages."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = request.headers.get("Origin")
    # Browsers over plain HTTP (an onion address) send no Sec-Fetch-Site, and Origin only with forms.
    return origin is None or urlsplit(origin).netloc == request.get_host()
