"""Advances: what is open and how late, asking for one, its vouchers, and money that comes back."""

import datetime
import uuid
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from treasury import advances, chart
from treasury.actions import advances as actions
from treasury.models import Claim
from web.amounts import AmountField
from web.desk.acting import Act, act_page, carry_out, sent
from web.desk.money.claim_forms import CostForm, banks
from web.desk.money.claim_sight import claims_for
from web.desk.money.fund_forms import day_field
from web.desk.money.rooms import money_page, name_cases
from web.desk.money.voucher_forms import VoucherForm
from web.files import SealedFileField
from web.formats import write_money
from web.forms import OnceForm
from web.loading import load, person, room

AHEAD = datetime.timedelta(days=7)
_USUAL = datetime.timedelta(days=30)


class AdvanceForm(CostForm):
    """Who gets it, what for, how much, until when they account for it."""

    amount_minor = AmountField(label=_("Amount"))
    vouchers_due_on = day_field(_("Vouchers by"))
    voucher = SealedFileField(
        label=_("What was agreed"), required=False, help_text=_("A file, if it is written down.")
    )

    def arguments(self) -> dict[str, Any]:
        """What the action takes."""
        plain = ("amount_minor", "vouchers_due_on", "voucher")
        return {**super().arguments(), **{name: self.cleaned_data[name] for name in plain}}


class ReturnForm(OnceForm):
    amount_minor = AmountField(label=_("Amount"))
    on = day_field(_("Day on the bank statement"))
    bank = forms.ChoiceField(label=_("Bank account"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["bank"].choices = banks()  # type: ignore[attr-defined]


def open_to(user: User, at: datetime.datetime) -> QuerySet[Claim]:
    """Open advances among the claims that somebody sees, those due first."""
    seen = claims_for(user, at).values("pk")
    return advances.outstanding().filter(pk__in=seen).select_related("payee")


def pressing(user: User, at: datetime.datetime) -> list[Claim]:
    """Those whose vouchers are late or due within a week, for the worklist."""
    rows = list(open_to(user, at).filter(vouchers_due_on__lte=timezone.localdate(at) + AHEAD)[:12])
    name_cases(rows)
    return rows


@require_safe
@room("money.see")
def listing(request: HttpRequest) -> HttpResponse:
    """Every open advance, those due first."""
    rows = list(open_to(person(request), timezone.now())[:300])
    name_cases(rows)
    today = timezone.localdate()
    return money_page(
        request,
        "advances",
        "advances",
        rows=rows,
        late=sum(row.vouchers_due_on < today for row in rows if row.vouchers_due_on is not None),
        total_minor=sum(row.left_minor for row in rows),  # type: ignore[attr-defined]  # outstanding adds it
        today=today,
    )


@require_http_methods(["GET", "POST"])
@room("claims.enter")
def enter(request: HttpRequest) -> HttpResponse:
    """Ask for an advance; it is approved and paid like a claim."""
    user, at = person(request), timezone.now()
    initial = {
        "payee": request.GET.get("payee", ""),
        "vouchers_due_on": timezone.localdate(at) + _USUAL,
    }
    form = sent(request, AdvanceForm, user=user, at=at, initial=initial)
    words = _("The advance is entered. It is approved and paid like a claim.")
    if form.is_valid() and carry_out(request, form, actions.enter_advance, words, **form.arguments()):
        return redirect("desk:claim", form.result.pk)
    lead = _(
        "Money to somebody who pays on the spot and brings the vouchers. It stays ours until then: no cost is"
        " booked, and what funds hold for it stays held."
    )
    back = reverse("desk:advances") if user.has("money.see") else reverse("desk:worklist")
    return act_page(request, form, Act(_("Ask for an advance"), _("Enter it"), back, lead))


@require_http_methods(["GET", "POST"])
@room("claims.enter", "money.pay")
def add_voucher(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Enter what the advance was spent on; a colleague accepts it."""
    advance = _advance(request, pk)
    form = sent(request, VoucherForm)
    words = _("The voucher is entered. It counts once a second officer has accepted it.")
    if form.is_valid() and carry_out(
        request, form, actions.enter_advance_voucher, words, advance=advance, **form.arguments()
    ):
        return redirect("desk:claim", pk)
    lead = _("%s are left of this advance. A voucher above it counts for what is left.") % _left(advance)
    back = reverse("desk:claim", args=[pk])
    return act_page(request, form, Act(_("Enter a voucher of the advance"), _("Enter it"), back, lead))


@require_http_methods(["GET", "POST"])
@room("money.book")
def give_back(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Book what came back of it."""
    advance = _advance(request, pk)
    form = sent(request, ReturnForm, initial={"on": timezone.localdate()})
    if form.is_valid():
        values = {name: form.cleaned_data[name] for name in ("amount_minor", "on", "bank")}
        words = _("Booked. The funds that held it are free of it again.")
        if carry_out(request, form, actions.return_advance, words, advance=advance, **values):
            return redirect("desk:claim", pk)
    lead = _("%s are left of this advance.") % _left(advance)
    back = reverse("desk:claim", args=[pk])
    return act_page(request, form, Act(_("Money came back"), _("Book it"), back, lead))


def _advance(request: HttpRequest, pk: uuid.UUID) -> Claim:
    found: Claim = load(claims_for(person(request), timezone.now()).select_related("payee"), pk)
    if found.vouchers_due_on is None or found.status not in advances.PAID:
        raise Http404
    return found


def _left(advance: Claim) -> str:
    return write_money(advances.left_minor(advance), chart.base_currency())
