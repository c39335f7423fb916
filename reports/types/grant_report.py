"""The grant report: the funder's own lines against the books, in the funder's words and layout."""

import datetime

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from reports.measures import by_key
from reports.render.document import Column, Fact, Row, Section
from reports.scope import Position, Scope
from reports.types import columns
from reports.types.funding_behind import until
from reports.types.grant_lines import (
    NO_LINE,
    LineFigures,
    days_of,
    grant_of,
    home_of,
    instalments_of,
    lines_of,
    needs_words,
    spending,
)
from treasury import standing
from treasury.models import Grant


def build(scope: Scope, position: Position) -> list[Section]:
    """Lines, variances, the supplementary statement, eligibility. Raises NeedsGrant."""
    grant = grant_of(scope)
    lines = lines_of(grant, scope, position)
    return [
        _lines(lines, scope, position, grant),
        _variances(lines, grant),
        _supplementary(lines, scope, position, grant),
        _eligibility(lines, scope, position, grant),
    ]


def _title(line: LineFigures) -> str | None:
    return line.title or None


def _lines(lines: list[LineFigures], scope: Scope, position: Position, grant: Grant) -> Section:
    rows: list[Row] = [
        (
            line.number,
            _title(line),
            line.budget_minor,
            line.before_minor,
            line.period_minor,
            line.actual_minor,
            line.committed_minor,
            line.remaining_minor,
        )
        for line in lines
    ]
    sums = [columns.added(rows, index) for index in range(2, 8)]
    since = datetime.date.min
    booked = standing.fund_balances(since, scope.ends_on, position.journal_number, grant.fund)[0]
    apart = sums[3] - sum(booked.spending.values())
    return Section(
        key="lines",
        title=_("Budget lines"),
        columns=(
            Column("number", _("No."), "count"),
            Column("line", _("Line"), "text"),
            columns.money("budget", _("Budget")),
            columns.money("before", _("Spent before")),
            columns.money("period", _("Spent in the period")),
            columns.money("actual", _("Spent in all")),
            columns.money("committed", _("Committed")),
            columns.money("remaining", _("Remaining")),
        ),
        rows=rows,
        totals=(None, None, *sums),
        note=_("Line 0, where there is one, is spending that no line of the agreement covers."),
        facts=(
            columns.figure("budget", _("Budget"), sums[0]),
            columns.figure("actual", _("Spent in all"), sums[3]),
            columns.figure("committed", _("Committed"), sums[4]),
            columns.figure("remaining", _("Remaining"), sums[5]),
            columns.figure("period", _("Spent in the period"), sums[2]),
            columns.figure("lines_less_books", _("Lines less books"), apart),
        ),
        bars=tuple(columns.bar(f"line-{line.number}", _bar_words(line), line.actual_minor) for line in lines),
    )


def _bar_words(line: LineFigures) -> str:
    if not line.budget_minor:
        return _("Outside all lines")
    percent = 100 * line.actual_minor // line.budget_minor
    return _("%(number)s. %(title)s: %(percent)s %%") % {
        "number": line.number,
        "title": line.title,
        "percent": percent,
    }


def _variances(lines: list[LineFigures], grant: Grant) -> Section:
    rows: list[Row] = []
    for line in lines:
        needed = "yes" if needs_words(line, grant) else "no"
        state = "given" if needed == "yes" and line.explanation else needed
        figures = (line.planned_minor, line.actual_minor, line.variance_minor, line.percent)
        rows.append((line.number, _title(line), *figures, state, line.explanation or None))
    missing = sum(row[6] == "yes" for row in rows)
    return Section(
        key="variances",
        title=_("Variances and their explanation"),
        columns=(
            Column("number", _("No."), "count"),
            Column("line", _("Line"), "text"),
            columns.money("planned", _("Planned to date")),
            columns.money("actual", _("Spent in all")),
            columns.money("variance", _("Variance")),
            Column("percent", _("Percent of the plan"), "count"),
            Column("state", _("Explanation"), "code", labels=_states()),
            Column("explanation", _("In words"), "text"),
        ),
        rows=rows,
        totals=(None, None, *(columns.added(rows, index) for index in (2, 3, 4)), None, None, None),
        note=_("The plan spreads each line evenly over the days of the agreement."),
        facts=(Fact("unexplained", _("Explanations missing"), "count", missing),),
    )


def _states() -> dict[str, str]:
    return {"no": _("Not needed"), "yes": _("Missing"), "given": _("Given")}


def _supplementary(lines: list[LineFigures], scope: Scope, position: Position, grant: Grant) -> Section:
    fund = standing.fund_balances(scope.starts_on, scope.ends_on, position.journal_number, grant.fund)[0]
    rows: list[Row] = [("opening", None, None, fund.opening_minor, None)]
    received = 0
    for one in instalments_of(grant, position):
        due = one["amount_minor"] if scope.starts_on <= one["due_on"] <= scope.ends_on else 0
        day = one["received_on"]
        came = one["received_minor"] if day and scope.starts_on <= day <= scope.ends_on else 0
        if due or came:
            rows.append(("income", str(one["number"]), due, came, came - due))
            received += came
    if rest := sum(fund.receipts.values()) - received:
        rows.append(("other-income", None, None, rest, None))
    for line in lines:
        planned = line.planned_minor - line.planned_before_minor
        words = _title(line)
        rows.append(("expenditure", words, planned, line.period_minor, line.period_minor - planned))
    rows.append(("closing", None, None, fund.closing_minor, None))
    rows.append(("committed", None, None, fund.committed_minor, None))
    rows.append(("free", None, None, fund.free_minor, None))
    spent = sum(line.period_minor for line in lines)
    result = fund.opening_minor + sum(fund.receipts.values()) - spent - fund.closing_minor
    indirect = sum(line.actual_minor for line in lines) * grant.indirect_basis_points // 10_000
    return Section(
        key="supplementary",
        title=_("Supplementary statement"),
        columns=(
            Column("part", _("Part"), "code", labels=_parts()),
            Column("item", _("Item"), "text"),
            columns.money("agreed", _("Agreed")),
            columns.money("actual", _("Actual")),
            columns.money("variance", _("Variance")),
        ),
        rows=rows,
        note=_(
            "In the order of INPAS: what there was, what came, what it was spent on, what is left, and what"
            " of that is committed. Agreed spending is the plan's share for the days of the period."
        ),
        facts=(
            columns.figure("supplementary_difference", _("Statement less books"), result),
            columns.figure("indirect", _("Indirect costs the agreement allows"), indirect),
        ),
    )


def _parts() -> dict[str, str]:
    return {
        "opening": _("Opening balance"),
        "income": _("Income: instalment"),
        "other-income": _("Other income"),
        "expenditure": _("Expenditure"),
        "closing": _("Closing balance"),
        "committed": _("of it committed"),
        "free": _("of it free"),
    }


def _eligibility(lines: list[LineFigures], scope: Scope, position: Position, grant: Grant) -> Section:
    home = home_of(lines)
    rows: list[Row] = []
    for days in ("inside", "outside"):
        moved = until(scope, position) & days_of(grant, days)
        for category, minor in sorted(by_key(spending(grant, moved), "category").items()):
            line = home.get(category)
            state = "no-line" if line is None else ("eligible" if days == "inside" else "outside")
            if minor:
                rows.append((category, line.number if line else NO_LINE, days, state, minor))
    wrong = sum(int(str(row[4])) for row in rows if row[3] != "eligible")
    return Section(
        key="eligibility",
        title=_("Eligible costs"),
        columns=(
            columns.category(),
            Column("number", pgettext("of a list", "Line"), "count"),
            Column("days", _("Days of the agreement"), "code", labels=_days_words()),
            Column("state", _("State"), "code", labels=_eligible_words()),
            columns.money("amount", _("Amount")),
        ),
        rows=rows,
        totals=(None, None, None, None, columns.added(rows, 4)),
        facts=(columns.figure("not_eligible", _("Not eligible"), wrong),),
    )


def _days_words() -> dict[str, str]:
    return {"inside": _("Inside"), "outside": _("Outside")}


def _eligible_words() -> dict[str, str]:
    return {
        "eligible": _("Eligible"),
        "no-line": _("In no line of the agreement"),
        "outside": _("Outside the days of the agreement"),
    }
