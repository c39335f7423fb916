"""Opening funds and grants, and what comes in for them from the bank."""

import datetime
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from audit.actions import DomainError, action, fact, touch
from audit.actors import Actor
from treasury import batches, books, chart
from treasury.books import Entry
from treasury.kinds import AccountKind, BatchKind, Category, FundKind, JournalKind
from treasury.models import Account, Batch, Fund, FundCase, Grant, GrantLine, Instalment, Journal


class CodeTaken(DomainError):
    """Another fund has this code."""

    code = "fund-code-taken"
    message = _("Another fund has this code. Choose a different one.")


class WrongInstalments(DomainError):
    """Instalments or lines do not add up to the grant; ``difference_minor`` is by how much."""

    code = "grant-does-not-add-up"
    message = _(
        "Lines and instalments must each add up to the grant: they differ by %(difference_minor)s cents."
    )


class AlreadyReceived(DomainError):
    """The instalment was booked before."""

    code = "instalment-received"
    message = _("This instalment is booked as received. To change it, reverse its journal first.")


@dataclass(frozen=True)
class Line:
    """One line of the funder's budget: its words, its amount, and our categories that count to it."""

    title: str
    amount_minor: int
    categories: tuple[str, ...]


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
    """Let a fund's money be used for one more case; a second time changes nothing."""
    touch(fund.id)
    found = fund.cases.filter(case_id=case_id).first()
    return found or FundCase.objects.create(fund=fund, case_id=case_id)


@action("fund.closed")
def close_fund(*, fund: Fund, by: Actor, at: datetime.datetime) -> Fund:
    """No new commitment may draw on it. What it holds stays until it is allocated."""
    fund.closed_on = at.date()
    fund.save()
    touch(fund.id)
    return fund


@action("grant.opened")
def open_grant(
    *,
    code: str,
    name: str,
    funder: str,
    agreement_ref: str,
    amount_minor: int,
    starts_on: datetime.date,
    ends_on: datetime.date,
    lines: Sequence[Line],
    instalments: Sequence[tuple[datetime.date, int]],
    case_ids: Sequence[uuid.UUID] = (),
    indirect_basis_points: int = 0,
    reallocation_basis_points: int = 0,
    conditions: Sequence[str] = (),
    by: Actor,
    at: datetime.datetime,
) -> Grant:
    """Record a signed agreement: a restricted fund and a batch of its own, lines and instalments.

    ``instalments`` are (due date, amount). Raises WrongInstalments, CodeTaken.
    """
    _refuse_difference(amount_minor, sum(line.amount_minor for line in lines))
    _refuse_difference(amount_minor, sum(amount for _due, amount in instalments))
    fund = open_fund(
        code=code,
        name=name,
        kind=FundKind.GRANT,
        categories=sorted({category for line in lines for category in line.categories}),
        case_ids=case_ids,
        starts_on=starts_on,
        ends_on=ends_on,
        by=by,
        at=at,
    )
    grant = Grant(
        fund=fund,
        funder=funder,
        agreement_ref=agreement_ref,
        amount_minor=amount_minor,
        starts_on=starts_on,
        ends_on=ends_on,
        indirect_basis_points=indirect_basis_points,
        reallocation_basis_points=reallocation_basis_points,
        conditions=list(conditions),
    )
    grant.save()
    _add_lines(grant, lines)
    _add_instalments(grant, instalments)
    batches.open_batch(fund, BatchKind.GRANT, on=at.date())
    touch(grant.id)
    fact(amount_minor=amount_minor)
    return grant


def _refuse_difference(amount_minor: int, total: int) -> None:
    if total != amount_minor:
        raise WrongInstalments(difference_minor=amount_minor - total)


def _add_lines(grant: Grant, lines: Sequence[Line]) -> None:
    GrantLine.objects.insert_many(
        [
            GrantLine(
                grant=grant,
                number=number,
                title=line.title,
                amount_minor=line.amount_minor,
                categories=[Category(category).value for category in line.categories],
            )
            for number, line in enumerate(lines, start=1)
        ]
    )


def _add_instalments(grant: Grant, instalments: Sequence[tuple[datetime.date, int]]) -> None:
    Instalment.objects.insert_many(
        [
            Instalment(grant=grant, number=number, due_on=due_on, amount_minor=amount_minor)
            for number, (due_on, amount_minor) in enumerate(instalments, start=1)
        ]
    )


@action("grant.instalment_received")
def receive_instalment(
    *,
    instalment: Instalment,
    amount_minor: int,
    received_on: datetime.date,
    bank: str = "main",
    by: Actor,
    at: datetime.datetime,
) -> Journal:
    """Book what the funder paid, which may differ from what was due. Raises AlreadyReceived."""
    books.lock()
    instalment.refresh_from_db()
    if instalment.received_on is not None:
        raise AlreadyReceived()
    fund = instalment.grant.fund
    batch = fund.batches.get(kind=BatchKind.GRANT)
    source = chart.account(AccountKind.INCOME, "grants")
    entries = receipt(fund, batch, amount_minor, category=Category.GRANT, source=source, bank=bank)
    touch(instalment.grant_id, fund.id)
    key = f"instalment:{instalment.id}:{instalment.version}"
    journal = books.write(JournalKind.INSTALMENT, key, entries, by=by, at=at, on=received_on)
    instalment.received_on, instalment.received_minor = received_on, amount_minor
    instalment.received_in = journal
    instalment.save()
    return journal


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
