"""A lawyer abroad claims their fee: the voucher, and once where they are paid."""

import uuid
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from audit.actions import DomainError
from cases import portal
from cases.actions.papers import is_silenced
from cases.actions.portal_claims import PaidAt, claim_through_portal
from cases.models import CounselPayee
from treasury.actions.payees import checked_iban
from treasury.kinds import VoucherKind
from web.amounts import AmountField
from web.counsel.page import own_episodes
from web.desk.acting import Act, act_page, carry_out, sent
from web.desk.money.fund_forms import day_field
from web.files import SealedFileField
from web.forms import OnceForm
from web.loading import load, person, room

_KINDS = (VoucherKind.INVOICE, VoucherKind.OFFICE_RECEIPT)


class FeeClaimForm(OnceForm):
    """The voucher of one's own fee, in the currency that was agreed."""

    amount_minor = AmountField(label=_("Amount"), currency="")
    voucher_kind = forms.ChoiceField(
        label=_("Voucher"), choices=[(kind.value, kind.label) for kind in _KINDS], widget=forms.RadioSelect
    )
    number = forms.CharField(label=_("Number on it"), max_length=60, required=False)
    invoiced_on = day_field(_("Dated"))
    voucher = SealedFileField(label=_("File of the voucher"))
    paid_as = forms.CharField(
        label=_("You are paid as"), max_length=200, help_text=_("As your bank knows you.")
    )
    country = forms.RegexField(
        label=_("Country of the account"),
        regex=r"^[A-Za-z]{2}$",
        max_length=2,
        help_text=_("Two letters, such as LT."),
        error_messages={"invalid": _("Write the country as two letters, such as LT.")},
    )
    iban = forms.CharField(label=_("Account number (IBAN)"), max_length=42)

    def __init__(self, *args: Any, currency: str, known: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        amount = AmountField(label=_("Amount, %s") % currency, currency=currency)
        amount.error_messages["required"] = _("Write the amount on the voucher.")
        self.fields["amount_minor"] = amount
        self.fields["voucher_kind"].initial = VoucherKind.INVOICE
        for name in ("paid_as", "country", "iban") if known else ():
            del self.fields[name]

    def clean_iban(self) -> str:
        try:
            return checked_iban(self.cleaned_data["iban"])
        except DomainError as refusal:
            raise forms.ValidationError(refusal.text) from None

    def arguments(self) -> dict[str, Any]:
        """What the action takes besides the representation."""
        said = self.cleaned_data
        paid_at = PaidAt(said["paid_as"], said["country"], said["iban"]) if "iban" in said else None
        plain = ("amount_minor", "number", "invoiced_on", "voucher")
        kind = VoucherKind(said["voucher_kind"])
        return {**{name: said[name] for name in plain}, "voucher_kind": kind, "paid_at": paid_at}


@require_http_methods(["GET", "HEAD", "POST"])
@room("portal.enter")
def claim(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Enter a claim on the fee of this representation."""
    episode = load(own_episodes(request), key)
    agreed = portal.claimable(episode)
    if agreed is None or is_silenced(episode.case):
        raise Http404
    known = CounselPayee.objects.filter(lawyer__user=person(request)).exists()
    initial = {"invoiced_on": timezone.localdate()}
    form = sent(request, FeeClaimForm, currency=agreed.agreed_currency, known=known, initial=initial)
    here = reverse("counsel:one", args=[key])
    done = _("Your claim is entered. Its state stands below.")
    if form.is_valid() and carry_out(
        request, form, claim_through_portal, done, representation=episode, **form.arguments()
    ):
        return redirect(here)
    lead = _(
        "For your fee alone. Black out the client's name on the voucher: the claim knows its case. Where you"
        " are paid is sealed and asked for once; a colleague checks it before anything is paid."
    )
    act = Act(_("Claim your fee"), _("Enter it"), here, lead, episode.client.code_name)
    return act_page(request, form, act)
