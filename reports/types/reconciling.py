"""The books beside what others say: the bank's statements, and the balance of the payment company.

Everything is taken as it was known at the position of the log, so it can be computed again later.
"""

import datetime
import uuid
from dataclasses import dataclass, field

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from donations.laws import TAKEN_OVER
from donations.models import Fact as Learnt
from donations.models import Movement
from reports.known import versions_at, written_by
from reports.measures import by_key, gained, negative, total
from reports.render.document import Column, Row, Section
from reports.scope import Position, Scope
from reports.types import columns
from treasury import chart
from treasury.bank.models import Match
from treasury.models import BankAccount, BankLine, BankStatement, Journal
from treasury.standing import within

_CLEARING = "clearing:stripe"
# How the journal of each kind of balance transaction is called (donations books them under these keys).
_GIFT_KEYS = {
    Learnt.Kind.SETTLED: "gift:",
    Learnt.Kind.REFUNDED: "refund:",
    Learnt.Kind.DISPUTE_TAKEN: "dispute:",
    Learnt.Kind.REFUND_RETURNED: "returned:",
    Learnt.Kind.DISPUTE_RETURNED: "returned:",
}
_MOVEMENT_KEYS = {
    Movement.BookedAs.PAYOUT: "payout-sent:",
    Movement.BookedAs.PAYOUT_FAILED: "payout-failed:",
    Movement.BookedAs.FEE: "processor:",
    Movement.BookedAs.SUSPENSE: "suspense:",
}


def sections(scope: Scope, position: Position) -> list[Section]:
    """Two sections: bank accounts, and the payment company by kind of transaction."""
    return [_bank(scope, position), _processor(scope, position)]


def _bank(scope: Scope, position: Position) -> Section:
    accounts = versions_at(BankAccount, position.log_size, "code", "currency")
    rows = [
        _of_account(account["id"], account["code"], scope, position)
        for account in sorted(accounts, key=lambda row: str(row["code"]))
        if account["code"] and account["currency"] == chart.base_currency()
    ]
    difference, unexplained = columns.added(rows, 4), columns.added(rows, 8)
    return Section(
        key="bank",
        title=_("Reconciliation to the bank"),
        columns=(
            Column("account", pgettext("books", "Account"), "text"),
            Column("statement_on", _("Statement of"), "date"),
            columns.money("statement", _("Statement")),
            columns.money("books", _("Books")),
            columns.money("difference", _("Difference")),
            columns.money("open", _("On a statement, not in the books")),
            columns.money("unseen", _("In the books, on no statement yet")),
            columns.money("start", _("Before the first statement")),
            columns.money("unexplained", _("Unexplained")),
        ),
        rows=rows,
        totals=(None, None, *(columns.added(rows, index) for index in range(2, 9))),
        note=_("Difference = on a statement only − in the books only + before the first statement."),
        facts=(
            columns.figure("bank_difference", _("Bank: statements less books"), difference),
            columns.figure("bank_unexplained", _("Bank: unexplained"), unexplained),
        ),
    )


def _of_account(account_id: uuid.UUID, code: str, scope: Scope, position: Position) -> Row:
    name, end = f"bank:{code}", scope.ends_on
    books_minor = total(negative(gained(within(position.journal_number, ends_on=end), side=Q(code=name))))
    statements = [
        row
        for row in written_by(
            BankStatement.objects.filter(account=account_id, closing_on__lte=end), position.log_size
        ).order_by("closing_on", "imported_at", "opening_on")
        if row.closing_minor is not None
    ]
    if not statements:
        return (name, None, None, books_minor, -books_minor, 0, 0, 0, -books_minor)
    first, last = statements[0], statements[-1]
    lines = dict(
        written_by(
            BankLine.objects.filter(account=account_id, booked_on__lte=last.closing_on), position.log_size
        ).values_list("pk", "amount_minor")
    )
    begins = first.opening_on or first.closing_on
    moved = _journals(name, end, position)
    matched = _matched(lines, moved, position)
    open_minor = sum(lines.values()) - sum(matched.values())
    left = {key: net for key, net in moved.items() if key not in matched}
    booked = dict(Journal.objects.filter(pk__in=list(left)).values_list("pk", "booked_on"))
    unseen = sum(net for key, net in left.items() if booked[key] >= begins)
    start = (first.opening_minor or 0) - (sum(left.values()) - unseen)
    closing = last.closing_minor or 0
    difference = closing - books_minor
    unexplained = difference - open_minor + unseen - start
    return (
        name,
        last.closing_on,
        closing,
        books_minor,
        difference,
        open_minor,
        unseen,
        start,
        unexplained,
    )


def _journals(name: str, end: datetime.date, position: Position) -> dict[uuid.UUID, int]:
    """What each journal did to the account of the books."""
    moved = negative(gained(within(position.journal_number, ends_on=end), side=Q(code=name)))
    return by_key(moved, "journal_id")


def _matched(
    lines: dict[uuid.UUID, int], moved: dict[uuid.UUID, int], position: Position
) -> dict[uuid.UUID, int]:
    """Journals that a line shows, with what the line says of them."""
    rows = versions_at(Match, position.log_size, "line_id", "journal_id", "amount_minor", "undone_at")
    return {
        row["journal_id"]: row["amount_minor"]
        for row in rows
        if row["undone_at"] is None and row["line_id"] in lines and row["journal_id"] in moved
    }


@dataclass
class _Cleared:
    """The clearing account by the keys of its journals: what it holds at the end, and what comes later."""

    ends_on: datetime.date
    nets: dict[str, int] = field(default_factory=dict)
    later: set[str] = field(default_factory=set)

    @classmethod
    def at(cls, scope: Scope, position: Position) -> "_Cleared":
        side = Q(code=_CLEARING)
        number = position.journal_number
        nets = by_key(negative(gained(within(number, ends_on=scope.ends_on), side=side)), "journal__key")
        after = within(number, scope.ends_on + datetime.timedelta(days=1))
        return cls(scope.ends_on, nets, set(by_key(gained(after, side=side), "journal__key")))

    def compare(self, items: list[tuple[str, int, datetime.datetime]]) -> tuple[int, int, int]:
        """How many transactions, their net at the company, and what the books have of them."""
        count = theirs = ours = 0
        for key, net, moment in items:
            if key in self.nets:
                ours += self.nets.pop(key)
            elif key in self.later or moment.date() > self.ends_on:
                continue
            count, theirs = count + 1, theirs + net
        return count, theirs, ours


def _processor(scope: Scope, position: Position) -> Section:
    cleared = _Cleared.at(scope, position)
    rows: list[Row] = []
    for code, items in _transactions(position):
        count, theirs, ours = cleared.compare(items)
        if count:
            rows.append((code, count, theirs, ours, theirs - ours))
    if rest := sum(cleared.nets.values()):
        rows.append(("books-only", len(cleared.nets), 0, rest, -rest))
    sums = tuple(columns.added(rows, index) for index in range(1, 5))
    return Section(
        key="processor",
        title=_("Reconciliation to Stripe"),
        columns=(
            Column("movement", _("Movement"), "code", labels=_movements()),
            Column("transactions", _("Transactions"), "count"),
            columns.money("processor", _("Stripe")),
            columns.money("books", _("Books")),
            columns.money("difference", _("Difference")),
        ),
        rows=rows,
        totals=(None, *sums),
        note=_("Each balance transaction beside its journal. The totals are what Stripe holds for us."),
        facts=(columns.figure("processor_difference", _("Stripe: balance less books"), sums[3]),),
    )


def _transactions(position: Position) -> list[tuple[str, list[tuple[str, int, datetime.datetime]]]]:
    found = []
    for kind, begin in _GIFT_KEYS.items():
        facts = Learnt.objects.filter(kind=kind).exclude(object_id__startswith=TAKEN_OVER)
        rows = written_by(facts, position.log_size).values_list("object_id", "net_minor", "recorded_at")
        found.append((str(kind), [(f"{begin}{key}", net or 0, at) for key, net, at in rows]))
    for booked_as, begin in _MOVEMENT_KEYS.items():
        paid = booked_as in (Movement.BookedAs.PAYOUT, Movement.BookedAs.PAYOUT_FAILED)
        names = ("source_id", "gross_minor") if paid else ("id", "net_minor")
        moved = written_by(Movement.objects.filter(booked_as=booked_as), position.log_size)
        items = [(f"{begin}{key}", int(net), at) for key, net, at in moved.values_list(*names, "created_at")]
        found.append((str(booked_as), items))
    return found


def _movements() -> dict[str, str]:
    return {
        "settled": _("Gifts"),
        "refunded": _("Refunds"),
        "dispute-taken": _("Disputes"),
        "refund-returned": _("Refunds that came back"),
        "dispute-returned": _("Disputes that came back"),
        "payout": _("Payouts"),
        "payout-failed": _("Payouts that came back"),
        "fee": _("Fees"),
        "suspense": _("To be decided"),
        "books-only": _("In the books only"),
    }
