"""Pages that say what this is, what giving reveals, and how the site can be used."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from donations.channels import channels
from web.middleware import public_page


@require_safe
@public_page
def about(request: HttpRequest) -> HttpResponse:
    """What the fund does, how it can be checked, what it does not show."""
    return render(request, "pages/about.html")


@require_safe
@public_page
def giving(request: HttpRequest) -> HttpResponse:
    """What each way of paying shows, and to whom."""
    return render(request, "pages/giving.html", {"channels": channels()})


@require_safe
@public_page
def access(request: HttpRequest) -> HttpResponse:
    """Accessibility, use without script, Tor Browser."""
    return render(request, "pages/access.html")
