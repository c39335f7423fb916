"""Recording a funder's agreement, and what comes of it: instalments."""

import datetime
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from audit.actions import DomainError, action, fact, touch
from audit.actors import Actor
from treasury import agreed, batches, books, chart
from treasury.actions.funds import open_fund, receipt
from treasury.commitments import arrival_entries
from treasury.kinds import (
    AccountKind,
    BatchKind,
    Category,
    FundKind,
    JournalKind,
    RateRule,
    ReportKind,
    TransferKind,
    VoucherKind,
)
from treasury.lines import open_entries
from treasury.models import FunderReport, Grant, GrantLine, Instalment, Journal


class WrongInstalments(DomainError):
    """Instalments or lines do not add up to the grant; ``difference_minor`` is by how much."""

    code = "grant-does-not-add-up"
    message = _(
        "Lines and instalments must each add up to the grant: they differ by %(difference_minor)s cents."
    )


class LinesOverlap(DomainError):
    """A category counts to two lines; ``category`` is it."""

    code = "grant-lines-overlap"
    message = _("“%(category)s” counts to two lines. Choose one, so that no cost is reported twice.")


class WrongCurrency(DomainError):
    """The grant is in another currency, and amounts in it are missing or do not add up."""

    code = "grant-currency"
    message = _(
        "A grant in another currency needs its amount and each instalment in that currency, adding up, and"
        " a rate if the agreement fixes one."
    )


class ReportTooEarly(DomainError):
    """A report is due before the days it covers are over."""

    code = "report-too-early"
    message = _("A report is due before the days it covers are over. Look at its two days again.")


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


@dataclass(frozen=True)
class Foreign:
    """What was signed in the funder's currency, and how that is told to them later.

    ``instalments`` are in the order of the grant's; ``fixed_rate`` is what one of theirs is in the books.
    """

    currency: str
    amount_minor: int
    instalments: tuple[int, ...]
    rate_rule: RateRule = RateRule.RECEIPT
    fixed_rate: Decimal | None = None


@dataclass(frozen=True)
class ReportDue:
    """A report that the agreement asks for."""

    kind: ReportKind
    covers_until: datetime.date
    due_on: datetime.date


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
    evidence: Sequence[VoucherKind] = (),
    reports: Sequence[ReportDue] = (),
    foreign: Foreign | None = None,
    returns_unspent: bool = True,
    by: Actor,
    at: datetime.datetime,
) -> Grant:
    """Record a signed agreement: a restricted fund and a batch of its own, lines and instalments.

    ``instalments`` are (due date, amount). Each line becomes a guarded account with its amount and what it
    may be overspent by. Raises WrongInstalments, LinesOverlap, WrongCurrency, ReportTooEarly, CodeTaken.
    """
    _refuse_unsound(amount_minor, lines, instalments, foreign)
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
    grant: Grant = Grant.objects.create(
        fund=fund,
        funder=funder,
        agreement_ref=agreement_ref,
        amount_minor=amount_minor,
        starts_on=starts_on,
        ends_on=ends_on,
        indirect_basis_points=indirect_basis_points,
        reallocation_basis_points=reallocation_basis_points,
        conditions=list(conditions),
        evidence=[VoucherKind(kind).value for kind in evidence],
        returns_unspent=returns_unspent,
        **_signed(foreign),
    )
    _add_due(grant, instalments, reports, foreign)
    batches.open_batch(fund, BatchKind.GRANT, on=at.date())
    limits = open_entries(_add_lines(grant, lines))
    books.write(JournalKind.GRANT, f"grant:{grant.id}", limits, by=by, at=at)
    touch(grant.id)
    fact(amount_minor=amount_minor)
    return grant


def _refuse_unsound(
    amount_minor: int,
    lines: Sequence[Line],
    instalments: Sequence[tuple[datetime.date, int]],
    foreign: Foreign | None,
) -> None:
    """Whatever is wrong with an agreement by itself, before anything is written."""
    _refuse_difference(amount_minor, sum(line.amount_minor for line in lines))
    _refuse_difference(amount_minor, sum(amount for _due, amount in instalments))
    _refuse_overlap(lines)
    _refuse_wrong_currency(foreign, len(instalments))


def _refuse_difference(amount_minor: int, total: int) -> None:
    if total != amount_minor:
        raise WrongInstalments(difference_minor=amount_minor - total)


def _refuse_overlap(lines: Sequence[Line]) -> None:
    seen: set[str] = set()
    for category in (category for line in lines for category in set(line.categories)):
        if category in seen:
            raise LinesOverlap(category=Category(category).label)
        seen.add(category)


def _refuse_wrong_currency(foreign: Foreign | None, instalments: int) -> None:
    if foreign is None:
        return
    parts = foreign.instalments
    adds_up = len(parts) == instalments and min(parts) > 0 and sum(parts) == foreign.amount_minor
    fixed = foreign.rate_rule == RateRule.FIXED
    has_rate = foreign.fixed_rate is not None and foreign.fixed_rate > 0
    if foreign.currency == chart.base_currency() or not adds_up or fixed != has_rate:
        raise WrongCurrency()


def _signed(foreign: Foreign | None) -> dict[str, Any]:
    if foreign is None:
        return {}
    rate = foreign.fixed_rate
    return {
        "agreed_currency": foreign.currency,
        "agreed_minor": foreign.amount_minor,
        "rate_rule": RateRule(foreign.rate_rule),
        "fixed_rate": "" if rate is None else f"{rate.normalize():f}",
    }


def _add_lines(grant: Grant, lines: Sequence[Line]) -> list[GrantLine]:
    added = [
        GrantLine(
            grant=grant,
            number=number,
            title=line.title,
            amount_minor=line.amount_minor,
            categories=[Category(category).value for category in line.categories],
        )
        for number, line in enumerate(lines, start=1)
    ]
    GrantLine.objects.insert_many(added)
    return added


def _add_due(
    grant: Grant,
    instalments: Sequence[tuple[datetime.date, int]],
    reports: Sequence[ReportDue],
    foreign: Foreign | None,
) -> None:
    """What the funder owes and what it is owed: instalments and reports, each with its day."""
    _add_reports(grant, reports)
    agreed = foreign.instalments if foreign else ()
    Instalment.objects.insert_many(
        [
            Instalment(
                grant=grant,
                number=number,
                due_on=due_on,
                amount_minor=amount_minor,
                agreed_minor=agreed[number - 1] if agreed else None,
            )
            for number, (due_on, amount_minor) in enumerate(instalments, start=1)
        ]
    )


def _add_reports(grant: Grant, reports: Sequence[ReportDue]) -> None:
    if any(row.due_on < row.covers_until for row in reports):
        raise ReportTooEarly()
    FunderReport.objects.insert_many(
        [
            FunderReport(grant=grant, kind=row.kind, covers_until=row.covers_until, due_on=row.due_on)
            for row in reports
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
    """Book what the funder paid, which may differ from what was due. Raises AlreadyReceived.

    What was committed on it before it came is now held in the fund, the oldest commitment first.
    """
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
    _settle_ahead(instalment.grant, amount_minor, journal, by=by, at=at)
    return journal


def _settle_ahead(
    grant: Grant, amount_minor: int, arrival: Journal, *, by: Actor, at: datetime.datetime
) -> None:
    """Move holds from the signed instalment into the fund; the limit falls to what is still signed."""
    account = chart.accounts(chart.ahead_place(grant.fund))[0]
    entries = arrival_entries(grant.fund, amount_minor)
    moved = sum(entry.amount_minor for entry in entries if entry.kind == TransferKind.PEND)
    balance = account.balance
    limit = max(min(grant.ahead_minor, agreed.outstanding_minor(grant)), balance.debit_pending - moved)
    entries += agreed.limit_entries(grant.fund, limit - balance.posted_minor)
    if entries:
        grant.ahead_minor = limit
        grant.save()
        books.write(JournalKind.GRANT, f"arrived:{arrival.id}", entries, by=by, at=at)
