"""The kinds of report there are, by the name that pages, commands and the API use."""

from django.utils.translation import gettext_lazy as _

from donations.published import ROUND_TO_MINOR
from reports.audit_pack.build import AUDIT_PACK
from reports.types import (
    case_costs,
    coverage,
    coverage_public,
    donor_letter,
    donor_retold,
    funding_behind,
    funding_statement,
    grant_behind,
    grant_form,
    grant_lines,
    grant_report,
    ledger_extract,
    trial_balance,
)
from reports.types.registry import ReportType, all_funds_only, keys

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
            traced=keys(
                funds="opening received spent closing committed free",
                funds_facts="opening received spent closing committed free",
                receipts="amount",
                spending="amount",
                income_and_expenditure="amount",
                income_and_expenditure_facts="income expenditure result",
                places="closing",
                places_facts="places funds",
            ),
            restates=True,
        ),
        ReportType(
            "trial-balance",
            _("Trial balance"),
            _("Every account of the books with its opening balance, its movements and its closing balance."),
            trial_balance.build,
            behind=funding_behind.account,
            traced=keys(
                classes="opening debit credit closing",
                accounts="opening debit credit closing",
                accounts_facts="debits credits",
            ),
            check=all_funds_only,
            restates=True,
        ),
        ReportType(
            "grant-report",
            _("Grant report"),
            _("One grant in the funder's own lines: budget, spent, committed, left, and why it differs."),
            grant_report.build,
            behind=grant_behind.behind,
            traced=keys(
                lines="before period actual committed",
                lines_facts="period actual committed",
                variances="actual",
                supplementary="actual",
                eligibility="amount",
            ),
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
            traced=keys(
                cases="budget raised drawn committed paid period",
                cases_facts="budget committed paid period",
                running="amount",
                together="amount",
                together_facts="together bank",
            ),
            check=all_funds_only,
            restates=True,
        ),
        ReportType(
            "donor-letter",
            _("Letter to donors"),
            _("What givers gave to a fund and what it was used for, in batches, late and in round figures."),
            donor_letter.build,
            behind=donor_letter.behind,
            traced=keys(batches="amount", uses="amount"),
            restates=True,
            retold=donor_retold.section,
            rounds_to=ROUND_TO_MINOR,
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
            traced=keys(opening="opening", transfers="amount", transfers_facts="posted"),
            restates=True,
            also_formats=("hledger",),
        ),
        AUDIT_PACK,
    )
}


def title_of(key: str) -> str:
    """How a type of report is called; its key, if there is none any more."""
    return str(TYPES[key].title) if key in TYPES else key
