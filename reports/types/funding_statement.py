"""The funding statement: funds, where their money came from and went, and where it lies."""

from collections import defaultdict

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from reports.render.document import Bar, Column, Fact, Row, Section
from reports.scope import Position, Scope
from reports.types import columns, reconciling
from reports.types.funding_behind import EXPENSES
from treasury import standing
from treasury.kinds import NET_ASSETS, AccountKind
from treasury.standing import FundRow, TrialRow

_INCOME = (AccountKind.INCOME,)


def build(scope: Scope, position: Position) -> list[Section]:
    """Funds, receipts and spending; for all funds together also income, expenditure and reconciliation."""
    upto = position.journal_number
    funds = standing.fund_balances(scope.starts_on, scope.ends_on, upto, scope.fund())
    funds = sorted((row for row in funds if _is_alive(row)), key=lambda row: row.fund.code)
    sections = [_funds(funds), _receipts(funds), _spending(funds)]
    if not scope.fund_code:
        accounts = standing.trial_balance(scope.starts_on, scope.ends_on, upto)
        sections += [_income_and_expenditure(accounts), _places(accounts, funds)]
        sections += reconciling.sections(scope, position)
    return sections


def _is_alive(row: FundRow) -> bool:
    return bool(row.opening_minor or row.receipts or row.spending or row.committed_minor)


def _funds(funds: list[FundRow]) -> Section:
    rows = [_fund_row(row) for row in funds]
    totals = tuple(_added(rows, index) for index in range(2, 8))
    base = settings.BASE_CURRENCY
    labels = [_("Opening"), _("Received"), _("Spent"), _("Closing"), _("Committed"), _("Free")]
    keys = ["opening", "received", "spent", "closing", "committed", "free"]
    return Section(
        key="funds",
        title=_("Funds"),
        columns=(
            columns.fund(),
            columns.fund_name(),
            *(columns.money(key, label) for key, label in zip(keys, labels, strict=True)),
        ),
        rows=rows,
        totals=(None, None, *totals),
        note=_(
            "Committed money is agreed but not yet paid. It is still in the fund and can be spent on"
            " nothing else."
        ),
        facts=tuple(
            Fact(key, label, "money", total, base)
            for key, label, total in zip(keys, labels, totals, strict=True)
        ),
        bars=tuple(Bar(row.fund.code, row.fund.name, row.closing_minor, base) for row in funds),
    )


def _fund_row(row: FundRow) -> Row:
    return (
        row.fund.code,
        row.fund.name,
        row.opening_minor,
        sum(row.receipts.values()),
        sum(row.spending.values()),
        row.closing_minor,
        row.committed_minor,
        row.free_minor,
    )


def _receipts(funds: list[FundRow]) -> Section:
    rows = [
        (row.fund.code, row.fund.name, category, amount)
        for row in funds
        for category, amount in sorted(row.receipts.items())
        if amount
    ]
    return _by_category("receipts", _("Receipts by source"), rows)


def _spending(funds: list[FundRow]) -> Section:
    rows = [
        (row.fund.code, row.fund.name, category, amount)
        for row in funds
        for category, amount in sorted(row.spending.items())
        if amount
    ]
    return _by_category("spending", _("Spending by category"), rows)


def _by_category(key: str, title: str, rows: list[tuple[str, str, str, int]]) -> Section:
    sums: dict[str, int] = defaultdict(int)
    for _code, _name, category, amount in rows:
        sums[category] += amount
    column = columns.category()
    base = settings.BASE_CURRENCY
    return Section(
        key=key,
        title=title,
        columns=(columns.fund(), columns.fund_name(), column, columns.money("amount", _("Amount"))),
        rows=rows,
        totals=(None, None, None, sum(sums.values())),
        bars=tuple(
            Bar(category, column.labels.get(category, category), amount, base)
            for category, amount in sorted(sums.items(), key=lambda item: (-item[1], item[0]))
        ),
    )


def _income_and_expenditure(accounts: list[TrialRow]) -> Section:
    rows: list[Row] = []
    for side, kinds, sign in (("income", _INCOME, -1), ("expenditure", EXPENSES, 1)):
        for account in accounts:
            moved = sign * (account.debit_minor - account.credit_minor)
            if account.kind in kinds and moved:
                rows.append((side, account.code, account.kind, moved))
    income = sum(int(str(row[3])) for row in rows if row[0] == "income")
    spent = sum(int(str(row[3])) for row in rows if row[0] == "expenditure")
    base = settings.BASE_CURRENCY
    sides = {"income": _("Income"), "expenditure": _("Expenditure")}
    return Section(
        key="income-and-expenditure",
        title=_("Income and expenditure"),
        columns=(
            Column("side", _("Side"), "code", labels=sides),
            Column("account", pgettext("books", "Account"), "text"),
            columns.account_kind(),
            columns.money("amount", _("Amount")),
        ),
        rows=rows,
        facts=(
            Fact("income", _("Income"), "money", income, base),
            Fact("expenditure", _("Expenditure"), "money", spent, base),
            Fact("result", _("Result of the period"), "money", income - spent, base),
        ),
        note=_("Income comes first, then what it was spent on. The result is income less expenditure."),
    )


def _places(accounts: list[TrialRow], funds: list[FundRow]) -> Section:
    places = [(row.code, row.kind, row.closing_minor) for row in accounts if row.kind in NET_ASSETS]
    uncovered = sum(row.closing_minor for row in accounts if row.kind == AccountKind.UNCOVERED)
    held = sum(amount for _code, _kind, amount in places)
    in_funds = sum(row.closing_minor for row in funds)
    base = settings.BASE_CURRENCY
    return Section(
        key="places",
        title=_("Where the money is"),
        columns=(
            Column("account", pgettext("books", "Account"), "text"),
            columns.account_kind(),
            columns.money("closing", _("Closing")),
        ),
        rows=places,
        totals=(None, None, held),
        note=_("What lies in these places is what the funds hold, less losses that no fund has covered yet."),
        facts=(
            Fact("places", _("In banks, clearing and advances"), "money", held, base),
            Fact("funds", _("In the funds, less losses not covered"), "money", in_funds - uncovered, base),
            Fact("difference", _("Difference"), "money", held - (in_funds - uncovered), base),
        ),
    )


def _added(rows: list[Row], index: int) -> int:
    return sum(int(str(row[index])) for row in rows)
