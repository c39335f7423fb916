"""Opening a grant on one page: rows for lines and instalments, and which line each cost counts to.

Each category counts to one line only, so that no cost is reported to a funder twice.
"""

import datetime
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from treasury.actions.funds import Line
from web.amounts import AmountField
from web.desk.money.fund_forms import COSTS, case_ids, day_field
from web.forms import OnceForm

LINES = 8
INSTALMENTS = 6


@dataclass(frozen=True)
class Row:
    """The fields of one row, as a table draws them."""

    number: int
    cells: list[forms.BoundField]


class OpenGrantForm(OnceForm):
    """Amounts are in the currency of the books; shares in per cent."""

    name = forms.CharField(label=_("Name of the fund"), max_length=120)
    code = forms.SlugField(label=_("Code"), max_length=40)
    funder = forms.CharField(
        label=_("Funder"), max_length=120, help_text=_("An institution, named in public.")
    )
    agreement_ref = forms.CharField(label=_("Reference of the agreement"), max_length=60)
    amount_minor = AmountField(label=_("Amount of the grant"))
    starts_on = day_field(_("From"))
    ends_on = day_field(_("To"))
    indirect = forms.DecimalField(
        label=_("Indirect costs, per cent"), min_value=0, max_value=100, decimal_places=2, required=False
    )
    reallocation = forms.DecimalField(
        label=_("May move between lines, per cent"),
        min_value=0,
        max_value=100,
        decimal_places=2,
        required=False,
    )
    cases = forms.CharField(
        label=_("Only for these cases"),
        required=False,
        help_text=_("References such as BY-2026-0042, separated by spaces. None means any case."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(1, LINES + 1):
            self.fields[f"line_{number}"] = forms.CharField(
                label=_("Line %s: words of the funder") % number, max_length=120, required=False
            )
            self.fields[f"line_{number}_minor"] = AmountField(
                label=_("Line %s: amount") % number, required=False
            )
        numbers = [("", "—"), *((str(number), str(number)) for number in range(1, LINES + 1))]
        for code, label in COSTS:
            self.fields[f"counts_{code}"] = forms.ChoiceField(label=label, choices=numbers, required=False)
        for number in range(1, INSTALMENTS + 1):
            self.fields[f"due_{number}"] = day_field(_("Instalment %s: due on") % number, required=False)
            self.fields[f"due_{number}_minor"] = AmountField(
                label=_("Instalment %s: amount") % number, required=False
            )

    def facts(self) -> list[forms.BoundField]:
        """What stands above the tables."""
        return [self[name] for name in self.base_fields if name != "once"]

    def line_rows(self) -> list[Row]:
        numbers = range(1, LINES + 1)
        return [Row(n, [self[f"line_{n}"], self[f"line_{n}_minor"]]) for n in numbers]

    def category_rows(self) -> list[forms.BoundField]:
        return [self[f"counts_{code}"] for code, _label in COSTS]

    def instalment_rows(self) -> list[Row]:
        numbers = range(1, INSTALMENTS + 1)
        return [Row(n, [self[f"due_{n}"], self[f"due_{n}_minor"]]) for n in numbers]

    def clean_cases(self) -> Any:
        return case_ids(self.cleaned_data["cases"].replace(",", " ").split())

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for begin, many in (("line_", LINES), ("due_", INSTALMENTS)):
            for number in range(1, many + 1):
                first, amount = cleaned.get(f"{begin}{number}"), cleaned.get(f"{begin}{number}_minor")
                if bool(first) != bool(amount) and not self.errors:
                    self.add_error(f"{begin}{number}", _("Fill in both parts of row %s, or none.") % number)
        if cleaned.get("starts_on") and cleaned.get("ends_on") and cleaned["ends_on"] < cleaned["starts_on"]:
            self.add_error("ends_on", _("It ends before it begins."))
        if not self.errors:
            self._refuse_idle_lines(cleaned)
        return cleaned

    def _refuse_idle_lines(self, cleaned: dict[str, Any]) -> None:
        if not self.lines() or not self.instalments():
            self.add_error(None, _("A grant needs at least one line and one instalment."))
        for line, number in zip(self.lines(), self._used(), strict=True):
            if not line.categories:
                self.add_error(f"line_{number}", _("Say below which costs count to line %s.") % number)
        for code, _label in COSTS:
            if (chosen := cleaned.get(f"counts_{code}")) and not cleaned.get(f"line_{chosen}"):
                self.add_error(f"counts_{code}", _("Line %s is empty.") % chosen)

    def _used(self) -> list[int]:
        return [number for number in range(1, LINES + 1) if self.cleaned_data.get(f"line_{number}")]

    def lines(self) -> list[Line]:
        """The funder's lines with our categories that count to each."""
        cleaned = self.cleaned_data
        return [
            Line(
                cleaned[f"line_{number}"],
                cleaned[f"line_{number}_minor"],
                tuple(code for code, _label in COSTS if cleaned.get(f"counts_{code}") == str(number)),
            )
            for number in self._used()
        ]

    def instalments(self) -> list[tuple[datetime.date, int]]:
        """Due days and amounts."""
        cleaned = self.cleaned_data
        numbers = [number for number in range(1, INSTALMENTS + 1) if cleaned.get(f"due_{number}")]
        return [(cleaned[f"due_{number}"], cleaned[f"due_{number}_minor"]) for number in numbers]

    def arguments(self) -> dict[str, Any]:
        """What the action takes."""
        cleaned = self.cleaned_data
        plain = ("name", "code", "funder", "agreement_ref", "amount_minor", "starts_on", "ends_on")
        return {
            **{name: cleaned[name] for name in plain},
            "lines": self.lines(),
            "instalments": self.instalments(),
            "case_ids": cleaned["cases"],
            "indirect_basis_points": int((cleaned.get("indirect") or 0) * 100),
            "reallocation_basis_points": int((cleaned.get("reallocation") or 0) * 100),
        }


class InstalmentForm(OnceForm):
    amount_minor = AmountField(label=_("Amount that came"))
    received_on = day_field(_("Day on the bank statement"))
