"""Erase me: one confirmation, at once, and what it does not reach said truthfully."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.erasing.registry import kind_of
from accounts.erasing.statement import statement
from audit.actions import DomainError
from donations import erasing, tasks
from donations.models import Donor, RecurringDonation
from web.public.forms import EraseForm
from web.public.my import room
from web.public.my.room import donors_only


@require_http_methods(["GET", "HEAD", "POST"])
@donors_only
def erase(request: HttpRequest, donor: Donor) -> HttpResponse:
    """What goes, what stays, one box to tick; then it is done and the browser is signed out."""
    form = EraseForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            erasing.erase_self(donor, tasks.gateway(), at=timezone.now())
        except DomainError as refusal:
            form.add_error(None, refusal.text)
        else:
            response = render(request, "public/my/erased.html", {"lines": statement()})
            room.forget(response)
            return response
    running = donor.recurring_donations.exclude(state=RecurringDonation.State.STOPPED)
    context = {
        "form": form,
        "token": room.token(request),
        "in_touch": donor.level == Donor.Level.IN_TOUCH,
        "monthly": running.exists(),
        "stays": kind_of(erasing.KIND).stays,
    }
    return render(request, "public/my/erase.html", context)
