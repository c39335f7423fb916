"""Advances: money with somebody who owes vouchers for it, and what is left of each.

An advance is a claim without its vouchers. When it is paid the money moves to an account of its own, which
is ours still; the funds go on holding as much, so nothing is spent yet and nothing else can use it. Each
accepted voucher makes a part of it an expense and uses up as much of what is held; money that comes back is
free again. The account can never be credited beyond what was paid: the database sees to that.
"""

import datetime
import uuid

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils.translation import gettext_lazy as _

from audit.actions import DomainError
from treasury import chart, commitments, eligible, evidence
from treasury.books import Entry
from treasury.currencies import amount_text
from treasury.kinds import AccountKind, Category, ClaimStatus, expense_account
from treasury.models import Account, Balance, Claim, Commitment, Fund

PAID = (ClaimStatus.PAID, ClaimStatus.RECONCILED)


class AboveAdvance(DomainError):
    """More than is left of the advance; ``left_minor`` is what is left, ``left`` says it."""

    code = "above-advance"
    message = _("Of this advance %(left)s are left. Enter no more than that; the rest is a claim of its own.")


class OwnVoucher(DomainError):
    """Whoever entered a voucher does not accept it."""

    code = "own-voucher"
    message = _("You entered this voucher, so a colleague has to accept it.")


class AboveHeld(DomainError):
    """The commitment does not hold what the advance needs; ``above_minor`` is missing there."""

    code = "above-commitment"
    message = _("This advance is above what is still held for it. Raise the commitment first.")


def with_left(claims: QuerySet[Claim]) -> QuerySet[Claim]:
    """Adds ``left_minor``: what of each advance is neither vouched for nor returned; None before payment."""
    account = Balance.objects.filter(
        account__kind=AccountKind.ADVANCE, account__subject_id=OuterRef("pk")
    ).annotate(left=F("debit_posted") - F("credit_posted"))
    return claims.annotate(left_minor=Subquery(account.values("left")[:1]))


def outstanding() -> QuerySet[Claim]:
    """Advances with something left, those due first; ``left_minor`` beside each."""
    paid = with_left(Claim.objects.all().advances().filter(status__in=PAID))
    return paid.filter(Q(("left_minor__gt", 0))).order_by("vouchers_due_on", "pk")


def overdue(on: datetime.date, payee_id: uuid.UUID | None = None) -> QuerySet[Claim]:
    """Those whose vouchers should be here by now; of one payee, or of all."""
    late = outstanding().filter(vouchers_due_on__lt=on)
    return late if payee_id is None else late.filter(payee=payee_id)


def blocked(claim: Claim, on: datetime.date) -> bool:
    """Whether it is an advance to somebody who is late with an earlier one: that takes two people."""
    return claim.vouchers_due_on is not None and overdue(on, claim.payee_id).exclude(pk=claim.pk).exists()


def left_minor(advance: Claim) -> int:
    """What of a paid advance is neither vouched for nor returned."""
    kept = Balance.objects.filter(account__kind=AccountKind.ADVANCE, account__subject_id=advance.pk).first()
    return -kept.posted_minor if kept else 0


def waiting_minor(advance: Claim) -> int:
    """Vouchers that are entered and nobody has looked at yet."""
    entered = advance.vouchers.filter(status=ClaimStatus.ENTERED)
    return entered.aggregate(total=Sum("base_minor"))["total"] or 0


def counts_minor(voucher: Claim, advance: Claim) -> int:
    """For how much of its advance a voucher counts if it is accepted now: at most what is left.

    Another voucher that was turned down in between leaves more; one that was accepted, less.
    """
    own = voucher.currency == chart.base_currency()
    worth = voucher.amount_minor if own else voucher.base_minor
    return min(worth, left_minor(advance))


def refuse_above(advance: Claim, amount_minor: int, left: int) -> None:
    """Raise AboveAdvance."""
    if amount_minor > left:
        raise AboveAdvance(left_minor=left, left=amount_text(left, chart.base_currency()))


def payment_entries(claim: Claim, commitment: Commitment, bank: str) -> list[Entry]:
    """Pay an advance: the money is with the payee, and the funds hold as much as before.

    Raises AboveHeld, and NotEnoughMoney while it rests on an instalment that has not come.
    """
    out = commitments.out_minor(commitment)
    if (above := claim.base_minor + out - commitments.held_minor(commitment)) > 0:
        raise AboveHeld(above_minor=above)
    if (missing := claim.base_minor + out - commitments.in_hand_minor(commitment)) > 0:
        waited_for = commitments.holds(commitment, (AccountKind.AHEAD,))
        funds: list[Fund] = [held.fund for held in waited_for if held.fund is not None]
        raise eligible.short_of_funds(missing, claim.base_minor, funds)
    return [_moved(claim, chart.advance(claim.pk), chart.bank(bank), claim.base_minor)]


def voucher_entries(voucher: Claim, advance: Claim, commitment: Commitment) -> list[Entry]:
    """Count a voucher: so much of the advance is an expense now, borne by what the funds held for it.

    Raises AboveAdvance, and NotAccepted where a funder behind it refuses the evidence.
    """
    refuse_above(advance, voucher.base_minor, left_minor(advance))
    evidence.refuse_unaccepted(commitment, voucher.voucher_kind)
    category = Category(voucher.category)
    expense = chart.account(expense_account(category), category.value)
    return [
        Entry(expense, chart.advance(advance.pk), voucher.base_minor, category, case_id=voucher.case_id),
        *commitments.payment_entries(commitment, voucher.base_minor, []),
    ]


def return_entries(advance: Claim, commitment: Commitment, amount_minor: int, bank: str) -> list[Entry]:
    """Money that came back: it is in the bank, and the funds need not hold it any longer."""
    return [
        _moved(advance, chart.bank(bank), chart.advance(advance.pk), amount_minor),
        *commitments.release_entries(commitment, amount_minor),
    ]


def _moved(advance: Claim, debit: Account, credit: Account, amount_minor: int) -> Entry:
    return Entry(debit, credit, amount_minor, Category(advance.category), case_id=advance.case_id)
