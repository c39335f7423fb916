"""The payment file: approved claims that may go to the bank, one file, handed out once."""

import datetime
import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.approvals import NeedsSecondPerson
from accounts.models import Approval
from treasury import chart
from treasury.actions.payments import refuse_unagreed, taking_two
from treasury.bank.models import BankAccount, PaymentFile
from treasury.kinds import ClaimStatus
from treasury.models import Claim
from treasury.payment_files import export_terms, make_payment_file, takes_two, why_not, withdraw_payment_file
from web.desk.acting import press, sent
from web.desk.asking import Ask, after, agreed, ask_or_do, kept, typed, was_asked
from web.desk.money.fund_forms import day_field
from web.desk.money.rooms import money_page, name_cases
from web.formats import write_money
from web.forms import OnceForm
from web.loading import load, person, require, room
from web.pieces import Text
from web.templatetags.staff import short

_MOST = 200


class FileForm(OnceForm):
    account: Any = forms.ModelChoiceField(label=_("From the account"), queryset=None)
    execute_on = day_field(_("To be carried out on"))
    holds: Sequence[Claim] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        connected = BankAccount.objects.exclude(code="").filter(currency="EUR")
        self.fields["account"].queryset = connected  # type: ignore[attr-defined]
        if connected.count() == 1:
            self.fields["account"].initial = connected.get().pk

    def also_said(self) -> list[tuple[Text, Text]]:
        """What a colleague reads besides, when many people's accounts are in the file."""
        payees = {claim.payee_id for claim in self.holds}
        currency = chart.base_currency()
        total = write_money(sum(claim.base_minor for claim in self.holds), currency)
        each = [
            (_("Claim %(short)s") % {"short": short(claim.pk)}, write_money(claim.base_minor, currency))
            for claim in self.holds
        ]
        return [(_("Payees in the file"), str(len(payees))), (_("In all"), total), *each]

    def also_kept(self) -> dict[str, list[str]]:
        """The rows that were ticked, to be ticked again when a colleague has agreed to them."""
        return {"claim": [str(claim.pk) for claim in self.holds]}

    def clean_execute_on(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["execute_on"]
        if day < timezone.localdate():
            raise forms.ValidationError(_("Choose today or a later day."))
        return day


@require_http_methods(["GET", "POST"])
@room("money.see")
def payment_file(request: HttpRequest) -> HttpResponse:
    """Choose claims, make the file and take it: it is handed out with the answer and kept nowhere."""
    user = person(request)
    waiting = Claim.objects.payable().visible_to(user).select_related("payee").prefetch_related("orders")
    rows = list(waiting.order_by("invoiced_on", "entered_at")[:_MOST])
    two = taking_two(rows, timezone.now())
    for row in rows:
        row.why_not = why_not(row) or (_unagreed(row) if row.pk in two else "")  # type: ignore[attr-defined]
    if request.method == "POST":
        require(request, "money.pay")
    approval = agreed(request)
    first = {"execute_on": timezone.localdate()} | typed(approval, FileForm)
    form = sent(request, FileForm, initial=first)
    ticked = _ticked(request, approval, rows)
    if form.is_valid():
        claims = [row for row in rows if str(row.pk) in ticked]
        values = {name: form.cleaned_data[name] for name in ("account", "execute_on")}
        if _made(request, form, claims, values):
            return after(form, "") if was_asked(form) else _handed_out(form)
    for row in rows:
        row.ticked = str(row.pk) in ticked  # type: ignore[attr-defined]
    name_cases(rows)
    files = list(PaymentFile.objects.select_related("account").prefetch_related("orders__claim")[:20])
    for file in files:
        file.is_open = any(  # type: ignore[attr-defined]
            order.withdrawn_at is None and order.claim.status == ClaimStatus.APPROVED
            for order in file.orders.all()
        )
    return money_page(request, "payment_list", "payments", form=form, rows=rows, files=files)


def _ticked(request: HttpRequest, approval: Approval | None, rows: list[Claim]) -> set[str]:
    """As they were sent; else as a colleague agreed to them; else all."""
    if request.method == "POST":
        return set(request.POST.getlist("claim"))
    if approval is not None:
        return set(kept(approval)["form"].get("claim", []))
    return {str(row.pk) for row in rows}


def _made(request: HttpRequest, form: FileForm, claims: list[Claim], values: dict[str, Any]) -> bool:
    """Make the file; or, where it holds many people's accounts and nobody agreed yet, ask a colleague."""
    user, at = person(request), timezone.now()
    if not takes_two(claims, user, at):
        return form.carry_out(make_payment_file, claims=claims, **values, by=user, at=at)
    form.holds = claims
    ask = Ask("bulk-export", values["account"].pk, export_terms(claims))
    return ask_or_do(
        request, form, ask, make_payment_file, str(_("The file is made.")), claims=claims, **values
    )


def _unagreed(claim: Claim) -> Text:
    try:
        refuse_unagreed([claim], timezone.now())
    except NeedsSecondPerson:
        return _("Above the limit for one person in a week: a colleague has to agree first. Ask on “Pay it”.")
    return ""


def _handed_out(form: FileForm) -> HttpResponse:
    day: datetime.date = form.cleaned_data["execute_on"]
    response = HttpResponse(form.result.content, content_type="application/xml")
    response["Content-Disposition"] = f'attachment; filename="payments-{day.isoformat()}.xml"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_POST
@room("money.pay")
def withdraw(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The file was not sent: let its claims be ordered anew."""
    found: PaymentFile = load(PaymentFile.objects.all(), pk)
    words = _("The file is withdrawn. Its unpaid claims can go into a new one.")
    return press(request, withdraw_payment_file, words, reverse("desk:payment-file"), file=found)
