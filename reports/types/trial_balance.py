"""The trial balance: the chart of accounts, and columns that add up to nothing."""

from collections import defaultdict

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from reports.render.document import Column, Fact, Row, Section
from reports.scope import Position, Scope
from reports.types import columns
from treasury import standing
from treasury.kinds import NET_ASSETS, TRACED, AccountKind
from treasury.standing import TrialRow

# The classes of the chart, in the order of a balance sheet and an income statement.
_CLASSES: dict[str, tuple[AccountKind, ...]] = {
    "net-assets": NET_ASSETS,
    "income": (AccountKind.INCOME, AccountKind.REFUNDS),
    "expense": (
        AccountKind.PROGRAMME,
        AccountKind.STAFF,
        AccountKind.OFFICE,
        AccountKind.FEES,
        AccountKind.FX,
    ),
    "funds": (*TRACED, AccountKind.UNCOVERED),
}
_NAMED = {kind for kinds in _CLASSES.values() for kind in kinds}
# Everything else is the other side of something above, or a limit: ceilings, lines of grants.
_CLASSES["control"] = tuple(kind for kind in AccountKind if kind not in _NAMED)
_CLASS_OF = {kind: name for name, kinds in _CLASSES.items() for kind in kinds}


def kinds_of(name: str) -> list[str]:
    """The kinds of account that make a class of the chart."""
    return [kind.value for kind in _CLASSES[name]]


def build(scope: Scope, position: Position) -> list[Section]:
    """Classes, then every account, with opening, debits, credits and closing (debit less credit)."""
    found = standing.trial_balance(scope.starts_on, scope.ends_on, position.journal_number)
    return [_classes(found), _accounts(found)]


def _classes(found: list[TrialRow]) -> Section:
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0, 0])
    for row in found:
        into = sums[_CLASS_OF[AccountKind(row.kind)]]
        figures = (1, row.opening_minor, row.debit_minor, row.credit_minor, row.closing_minor)
        for index, figure in enumerate(figures):
            into[index] += figure
    rows: list[Row] = [(name, *sums[name]) for name in _CLASSES if name in sums]
    labels = _class_words()
    return Section(
        key="classes",
        title=_("Chart of accounts"),
        columns=(
            Column("class", _("Class"), "code", labels=labels),
            Column("accounts", _("Accounts"), "count"),
            *_figures(),
        ),
        rows=rows,
        totals=(None, len(found), *(columns.added(rows, index) for index in range(2, 6))),
        note=_(
            "Each payment moves a place where money is and an expense; beside them the fund and the"
            " ceiling it counts against, each with a control account that takes the other side."
        ),
        bars=tuple(columns.bar(str(row[0]), labels[str(row[0])], int(str(row[5]))) for row in rows if row[5]),
    )


def _accounts(found: list[TrialRow]) -> Section:
    ordered = sorted(
        found, key=lambda row: (list(_CLASSES).index(_CLASS_OF[AccountKind(row.kind)]), row.code)
    )
    rows: list[Row] = [
        (
            row.code,
            _CLASS_OF[AccountKind(row.kind)],
            row.kind,
            row.opening_minor,
            row.debit_minor,
            row.credit_minor,
            row.closing_minor,
        )
        for row in ordered
    ]
    opening, debits, credited, closing = (columns.added(rows, index) for index in range(3, 7))
    return Section(
        key="accounts",
        title=_("Accounts"),
        columns=(
            Column("account", pgettext("books", "Account"), "text"),
            Column("class", _("Class"), "code", labels=_class_words()),
            columns.account_kind(),
            *_figures(),
        ),
        rows=rows,
        totals=(None, None, None, opening, debits, credited, closing),
        note=_(
            "Opening and closing are debits less credits. Their totals, and debits less credits, are zero."
        ),
        facts=(
            Fact("accounts", _("Accounts"), "count", len(rows)),
            columns.figure("debits", _("Debits in the period"), debits),
            columns.figure("credits", _("Credits in the period"), credited),
            columns.figure("difference", _("Difference"), debits - credited),
        ),
    )


def _figures() -> tuple[Column, ...]:
    return (
        columns.money("opening", _("Opening")),
        columns.money("debit", _("Debit")),
        columns.money("credit", _("Credit")),
        columns.money("closing", _("Closing")),
    )


def _class_words() -> dict[str, str]:
    return {
        "net-assets": _("Where the money is"),
        "income": _("Income"),
        "expense": _("Expense"),
        "funds": _("Funds"),
        "control": _("Limits and control accounts"),
    }
