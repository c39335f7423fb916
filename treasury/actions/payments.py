"""Money out: paying approved claims and booking running costs the bank has taken."""

import datetime
import uuid
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.approvals import NeedsSecondPerson, find_approved
from accounts.models import Approval
from audit.actions import DomainError, action, fact, touch
from audit.actors import Actor
from treasury import advances, batches, books, chart, commitments, drawing, eligible, evidence, lines
from treasury.actions.claims import AboveCommitment, ClaimNotOpen
from treasury.actions.commitments import refuse_wrong
from treasury.books import Entry
from treasury.drawing import Draw
from treasury.kinds import (
    AccountKind,
    Category,
    ClaimStatus,
    JournalKind,
    VoucherKind,
    expense_account,
)
from treasury.models import Claim, Commitment, Fund, Journal
from treasury.second import second_person

SPLIT_WITHIN = datetime.timedelta(days=7)


class SoleApprover(DomainError):
    """One person approved it alone and now wants to pay it."""

    code = "sole-approver"
    message = _("You approved this claim alone, so a colleague has to pay it.")


class PayeeUnchecked(DomainError):
    """The payee has no dated check."""

    code = "payee-unchecked"
    message = _("Nobody has checked this payee yet. Record the check on the payee's page, then pay.")


def payment_terms(claim: Claim) -> dict[str, Any]:
    """The payload a second person approves (kind "payment", object: the claim)."""
    return {"payee": str(claim.payee_id), "base_minor": claim.base_minor}


def takes_two(claim: Claim, at: datetime.datetime) -> bool:
    """Whether paying the claim takes a second person; see :func:`taking_two`."""
    return claim.pk in taking_two([claim], at)


def taking_two(claims: Sequence[Claim], at: datetime.datetime, *, together: bool = False) -> set[uuid.UUID]:
    """Those of the claims whose payment takes a second person.

    One does when it, with whatever else one person alone has paid or ordered to the same payee within
    ``SPLIT_WITHIN``, is above ``PAYMENT_ALONE_MINOR``: cutting a payment into pieces does not make it
    smaller. And an advance that one person approved does, when its payee is late with an earlier one.
    With ``together`` the claims are to be paid at once, so that each counts beside the others.
    """
    beside = {row.pk: row for row in _lately({claim.payee_id for claim in claims}, at)}
    beside |= {claim.pk: claim for claim in claims} if together else {}
    agreed = _agreed(beside, at)
    alone = {key: row for key, row in beside.items() if key not in agreed}
    sums: Counter[uuid.UUID] = Counter()
    for row in alone.values():
        sums[row.payee_id] += row.base_minor
    return {
        claim.pk
        for claim in claims
        if sums[claim.payee_id] + (0 if claim.pk in alone else claim.base_minor)
        > settings.PAYMENT_ALONE_MINOR
        or (not claim.second_by and advances.blocked(claim, at.date()))
    }


def refuse_unagreed(claims: Sequence[Claim], at: datetime.datetime) -> None:
    """For a step towards payments, which leaves the approvals to them. Raises NeedsSecondPerson."""
    two = taking_two(claims, at, together=True)
    for claim in claims:
        terms = payment_terms(claim)
        if (
            claim.pk in two
            and find_approved(kind="payment", object_id=claim.id, payload=terms, at=at) is None
        ):
            raise NeedsSecondPerson()


def _lately(payees: set[uuid.UUID], at: datetime.datetime) -> Iterable[Claim]:
    """What was paid or ordered to these payees, by the moment of booking: the day can be chosen."""
    since = at - SPLIT_WITHIN
    paid = Q(paid_in__booked_at__gt=since)
    ordered = Q(orders__withdrawn_at=None, orders__file__made_at__gt=since)
    found: Iterable[Claim] = Claim.objects.filter(paid | ordered, payee__in=payees, closes=None).distinct()
    return found


def _agreed(claims: Collection[uuid.UUID], at: datetime.datetime) -> set[uuid.UUID]:
    """Those of the claims to whose payment a colleague agreed."""
    stands = Q(state="used") | Q(state="approved", until__gt=at)
    known = Approval.objects.filter(stands, kind="payment", object_id__in=claims)
    return set(known.values_list("object_id", flat=True))


@action("claim.paid")
def pay_claim(
    *,
    claim: Claim,
    bank: str = "main",
    on: datetime.date | None = None,
    final: bool = False,
    by: Actor,
    at: datetime.datetime,
) -> Journal:
    """Book the payment of an approved claim; it posts what its commitment holds.

    ``final`` releases what the commitment still holds after it. Where :func:`takes_two` says so
    a colleague has agreed before. Raises ClaimNotOpen (also on a retry), SoleApprover, PayeeUnchecked,
    NeedsSecondPerson, AboveCommitment, CeilingShort, NotEnoughMoney, AboveHeld.

    An advance is no expense yet: its vouchers make it one, and until then the funds go on holding it.
    """
    books.lock()
    claim.refresh_from_db()
    commitment = claim.commitment
    if claim.status != ClaimStatus.APPROVED or commitment is None:
        raise ClaimNotOpen()
    _refuse_payer(claim, by)
    if takes_two(claim, at):
        fact(second=second_person("payment", claim.id, payment_terms(claim), by=by, at=at))
    day = on or at.date()
    if claim.vouchers_due_on is not None:
        entries, final = advances.payment_entries(claim, commitment, bank), False
    else:
        entries = [_cost(claim, bank), *_sources(claim, commitment, day)]
    if final and (rest := commitments.releasable_minor(commitment) - claim.base_minor) > 0:
        # Payments use the oldest holds first and releases the newest, so the two never meet.
        entries += commitments.release_entries(commitment, rest)
    key = f"claim:{claim.id}:{claim.payments + 1}"
    journal = books.write(JournalKind.PAYMENT, key, entries, by=by, at=at, on=day)
    claim.status, claim.paid_on, claim.paid_in = ClaimStatus.PAID, day, journal
    claim.payments += 1
    claim.save()
    touch(claim.id, claim.payee_id, *([claim.case_id] if claim.case_id else []))
    fact(base_minor=claim.base_minor, category=claim.category)
    return journal


def _refuse_payer(claim: Claim, by: Actor) -> None:
    if not claim.second_by and claim.approved_by == by.actor_id:
        raise SoleApprover()
    if claim.payee.checked_on is None:
        raise PayeeUnchecked()


def _cost(claim: Claim, bank: str) -> Entry:
    category = Category(claim.category)
    expense = chart.account(expense_account(category), category.value)
    return Entry(expense, chart.bank(bank), claim.base_minor, category, case_id=claim.case_id)


def _sources(claim: Claim, commitment: Commitment, on: datetime.date) -> list[Entry]:
    """What the commitment holds, and within its tolerance more from eligible funds."""
    out = commitments.out_minor(commitment)
    above = commitments.paid_minor(commitment) + out + claim.base_minor - commitment.most_minor
    if above > 0:
        raise AboveCommitment(above_minor=above)
    evidence.refuse_unaccepted(commitment, claim.voucher_kind)
    held, in_hand = commitments.held_minor(commitment), commitments.in_hand_minor(commitment)
    above_held, beyond = claim.base_minor + out - held, claim.base_minor + out - in_hand
    if above_held > 0 and commitment.case_id is not None:
        eligible.refuse_above_ceiling(commitment.case_id, above_held)
    more: list[Draw[Fund]] = []
    if beyond > 0:
        kind = VoucherKind(claim.voucher_kind)
        more = eligible.draw(beyond, Category(claim.category), commitment.case_id, on, voucher_kind=kind)
    return commitments.payment_entries(commitment, claim.base_minor, more)


@action("cost.booked")
def book_running_cost(
    *,
    source_id: str,
    category: Category,
    amount_minor: int,
    voucher_kind: VoucherKind,
    on: datetime.date,
    bank: str = "main",
    by: Actor,
    at: datetime.datetime,
) -> Journal:
    """Book a running cost that the bank has taken: rent by direct debit, wages, its own fees.

    A bank fee is a fact and is always booked, uncovered if need be; for all else the funds must have it.
    ``source_id`` is the bank's reference. Raises AlreadyBooked, WrongCategory, NotEnoughMoney.
    """
    refuse_wrong(category, amount_minor, None)
    books.lock()
    expense = chart.account(expense_account(category), category.value)
    entries = [
        Entry(expense, chart.bank(bank), amount_minor, category),
        *_running_sources(category, amount_minor, voucher_kind, on),
    ]
    fact(category=category.value, amount_minor=amount_minor, voucher=voucher_kind)
    return books.write(JournalKind.RUNNING_COST, f"cost:{source_id}", entries, by=by, at=at, on=on)


def _running_sources(
    category: Category, amount_minor: int, voucher_kind: VoucherKind, on: datetime.date
) -> list[Entry]:
    found = eligible.sources(category, None, on, voucher_kind)
    draws, missing = drawing.plan(amount_minor, found)
    if missing and category != Category.BANK_FEE:
        raise eligible.short_of_funds(missing, amount_minor, [fund for fund, _free in found])
    control, rooms = chart.funds_control(), lines.Rooms(category)
    entries = []
    for draw in draws:
        fund = draw.fund
        entries += [
            Entry(chart.fund(fund), control, part, category, fund=fund, batch=batch)
            for batch, part in batches.lots(fund).take(draw.amount_minor)
        ]
        if (line := rooms.account(fund)) is not None:
            entries.append(Entry(line, chart.lines_control(), draw.amount_minor, category, fund=fund))
    if missing:
        entries.append(Entry(chart.account(AccountKind.UNCOVERED), control, missing, category))
    return entries
