"""The kinds of report there are, by the name that pages, commands and the API use."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reports.render.document import Section
from reports.scope import Scope
from reports.types import funding_statement, trial_balance

# The sections of a report for a scope, from journals up to a number.
Build = Callable[[Scope, int], list[Section]]


@dataclass(frozen=True)
class ReportType:
    """``title`` and ``description`` are for readers; ``build`` makes the rows."""

    key: str
    title: str | Promise
    description: str | Promise
    build: Build


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
        ),
        ReportType(
            "trial-balance",
            _("Trial balance"),
            _("Every account of the books with its opening balance, its movements and its closing balance."),
            trial_balance.build,
        ),
    )
}
