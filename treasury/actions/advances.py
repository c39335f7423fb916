"""Advances: asked for, accounted for by vouchers, given back. They are approved and paid like any claim."""

import datetime
import uuid

from django.utils.translation import gettext_lazy as _

from audit.actions import DomainError, action, fact, touch
from audit.actors import Actor
from treasury import advances, books, chart, rates
from treasury.actions.claims import ClaimNotOpen, keep_claim
from treasury.actions.commitments import WrongAmount, refuse_wrong
from treasury.kinds import Category, JournalKind, VoucherKind
from treasury.models import Claim, Commitment, Journal, Payee
from vault.files import Cleaned


class DueTooEarly(DomainError):
    """Vouchers cannot be due before the money is there."""

    code = "vouchers-due-too-early"
    message = _("Choose a later day: vouchers cannot be due before today.")


@action("advance.entered")
def enter_advance(
    *,
    payee: Payee,
    category: Category,
    amount_minor: int,
    vouchers_due_on: datetime.date,
    case_id: uuid.UUID | None = None,
    commitment: Commitment | None = None,
    voucher_kind: VoucherKind = VoucherKind.AGREEMENT,
    number: str = "",
    voucher: Cleaned | None = None,
    by: Actor,
    at: datetime.datetime,
) -> Claim:
    """Ask for money that its payee will account for by a day; in the currency of the books.

    ``voucher`` is what was agreed with them, not what it is spent on. Raises DueTooEarly, WrongCategory,
    WrongAmount, DoesNotMatch, ClaimedBefore.
    """
    refuse_wrong(category, amount_minor, case_id)
    if vouchers_due_on < at.date():
        raise DueTooEarly()
    claim = Claim(
        payee=payee,
        commitment=commitment,
        case_id=case_id,
        category=category,
        voucher_kind=voucher_kind,
        number=number,
        invoiced_on=at.date(),
        amount_minor=amount_minor,
        currency=chart.base_currency(),
        base_minor=amount_minor,
        vouchers_due_on=vouchers_due_on,
    )
    return keep_claim(claim, voucher, by=by, at=at)


@action("advance.voucher_entered")
def enter_advance_voucher(
    *,
    advance: Claim,
    voucher_kind: VoucherKind,
    invoiced_on: datetime.date,
    amount_minor: int,
    currency: str | None = None,
    base_minor: int | None = None,
    number: str = "",
    voucher: Cleaned | None = None,
    sure: bool = False,
    by: Actor,
    at: datetime.datetime,
) -> Claim:
    """Enter a voucher for what an advance was spent on; it counts once a colleague accepts it.

    A voucher above what is left counts for what is left. ``base_minor`` is the amount in the currency of the
    books, if that differs. Raises ClaimNotOpen unless the advance was paid, advances.AboveAdvance when
    nothing is left of it, WrongAmount, ClaimedBefore, RateMissing, RateLooksWrong.
    """
    if amount_minor <= 0:
        raise WrongAmount()
    advance, commitment = _paid(advance)
    worth = rates.in_books(amount_minor, currency, base_minor, sure=sure)
    left = advances.left_minor(advance) - advances.waiting_minor(advance)
    if left <= 0:
        advances.refuse_above(advance, worth, 0)
    claim = Claim(
        payee=advance.payee,
        commitment=commitment,
        case_id=advance.case_id,
        category=advance.category,
        voucher_kind=voucher_kind,
        number=number,
        invoiced_on=invoiced_on,
        amount_minor=amount_minor,
        currency=currency or chart.base_currency(),
        base_minor=min(worth, left),
        closes=advance,
    )
    touch(advance.pk)
    return keep_claim(claim, voucher, by=by, at=at)


@action("advance.returned")
def return_advance(
    *,
    advance: Claim,
    amount_minor: int,
    on: datetime.date,
    bank: str = "main",
    by: Actor,
    at: datetime.datetime,
) -> Journal:
    """Book what the payee of an advance gave back; the funds that held it are free of it again.

    Raises ClaimNotOpen, WrongAmount, advances.AboveAdvance.
    """
    if amount_minor <= 0:
        raise WrongAmount()
    number = books.lock()
    advance, commitment = _paid(advance)
    advances.refuse_above(advance, amount_minor, advances.left_minor(advance))
    entries = advances.return_entries(advance, commitment, amount_minor, bank)
    touch(advance.pk, advance.payee_id, *([advance.case_id] if advance.case_id else []))
    fact(amount_minor=amount_minor, category=advance.category)
    key = f"advance-return:{advance.pk}:{number + 1}"
    return books.write(JournalKind.ADVANCE_RETURNED, key, entries, by=by, at=at, on=on)


def _paid(advance: Claim) -> tuple[Claim, Commitment]:
    """The advance as it stands, and what holds its money. Raises ClaimNotOpen unless it was paid."""
    advance.refresh_from_db()
    commitment = advance.commitment
    if advance.vouchers_due_on is None or commitment is None or advance.status not in advances.PAID:
        raise ClaimNotOpen()
    return advance, commitment
