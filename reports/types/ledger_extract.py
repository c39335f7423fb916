"""The ledger: every transfer of a period, for tools of auditors. Holds are there too, marked as such."""

import uuid
from itertools import groupby
from typing import Any

from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from audit.models import Event
from cases.models import Case
from reports.measures import Parts, on_side
from reports.render.document import Column, Fact, Row, Section, Value
from reports.scope import Position, Scope
from reports.types import columns
from reports.types.funding_behind import account, during, side_of
from treasury import standing
from treasury.hledger import account_name
from treasury.kinds import POSTED, JournalKind, TransferKind
from treasury.models import Account, Transfer


def build(scope: Scope, position: Position) -> list[Section]:
    """Opening balances (of all funds together only), then every transfer in the order of the books."""
    names = {row.pk: account_name(row) for row in Account.objects.all()}
    transfers = _transfers(scope, position, names)
    return [transfers] if scope.fund_code else [_opening(scope, position), transfers]


def _opening(scope: Scope, position: Position) -> Section:
    by_code = {row.code: row for row in Account.objects.all()}
    found = standing.trial_balance(scope.starts_on, scope.ends_on, position.journal_number)
    rows: list[Row] = [
        (row.code, account_name(by_code[row.code]), by_code[row.code].currency, row.opening_minor)
        for row in found
        if row.opening_minor
    ]
    return Section(
        key="opening",
        title=_("Opening balances"),
        columns=(
            Column("code", pgettext("books", "Account"), "text"),
            Column("account", _("Place in the chart"), "text"),
            Column("currency", _("Currency"), "code"),
            Column("opening", _("Opening"), "money", currency_from="currency"),
        ),
        rows=rows,
        note=_("Debits less credits on the evening before the period; together they are zero."),
    )


def _within(scope: Scope, position: Position) -> Q:
    moved = during(scope, position)
    if scope.fund_code:
        side = side_of(scope.fund_code)
        moved &= Q(fund__code=scope.fund_code) | on_side(side, "debit") | on_side(side, "credit")
    return moved


_FIELDS = (
    "journal__number", "line", "journal__booked_on", "journal__kind", "kind", "debit_id", "credit_id",
    "currency", "amount_minor", "category", "fund__code", "batch__number", "case_id", "event",
)  # fmt: skip


def _transfers(scope: Scope, position: Position, names: dict[uuid.UUID, str]) -> Section:
    moved = Transfer.objects.filter(_within(scope, position)).order_by("journal__number", "line")
    event = Event.objects.filter(action_id=OuterRef("journal__action_id")).values("seq")[:1]
    cases = dict(Case.objects.values_list("pk", "reference"))
    found = moved.annotate(event=Subquery(event)).values_list(*_FIELDS)
    # The database gives each cell as an object of its own; a hundred thousand rows repeat few of them.
    shared: dict[Value, Value] = {}
    rows = [
        tuple(value if type(value) is int else shared.setdefault(value, value) for value in row)
        for row in (_row(each, names, cases) for each in found.iterator(chunk_size=5_000))
    ]
    posted = sum(int(str(row[8])) for row in rows if row[4] in POSTED)
    return Section(
        key="transfers",
        title=_("Transfers"),
        columns=_columns(),
        rows=rows,
        note=_("Held, posted and released sums of commitments are named in the column “State”."),
        facts=(
            Fact("transfers", _("Transfers"), "count", len(rows)),
            Fact("journals", _("Journals"), "count", sum(1 for _number in groupby(row[0] for row in rows))),
            columns.figure("posted", _("Posted in all"), posted),
        ),
    )


def _row(each: tuple[Any, ...], names: dict[uuid.UUID, str], cases: dict[uuid.UUID, str]) -> Row:
    number, line, day, kind, state, debit, credit, currency, minor, category, fund, batch, case, seq = each
    source = f"{fund}/{batch}" if fund and batch else None
    reference = cases.get(case, str(case)) if case else None
    head = (number, line, day, kind, state, names[debit], names[credit])
    return (*head, currency, minor, category, fund, source, reference, seq)


def _columns() -> tuple[Column, ...]:
    return (
        Column("journal", _("Journal"), "count"),
        Column("line", pgettext("of a list", "Line"), "count"),
        Column("booked_on", _("Booked on"), "date"),
        Column("event_kind", _("What"), "code", labels=columns.words(JournalKind)),
        Column("state", _("State"), "code", labels=columns.words(TransferKind)),
        Column("debit", _("Debit"), "text"),
        Column("credit", _("Credit"), "text"),
        Column("currency", _("Currency"), "code"),
        Column("amount", _("Amount"), "money", currency_from="currency"),
        columns.category(),
        Column("fund", _("Fund"), "text"),
        Column("batch", _("Batch"), "text"),
        Column("case", _("Case"), "text"),
        Column("event", _("Event"), "count"),
    )


def behind(scope: Scope, position: Position, section: Section, row: Row | None, key: str) -> Parts:
    """A line is its own transfer; the opening balance of an account is what was booked before."""
    if section.key == "opening" and key == "opening":
        accounts = Section("accounts", "", section.columns, ())
        return account(scope, position, accounts, row, "opening")
    if section.key == "transfers" and key == "amount" and row is not None:
        return [(Q(journal__number=row[0], line=row[1]), 1)]
    if section.key == "transfers" and key == "posted":
        return [(_within(scope, position) & Q(kind__in=POSTED), 1)]
    return []
