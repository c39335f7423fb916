"""What a line of the bank books where no other action does: gifts, other income, transfers, suspense."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from audit.actions import DomainError, touch
from audit.actors import Actor
from treasury import batches, books, chart
from treasury.bank.models import MatchKind
from treasury.books import Entry
from treasury.kinds import AccountKind, Category, JournalKind
from treasury.models import Account, Fund, Journal


class FundMissing(DomainError):
    """Money that comes in for good belongs to a fund."""

    code = "fund-missing"
    message = _("Choose the fund this money is for.")


class OnlyIncoming(DomainError):
    """A gift or income cannot leave the account."""

    code = "only-incoming"
    message = _("Money that left cannot be a gift or an income. Book it as a cost, or as returned.")


class NotByHand(DomainError):
    """Payments, payouts and the like are matched, not booked from the line alone."""

    code = "not-by-hand"
    message = _("Choose what this line belongs to from the list of claims, payouts and instalments.")


@dataclass(frozen=True)
class Wanted:
    """One booking: where from, on which bank account of the chart, signed amount, day, sealed words, fund."""

    source_id: str
    bank: str
    amount_minor: int
    on: datetime.date
    note: str = ""
    fund: Fund | None = None


def book(kind: MatchKind, wanted: Wanted, *, by: Actor, at: datetime.datetime) -> Journal:
    """Write the journal. Raises FundMissing, OnlyIncoming, NotByHand, PeriodClosed."""
    made = _MADE.get(kind)
    if made is None:
        raise NotByHand()
    journal_kind, prefix, entries = made(wanted)
    key = f"{prefix}:{wanted.source_id}"
    return books.write(journal_kind, key, entries, by=by, at=at, on=wanted.on, note=wanted.note)


Made = tuple[JournalKind, str, list[Entry]]


def _gift(wanted: Wanted) -> Made:
    return JournalKind.GIFT, "gift", _income(wanted, "gifts", Category.GIFT)


def _other_income(wanted: Wanted) -> Made:
    return JournalKind.OTHER_INCOME, "income", _income(wanted, "other", Category.OTHER_INCOME)


def _income(wanted: Wanted, name: str, category: Category) -> list[Entry]:
    fund = wanted.fund
    if wanted.amount_minor < 0:
        raise OnlyIncoming()
    if fund is None:
        raise FundMissing()
    return income_entries(
        chart.bank(wanted.bank), fund, wanted.amount_minor, category=category, name=name, on=wanted.on
    )


def income_entries(
    to: Account, fund: Fund, amount_minor: int, *, category: Category, name: str, on: datetime.date
) -> list[Entry]:
    """Money that arrives on an account for a fund and joins the batch of these days."""
    batch = batches.gifts_batch(fund, on=on)
    source, control = chart.account(AccountKind.INCOME, name), chart.funds_control()
    touch(fund.id)
    return [
        Entry(to, source, amount_minor, category, fund=fund, batch=batch),
        Entry(control, chart.fund(fund), amount_minor, category, fund=fund, batch=batch),
    ]


def _suspense(wanted: Wanted) -> Made:
    other = chart.account(AccountKind.SUSPENSE)
    return JournalKind.SUSPENSE, "held", [_between(wanted, other, Category.SUSPENSE)]


def _transfer(wanted: Wanted) -> Made:
    entry = _between(wanted, chart.bank("in-transit"), Category.OWN_TRANSFER)
    return JournalKind.OWN_TRANSFER, "own", [entry]


def _cash(wanted: Wanted) -> Made:
    entry = _between(wanted, chart.account(AccountKind.CASH), Category.OWN_TRANSFER)
    return JournalKind.OWN_TRANSFER, "cash", [entry]


def _between(wanted: Wanted, other: Account, category: Category) -> Entry:
    bank = chart.bank(wanted.bank)
    debit, credit = (bank, other) if wanted.amount_minor > 0 else (other, bank)
    return Entry(debit, credit, abs(wanted.amount_minor), category)


_MADE: dict[MatchKind, Callable[[Wanted], Made]] = {
    MatchKind.GIFT: _gift,
    MatchKind.INCOME: _other_income,
    MatchKind.SUSPENSE: _suspense,
    MatchKind.TRANSFER: _transfer,
    MatchKind.CASH: _cash,
}
