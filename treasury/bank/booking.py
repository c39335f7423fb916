"""Booking lines of the bank: accepting a suggestion, booking a line as something, undoing a match."""

import datetime
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from audit.actions import DomainError, action, fact, touch
from audit.actors import Actor
from treasury import advances, books, chart
from treasury.actions.advances import return_advance
from treasury.actions.clearing import book_payout_arrived
from treasury.actions.corrections import reverse_journal
from treasury.actions.grants import receive_instalment
from treasury.actions.payments import book_running_cost, pay_claim
from treasury.bank import candidates, entries
from treasury.bank.matching import CandidateKind
from treasury.bank.models import BankAccount, BankLine, Match, MatchKind, OpenLine, TransferReference
from treasury.books import PeriodClosed
from treasury.kinds import RUNNING_COSTS, Category, ClaimStatus, JournalKind, ReasonCode, VoucherKind
from treasury.models import Claim, Fund, Instalment, Journal


class AccountNotConnected(DomainError):
    """Nobody has said which account of the books this is."""

    code = "account-not-connected"
    message = _("Say first which account of the books this bank account is. Then its lines can be booked.")


class RateMissing(DomainError):
    """The line is in another currency and has no rate yet."""

    code = "rate-missing"
    message = _("This line is in another currency. Enter its rate first.")


class MoreThanOpen(DomainError):
    """The amount is above what is left of the line, or in the other direction."""

    code = "more-than-open"
    message = _("This does not fit what is still open on the line. Look at the line again, or split it.")


class NotThere(DomainError):
    """What was to be matched is gone: decided, matched or booked by somebody else in between."""

    code = "not-there"
    message = _("This was matched or booked in the meantime. Reload the page and look again.")


class UndoneBefore(DomainError):
    """The match was undone already."""

    code = "undone-before"
    message = _("This match was undone already. Reload the page.")


@dataclass(frozen=True)
class _Booked:
    """The journal behind a match."""

    kind: MatchKind
    journal: Journal
    amount_minor: int
    here: bool
    claim: Claim | None = None
    settles: Journal | None = None


def take(line: BankLine) -> OpenLine:
    """Lock the books and what is left of the line. Raises AccountNotConnected, RateMissing."""
    books.lock()
    if not line.account.code:
        raise AccountNotConnected()
    left: OpenLine = OpenLine.objects.get(line=line)
    if left.base_minor is None:
        raise RateMissing()
    return left


def ledger_name(account: BankAccount) -> str:
    """The bank account of the chart that lines are booked on: for another currency its exchange account."""
    return account.code if account.currency == chart.base_currency() else f"{account.code}-fx"


@action("bank.suggestion_accepted")
def accept(*, line: BankLine, kind: str, key: str, score: int = 0, by: Actor, at: datetime.datetime) -> Match:
    """Book a line, or the part that it covers, as what was suggested or chosen.

    Raises AccountNotConnected, RateMissing, MoreThanOpen, NotThere, and what the booking itself raises.
    """
    left = take(line)
    book = _ACCEPTED.get(kind)
    if book is None:
        raise NotThere()
    return _keep(left, line, book(line, left, key, by, at), score=score, by=by, at=at)


Accepting = Callable[[BankLine, OpenLine, str, Actor, datetime.datetime], _Booked]


def _claim(line: BankLine, left: OpenLine, key: str, by: Actor, at: datetime.datetime) -> _Booked:
    claim = _found(Claim.objects.payable(), key)
    refuse_more(left, -claim.base_minor)
    journal = pay_claim(claim=claim, bank=ledger_name(line.account), on=line.booked_on, by=by, at=at)
    return _Booked(MatchKind.CLAIM, journal, -claim.base_minor, True, _reconcile(claim))


def _journal(line: BankLine, left: OpenLine, key: str, by: Actor, at: datetime.datetime) -> _Booked:
    on_the_way = {str(row.pk): (row, amount) for row, amount in candidates.payouts_on_the_way()}
    if key in on_the_way:
        sent, amount = on_the_way[key]
        refuse_more(left, amount)
        source = f"{sent.key.partition(':')[2]}/{str(line.id)[:13]}/{line.matches.count() + 1}"
        bank = ledger_name(line.account)
        journal = book_payout_arrived(
            source_id=source, amount_minor=amount, bank=bank, on=line.booked_on, by=by, at=at
        )
        return _Booked(MatchKind.PAYOUT, journal, amount, True, settles=sent)
    known = _found(candidates.unmatched(line.account), key)
    refuse_more(left, known.net)
    claim = Claim.objects.filter(paid_in=known).first()
    kind = {JournalKind.PAYOUT: MatchKind.PAYOUT, JournalKind.PAYMENT: MatchKind.CLAIM}
    found = kind.get(JournalKind(known.kind), MatchKind.BOOKED)
    return _Booked(found, known, known.net, False, _reconcile(claim) if claim else None)


def _instalment(line: BankLine, left: OpenLine, key: str, by: Actor, at: datetime.datetime) -> _Booked:
    instalment = _found(Instalment.objects.filter(received_on=None), key)
    refuse_more(left, 1)
    journal = receive_instalment(
        instalment=instalment,
        amount_minor=left.open_minor,
        received_on=line.booked_on,
        bank=ledger_name(line.account),
        by=by,
        at=at,
    )
    return _Booked(MatchKind.INSTALMENT, journal, left.open_minor, True)


def _gift(line: BankLine, left: OpenLine, key: str, by: Actor, at: datetime.datetime) -> _Booked:
    quoted = _found(TransferReference.objects.select_related("fund"), key)
    refuse_more(left, 1)
    return _as(MatchKind.GIFT, line, left.open_minor, by, at, fund=quoted.fund)


def _return(line: BankLine, left: OpenLine, key: str, by: Actor, at: datetime.datetime) -> _Booked:
    match = _found(Match.objects.filter(undone_at=None, line__account=line.account), key)
    refuse_more(left, -match.amount_minor)
    journal = reverse_journal(
        journal=match.journal, reason_code=ReasonCode.RETURNED, on=line.booked_on, by=by, at=at
    )
    return _Booked(MatchKind.RETURN, journal, -match.amount_minor, False)


def _advance(line: BankLine, left: OpenLine, key: str, by: Actor, at: datetime.datetime) -> _Booked:
    advance = _found(advances.outstanding(), key)
    refuse_more(left, 1)
    amount = min(left.open_minor, advance.left_minor)
    bank = ledger_name(line.account)
    journal = return_advance(advance=advance, amount_minor=amount, on=line.booked_on, bank=bank, by=by, at=at)
    return _Booked(MatchKind.ADVANCE, journal, amount, True)


def _cost(line: BankLine, left: OpenLine, key: str, by: Actor, at: datetime.datetime) -> _Booked:
    refuse_more(left, -1)
    if key not in RUNNING_COSTS:
        raise NotThere()
    return _as(MatchKind.COST, line, left.open_minor, by, at, category=Category(key))


def _own(line: BankLine, left: OpenLine, key: str, by: Actor, at: datetime.datetime) -> _Booked:
    return _as(MatchKind.TRANSFER, line, left.open_minor, by, at)


_ACCEPTED: dict[str, Accepting] = {
    CandidateKind.CLAIM: _claim,
    CandidateKind.JOURNAL: _journal,
    CandidateKind.INSTALMENT: _instalment,
    CandidateKind.GIFT: _gift,
    CandidateKind.RETURN: _return,
    CandidateKind.ADVANCE: _advance,
    CandidateKind.COST: _cost,
    CandidateKind.OWN: _own,
}


@action("bank.line_booked")
def book_line_as(
    *,
    line: BankLine,
    kind: MatchKind,
    amount_minor: int | None = None,
    fund: Fund | None = None,
    category: Category | None = None,
    note: str = "",
    by: Actor,
    at: datetime.datetime,
) -> Match:
    """Book a line, or a part of it (``amount_minor``, positive), as something that no suggestion names.

    A gift and other income need a ``fund``, a cost its ``category``. Raises what :func:`accept` raises.
    """
    left = take(line)
    sign = 1 if left.open_minor > 0 else -1
    amount = left.open_minor if amount_minor is None else sign * amount_minor
    refuse_more(left, amount)
    booked = _as(kind, line, amount, by, at, fund=fund, category=category, note=note)
    return _keep(left, line, booked, score=0, by=by, at=at)


def _as(
    kind: MatchKind, line: BankLine, amount_minor: int, by: Actor, at: datetime.datetime, **more: Any
) -> _Booked:
    if amount_minor == 0:  # all of the line is matched already
        raise MoreThanOpen()
    if kind == MatchKind.COST:
        if amount_minor > 0 or more.get("category") is None:
            raise MoreThanOpen()
        journal = book_running_cost(
            source_id=_source(line),
            category=more["category"],
            amount_minor=-amount_minor,
            voucher_kind=VoucherKind.BANK_NOTE,
            on=line.booked_on,
            bank=ledger_name(line.account),
            by=by,
            at=at,
        )
        return _Booked(kind, journal, amount_minor, True)
    wanted = entries.Wanted(
        _source(line),
        ledger_name(line.account),
        amount_minor,
        line.booked_on,
        more.get("note", ""),
        more.get("fund"),
    )
    return _Booked(kind, entries.book(kind, wanted, by=by, at=at), amount_minor, True)


def _source(line: BankLine) -> str:
    """A key of its own for each match of a line, also when one was undone."""
    return f"bank:{line.id}:{line.matches.count() + 1}"


@action("bank.match_undone")
def undo_match(
    *, match: Match, reason_code: ReasonCode, note: str = "", by: Actor, at: datetime.datetime
) -> Match:
    """Take a match back. What was booked for it is reversed; what was booked before only loses its line.

    Raises UndoneBefore, and NotEnoughMoney or NotReversible of the reversal.
    """
    books.lock()
    match.refresh_from_db()
    if match.undone_at is not None:
        raise UndoneBefore()
    reversal: Journal | None = None
    if match.booked_here:
        reversal = reverse_journal(
            journal=match.journal, reason_code=reason_code, note=note, on=_day(match, at), by=by, at=at
        )
    elif match.claim is not None and match.claim.status == ClaimStatus.RECONCILED:
        match.claim.status = ClaimStatus.PAID
        match.claim.save()
    match.undone_at, match.undone_by, match.undone_in = at, by.actor_id, reversal
    match.reason_code = reason_code
    match.save()
    left = OpenLine.objects.get(line=match.line_id)
    left.open_minor += match.amount_minor
    left.save()
    touch(match.line_id, match.id, *([match.claim_id] if match.claim_id else []))
    fact(reason=reason_code, amount_minor=match.amount_minor)
    return match


def _day(match: Match, at: datetime.datetime) -> datetime.date:
    """The line's own day, so that its month stays right; today once that is closed."""
    try:
        books.refuse_closed(match.line.booked_on)
    except PeriodClosed:
        return at.date()
    return max(match.line.booked_on, match.journal.booked_on)


def refuse_more(left: OpenLine, amount_minor: int) -> None:
    """Raise MoreThanOpen unless the amount has the line's direction and is within what is open."""
    same_way = (amount_minor > 0) == (left.open_minor > 0) and left.open_minor != 0
    if not same_way or abs(amount_minor) > abs(left.open_minor) or amount_minor == 0:
        raise MoreThanOpen()


def _found(rows: Any, key: str) -> Any:
    wanted = candidates.as_uuid(key)
    found = rows.filter(pk=wanted).first() if wanted is not None else None
    if found is None:
        raise NotThere()
    return found


def _reconcile(claim: Claim) -> Claim:
    claim.refresh_from_db()
    claim.status = ClaimStatus.RECONCILED
    claim.save()
    touch(claim.id)
    return claim


def _keep(
    left: OpenLine, line: BankLine, booked: _Booked, *, score: int, by: Actor, at: datetime.datetime
) -> Match:
    match = Match(
        id=uuid.uuid4(),
        line=line,
        journal=booked.journal,
        claim=booked.claim,
        settles=booked.settles,
        kind=booked.kind,
        amount_minor=booked.amount_minor,
        score=score,
        booked_here=booked.here,
        matched_at=at,
        matched_by=by.actor_id,
    )
    match.save()
    left.open_minor -= booked.amount_minor
    left.refused = ""
    left.save()
    line.left = left
    touch(line.id, match.id)
    fact(match=booked.kind.value, amount_minor=booked.amount_minor, score=score)
    return match
