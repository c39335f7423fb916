"""Moving money between funds and covering losses: each by two people."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from treasury import chart, standing
from treasury.actions import allocation
from treasury.kinds import ReasonCode
from web.desk.acting import Act, sent
from web.desk.asking import Ask, after, agreed, ask_or_do, two_person_page, typed
from web.desk.money.fund_forms import AllocateForm, CoverForm
from web.formats import write_money
from web.loading import room


@require_http_methods(["GET", "POST"])
@room("money.book")
def allocate(request: HttpRequest) -> HttpResponse:
    """Move free money from one fund to another; its batches go with it."""
    approval = agreed(request)
    form = sent(request, AllocateForm, initial=typed(approval, AllocateForm))
    back = reverse("desk:money")
    if form.is_valid():
        values = {name: value for name, value in form.cleaned_data.items() if name != "once"}
        moved = {name: values[name] for name in ("source", "target", "amount_minor")}
        ask = Ask("allocation", moved["source"].pk, allocation.allocation_terms(**moved))
        values["reason_code"] = ReasonCode(values["reason_code"])
        words = str(_("The money is moved."))
        if ask_or_do(request, form, ask, allocation.allocate_between_funds, words, **values):
            return after(form, back)
    lead = _("Only money that is neither spent nor committed can move; the oldest batch goes first.")
    return two_person_page(request, form, Act(_("Move money"), _("Move it"), back, lead), approval)


@require_http_methods(["GET", "POST"])
@room("money.book")
def cover_loss(request: HttpRequest) -> HttpResponse:
    """Let a fund, normally the reserve, bear a loss that no fund has covered."""
    approval = agreed(request)
    form = sent(request, CoverForm, initial=typed(approval, CoverForm))
    back = reverse("desk:money")
    if form.is_valid():
        values = {name: form.cleaned_data[name] for name in ("fund", "amount_minor", "note")}
        terms = allocation.cover_terms(fund=values["fund"], amount_minor=values["amount_minor"])
        ask = Ask("allocation", values["fund"].pk, terms)
        if ask_or_do(request, form, ask, allocation.cover_loss, str(_("The loss is covered.")), **values):
            return after(form, back)
    missing = write_money(standing.uncovered_minor(), chart.base_currency())
    lead = _("Losses that no fund has covered yet: %s. Normally the reserve bears them.") % missing
    return two_person_page(request, form, Act(_("Cover a loss"), _("Cover it"), back, lead), approval)
