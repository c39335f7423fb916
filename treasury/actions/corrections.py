"""Undoing: a mistake stays in the books and is corrected by a journal of its own."""

import datetime
import uuid
from collections import Counter as Tally
from typing import cast

from django.utils.translation import gettext_lazy as _

from audit.actions import DomainError, action, fact, touch
from audit.actors import Actor
from treasury import books
from treasury.books import Entry
from treasury.eligible import NotEnoughMoney, shortage, way_out
from treasury.kinds import (
    COVERED,
    GUARDED,
    TRACED,
    Category,
    ClaimStatus,
    JournalKind,
    ReasonCode,
    TransferKind,
)
from treasury.models import Account, Batch, Claim, Fund, Instalment, Journal, Lot, Transfer

# A ceiling is changed by a new version, a commitment by raising or releasing it, a grant's limits by a new
# decision; gifts that were doubled are given back by an allocation; a gift is held until it is decided.
OTHERWISE = (
    JournalKind.CEILING,
    JournalKind.COMMITMENT,
    JournalKind.RELEASE,
    JournalKind.REVERSAL,
    JournalKind.GRANT,
    JournalKind.DOUBLED,
    JournalKind.HELD,
    JournalKind.LET_GO,
)


class NotReversible(DomainError):
    """The journal is undone in another way, or was reversed before."""

    code = "not-reversible"
    message = _(
        "This journal cannot be reversed. Release a commitment, approve a new ceiling, or look whether it was"
        " reversed already."
    )


class AdvanceUsed(DomainError):
    """Vouchers or returns account for a part of the advance already."""

    code = "advance-used"
    message = _(
        "A part of this advance is accounted for already. Reverse its vouchers and returns first, then this."
    )


@action("journal.reversed")
def reverse_journal(
    *,
    journal: Journal,
    reason_code: ReasonCode,
    note: str = "",
    on: datetime.date | None = None,
    by: Actor,
    at: datetime.datetime,
) -> Journal:
    """Book the opposite of a journal today (or on a day). What a payment had posted is held again.

    A reversed payment makes its claim payable anew; a reversed instalment is due again. Raises
    NotReversible, AdvanceUsed, and NotEnoughMoney when the money has been spent or committed since. A voucher
    of an advance can be accepted anew.
    """
    books.lock()
    if journal.kind in OTHERWISE or Journal.objects.filter(reverses=journal).exists():
        raise NotReversible()
    transfers = list(journal.transfers.select_related("debit", "credit", "fund", "batch", "commitment"))
    # A released hold moved no money: it is only held again.
    back = [_opposite(transfer) for transfer in transfers if transfer.kind != TransferKind.VOID_PEND]
    again = [_held_again(transfer) for transfer in transfers if transfer.pending_id is not None]
    _refuse_spent(back)
    _refuse_accounted_for(back)
    _refuse_let_go(transfers)
    reversal = books.write(
        JournalKind.REVERSAL,
        f"reversal:{journal.id}",
        [*back, *again],
        by=by,
        at=at,
        on=on,
        reverses=journal,
        reason_code=reason_code,
        note=note,
    )
    _reopen(journal)
    touch(journal.id)
    fact(reverses=journal.number, reason=reason_code)
    return reversal


def _opposite(transfer: Transfer) -> Entry:
    owner = transfer.fund
    if transfer.debit.kind in TRACED and transfer.credit.kind in TRACED:
        owner = Fund.objects.get(
            pk=cast(uuid.UUID, transfer.credit.subject_id)
        )  # an allocation goes back from the other fund
    return Entry(
        transfer.credit,
        transfer.debit,
        transfer.amount_minor,
        Category(transfer.category),
        fund=owner,
        batch=transfer.batch,
        commitment=transfer.commitment,
        case_id=transfer.case_id,
    )


def _held_again(transfer: Transfer) -> Entry:
    return Entry(
        transfer.debit,
        transfer.credit,
        transfer.amount_minor,
        Category(transfer.category),
        kind=TransferKind.PEND,
        fund=transfer.fund,
        commitment=transfer.commitment,
        case_id=transfer.case_id,
    )


def _refuse_spent(entries: list[Entry]) -> None:
    needed: Tally[tuple[Account, Batch | None]] = Tally()
    for entry in entries:
        if entry.debit.kind in TRACED:
            needed[entry.debit, entry.batch] += entry.amount_minor
    for (account, batch), amount in needed.items():
        lot = Lot.objects.filter(account=account, batch=batch).first()
        there = min(account.balance.free_minor, lot.remaining_minor if lot else 0)
        if there < amount:
            missing = amount - there
            words = _("Allocate %(amount)s to the fund, or release commitments first.")
            raise NotEnoughMoney(**shortage(missing, [way_out("allocate", missing, str(words))]))


def _refuse_accounted_for(entries: list[Entry]) -> None:
    for entry in entries:
        left = entry.credit.balance
        if entry.credit.kind in COVERED and left.debit_posted - left.credit_posted < entry.amount_minor:
            raise AdvanceUsed()


def _refuse_let_go(transfers: list[Transfer]) -> None:
    """What was let go when an advance came back has to be free still, to be held for it again."""
    needed: Tally[Account] = Tally()
    for transfer in transfers:
        if transfer.kind == TransferKind.VOID_PEND and transfer.debit.kind in GUARDED:
            needed[transfer.debit] += transfer.amount_minor
    for account, amount in needed.items():
        if (missing := amount - account.balance.free_minor) > 0:
            words = _("Release %(amount)s of what is committed, or allocate it, first.")
            raise NotEnoughMoney(**shortage(missing, [way_out("release", missing, str(words))]))


def _reopen(journal: Journal) -> None:
    claim = Claim.objects.filter(paid_in=journal).first()
    if claim is not None and claim.closes_id is not None:
        claim.status, claim.approved_by = ClaimStatus.ENTERED, ""
        claim.paid_on, claim.paid_in = None, None
        claim.save()
    elif claim is not None:
        claim.status, claim.paid_on, claim.paid_in = ClaimStatus.APPROVED, None, None
        claim.save()
    instalment = Instalment.objects.filter(received_in=journal).first()
    if instalment is not None:
        instalment.received_on, instalment.received_minor, instalment.received_in = None, 0, None
        instalment.save()
    if journal.kind == JournalKind.GRANT_RETURN:
        _take_back_return(journal)


def _take_back_return(journal: Journal) -> None:
    line = journal.transfers.select_related("fund__grant").order_by("line")[0]
    grant = cast(Fund, line.fund).grant
    grant.returned_minor -= line.amount_minor
    grant.save()
