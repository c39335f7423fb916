"""Opening a grant on one page: rows for lines and instalments, and which line each cost counts to.

Each category counts to one line only, so that no cost is reported to a funder twice.
"""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from treasury.actions.grants import Foreign, Line, ReportDue
from treasury.kinds import Category, RateRule, ReportKind, VoucherKind
from web.amounts import AmountField, minor_of
from web.desk.money.fund_forms import COSTS, case_ids, day_field
from web.forms import OnceForm

LINES = 8
INSTALMENTS = 6
REPORTS = 6
COUNTED = [*COSTS, (Category.INDIRECT.value, Category.INDIRECT.label)]


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
    evidence = forms.MultipleChoiceField(
        label=_("Evidence the funder accepts"),
        choices=VoucherKind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen means any. Its money then pays no claim with other vouchers."),
    )
    returns_unspent = forms.BooleanField(
        label=_("What is left at the end goes back to the funder"), required=False, initial=True
    )
    agreed_currency = forms.CharField(
        label=_("Signed in another currency"),
        max_length=3,
        min_length=3,
        required=False,
        help_text=_("Such as NOK. Then fill in the amounts of instalments in it, too."),
    )
    rate_rule = forms.ChoiceField(
        label=_("Told to the funder by"), choices=RateRule.choices, required=False, initial=RateRule.RECEIPT
    )
    fixed_rate = forms.DecimalField(
        label=_("Rate fixed in the agreement"),
        min_value=Decimal("0.000001"),
        max_digits=14,
        decimal_places=6,
        required=False,
        help_text=_("What one of theirs is in the currency of the books."),
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
        for code, label in COUNTED:
            self.fields[f"counts_{code}"] = forms.ChoiceField(label=label, choices=numbers, required=False)
        for number in range(1, INSTALMENTS + 1):
            self.fields[f"due_{number}"] = day_field(_("Instalment %s: due on") % number, required=False)
            self.fields[f"due_{number}_minor"] = AmountField(
                label=_("Instalment %s: amount") % number, required=False
            )
            self.fields[f"due_{number}_agreed"] = AmountField(
                label=_("Instalment %s: in their currency") % number, required=False, currency=""
            )
        for number in range(1, REPORTS + 1):
            self.fields[f"report_{number}"] = forms.ChoiceField(
                label=_("Report %s: kind") % number,
                choices=[("", "—"), *ReportKind.choices],
                required=False,
            )
            self.fields[f"report_{number}_until"] = day_field(_("Report %s: up to") % number, required=False)
            self.fields[f"report_{number}_due"] = day_field(_("Report %s: due on") % number, required=False)

    def facts(self) -> list[forms.BoundField]:
        """What stands above the tables."""
        return [self[name] for name in self.base_fields if name not in ("once", "evidence")]

    def line_rows(self) -> list[Row]:
        numbers = range(1, LINES + 1)
        return [Row(n, [self[f"line_{n}"], self[f"line_{n}_minor"]]) for n in numbers]

    def category_rows(self) -> list[forms.BoundField]:
        return [self[f"counts_{code}"] for code, _label in COUNTED]

    def instalment_rows(self) -> list[Row]:
        numbers = range(1, INSTALMENTS + 1)
        return [Row(n, [self[f"due_{n}"], self[f"due_{n}_minor"], self[f"due_{n}_agreed"]]) for n in numbers]

    def report_rows(self) -> list[Row]:
        numbers = range(1, REPORTS + 1)
        cells = ("", "_until", "_due")
        return [Row(n, [self[f"report_{n}{cell}"] for cell in cells]) for n in numbers]

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
        for number in range(1, REPORTS + 1):
            self._refuse_half_report(number, cleaned)
        if cleaned.get("agreed_currency") and self.foreign_minor() is None:
            self.add_error("agreed_currency", _("Fill in each instalment in this currency, too."))
        if not self.errors:
            self._refuse_idle_lines(cleaned)
        return cleaned

    def _refuse_half_report(self, number: int, cleaned: dict[str, Any]) -> None:
        kind, until, due = (cleaned.get(f"report_{number}{cell}") for cell in ("", "_until", "_due"))
        whole = bool(kind and until and due)
        if not whole and (kind or until or due):
            self.add_error(
                f"report_{number}", _("Fill in kind and both days of report %s, or none.") % number
            )
        elif until and due and due < until:
            self.add_error(f"report_{number}_due", _("It is due before the days it covers are over."))

    def foreign_minor(self) -> tuple[int, ...] | None:
        """The instalments in the funder's currency; None where one is missing."""
        rows = [n for n in range(1, INSTALMENTS + 1) if self.cleaned_data.get(f"due_{n}")]
        amounts = [self.cleaned_data.get(f"due_{n}_agreed") for n in rows]
        currency = str(self.cleaned_data.get("agreed_currency") or "").upper()
        if not amounts or not all(amounts):
            return None
        return tuple(minor_of(amount, currency) for amount in amounts if amount is not None)

    def _refuse_idle_lines(self, cleaned: dict[str, Any]) -> None:
        if not self.lines() or not self.instalments():
            self.add_error(None, _("A grant needs at least one line and one instalment."))
        for line, number in zip(self.lines(), self._used(), strict=True):
            if not line.categories:
                self.add_error(f"line_{number}", _("Say below which costs count to line %s.") % number)
        for code, _label in COUNTED:
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
                tuple(code for code, _label in COUNTED if cleaned.get(f"counts_{code}") == str(number)),
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
            "evidence": [VoucherKind(kind) for kind in cleaned["evidence"]],
            "returns_unspent": cleaned["returns_unspent"],
            "reports": self._reports(),
            "foreign": self._foreign(),
            "indirect_basis_points": int((cleaned.get("indirect") or 0) * 100),
            "reallocation_basis_points": int((cleaned.get("reallocation") or 0) * 100),
        }

    def _reports(self) -> list[ReportDue]:
        cleaned = self.cleaned_data
        return [
            ReportDue(
                ReportKind(cleaned[f"report_{n}"]), cleaned[f"report_{n}_until"], cleaned[f"report_{n}_due"]
            )
            for n in range(1, REPORTS + 1)
            if cleaned.get(f"report_{n}")
        ]

    def _foreign(self) -> Foreign | None:
        cleaned = self.cleaned_data
        parts = self.foreign_minor() or ()
        if not cleaned.get("agreed_currency"):
            return None
        rule = RateRule(cleaned.get("rate_rule") or RateRule.RECEIPT)
        return Foreign(cleaned["agreed_currency"].upper(), sum(parts), parts, rule, cleaned.get("fixed_rate"))


class InstalmentForm(OnceForm):
    amount_minor = AmountField(label=_("Amount that came"))
    received_on = day_field(_("Day on the bank statement"))
