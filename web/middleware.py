"""Headers of every answer: nothing is kept in browsers, nothing is told to other sites."""

from collections.abc import Callable
from functools import update_wrapper
from typing import Any, Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]

# Security keys need the browser's script interface; these pages alone may load our own file.
KEY_PAGES = frozenset({"mfa_authenticate", "mfa_add_webauthn", "mfa_reauthenticate_webauthn"})

# Other sites learn nothing by this either. "no-referrer" would make browsers send "Origin: null" with
# every form of ours, which Django refuses as forged.
REFERRER_POLICY = "same-origin"


def public_page(view: View[P]) -> View[P]:
    """Mark a view's answers as public: search engines may list them. Everything else is private."""

    def marked(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        response = view(request, *args, **kwargs)
        _mark(response, "is_public", True)
        return response

    update_wrapper(marked, view)
    return marked


class PrivatePagesMiddleware:
    """Private unless marked: no-store, no referrer abroad, no listing. Stands inside the CSP one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault("Referrer-Policy", REFERRER_POLICY)
        if getattr(response, "is_public", False):
            # A searched phone shows its cache: public pages leave none either, unless a view asks.
            response.setdefault("Cache-Control", "no-store")
        else:
            response["Cache-Control"] = "no-store"
            response["X-Robots-Tag"] = "noindex, nofollow, noarchive, nosnippet"
        if request.resolver_match and request.resolver_match.url_name in KEY_PAGES:
            # The name under which django-csp's decorators leave their additions.
            _mark(response, "_csp_update", {"script-src": ["'self'"]})
        return response


def _mark(response: HttpResponse, name: str, value: Any) -> None:
    setattr(response, name, value)
