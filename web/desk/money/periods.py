"""Closing the books up to a day."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from treasury.actions.periods import close_period
from treasury.models import Period
from web.desk.acting import carry_out, sent
from web.desk.money.fund_forms import day_field
from web.desk.money.rooms import money_page
from web.forms import OnceForm
from web.loading import require, room


class CloseForm(OnceForm):
    ends_on = day_field(_("Close the books up to"), help_text=_("A day that has passed."))


@require_http_methods(["GET", "POST"])
@room("money.see")
def periods(request: HttpRequest) -> HttpResponse:
    """Closed periods with their control figures; the treasurer closes the next one here."""
    if request.method == "POST":
        require(request, "money.book")
    form = sent(request, CloseForm)
    if form.is_valid():
        words = _("The period is closed. Nothing more is booked with a date inside it.")
        if carry_out(request, form, close_period, words, ends_on=form.cleaned_data["ends_on"]):
            return redirect("desk:periods")
    rows = Period.objects.order_by("-starts_on")[:60]
    return money_page(request, "periods", "periods", form=form, rows=rows)
