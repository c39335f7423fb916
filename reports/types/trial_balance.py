"""The trial balance: every account, and columns that add up to nothing."""

from django.conf import settings
from django.utils.translation import gettext as _

from reports.render.document import Column, Fact, Section
from reports.scope import Scope
from reports.types import columns
from treasury import standing


def build(scope: Scope, upto: int) -> list[Section]:
    """One section: accounts with opening, debits, credits and closing (debit less credit)."""
    found = standing.trial_balance(scope.starts_on, scope.ends_on, upto)
    rows = [
        (row.code, row.kind, row.opening_minor, row.debit_minor, row.credit_minor, row.closing_minor)
        for row in found
    ]
    debits = sum(row.debit_minor for row in found)
    credited = sum(row.credit_minor for row in found)
    opening = sum(row.opening_minor for row in found)
    closing = sum(row.closing_minor for row in found)
    base = settings.BASE_CURRENCY
    return [
        Section(
            key="accounts",
            title=_("Accounts"),
            columns=(
                Column("account", _("Account"), "text"),
                columns.account_kind(),
                columns.money("opening", _("Opening")),
                columns.money("debit", _("Debit")),
                columns.money("credit", _("Credit")),
                columns.money("closing", _("Closing")),
            ),
            rows=rows,
            totals=(None, None, opening, debits, credited, closing),
            note=_(
                "Opening and closing are debits less credits. Their totals, and debits less credits,"
                " are zero."
            ),
            facts=(
                Fact("accounts", _("Accounts"), "count", len(rows)),
                Fact("debits", _("Debits in the period"), "money", debits, base),
                Fact("credits", _("Credits in the period"), "money", credited, base),
                Fact("difference", _("Difference"), "money", debits - credited, base),
            ),
        )
    ]
