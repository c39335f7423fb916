"""What an agreement with a funder allows or asks for: a limit ahead, indirect costs, reports, the rest."""

import uuid
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from treasury import agreed, chart
from treasury.actions import agreements as actions
from treasury.kinds import FundKind, VoucherKind
from treasury.models import Claim, Fund, FunderReport, Grant
from web.amounts import AmountField
from web.desk.acting import Act, act_page, carry_out, press, sent
from web.desk.asking import Ask, after, ask_or_do, two_person_page, typed
from web.desk.asking import agreed as agreed_to
from web.desk.money.fund_forms import day_field
from web.formats import write_money
from web.forms import OnceForm
from web.loading import load, person, room


class LimitForm(OnceForm):
    limit_minor = AmountField(
        label=_("Limit"), help_text=_("As the board decided. Nothing can be paid before the money comes.")
    )


class IndirectForm(OnceForm):
    amount_minor = AmountField(label=_("Amount"))
    target: Any = forms.ModelChoiceField(label=_("To"), queryset=None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        general = Fund.objects.open().filter(kind=FundKind.GENERAL)
        self.fields["target"].queryset = general  # type: ignore[attr-defined]
        self.fields["target"].initial = general.first()


class ReturnForm(OnceForm):
    amount_minor = AmountField(label=_("Amount"))
    on = day_field(_("Day on the bank statement"))


def _grant(request: HttpRequest, pk: uuid.UUID) -> Grant:
    found: Grant = load(Grant.objects.select_related("fund"), pk)
    load(Fund.objects.visible_to(person(request)), found.fund_id)
    return found


def _money(minor: int) -> str:
    return write_money(minor, chart.base_currency())


@require_http_methods(["GET", "POST"])
@room("money.book")
def ahead(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Set how much may be committed before instalments come: the board's decision, by two people."""
    shown, approval = _grant(request, pk), agreed_to(request)
    form = sent(request, LimitForm, initial=typed(approval, LimitForm))
    back = reverse("desk:grant", args=[pk])
    if form.is_valid():
        values = {"grant": shown, "limit_minor": form.cleaned_data["limit_minor"]}
        ask = Ask("allocation", shown.pk, actions.ahead_terms(**values))
        if ask_or_do(request, form, ask, actions.set_ahead_limit, str(_("The limit is set.")), **values):
            return after(form, back)
    state = agreed.ahead_of(shown)
    lead = _("%(signed)s are signed and have not come; commitments over %(resting)s rest on them.") % {
        "signed": _money(state.signed_minor),
        "resting": _money(state.resting_minor),
    }
    return two_person_page(
        request, form, Act(_("Commit ahead of instalments"), _("Set it"), back, lead), approval
    )


@require_http_methods(["GET", "POST"])
@room("money.book")
def indirect(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Move indirect costs to the general fund, at most the agreed share of what was spent."""
    shown = _grant(request, pk)
    form = sent(request, IndirectForm)
    back = reverse("desk:grant", args=[pk])
    if form.is_valid():
        values = {name: form.cleaned_data[name] for name in ("amount_minor", "target")}
        words = _("The indirect costs are booked.")
        if carry_out(request, form, actions.take_indirect, words, grant=shown, **values):
            return redirect(back)
    lead = _("The agreement allows %(share)s per cent of what was spent: now at most %(most)s.") % {
        "share": f"{shown.indirect_basis_points / 100:g}",
        "most": _money(max(agreed.indirect_left_minor(shown), 0)),
    }
    return act_page(request, form, Act(_("Take indirect costs"), _("Book them"), back, lead))


@require_http_methods(["GET", "POST"])
@room("money.book")
def return_unspent(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Book what went back to the funder, by two people."""
    shown, approval = _grant(request, pk), agreed_to(request)
    form = sent(request, ReturnForm, initial=typed(approval, ReturnForm))
    back = reverse("desk:grant", args=[pk])
    if form.is_valid():
        values = {"grant": shown, "amount_minor": form.cleaned_data["amount_minor"]}
        ask = Ask("allocation", shown.pk, actions.return_terms(**values))
        words, on = str(_("The return is booked.")), form.cleaned_data["on"]
        if ask_or_do(request, form, ask, actions.return_unspent, words, **values, on=on):
            return after(form, back)
    lead = _("What is neither spent nor committed when the grant has ended, as the agreement says.")
    return two_person_page(request, form, Act(_("Return what is left"), _("Book it"), back, lead), approval)


@require_POST
@room("money.book")
def redraw(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Let funds bear a claim whose funders accept its voucher."""
    claim: Claim = load(Claim.objects.visible_to(person(request)).exclude(commitment=None), pk)
    words = _("Other funds bear it now.")
    kind = VoucherKind(claim.voucher_kind)
    back = reverse("desk:claim", args=[pk])
    return press(
        request, actions.redraw_commitment, words, back, commitment=claim.commitment, voucher_kind=kind
    )


@require_POST
@room("money.book")
def report_sent(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The funder has the report."""
    report: FunderReport = load(FunderReport.objects.visible_to(person(request)), pk)
    back = reverse("desk:grant", args=[report.grant_id])
    words, today = _("The report is noted as sent."), timezone.localdate()
    return press(request, actions.record_report_sent, words, back, report=report, sent_on=today)
