"""Opening funds, and what they held when the books began."""

import datetime
import uuid
from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from audit.actions import DomainError, action, fact, touch
from audit.actors import Actor
from treasury import batches, books, chart, eligible
from treasury.books import Entry
from treasury.kinds import AccountKind, BatchKind, Category, FundKind, JournalKind
from treasury.models import Account, Batch, Fund, FundCase, Journal


class CodeTaken(DomainError):
    """Another fund has this code."""

    code = "fund-code-taken"
    message = _("Another fund has this code. Choose a different one.")


class ForEveryCase(DomainError):
    """The fund is for every case: to name one would forbid what it already pays for others."""

    code = "fund-for-every-case"
    message = _("This fund is for every case. To set money aside for one, open a fund for a case or a group.")


@action("fund.opened")
def open_fund(
    *,
    code: str,
    name: str,
    kind: FundKind,
    categories: Sequence[str] = (),
    case_ids: Sequence[uuid.UUID] = (),
    starts_on: datetime.date | None = None,
    ends_on: datetime.date | None = None,
    goal_minor: int | None = None,
    by: Actor,
    at: datetime.datetime,
) -> Fund:
    """Open a fund with its restriction; empty ``categories`` means any. Raises CodeTaken."""
    if Fund.objects.filter(code=code).exists():
        raise CodeTaken()
    fund = Fund(
        code=code,
        name=name,
        kind=kind,
        currency=chart.base_currency(),
        categories=[Category(category).value for category in categories],
        starts_on=starts_on,
        ends_on=ends_on,
        goal_minor=goal_minor,
        opened_on=at.date(),
    )
    fund.save()
    FundCase.objects.insert_many([FundCase(fund=fund, case_id=case_id) for case_id in case_ids])
    chart.fund(fund)
    touch(fund.id)
    fact(fund=code, fund_kind=kind)
    return fund


@action("fund.case_added")
def add_case_to_fund(*, fund: Fund, case_id: uuid.UUID, by: Actor, at: datetime.datetime) -> FundCase:
    """Let a fund's money be used for one more case; a second time changes nothing. Raises ForEveryCase."""
    touch(fund.id)
    found = fund.cases.filter(case_id=case_id).first()
    if fund.kind in eligible.UNLISTED and not fund.cases.exists():
        raise ForEveryCase()
    return found or FundCase.objects.create(fund=fund, case_id=case_id)


@action("fund.closed")
def close_fund(*, fund: Fund, by: Actor, at: datetime.datetime) -> Fund:
    """No new commitment may draw on it. What it holds stays until it is allocated."""
    fund.closed_on = at.date()
    fund.save()
    touch(fund.id)
    return fund


@action("fund.opening_balance")
def book_opening_balance(
    *, fund: Fund, amount_minor: int, on: datetime.date, bank: str = "main", by: Actor, at: datetime.datetime
) -> Journal:
    """Bring forward what a fund held when these books began: once for each fund."""
    books.lock()
    books.refuse_repeated(f"opening:{fund.id}")
    batch = batches.open_batch(fund, BatchKind.OPENING, on=on)
    batches.close(batch, on=on)
    source = chart.account(AccountKind.OPENING)
    entries = receipt(fund, batch, amount_minor, category=Category.OPENING, source=source, bank=bank)
    touch(fund.id)
    return books.write(JournalKind.OPENING, f"opening:{fund.id}", entries, by=by, at=at, on=on)


def receipt(
    fund: Fund, batch: Batch, amount_minor: int, *, category: Category, source: Account, bank: str
) -> list[Entry]:
    """The two entries of money that arrives at the bank for a fund."""
    return [
        Entry(chart.bank(bank), source, amount_minor, category, fund=fund, batch=batch),
        Entry(chart.funds_control(), chart.fund(fund), amount_minor, category, fund=fund, batch=batch),
    ]
