"""Claims: entered with their voucher, approved by one or two people, or rejected."""

import datetime
import uuid

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from audit.actions import DomainError, action, fact, touch
from audit.actors import Actor
from treasury import advances, books, chart, commitments, evidence, rates, tariffs
from treasury.actions.commitments import commit, refuse_wrong
from treasury.actions.vouchers import add_voucher_file
from treasury.kinds import Category, ClaimStatus, JournalKind, ReasonCode, VoucherKind
from treasury.models import Claim, Commitment, Payee
from treasury.second import second_person
from vault.files import Cleaned
from vault.indexes import exact_index


class ClaimedBefore(DomainError):
    """The same voucher was claimed already; ``claim_id`` is the earlier claim."""

    code = "claimed-before"
    message = _(
        "This voucher was claimed before. Look at the earlier claim; reject it first if it was wrong."
    )


class ClaimNotOpen(DomainError):
    """The claim is not in the state this needs."""

    code = "claim-not-open"
    message = _("This claim was decided already. Reload the page to see where it stands.")


class AboveCommitment(DomainError):
    """The claim is above what was agreed, tolerance included; ``above_minor`` by how much."""

    code = "above-commitment"
    message = _(
        "This claim is above what was agreed. Raise the commitment first, or ask for a lower invoice."
    )


class DoesNotMatch(DomainError):
    """The claim is for another case or category than its commitment."""

    code = "does-not-match-commitment"
    message = _("The claim and the commitment are for different things. Choose the commitment it belongs to.")


@action("claim.entered")
def enter_claim(
    *,
    payee: Payee,
    voucher_kind: VoucherKind,
    invoiced_on: datetime.date,
    amount_minor: int,
    category: Category,
    currency: str | None = None,
    base_minor: int | None = None,
    number: str = "",
    voucher_sha256: str = "",
    voucher: Cleaned | None = None,
    case_id: uuid.UUID | None = None,
    commitment: Commitment | None = None,
    sure: bool = False,
    by: Actor,
    at: datetime.datetime,
) -> Claim:
    """Enter a demand to pay. ``base_minor`` is the amount in the currency of the books, if that differs.

    ``voucher`` is its file, which is sealed and kept; without one ``voucher_sha256`` may still name it.
    Raises WrongCategory, WrongAmount, DoesNotMatch, ClaimedBefore, and RateMissing or RateLooksWrong (unless
    ``sure``) for another currency.
    """
    refuse_wrong(category, amount_minor, case_id)
    base_minor = rates.in_books(amount_minor, currency, base_minor, sure=sure)
    claim = Claim(
        payee=payee,
        commitment=commitment,
        case_id=case_id,
        category=category,
        voucher_kind=voucher_kind,
        number=number,
        voucher_sha256=voucher_sha256,
        invoiced_on=invoiced_on,
        amount_minor=amount_minor,
        currency=currency or chart.base_currency(),
        base_minor=base_minor,
    )
    return keep_claim(claim, voucher, by=by, at=at)


def keep_claim(claim: Claim, voucher: Cleaned | None, *, by: Actor, at: datetime.datetime) -> Claim:
    """Save a new claim with its file. Inside an action. Raises DoesNotMatch, ClaimedBefore."""
    agreed = claim.commitment
    if agreed is not None and (agreed.case_id, agreed.category) != (claim.case_id, claim.category):
        raise DoesNotMatch()
    claim.number_index = _number_index(claim.payee, claim.number)
    claim.entered_at, claim.entered_by = at, by.actor_id
    if voucher is not None:
        claim.voucher_sha256 = voucher.sha256
    _refuse_duplicate(claim)
    claim.save()
    if voucher is not None:
        add_voucher_file(claim=claim, content=voucher, by=by, at=at)
    tell(claim)
    return claim


def _number_index(payee: Payee, number: str) -> str:
    """The index under which the number of a payee's voucher is found again; "" without one."""
    return exact_index("claim.number", f"{payee.id}|{number.strip()}") if number.strip() else ""


def _refuse_duplicate(claim: Claim) -> None:
    others = Claim.objects.exclude(status=ClaimStatus.REJECTED)
    if claim.closes_id is not None:
        others = others.exclude(pk=claim.closes_id)
    same = others.filter(voucher_sha256=claim.voucher_sha256) if claim.voucher_sha256 else others.none()
    if claim.number_index:
        same = same | others.filter(number_index=claim.number_index)
    else:
        # Without a number: payee, day and amount are what makes two vouchers one.
        same = same | others.filter(
            payee=claim.payee, invoiced_on=claim.invoiced_on, amount_minor=claim.amount_minor, number_index=""
        )
    if (found := same.first()) is not None:
        raise ClaimedBefore(claim_id=str(found.id))


def claim_terms(claim: Claim) -> dict[str, object]:
    """The payload a second officer approves (kind "claim", object: the claim)."""
    due = {"vouchers_due_on": claim.vouchers_due_on.isoformat()} if claim.vouchers_due_on else {}
    terms = {"payee": str(claim.payee_id), "amount_minor": claim.amount_minor, "currency": claim.currency}
    return {**terms, **due}


def needs_second_person(claim: Claim, on: datetime.date) -> bool:
    """Whether the claim is above what one person may approve: tariff or standing authority.

    So is an advance to somebody who is late with an earlier one. A voucher of an advance is not: the sum was
    approved with the advance.
    """
    if claim.closes_id is not None:
        return False
    if advances.blocked(claim, on):
        return True
    commitment = claim.commitment
    agreed = commitment is not None and commitment.authority is not None
    if commitment is not None and agreed and claim.base_minor <= commitment.amount_minor:
        return False
    return not tariffs.covered(claim.category, claim.base_minor, on)


@action("claim.approved")
def approve_claim(*, claim: Claim, by: Actor, at: datetime.datetime) -> Claim:
    """Approve a claim: alone within tariff or standing authority, else with a colleague's approval.

    A claim without a commitment gets one now; the voucher of an advance is booked now, as nothing is left to
    pay. Raises ClaimNotOpen, AboveCommitment, NeedsSecondPerson, CeilingShort, NotEnoughMoney,
    evidence.NotAccepted; for such a voucher advances.OwnVoucher and AboveAdvance.
    """
    claim.refresh_from_db()
    if claim.status != ClaimStatus.ENTERED:
        raise ClaimNotOpen()
    if claim.closes is not None:
        return _count_voucher(claim, claim.closes, by=by, at=at)
    advance = claim.vouchers_due_on is not None
    if needs_second_person(claim, at.date()):
        claim.second_by = second_person("claim", claim.id, claim_terms(claim), by=by, at=at)
    if claim.commitment is None:
        claim.commitment = commit(
            category=Category(claim.category),
            amount_minor=claim.base_minor,
            case_id=claim.case_id,
            voucher_kind=None if advance else VoucherKind(claim.voucher_kind),
            by=by,
            at=at,
        )
    else:
        if not advance:  # what a funder takes as evidence are the vouchers that follow
            evidence.refuse_unaccepted(claim.commitment, claim.voucher_kind)
        _refuse_above(claim, claim.commitment)
    claim.status, claim.approved_by = ClaimStatus.APPROVED, by.actor_id
    claim.save()
    tell(claim)
    fact(two_people=bool(claim.second_by))
    return claim


def _count_voucher(claim: Claim, advance: Claim, *, by: Actor, at: datetime.datetime) -> Claim:
    """Make the part of the advance that the voucher proves an expense of today."""
    books.lock()
    commitment = claim.commitment
    if claim.entered_by == by.actor_id:
        raise advances.OwnVoucher()
    if commitment is None or advance.status not in advances.PAID:
        raise ClaimNotOpen()
    claim.base_minor = advances.counts_minor(claim, advance) or claim.base_minor
    entries = advances.voucher_entries(claim, advance, commitment)
    claim.payments += 1
    key = f"claim:{claim.id}:{claim.payments}"
    journal = books.write(JournalKind.ADVANCE_CLOSED, key, entries, by=by, at=at)
    claim.status, claim.approved_by = ClaimStatus.PAID, by.actor_id
    claim.paid_on, claim.paid_in = at.date(), journal
    claim.save()
    tell(claim)
    touch(advance.id)
    return claim


def _refuse_above(claim: Claim, commitment: Commitment) -> None:
    approved = commitment.claims.filter(status=ClaimStatus.APPROVED)
    waiting = approved.aggregate(total=Sum("base_minor"))["total"] or 0
    gone = commitments.paid_minor(commitment) + commitments.out_minor(commitment)
    left = commitment.most_minor - gone - waiting
    if claim.base_minor > left:
        raise AboveCommitment(above_minor=claim.base_minor - left)


@action("claim.rejected")
def reject_claim(
    *, claim: Claim, reason_code: ReasonCode, note: str = "", by: Actor, at: datetime.datetime
) -> Claim:
    """Turn a claim down before it is paid; an approved one keeps its commitment. Raises ClaimNotOpen."""
    claim.refresh_from_db()
    if claim.status not in (ClaimStatus.ENTERED, ClaimStatus.APPROVED):
        raise ClaimNotOpen()
    claim.status, claim.reason_code, claim.note = ClaimStatus.REJECTED, reason_code, note
    claim.save()
    tell(claim)
    fact(reason=reason_code)
    return claim


def tell(claim: Claim) -> None:
    touch(claim.id, claim.payee_id)
    if claim.case_id is not None:
        touch(claim.case_id)
    fact(category=claim.category, base_minor=claim.base_minor)
