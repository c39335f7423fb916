"""The sheet of a grant report that a funder puts into its own books, in its own layout."""

import datetime

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from reports.render.document import FunderForm
from reports.render.figures import long_day, money
from reports.scope import Position, Scope
from reports.types.grant_lines import grant_of, instalments_of

_LINES = ("number", "line", "budget", "before", "period", "actual", "committed", "remaining")
_VARIANCES = ("number", "line", "planned", "actual", "variance", "percent", "explanation")


def form(scope: Scope, position: Position) -> FunderForm:
    """Who agreed on what above, the lines and the variances, room to sign below."""
    grant, language, base = grant_of(scope), get_language() or "en", str(settings.BASE_CURRENCY)
    received = sum(
        row["received_minor"]
        for row in instalments_of(grant, position)
        if row["received_on"] and row["received_on"] <= scope.ends_on
    )
    return FunderForm(
        title=_("Financial report to the funder"),
        above=(
            (_("Funder"), grant.funder),
            (_("Agreement"), grant.agreement_ref),
            (_("Project"), grant.fund.name),
            (_("Period of the agreement"), _days(grant.starts_on, grant.ends_on, language)),
            (_("Period of the report"), _days(scope.starts_on, scope.ends_on, language)),
            (_("Agreed amount"), money(grant.amount_minor, base, language)),
            (_("Received so far"), money(received, base, language)),
        ),
        tables=(("lines", _LINES), ("variances", _VARIANCES)),
        below=(
            _("The figures agree with the books of the organisation at the log position of this report."),
            _("Treasurer: date, signature"),
            _("Second officer: date, signature"),
        ),
    )


def _days(starts: datetime.date, ends: datetime.date, language: str) -> str:
    return f"{long_day(starts, language)} – {long_day(ends, language)}"
