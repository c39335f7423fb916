"""Forms of the bank: a statement to take in, a line booked by hand, a rate, a reference."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from treasury import chart
from treasury.bank.candidates import Pool
from treasury.bank.files import MOST_BYTES, read_statements
from treasury.bank.models import BankLine, MatchKind
from treasury.bank.shape import Statement, UnreadableStatement
from treasury.kinds import RUNNING_COSTS, Category, ReasonCode
from treasury.models import Fund
from web.amounts import AmountField
from web.desk.money.bank_sight import words_of
from web.desk.money.fund_forms import day_field
from web.formats import write_money
from web.forms import OnceForm

BY_HAND = (
    MatchKind.GIFT,
    MatchKind.INCOME,
    MatchKind.COST,
    MatchKind.TRANSFER,
    MatchKind.CASH,
    MatchKind.SUSPENSE,
)
NOTE = {"rows": 2}


class StatementForm(OnceForm):
    file = forms.FileField(
        label=_("Statement"), help_text=_("camt.053 (XML) or MT940, as the bank sent it, not packed.")
    )
    statements: list[Statement]

    def clean_file(self) -> UploadedFile[Any]:
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if (file.size or 0) > MOST_BYTES:
            raise forms.ValidationError(_("This file is larger than any statement."))
        try:
            self.statements = read_statements(file)
        except UnreadableStatement as refusal:
            raise forms.ValidationError(refusal.text) from None
        return file


class BookLineForm(OnceForm):
    """Book a line, or a part of it, as something that no suggestion names."""

    kind = forms.ChoiceField(label=_("This money is"), widget=forms.RadioSelect)
    amount_minor = AmountField(
        label=_("Amount"), required=False, help_text=_("Leave it out to book all that is open.")
    )
    category = forms.ChoiceField(label=_("Which cost"), required=False)
    fund: Any = forms.ModelChoiceField(label=_("Which fund"), queryset=None, required=False)
    note = forms.CharField(
        label=_("Why"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs=NOTE),
        help_text=_("Sealed. Auditors read it."),
    )

    def __init__(self, *args: Any, line: BankLine, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        comes = line.amount_minor > 0
        left_out = (MatchKind.COST,) if comes else (MatchKind.GIFT, MatchKind.INCOME)
        self.fields["kind"].choices = [  # type: ignore[attr-defined]
            (kind.value, kind.label) for kind in BY_HAND if kind not in left_out
        ]
        self.fields["fund"].queryset = Fund.objects.open()  # type: ignore[attr-defined]
        self.fields["category"].choices = [  # type: ignore[attr-defined]
            ("", "—"),
            *((c.value, c.label) for c in RUNNING_COSTS),
        ]
        del self.fields["category" if comes else "fund"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        kind = cleaned.get("kind")
        if kind == MatchKind.COST and not cleaned.get("category"):
            self.add_error("category", _("Choose which cost it is."))
        if kind in (MatchKind.GIFT, MatchKind.INCOME) and not cleaned.get("fund"):
            self.add_error("fund", _("Choose the fund this money is for."))
        return cleaned

    def arguments(self) -> dict[str, Any]:
        """What the action takes."""
        cleaned = self.cleaned_data
        kind = MatchKind(cleaned["kind"])
        category = cleaned.get("category")
        return {
            "kind": kind,
            "amount_minor": cleaned["amount_minor"],
            "category": Category(category) if category and kind == MatchKind.COST else None,
            "fund": cleaned.get("fund"),
            "note": cleaned["note"],
        }


class ChooseForm(OnceForm):
    """Match a line with anything that waits for money in its direction, suggested or not."""

    chosen = forms.ChoiceField(label=_("It belongs to"))

    def __init__(self, *args: Any, line: BankLine, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        currency = chart.base_currency()
        same_way = [
            one for one in Pool.of(line.account).shared if (one.amount_minor > 0) == (line.amount_minor > 0)
        ]
        words = words_of(same_way)
        self.fields["chosen"].choices = [  # type: ignore[attr-defined]
            ("", "—"),
            *(
                (
                    f"{one.kind.value}:{one.key}",
                    f"{write_money(abs(one.amount_minor), currency)}: {words[one.kind.value, one.key]}",
                )
                for one in sorted(same_way, key=lambda one: abs(one.amount_minor - line.left.open_minor))
            ),
        ]

    def arguments(self) -> dict[str, str]:
        """What the action takes."""
        kind, _colon, key = self.cleaned_data["chosen"].partition(":")
        return {"kind": kind, "key": key}


class UndoForm(OnceForm):
    reason_code = forms.ChoiceField(label=_("Reason"), choices=ReasonCode.choices)
    note = forms.CharField(
        label=_("In words"), max_length=500, widget=forms.Textarea(attrs=NOTE), help_text=_("Sealed.")
    )


class RateForm(OnceForm):
    rate = forms.DecimalField(
        label=_("Rate"),
        min_value=0,
        max_digits=16,
        decimal_places=8,
        widget=forms.TextInput(attrs={"class": "num"}),
    )
    rate_on = day_field(_("Of the day"))
    source = forms.ChoiceField(
        label=_("Who says so"), choices=[("bank", _("The bank")), ("ecb", _("ECB")), ("other", _("Other"))]
    )
    sure = forms.BooleanField(
        label=_("I looked again: this rate is right although it is far from the last one"), required=False
    )


class ConnectForm(OnceForm):
    code = forms.RegexField(
        label=_("Name in the books"),
        regex=r"^[a-z0-9-]{1,30}$",
        help_text=_("Short, small letters, such as main or savings. The account of the books is bank:main."),
    )


class ReferenceForm(OnceForm):
    fund: Any = forms.ModelChoiceField(label=_("Fund the gift is for"), queryset=None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fund"].queryset = Fund.objects.open()  # type: ignore[attr-defined]
