"""The way out of any page at once."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods


class SeeOther(HttpResponseRedirect):
    """A redirect that is always followed by GET."""

    status_code = 303


@require_http_methods(["GET", "POST"])
def leave(request: HttpRequest) -> HttpResponse:
    """End the session, empty what the browser keeps of us, and show a neutral site instead.

    For visitors a link does it, without script and without a question. Whoever signed in presses a button
    instead, which looks the same: a link or a picture on another site must not end their session.
    The session ends here too: browsers clear cookies only over a safe connection, and an onion address may
    have none.
    """
    if request.method != "POST" and request.user.is_authenticated:
        return render(request, "leave.html")
    request.session.flush()
    response = SeeOther(settings.LEAVE_URL)
    response["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    response["Referrer-Policy"] = "no-referrer"
    return response
