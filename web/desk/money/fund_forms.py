"""Forms of funds: opening one, its opening balance, moving money, covering a loss."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.models import Case
from treasury.kinds import CASE_COSTS, RUNNING_COSTS, FundKind, ReasonCode
from treasury.models import Fund
from web.amounts import AmountField
from web.forms import OnceForm

DAY = {"type": "date"}
# A grant and a pledge are recorded on pages of their own.
_WITH_FORMS = (FundKind.GRANT, FundKind.PLEDGE)
COSTS = [(category.value, category.label) for category in (*CASE_COSTS, *RUNNING_COSTS)]


def day_field(label: Any, *, required: bool = True, **more: Any) -> forms.DateField:
    """A date as browsers ask for it."""
    widget = forms.DateInput(attrs=DAY, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, required=required, **more)


def open_funds() -> Any:
    """Funds that may still be drawn on."""
    return Fund.objects.open()


class OpenFundForm(OnceForm):
    """A grant has a form of its own, as it needs an agreement."""

    name = forms.CharField(label=_("Name"), max_length=120, help_text=_("Public: donors read it."))
    code = forms.SlugField(label=_("Code"), max_length=40, help_text=_("Short, for tables and reports."))
    kind = forms.ChoiceField(
        label=_("Kind"), choices=[(k.value, k.label) for k in FundKind if k not in _WITH_FORMS]
    )
    categories = forms.MultipleChoiceField(
        label=_("Only for these costs"),
        choices=COSTS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen means any cost."),
    )
    cases = forms.CharField(
        label=_("Cases it is for"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("References such as BY-2026-0042, separated by spaces."),
    )
    starts_on = day_field(_("From"), required=False)
    ends_on = day_field(_("To"), required=False)
    goal_minor = AmountField(label=_("Goal"), required=False)

    def clean_cases(self) -> list[uuid.UUID]:
        return case_ids(self.cleaned_data["cases"].replace(",", " ").split())

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        begins, ends = cleaned.get("starts_on"), cleaned.get("ends_on")
        if begins and ends and ends < begins:
            self.add_error("ends_on", _("It ends before it begins."))
        return cleaned


def case_ids(references: list[str]) -> list[uuid.UUID]:
    """The cases with these references. Raises ValidationError naming those that are unknown."""
    known = dict(Case.objects.filter(reference__in=references).values_list("reference", "id"))
    if unknown := [reference for reference in references if reference not in known]:
        raise forms.ValidationError(_("There is no case %s.") % ", ".join(unknown))
    return list(known.values())


class OpeningBalanceForm(OnceForm):
    amount_minor = AmountField(label=_("Amount"))
    on = day_field(_("Held on"))


class AllocateForm(OnceForm):
    source: Any = forms.ModelChoiceField(label=_("From"), queryset=None)
    target: Any = forms.ModelChoiceField(label=_("To"), queryset=None)
    amount_minor = AmountField(label=_("Amount"))
    reason_code = forms.ChoiceField(label=_("Reason"), choices=ReasonCode.choices, initial=ReasonCode.OTHER)
    note = forms.CharField(
        label=_("In words"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Sealed. Auditors read it. No names."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("source", "target"):
            self.fields[name].queryset = Fund.objects.all()  # type: ignore[attr-defined]


class CoverForm(OnceForm):
    fund: Any = forms.ModelChoiceField(label=_("Fund that pays"), queryset=None)
    amount_minor = AmountField(label=_("Amount"))
    note = forms.CharField(
        label=_("Why this fund"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Sealed. Auditors read it. No names."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reserve_first = Fund.objects.open().order_by("-kind", "code")
        self.fields["fund"].queryset = reserve_first  # type: ignore[attr-defined]
