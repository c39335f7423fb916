"""What an agreement allows or asks for: commitments ahead, indirect costs, reports, what is left."""

import datetime

from django.utils.translation import gettext_lazy as _

from audit.actions import DomainError, action, fact, touch
from audit.actors import Actor
from treasury import agreed, batches, books, chart, commitments, eligible, lines
from treasury.actions.commitments import WrongAmount, next_key
from treasury.books import Entry
from treasury.eligible import NotEnoughMoney, shortage, way_out
from treasury.kinds import AccountKind, Category, FundKind, JournalKind, VoucherKind
from treasury.models import Commitment, Fund, FunderReport, Grant, Journal
from treasury.second import second_person


class AboveSigned(DomainError):
    """The limit is above what is signed and has not come, or below what rests on it; both are params."""

    code = "ahead-limit"
    message = _(
        "Choose a limit between %(least)s, which is committed already, and %(most)s, which is signed."
    )


class AboveIndirect(DomainError):
    """The agreement allows less for indirect costs; ``most_minor`` says how much now."""

    code = "above-indirect"
    message = _("The agreement allows %(most)s for indirect costs now. Choose that or less.")


class GrantRunning(DomainError):
    """The grant has not ended, or the funder lets us keep what is left."""

    code = "grant-running"
    message = _("This money can still be spent, or the funder lets us keep it. There is nothing to return.")


class SentBefore(DomainError):
    """The report was noted as sent already."""

    code = "report-sent"
    message = _("This report is noted as sent. Reload the page.")


class NothingToRedraw(DomainError):
    """No fund behind the commitment refuses this voucher."""

    code = "nothing-to-redraw"
    message = _("Every fund behind this commitment accepts the voucher. There is nothing to change.")


def ahead_terms(*, grant: Grant, limit_minor: int) -> dict[str, object]:
    """The payload a second officer approves for the board (kind "allocation", object: the grant)."""
    return {"ahead_of": str(grant.id), "limit_minor": limit_minor}


@action("grant.ahead_limit_set")
def set_ahead_limit(*, grant: Grant, limit_minor: int, by: Actor, at: datetime.datetime) -> Journal:
    """Let commitments rest on signed instalments up to a limit set by the board.

    Raises NeedsSecondPerson, AboveSigned.
    """
    terms = ahead_terms(grant=grant, limit_minor=limit_minor)
    second = second_person("allocation", grant.id, terms, by=by, at=at)
    number = books.lock()
    grant.refresh_from_db()
    account = chart.accounts(chart.ahead_place(grant.fund))[0]
    resting, signed = account.balance.debit_pending, agreed.outstanding_minor(grant)
    if not resting <= limit_minor <= signed:
        raise AboveSigned(**agreed.amounts(least=resting, most=signed))
    entries = agreed.limit_entries(grant.fund, limit_minor - account.balance.posted_minor)
    if not entries:
        raise WrongAmount()
    grant.ahead_minor = limit_minor
    grant.save()
    touch(grant.id, grant.fund_id)
    fact(limit_minor=limit_minor, second=second)
    return books.write(JournalKind.GRANT, f"ahead:{grant.id}:{number + 1}", entries, by=by, at=at)


@action("grant.indirect_taken")
def take_indirect(
    *, grant: Grant, amount_minor: int, target: Fund, by: Actor, at: datetime.datetime
) -> Journal:
    """Move indirect costs, at most the agreed share of what was spent, from the grant to the general fund.

    They count to the funder's line for them, if there is one. Raises AboveIndirect, NotEnoughMoney.
    """
    number = books.lock()
    if amount_minor <= 0:
        raise WrongAmount()
    most = agreed.indirect_left_minor(grant)
    if amount_minor > most or target.kind != FundKind.GENERAL:
        raise AboveIndirect(most_minor=max(most, 0), **agreed.amounts(most=max(most, 0)))
    fund, control = grant.fund, chart.funds_control()
    line = lines.Rooms(Category.INDIRECT).account(fund)
    room = eligible.free_in(fund) if line is None else min(eligible.free_in(fund), line.balance.free_minor)
    _refuse_short(amount_minor, room)
    entries = []
    for batch, part in batches.lots(fund).take(amount_minor):
        entries.append(Entry(chart.fund(fund), control, part, Category.INDIRECT, fund=fund, batch=batch))
        entries.append(
            Entry(control, chart.fund(target), part, Category.ALLOCATION, fund=target, batch=batch)
        )
    if line is not None:
        entries.append(Entry(line, chart.lines_control(), amount_minor, Category.INDIRECT, fund=fund))
    touch(grant.id, fund.id, target.id)
    fact(amount_minor=amount_minor)
    return books.write(JournalKind.INDIRECT, f"indirect:{grant.id}:{number + 1}", entries, by=by, at=at)


def return_terms(*, grant: Grant, amount_minor: int) -> dict[str, object]:
    """The payload a second officer approves (kind "allocation", object: the grant)."""
    return {"returns_of": str(grant.id), "amount_minor": amount_minor}


@action("grant.unspent_returned")
def return_unspent(
    *,
    grant: Grant,
    amount_minor: int,
    on: datetime.date,
    bank: str = "main",
    by: Actor,
    at: datetime.datetime,
) -> Journal:
    """Book what went back to the funder after the grant ended. Raises GrantRunning, NeedsSecondPerson,
    WrongAmount, NotEnoughMoney for what is spent or committed."""
    if amount_minor <= 0:
        raise WrongAmount()
    if not grant.returns_unspent or (on <= grant.ends_on and grant.fund.closed_on is None):
        raise GrantRunning()
    terms = return_terms(grant=grant, amount_minor=amount_minor)
    second = second_person("allocation", grant.id, terms, by=by, at=at)
    number = books.lock()
    grant.refresh_from_db()
    fund = grant.fund
    _refuse_short(amount_minor, eligible.free_in(fund))
    back = chart.account(AccountKind.REFUNDS, "grants")
    entries = [Entry(back, chart.bank(bank), amount_minor, Category.GRANT, fund=fund)]
    entries += [
        Entry(chart.fund(fund), chart.funds_control(), part, Category.GRANT, fund=fund, batch=batch)
        for batch, part in batches.lots(fund).take(amount_minor)
    ]
    grant.returned_minor += amount_minor
    grant.save()
    touch(grant.id, fund.id)
    fact(amount_minor=amount_minor, second=second)
    key = f"grant-return:{grant.id}:{number + 1}"
    return books.write(JournalKind.GRANT_RETURN, key, entries, by=by, at=at, on=on)


@action("grant.report_sent")
def record_report_sent(
    *, report: FunderReport, sent_on: datetime.date, by: Actor, at: datetime.datetime
) -> FunderReport:
    """Note that the funder has the report. Raises SentBefore."""
    report.refresh_from_db()
    if report.sent_on is not None:
        raise SentBefore()
    report.sent_on, report.sent_by = sent_on, by.actor_id
    report.save()
    touch(report.grant_id)
    return report


@action("commitment.redrawn")
def redraw_commitment(
    *, commitment: Commitment, voucher_kind: VoucherKind, by: Actor, at: datetime.datetime
) -> Journal:
    """Let other funds bear what grants hold whose funders do not accept this voucher.

    Raises NothingToRedraw, NotEnoughMoney.
    """
    books.lock()
    commitment.refresh_from_db()
    held = [
        one
        for one in commitments.holds(commitment, commitments.FUND_SIDE)
        if one.fund is not None and not eligible.accepts(one.fund, voucher_kind)
    ]
    if not held:
        raise NothingToRedraw()
    amount = sum(one.hold.remaining_minor for one in held)
    category = Category(commitment.category)
    draws = eligible.draw(amount, category, commitment.case_id, at.date(), voucher_kind=voucher_kind)
    entries = commitments.moved_entries(commitment, held, draws)
    key = next_key(commitment)
    touch(commitment.id)
    fact(amount_minor=amount, voucher=voucher_kind)
    return books.write(JournalKind.COMMITMENT, key, entries, by=by, at=at)


def _refuse_short(amount_minor: int, free_minor: int) -> None:
    if free_minor < amount_minor:
        words = str(_("Choose %(amount)s or less."))
        ways_out = [way_out("lower-amount", free_minor, words)]
        raise NotEnoughMoney(**shortage(amount_minor - free_minor, ways_out))
