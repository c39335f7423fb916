"""The forms of the Counsel tab: what a lawyer said, own counsel, and the papers behind a representation."""

import datetime
from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit.actions import DomainError
from cases import kinds
from cases.actions.counsel import Fee
from lawyers.models import Lawyer
from web.amounts import AmountField
from web.desk.cases.fields import DayField
from web.desk.counsel.envelope import Envelope
from web.forms import OnceForm

CEILING = "ceiling"
ANSWERS = (kinds.EpisodeState.OFFERED, kinds.EpisodeState.ACCEPTED, kinds.EpisodeState.DECLINED)
VIA = [row for row in kinds.ReportedVia.choices if row[0] != kinds.ReportedVia.PORTAL]
DECLINES = [(reason.value, reason.label) for reason in kinds.DECLINE_REASONS]
ENDS = [
    (reason.value, reason.label)
    for reason in (
        kinds.EpisodeReason.FINISHED,
        kinds.EpisodeReason.CLIENT_CHANGED,
        kinds.EpisodeReason.WITHDREW,
        kinds.EpisodeReason.REFUSED,
        kinds.EpisodeReason.CONFLICT,
        kinds.EpisodeReason.LICENCE_LOST,
        kinds.EpisodeReason.ARRESTED,
        kinds.EpisodeReason.MISTAKE,
    )
]


class RefusableForm(OnceForm):
    """Keeps the refusal itself, so that the page can show how much is missing and what can be done."""

    refusal: DomainError | None = None

    def carry_out(self, act: Callable[..., Any], **arguments: Any) -> bool:
        def noted(**known: Any) -> Any:
            try:
                return act(**known)
            except DomainError as refusal:
                self.refusal = refusal
                raise

        if super().carry_out(noted, **arguments):
            return True
        if self.refusal is not None:
            # The page shows the ways out as links, so the list of errors need not repeat them.
            self.errors[NON_FIELD_ERRORS] = self.error_class([self.refusal.text])
        return False


class FeeForm(RefusableForm):
    """A form with a fee: an amount, and what allows one person to agree to it."""

    fee = AmountField(
        label=pgettext_lazy("counsel", "Fee"), required=False, help_text=_("Empty: no fee from us.")
    )
    under = forms.ChoiceField(label=_("Under"), required=False)

    def __init__(self, *args: Any, envelopes: Sequence[Envelope] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.envelopes = {str(one.authority.pk): one for one in envelopes}
        names = [(key, one.authority.tariff.name) for key, one in self.envelopes.items()]
        choices = [*names, (CEILING, _("The ceiling of the case"))]
        self.fields["under"] = forms.ChoiceField(label=_("Under"), required=False, choices=choices)

    def agreed_fee(self) -> Fee | None:
        """What was agreed; None without an amount."""
        amount = self.cleaned_data.get("fee")
        envelope = self.envelopes.get(self.cleaned_data.get("under") or "")
        return Fee(amount, authority=envelope.authority if envelope else None) if amount else None


class AnswerForm(FeeForm):
    """What one lawyer said about one role: asked, accepted with a fee, or declined with a reason."""

    answer = forms.ChoiceField(choices=[(one, one) for one in ANSWERS], widget=forms.HiddenInput)
    lawyer = forms.ModelChoiceField(Lawyer.objects.on_panel(), widget=forms.HiddenInput)
    role = forms.ChoiceField(choices=kinds.Role.choices, widget=forms.HiddenInput)
    via = forms.ChoiceField(label=_("Word came by"), choices=VIA, initial=kinds.ReportedVia.PHONE)
    reason = forms.ChoiceField(label=_("Why they declined"), choices=DECLINES, required=False)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("answer") == kinds.EpisodeState.DECLINED and not said.get("reason"):
            self.add_error("reason", _("Choose why the lawyer declined, or “did not say”."))
        return said

    def said(self) -> dict[str, Any]:
        """The arguments of ``record_answer`` but the case."""
        said = self.cleaned_data
        answer = kinds.EpisodeState(said["answer"])
        known: dict[str, Any] = {
            "lawyer": said["lawyer"],
            "answer": answer,
            "role": kinds.Role(said["role"]),
            "reported_via": kinds.ReportedVia(said["via"]),
        }
        if answer == kinds.EpisodeState.ACCEPTED:
            known["fee"] = self.agreed_fee()
        if answer == kinds.EpisodeState.DECLINED:
            known["reason"] = kinds.EpisodeReason(said["reason"])
        return known


class OwnCounselForm(FeeForm):
    """Counsel that the family found or the state appointed; no match is needed."""

    own_counsel = forms.CharField(
        label=pgettext_lazy("person", "Name"),
        max_length=200,
        required=False,
        help_text=_("Sealed with the client’s key."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    lawyer = forms.CharField(
        label=_("Or a lawyer of the panel"),
        max_length=40,
        required=False,
        help_text=_("By code name, if the family found one of ours."),
    )
    source = forms.ChoiceField(
        label=_("Found by"),
        choices=[
            (kinds.CounselSource.OWN, _("The family")),
            (kinds.CounselSource.APPOINTED, _("The state: appointed")),
        ],
        widget=forms.RadioSelect,
        initial=kinds.CounselSource.OWN,
    )
    paid_by = forms.ChoiceField(label=_("Paid by"), choices=kinds.PaidBy.choices, initial=kinds.PaidBy.FAMILY)
    signed_on = DayField(label=_("Agreement signed on"), required=False, help_text=_("Empty: not yet."))
    signed_by = forms.ChoiceField(
        label=_("Signed by"), choices=kinds.SignedBy.choices, initial=kinds.SignedBy.RELATIVE
    )
    via = forms.ChoiceField(label=_("Word came by"), choices=VIA, initial=kinds.ReportedVia.FAMILY)
    field_order = [
        "own_counsel",
        "lawyer",
        "source",
        "paid_by",
        "fee",
        "under",
        "signed_on",
        "signed_by",
        "via",
    ]

    def clean_lawyer(self) -> Lawyer | None:
        code_name = self.cleaned_data["lawyer"].strip()
        if not code_name:
            return None
        found = Lawyer.objects.on_panel().filter(code_name__iexact=code_name).first()
        if found is None:
            raise forms.ValidationError(_("Nobody on the panel goes by that code name."))
        return found

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        pays = said.get("paid_by") == kinds.PaidBy.ORGANISATION
        if pays and not said.get("fee") and "fee" not in self.errors:
            self.add_error("fee", _("Write what we pay, or say who else pays."))
        if not pays and said.get("fee"):
            self.add_error("fee", _("Leave the fee empty when we do not pay it."))
        signed_on: datetime.date | None = said.get("signed_on")
        if signed_on and signed_on > timezone.localdate():
            self.add_error("signed_on", _("This day has not come yet."))
        return said

    def said(self) -> dict[str, Any]:
        """The arguments of ``record_own_counsel`` but the case."""
        said = self.cleaned_data
        return {
            "own_counsel": said["own_counsel"],
            "lawyer": said["lawyer"],
            "appointed": said["source"] == kinds.CounselSource.APPOINTED,
            "paid_by": kinds.PaidBy(said["paid_by"]),
            "fee": self.agreed_fee(),
            "signed_on": said["signed_on"],
            "signed_by": kinds.SignedBy(said["signed_by"]),
            "reported_via": kinds.ReportedVia(said["via"]),
        }


class AgreementForm(OnceForm):
    """The contract for legal help."""

    signed_on = DayField(label=_("Signed on"))
    signed_by = forms.ChoiceField(
        label=_("Signed by"), choices=kinds.SignedBy.choices, widget=forms.RadioSelect
    )
    payer = forms.ChoiceField(label=_("Paid by"), choices=kinds.PaidBy.choices, widget=forms.RadioSelect)

    def said(self) -> dict[str, Any]:
        said = self.cleaned_data
        return {
            "signed_on": said["signed_on"],
            "signed_by": kinds.SignedBy(said["signed_by"]),
            "payer": kinds.PaidBy(said["payer"]),
        }


class WarrantForm(OnceForm):
    """The lawyer's authority at a court or a prison."""

    filed_on = DayField(label=_("Filed on"))
    state = forms.ChoiceField(
        label=_("What came of it"), choices=kinds.WarrantState.choices, widget=forms.RadioSelect
    )
    decided_on = DayField(label=_("Decided on"), required=False)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        filed_on, decided_on = said.get("filed_on"), said.get("decided_on")
        if filed_on and decided_on and decided_on < filed_on:
            self.add_error("decided_on", _("This comes before the filing. Check both dates."))
        if decided_on and said.get("state") == kinds.WarrantState.FILED:
            self.add_error("decided_on", _("Leave this empty until somebody has decided."))
        return said

    def said(self) -> dict[str, Any]:
        said = self.cleaned_data
        return {
            "filed_on": said["filed_on"],
            "state": kinds.WarrantState(said["state"]),
            "decided_on": said["decided_on"],
        }


class EndForm(OnceForm):
    """Why it is over, and what becomes of the money that is still held."""

    reason = forms.ChoiceField(label=_("Why"), choices=ENDS, widget=forms.RadioSelect)
    keep_commitment = forms.BooleanField(
        label=_("Keep the money: work was done and will be claimed"),
        required=False,
        help_text=_("Otherwise what is still held goes back to its funds."),
    )

    def said(self) -> dict[str, Any]:
        said = self.cleaned_data
        return {"reason": kinds.EpisodeReason(said["reason"]), "keep_commitment": said["keep_commitment"]}
