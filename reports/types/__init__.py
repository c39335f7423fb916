"""The kinds of report there are, by the name that pages, commands and the API use."""

from django.utils.translation import gettext_lazy as _

from reports.types import (
    case_costs,
    coverage,
    coverage_public,
    funding_behind,
    funding_statement,
    grant_behind,
    grant_form,
    grant_lines,
    grant_report,
    ledger_extract,
    trial_balance,
)
from reports.types.registry import ReportType, all_funds_only

TYPES = {
    kind.key: kind
    for kind in (
        ReportType(
            "funding-statement",
            _("Funding statement"),
            _(
                "What came in, what it was spent on and what is left, fund by fund, with income and"
                " expenditure and the reconciliation to the places where the money is."
            ),
            funding_statement.build,
            behind=funding_behind.statement,
            restates=True,
        ),
        ReportType(
            "trial-balance",
            _("Trial balance"),
            _("Every account of the books with its opening balance, its movements and its closing balance."),
            trial_balance.build,
            behind=funding_behind.account,
            check=all_funds_only,
            restates=True,
        ),
        ReportType(
            "grant-report",
            _("Grant report"),
            _("One grant in the funder's own lines: budget, spent, committed, remaining, and why it differs."),
            grant_report.build,
            behind=grant_behind.behind,
            check=grant_lines.needs_grant,
            form=grant_form.form,
            restates=True,
        ),
        ReportType(
            "case-costs",
            _("Case costs"),
            _("Budget, raised, drawn, committed and paid for each case, and what running costs took beside."),
            case_costs.build,
            behind=case_costs.behind,
            check=all_funds_only,
            restates=True,
        ),
        ReportType(
            "coverage",
            _("Coverage"),
            _("Known political trials, who defended in them, and how long it took until counsel was there."),
            coverage.build,
            check=all_funds_only,
        ),
        ReportType(
            "coverage-public",
            _("Coverage, for publication"),
            _("Known political trials and who defended in them, late and in round numbers, for everybody."),
            coverage_public.build,
            check=all_funds_only,
        ),
        ReportType(
            "ledger-extract",
            _("Ledger extract"),
            _("Every transfer of the books, for the tools of auditors."),
            ledger_extract.build,
            behind=ledger_extract.behind,
            restates=True,
            also_formats=("hledger",),
        ),
    )
}
