"""Claims: entered with their voucher, approved by one or two people, or rejected."""

import datetime
import uuid

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from audit.actions import DomainError, action, fact, touch
from audit.actors import Actor
from treasury import chart, commitments, evidence, rates, tariffs
from treasury.actions.commitments import commit, refuse_wrong
from treasury.actions.vouchers import add_voucher_file
from treasury.kinds import Category, ClaimStatus, ReasonCode, VoucherKind
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
    if commitment is not None and (commitment.case_id, commitment.category) != (case_id, category):
        raise DoesNotMatch()
    claim = Claim(
        payee=payee,
        commitment=commitment,
        case_id=case_id,
        category=category,
        voucher_kind=voucher_kind,
        number=number,
        number_index=exact_index("claim.number", f"{payee.id}|{number.strip()}") if number.strip() else "",
        voucher_sha256=voucher.sha256 if voucher else voucher_sha256,
        invoiced_on=invoiced_on,
        amount_minor=amount_minor,
        currency=currency or chart.base_currency(),
        base_minor=base_minor,
        entered_at=at,
        entered_by=by.actor_id,
    )
    _refuse_duplicate(claim)
    claim.save()
    if voucher is not None:
        add_voucher_file(claim=claim, content=voucher, by=by, at=at)
    _tell(claim)
    return claim


def _refuse_duplicate(claim: Claim) -> None:
    others = Claim.objects.exclude(status=ClaimStatus.REJECTED)
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
    return {"payee": str(claim.payee_id), "amount_minor": claim.amount_minor, "currency": claim.currency}


def needs_second_person(claim: Claim, on: datetime.date) -> bool:
    """Whether the claim is above what one person may approve: tariff or standing authority."""
    commitment = claim.commitment
    agreed = commitment is not None and commitment.authority is not None
    if commitment is not None and agreed and claim.base_minor <= commitment.amount_minor:
        return False
    return not tariffs.covered(claim.category, claim.base_minor, on)


@action("claim.approved")
def approve_claim(*, claim: Claim, by: Actor, at: datetime.datetime) -> Claim:
    """Approve a claim: alone within tariff or standing authority, else with a colleague's approval.

    A claim without a commitment gets one now. Raises ClaimNotOpen, AboveCommitment, NeedsSecondPerson,
    CeilingShort, NotEnoughMoney, evidence.NotAccepted.
    """
    claim.refresh_from_db()
    if claim.status != ClaimStatus.ENTERED:
        raise ClaimNotOpen()
    if needs_second_person(claim, at.date()):
        claim.second_by = second_person("claim", claim.id, claim_terms(claim), by=by, at=at)
    if claim.commitment is None:
        claim.commitment = commit(
            category=Category(claim.category),
            amount_minor=claim.base_minor,
            case_id=claim.case_id,
            voucher_kind=VoucherKind(claim.voucher_kind),
            by=by,
            at=at,
        )
    else:
        evidence.refuse_unaccepted(claim.commitment, claim.voucher_kind)
        _refuse_above(claim, claim.commitment)
    claim.status, claim.approved_by = ClaimStatus.APPROVED, by.actor_id
    claim.save()
    _tell(claim)
    fact(two_people=bool(claim.second_by))
    return claim


def _refuse_above(claim: Claim, commitment: Commitment) -> None:
    approved = commitment.claims.filter(status=ClaimStatus.APPROVED)
    waiting = approved.aggregate(total=Sum("base_minor"))["total"] or 0
    left = commitment.most_minor - commitments.paid_minor(commitment) - waiting
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
    _tell(claim)
    fact(reason=reason_code)
    return claim


def _tell(claim: Claim) -> None:
    touch(claim.id, claim.payee_id)
    if claim.case_id is not None:
        touch(claim.case_id)
    fact(category=claim.category, base_minor=claim.base_minor)
