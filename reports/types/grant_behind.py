"""The transfers behind the figures of a grant report."""

from django.db.models import Q

from reports.measures import Parts, gained, reserved
from reports.render.document import Row, Section
from reports.scope import Position, Scope
from reports.types.funding_behind import RECEIPTS, before, during, fund_figure, until
from reports.types.grant_lines import (
    NO_LINE,
    account_of,
    days_of,
    grant_of,
    holding,
    home_of,
    lines_of,
    spending,
)
from treasury.models import Grant

_DAYS = {"before": before, "period": during, "actual": until}


def behind(scope: Scope, position: Position, section: Section, row: Row | None, key: str) -> Parts:
    """A figure of the lines, of eligibility or of the supplementary statement."""
    grant = grant_of(scope)
    if section.key in ("lines", "variances"):
        return _line(scope, position, grant, row, key)
    if section.key == "eligibility" and key == "amount":
        moved = until(scope, position)
        if row is not None:
            moved &= Q(category=row[0]) & days_of(grant, str(row[2]))
        return spending(grant, moved)
    if section.key == "supplementary" and key == "actual" and row is not None:
        return _part(scope, position, grant, row)
    return []


def _line(scope: Scope, position: Position, grant: Grant, row: Row | None, key: str) -> Parts:
    home = home_of(lines_of(grant, scope, position))
    among = Q()
    if row is not None:
        own = [category for category, line in home.items() if line.number == row[0]]
        among = ~Q(category__in=list(home)) if row[0] == NO_LINE else Q(category__in=own)
    if key in _DAYS:
        return spending(grant, _DAYS[key](scope, position) & among)
    if key == "committed":
        return reserved(until(scope, position) & among, holding(grant))
    return []


def _part(scope: Scope, position: Position, grant: Grant, row: Row) -> Parts:
    part = str(row[0])
    if part in ("opening", "closing", "committed", "free"):
        return fund_figure(scope, position, grant.fund.code, part)
    if part == "expenditure":
        named = [one.number for one in lines_of(grant, scope, position) if (one.title or None) == row[1]]
        return _line(scope, position, grant, (named[0],), "period") if named else []
    moved = during(scope, position) & Q(category__in=RECEIPTS)
    if part == "income":
        one = Q(journal__instalment__grant=grant, journal__instalment__number=int(str(row[1])))
        return gained(moved & one, side=account_of(grant))
    return gained(moved & Q(journal__instalment__isnull=True), side=account_of(grant))
