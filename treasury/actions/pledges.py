"""Pledges that double gifts: decided by batch, so that no single gift can be read from what doubles it.

The doubling of a batch is owed from the moment the batch is closed. It is booked from the pledge's own fund
as soon as that fund has the money: nothing can be spent on a promise.
"""

import datetime

from django.utils.translation import gettext_lazy as _

from audit.actions import DomainError, action, fact, touch
from audit.actors import Actor
from treasury import batches, books, chart, pledges
from treasury.actions.commitments import WrongAmount
from treasury.actions.funds import open_fund
from treasury.books import Entry
from treasury.kinds import Category, FundKind, JournalKind
from treasury.models import Balance, Doubling, Fund, Pledge


class NotDoubled(DomainError):
    """Gifts to this kind of fund are not doubled."""

    code = "fund-not-doubled"
    message = _("Only gifts to an open fund that takes gifts can be doubled. Choose another fund.")


class PledgeOver(DomainError):
    """The pledge was closed before."""

    code = "pledge-over"
    message = _("This pledge is closed. Reload the page.")


@action("pledge.opened")
def open_pledge(
    *,
    fund: Fund,
    code: str,
    name: str,
    limit_minor: int,
    starts_on: datetime.date,
    ends_on: datetime.date,
    ratio_basis_points: int = 10_000,
    by: Actor,
    at: datetime.datetime,
) -> Pledge:
    """Record a promise to double gifts to a fund, and open the fund (``code``, ``name``) it is paid into.

    Raises NotDoubled, WrongAmount, CodeTaken.
    """
    takes_gifts = fund.kind not in (FundKind.GRANT, FundKind.RESERVE, FundKind.PLEDGE)
    if fund.closed_on is not None or not takes_gifts or ends_on < starts_on:
        raise NotDoubled()
    if limit_minor <= 0 or ratio_basis_points <= 0:
        raise WrongAmount()
    source = open_fund(code=code, name=name, kind=FundKind.PLEDGE, goal_minor=limit_minor, by=by, at=at)
    pledge = Pledge(
        fund=fund,
        source=source,
        ratio_basis_points=ratio_basis_points,
        limit_minor=limit_minor,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    pledge.save()
    touch(pledge.id, fund.id)
    fact(limit_minor=limit_minor)
    return pledge


@action("pledge.closed")
def close_pledge(*, pledge: Pledge, by: Actor, at: datetime.datetime) -> Pledge:
    """It doubles nothing more. What its fund still holds stays until two people allocate it.

    Raises PledgeOver.
    """
    books.lock()
    pledge.refresh_from_db()
    if pledge.closed_on is not None:
        raise PledgeOver()
    pledge.closed_on = at.date()
    pledge.save()
    touch(pledge.id)
    return pledge


@action("gifts.doubled")
def double_gifts(*, by: Actor, at: datetime.datetime) -> int:
    """Note what pledges owe for batches closed since, book what their funds have; how many were booked."""
    books.lock()
    owed = [row for pledge in pledges.running() for row in _note(pledge)]
    bookable = list(Doubling.objects.filter(pledges.BOOKABLE).select_related("pledge", "batch"))
    done = sum(_book(row, by=by, at=at) for row in bookable)
    fact(noted=len(owed), booked=done)
    return done


def _note(pledge: Pledge) -> list[Doubling]:
    noted = []
    for batch in pledges.batches_to_double(pledge):
        gifts, gifts_minor = pledges.given_within(batch, pledge.starts_on, pledge.ends_on)
        amount = min(
            gifts_minor * pledge.ratio_basis_points // 10_000, pledge.limit_minor - pledge.doubled_minor
        )
        row = Doubling(
            pledge=pledge, batch=batch, gifts=gifts, gifts_minor=gifts_minor, amount_minor=max(amount, 0)
        )
        row.save()
        noted.append(row)
        pledge.doubled_minor += row.amount_minor
    if noted:
        pledge.save()
        touch(pledge.id)
    return noted


def _book(row: Doubling, *, by: Actor, at: datetime.datetime) -> bool:
    source, target = chart.fund(row.pledge.source), chart.fund(row.pledge.fund)
    if Balance.objects.get(account=source).free_minor < row.amount_minor:
        return False
    entries = [
        Entry(source, target, part, Category.ALLOCATION, fund=row.pledge.source, batch=batch)
        for batch, part in batches.lots(row.pledge.source).take(row.amount_minor)
    ]
    row.booked_in = books.write(JournalKind.DOUBLED, f"doubled:{row.id}", entries, by=by, at=at)
    row.save()
    touch(row.pledge.fund_id)
    return True
