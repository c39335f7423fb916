"""Grants: recording an agreement, following its lines, booking instalments."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from treasury import agreed, rates
from treasury.actions import grants as actions
from treasury.currencies import decimal_text
from treasury.kinds import Category, VoucherKind
from treasury.models import Grant, Instalment
from web.desk.acting import Act, act_page, carry_out, sent
from web.desk.money.grant_forms import InstalmentForm, OpenGrantForm
from web.desk.money.rooms import money_page
from web.loading import load, room


@require_safe
@room("money.see")
def grant(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """An agreement: the funder's lines against the books, and its instalments."""
    shown: Grant = load(Grant.objects.select_related("fund"), pk)
    lines = agreed.lines_of(shown)
    instalments, today = list(shown.instalments.all()), timezone.localdate()
    rate = rates.for_funder(shown, today)
    actual = sum(line.actual_minor for line in lines)
    return money_page(
        request,
        "grant",
        "funds",
        grant=shown,
        lines=[(line, [Category(code).label for code in line.line.categories]) for line in lines],
        totals={
            "budget": sum(line.line.amount_minor for line in lines),
            "actual": actual,
            "committed": sum(line.committed_minor for line in lines),
            "remaining": sum(line.remaining_minor for line in lines),
        },
        instalments=instalments,
        received_minor=sum(row.received_minor for row in instalments),
        today=today,
        ahead=agreed.ahead_of(shown),
        reports=shown.reports.all(),
        evidence=[VoucherKind(kind).label for kind in shown.evidence],
        indirect_left_minor=max(agreed.indirect_left_minor(shown), 0),
        rate=rate,
        told_minor=rates.told(shown, actual, rate),
        ended=shown.ends_on < today,
        indirect=shown.indirect_basis_points / 100,
        reallocation=shown.reallocation_basis_points / 100,
    )


@require_http_methods(["GET", "POST"])
@room("money.book")
def open_grant(request: HttpRequest) -> HttpResponse:
    """Record a signed agreement."""
    form = sent(request, OpenGrantForm)
    if form.is_valid():
        words = _("The grant is recorded. Book each instalment when it comes.")
        if carry_out(request, form, actions.open_grant, words, **form.arguments()):
            return redirect("desk:grant", form.result.pk)
    return money_page(request, "grant_open", "funds", form=form)


@require_http_methods(["GET", "POST"])
@room("money.book")
def receive(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Book an instalment that came to the bank."""
    due: Instalment = load(Instalment.objects.select_related("grant__fund"), pk)
    back = reverse("desk:grant", args=[due.grant_id])
    if request.method == "GET" and due.received_on is not None:
        return redirect(back)
    amount = decimal_text(due.amount_minor, due.grant.fund.currency)
    form = sent(
        request, InstalmentForm, initial={"amount_minor": amount, "received_on": timezone.localdate()}
    )
    if form.is_valid():
        values = {name: form.cleaned_data[name] for name in ("amount_minor", "received_on")}
        words = _("The instalment is booked.")
        if carry_out(request, form, actions.receive_instalment, words, instalment=due, **values):
            return redirect(back)
    lead = _("Book what the bank statement shows, also when it differs from what was due.")
    return act_page(request, form, Act(_("Instalment received"), _("Book it"), back, lead))
