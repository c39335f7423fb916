"""The way out of any page at once."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods


class SeeOther(HttpResponseRedirect):
    """A redirect that is always followed by GET."""

    status_code = 303


@require_http_methods(["GET", "POST"])
def leave(request: HttpRequest) -> HttpResponse:
    """End the session, empty what the browser keeps of us, and show a neutral site instead.

    Works by GET, because a link must do without script and without a question. The session ends here
    too: browsers clear cookies only over a safe connection, and an onion address may have none.
    """
    request.session.flush()
    response = SeeOther(settings.LEAVE_URL)
    response["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    response["Referrer-Policy"] = "no-referrer"
    return response
