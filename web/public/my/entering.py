"""Signing in: an address, a code, in. Whether an address is known shows nowhere on the way."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from donations import signing_in
from donations.actions.donors import begin_session
from web.pages.leave import SeeOther
from web.public.forms import AddressForm, SignInCodeForm, offers_mail
from web.public.guards import without_cookie
from web.public.my import room


@require_http_methods(["GET", "HEAD", "POST"])
@without_cookie
def address(request: HttpRequest) -> HttpResponse:
    """Where the code is to go. The next page is the same for everybody."""
    if not offers_mail():
        return render(request, "public/my/closed.html", status=503)
    form = AddressForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        asked = signing_in.ask(form.cleaned_data["email"], get_language() or "en", at=timezone.now())
        return SeeOther(reverse("my-code", args=[asked]))
    return render(request, "public/my/address.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@without_cookie
def code(request: HttpRequest, asked: uuid.UUID) -> HttpResponse:
    """The code, five times at most; an unknown address, a wrong code and a late one are told alike."""
    form = SignInCodeForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        at = timezone.now()
        donor = signing_in.check(asked, form.cleaned_data["code"], at=at)
        if donor is not None:
            response = SeeOther(reverse("my"))
            room.remember(response, begin_session(donor=donor, by=donor, at=at))
            return response
        form.add_error("code", _("This code does not open anything. Check it, or ask for a new one."))
    return render(request, "public/my/code.html", {"form": form})


@require_http_methods(["POST"])
@without_cookie
def leave(request: HttpRequest) -> HttpResponse:
    """Sign out here."""
    signing_in.end(request.COOKIES.get(room.COOKIE, ""))
    response = SeeOther(reverse("home"))
    room.forget(response)
    return response
