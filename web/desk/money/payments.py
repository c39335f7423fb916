"""Money out: what is approved and waits, paying it, running costs that the bank took."""

import uuid

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from treasury import chart
from treasury.actions import payments as actions
from treasury.kinds import Category, ClaimStatus, VoucherKind
from treasury.models import Claim
from web.desk.acting import Act, act_page, carry_out, sent
from web.desk.asking import Ask, after, agreed, ask_or_do, two_person_page, typed
from web.desk.money.claim_forms import PayForm, RunningCostForm
from web.desk.money.rooms import money_page, name_cases
from web.formats import write_money
from web.loading import load, person, room
from web.pieces import Text


@require_safe
@room("money.see")
def payments(request: HttpRequest) -> HttpResponse:
    """The payment list: every approved claim, oldest voucher first."""
    waiting = Claim.objects.payable().visible_to(person(request)).select_related("payee")
    rows = list(waiting.order_by("invoiced_on", "entered_at")[:200])
    name_cases(rows)
    total = sum(row.base_minor for row in rows)
    return money_page(request, "payments", "payments", rows=rows, total_minor=total)


@require_http_methods(["GET", "POST"])
@room("money.pay")
def pay(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Book the payment of a claim, as the bank statement shows it."""
    claim: Claim = load(Claim.objects.visible_to(person(request)).select_related("payee"), pk)
    if request.method == "GET" and claim.status != ClaimStatus.APPROVED:
        return redirect("desk:claim", pk)
    approval, back = agreed(request), reverse("desk:claim", args=[pk])
    amount = write_money(claim.base_minor, chart.base_currency())
    initial = typed(approval, PayForm) or {"on": timezone.localdate()}
    form = sent(request, PayForm, amount=amount, initial=initial)
    if form.is_valid() and _pay(request, form, claim):
        return after(form, back)
    lead: Text = _("It posts what is reserved for the claim, batch by batch, oldest first.")
    if approval is None and actions.takes_two(claim, timezone.now()):
        limit = write_money(settings.PAYMENT_ALONE_MINOR, chart.base_currency())
        more = _("Above %s in a week to one payee a colleague has to agree first: this asks them.") % limit
        lead = f"{lead} {more}"
    page = Act(_("Pay %s") % amount, _("Book the payment"), back, lead)
    return two_person_page(request, form, page, approval)


def _pay(request: HttpRequest, form: PayForm, claim: Claim) -> bool:
    values = {name: form.cleaned_data[name] for name in ("on", "bank", "final")}
    words = str(_("The payment is booked."))
    if not actions.takes_two(claim, timezone.now()):
        return carry_out(request, form, actions.pay_claim, words, claim=claim, **values)
    ask = Ask("payment", claim.pk, actions.payment_terms(claim))
    return ask_or_do(request, form, ask, actions.pay_claim, words, claim=claim, **values)


@require_http_methods(["GET", "POST"])
@room("money.book")
def running_cost(request: HttpRequest) -> HttpResponse:
    """Book rent, wages or the bank's own fees as the statement shows them."""
    form = sent(request, RunningCostForm, initial={"on": timezone.localdate()})
    if form.is_valid():
        values = {name: value for name, value in form.cleaned_data.items() if name != "once"}
        values |= {
            "category": Category(values["category"]),
            "voucher_kind": VoucherKind(values["voucher_kind"]),
        }
        if carry_out(request, form, actions.book_running_cost, _("The cost is booked."), **values):
            return redirect("desk:journal", form.result.pk)
    lead = _("For costs that the bank has taken already. Anything else is entered as a claim.")
    act = Act(_("Book a running cost"), _("Book it"), reverse("desk:payments"), lead)
    return act_page(request, form, act)
