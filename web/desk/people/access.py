"""The table of who may do what, for people to read."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.permissions import ROLES, TABLE
from web.loading import person, room


@require_safe
@room("desk.enter")
def access(request: HttpRequest) -> HttpResponse:
    """Every permission in a sentence, and the roles that hold it; the reader's own roles are marked."""
    rows = [(permission, [role in permission.roles for role in ROLES]) for permission in TABLE]
    roles = [(name, *text.split(": ", 1)) for name, text in ROLES.items()]
    context = {"rows": rows, "roles": roles, "own": person(request).roles}
    return render(request, "desk/people/access.html", context)
