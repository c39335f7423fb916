"""Moving money between funds: an exception, decided by two people."""

import datetime

from django.utils.translation import gettext_lazy as _

from audit.actions import DomainError, action, fact, touch
from audit.actors import Actor
from treasury import batches, books, chart, eligible
from treasury.actions.commitments import WrongAmount
from treasury.books import Entry
from treasury.eligible import NotEnoughMoney, shortage, way_out
from treasury.kinds import AccountKind, Category, JournalKind, ReasonCode
from treasury.models import Fund, Journal
from treasury.second import second_person


class SameFund(DomainError):
    """From a fund to itself."""

    code = "same-fund"
    message = _("Choose two different funds.")


class NothingUncovered(DomainError):
    """There is less to cover; ``uncovered_minor`` says how much."""

    code = "nothing-uncovered"
    message = _("There is no loss of this size left to cover. Reload the page.")


def allocation_terms(*, source: Fund, target: Fund, amount_minor: int) -> dict[str, object]:
    """The payload a second officer approves (kind "allocation", object: the source fund)."""
    return {"source": str(source.id), "target": str(target.id), "amount_minor": amount_minor}


@action("money.allocated")
def allocate_between_funds(
    *,
    source: Fund,
    target: Fund,
    amount_minor: int,
    reason_code: ReasonCode = ReasonCode.OTHER,
    note: str = "",
    by: Actor,
    at: datetime.datetime,
) -> Journal:
    """Move free money from one fund to another; batches go with it, oldest first.

    Raises SameFund, WrongAmount, NeedsSecondPerson, NotEnoughMoney.
    """
    if source.id == target.id:
        raise SameFund()
    _refuse_nothing(amount_minor)
    terms = allocation_terms(source=source, target=target, amount_minor=amount_minor)
    second = second_person("allocation", source.id, terms, by=by, at=at)
    number = books.lock()
    _refuse_short(source, amount_minor)
    entries = [
        Entry(chart.fund(source), chart.fund(target), part, Category.ALLOCATION, fund=source, batch=batch)
        for batch, part in batches.lots(source).take(amount_minor)
    ]
    touch(source.id, target.id)
    fact(amount_minor=amount_minor, second=second)
    key = f"allocation:{source.id}:{number + 1}"
    return books.write(JournalKind.ALLOCATION, key, entries, by=by, at=at, reason_code=reason_code, note=note)


def cover_terms(*, fund: Fund, amount_minor: int) -> dict[str, object]:
    """The payload a second officer approves (kind "allocation", object: the fund that pays)."""
    return {"covers_loss_from": str(fund.id), "amount_minor": amount_minor}


@action("money.loss_covered")
def cover_loss(
    *,
    fund: Fund,
    amount_minor: int,
    note: str = "",
    loss_source_id: str = "",
    by: Actor,
    at: datetime.datetime,
) -> Journal:
    """Let a fund, normally the reserve, bear a loss that no fund has covered yet.

    ``loss_source_id`` names the balance transaction that took the money: if it comes back, it comes back
    to this fund.

    Raises WrongAmount, NothingUncovered, NeedsSecondPerson, NotEnoughMoney.
    """
    _refuse_nothing(amount_minor)
    terms = cover_terms(fund=fund, amount_minor=amount_minor)
    second = second_person("allocation", fund.id, terms, by=by, at=at)
    number = books.lock()
    losses = chart.account(AccountKind.UNCOVERED)
    if amount_minor > -losses.balance.posted_minor:
        raise NothingUncovered(uncovered_minor=-losses.balance.posted_minor)
    _refuse_short(fund, amount_minor)
    entries = [
        Entry(chart.fund(fund), losses, part, Category.DISPUTE, fund=fund, batch=batch)
        for batch, part in batches.lots(fund).take(amount_minor)
    ]
    touch(fund.id)
    fact(amount_minor=amount_minor, second=second)
    key = f"cover:{loss_source_id or fund.id}:{number + 1}"
    return books.write(JournalKind.COVER, key, entries, by=by, at=at, reason_code=ReasonCode.OTHER, note=note)


def _refuse_nothing(amount_minor: int) -> None:
    if amount_minor <= 0:
        raise WrongAmount()


def _refuse_short(fund: Fund, amount_minor: int) -> None:
    free = eligible.free_in(fund)
    if free < amount_minor:
        missing = amount_minor - free
        words = _("Choose %(amount)s or less.")
        raise NotEnoughMoney(**shortage(missing, [way_out("lower-amount", free, str(words))]))
