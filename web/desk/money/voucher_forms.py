"""What stands on a voucher: amount and currency, kind, number, day, its file."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from treasury import chart
from treasury.kinds import VoucherKind
from web.amounts import AmountField, minor_of
from web.desk.money.fund_forms import day_field
from web.files import SealedFileField
from web.forms import OnceForm

CURRENCIES = ("EUR", "USD", "PLN", "BYN", "GBP", "UAH", "RUB", "CHF", "GEL")


class VoucherForm(OnceForm):
    """One voucher, of a claim or of what an advance was spent on."""

    amount = AmountField(label=_("Amount on the voucher"), currency="")
    currency = forms.ChoiceField(label=_("Currency"))
    base_minor = AmountField(
        label=_("In the currency of the books"),
        required=False,
        help_text=_("Only if the voucher is in another currency."),
    )
    voucher_kind = forms.ChoiceField(label=_("Voucher"), choices=VoucherKind.choices)
    number = forms.CharField(label=_("Number on it"), max_length=60, required=False)
    invoiced_on = day_field(_("Dated"))
    voucher = SealedFileField(label=_("File of the voucher"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        base = chart.base_currency()
        codes = (base, *(code for code in CURRENCIES if code != base))
        self.fields["currency"].choices = [(code, code) for code in codes]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Adds ``amount_minor`` in the voucher's own currency; what it is in the books' has to be said."""
        cleaned: dict[str, Any] = super().clean() or {}
        if (amount := cleaned.get("amount")) is not None and "currency" in cleaned:
            try:
                cleaned["amount_minor"] = minor_of(amount, cleaned["currency"])
            except forms.ValidationError as refusal:
                self.add_error("amount", refusal)
            if cleaned["currency"] != chart.base_currency() and not cleaned.get("base_minor"):
                self.add_error("base_minor", _("Say what it is in the currency of the books."))
            elif cleaned["currency"] == chart.base_currency():
                cleaned["base_minor"] = None
        return cleaned

    def arguments(self) -> dict[str, Any]:
        """What the action takes of the voucher."""
        cleaned = self.cleaned_data
        plain = ("amount_minor", "currency", "base_minor", "number", "invoiced_on", "voucher")
        kind = VoucherKind(cleaned["voucher_kind"])
        return {**{name: cleaned[name] for name in plain}, "voucher_kind": kind}
