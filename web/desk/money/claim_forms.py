"""Forms of claims: entering, rejecting, paying; and the filters of the lists."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from treasury.kinds import (
    CASE_COSTS,
    RUNNING_COSTS,
    AccountKind,
    Category,
    ClaimStatus,
    ReasonCode,
    VoucherKind,
)
from treasury.models import Account, Commitment
from web.amounts import AmountField
from web.desk.money.claim_sight import cases_for, payees_for
from web.desk.money.fund_forms import COSTS, DAY, day_field
from web.desk.money.voucher_forms import VoucherForm
from web.forms import FilterForm, OnceForm


class ClaimFilter(FilterForm):
    status = forms.ChoiceField(label=_("State"), choices=[("", _("Any")), *ClaimStatus.choices])
    category = forms.ChoiceField(label=_("Cost"), choices=[("", _("Any")), *COSTS])
    case = forms.CharField(label=_("Case"), max_length=16)
    since = forms.DateField(label=_("Invoiced from"), widget=forms.DateInput(attrs=DAY))


class CostForm(OnceForm):
    """Who is to get money and what for, running costs too: a reference of a case makes the difference."""

    payee: Any = forms.ModelChoiceField(
        label=_("Payee"), queryset=None, help_text=_("By kind, country and the sign on the payee's page.")
    )
    case = forms.CharField(
        label=_("Case"),
        max_length=16,
        required=False,
        help_text=_("Reference such as BY-2026-0042. Leave it out for a running cost."),
    )
    category = forms.ChoiceField(label=_("Cost"), choices=[("", "—")])
    commitment: Any = forms.ModelChoiceField(
        label=_("Commitment"), queryset=None, required=False, help_text=_("If it was agreed beforehand.")
    )

    def __init__(self, *args: Any, user: Any, at: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.at = user, at
        self.fields["payee"].queryset = payees_for(user, at).filter(closed_on=None)  # type: ignore[attr-defined]
        self.fields["payee"].label_from_instance = payee_words  # type: ignore[attr-defined]
        self.fields["commitment"].queryset = self._commitments()  # type: ignore[attr-defined]
        self.fields["commitment"].label_from_instance = _commitment_words  # type: ignore[attr-defined]
        self.fields["category"].choices = [  # type: ignore[attr-defined]
            ("", "—"),
            (_("Costs of a case"), [(c.value, c.label) for c in CASE_COSTS]),
            (_("Running costs"), [(c.value, c.label) for c in RUNNING_COSTS]),
        ]

    def _commitments(self) -> Any:
        open_ones = Commitment.objects.open().order_by("-committed_on")
        if self.user.has("money.see"):
            return open_ones
        return open_ones.filter(case_id__in=cases_for(self.user, self.at).values("id"))

    def clean_case(self) -> Any:
        reference = self.cleaned_data["case"].strip().upper()
        if not reference:
            return None
        found = cases_for(self.user, self.at).filter(reference=reference).first()
        if found is None:
            raise forms.ValidationError(_("There is no such case among those you may use."))
        return found.pk

    def arguments(self) -> dict[str, Any]:
        """What the action takes of who and what for."""
        cleaned = self.cleaned_data
        return {
            "payee": cleaned["payee"],
            "commitment": cleaned["commitment"],
            "case_id": cleaned["case"],
            "category": Category(cleaned["category"]),
        }


class EnterClaimForm(VoucherForm, CostForm):
    """A claim with its voucher, for the costs of a case and running costs alike."""

    def arguments(self) -> dict[str, Any]:
        """What the action takes."""
        return {**CostForm.arguments(self), **VoucherForm.arguments(self)}


def payee_words(payee: Any) -> str:
    """A payee without a name: kind, country, eight signs."""
    return f"{payee.get_kind_display()}, {payee.country}, {str(payee.pk)[:8]}"


def _commitment_words(commitment: Commitment) -> str:
    from web.formats import write_money

    amount = write_money(commitment.agreed_minor, commitment.agreed_currency)
    return f"{commitment.get_category_display()}, {amount}, {commitment.committed_on}"


class RejectForm(OnceForm):
    reason_code = forms.ChoiceField(label=_("Reason"), choices=ReasonCode.choices)
    note = forms.CharField(
        label=_("In words, for who entered it"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class PayForm(OnceForm):
    on = day_field(_("Day on the bank statement"))
    bank = forms.ChoiceField(label=_("Bank account"))
    final = forms.BooleanField(
        label=_("Nothing more will come for this commitment: release what is left"), required=False
    )

    def __init__(self, *args: Any, amount: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.amount = amount
        self.fields["bank"].choices = banks()  # type: ignore[attr-defined]

    def also_said(self) -> list[tuple[str, str]]:
        """What a colleague reads besides: the form itself holds no amount."""
        return [(str(_("Amount")), self.amount)]


def banks() -> list[tuple[str, str]]:
    """The bank accounts of the chart by name; there is always the main one."""
    codes = Account.objects.filter(kind=AccountKind.BANK).order_by("code").values_list("code", flat=True)
    names = [code.partition(":")[2] for code in codes]
    return [(name, name) for name in (names or ["main"])]


class RunningCostForm(OnceForm):
    category = forms.ChoiceField(label=_("Cost"), choices=[(c.value, c.label) for c in RUNNING_COSTS])
    amount_minor = AmountField(label=_("Amount"))
    on = day_field(_("Day on the bank statement"))
    source_id = forms.RegexField(
        label=_("Reference of the bank"),
        regex=r"^[A-Za-z0-9./_-]+$",
        max_length=60,
        help_text=_("Letters and figures as on the statement; the same one is never booked twice. No names."),
    )
    voucher_kind = forms.ChoiceField(label=_("Voucher"), choices=VoucherKind.choices)
    bank = forms.ChoiceField(label=_("Bank account"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["bank"].choices = banks()  # type: ignore[attr-defined]
