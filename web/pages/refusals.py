"""The answer when something needed is away, above all the log of what was opened."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def unavailable(request: HttpRequest) -> HttpResponse:
    """503: nothing is shown, because showing it could not be recorded or the data cannot be reached."""
    response = render(request, "503.html", status=503)
    response["Retry-After"] = "60"
    return response
