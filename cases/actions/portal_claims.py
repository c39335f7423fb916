"""A claim that a lawyer abroad enters for their own fee: checked, approved and paid like any other."""

import datetime
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.actions import DomainError, action, touch
from cases import portal
from cases.actions.costs import enter_case_claim
from cases.actions.papers import is_silenced
from cases.actions.portal import BoundToSilence, NotYours
from cases.models import CounselPayee, Representation
from lawyers.models import Lawyer
from treasury.actions.payees import add_payee
from treasury.kinds import Category, PayeeKind, VoucherKind
from treasury.models import Claim, Commitment, Payee
from vault.files import Cleaned


class NoFeeHere(DomainError):
    """Nothing was agreed that the organisation pays for this representation, or all of it is given back."""

    code = "no-fee-here"
    message = _("No fee of ours is agreed for this case. Please speak to your coordinator.")


class PayeeMissing(DomainError):
    """It is not known yet where this lawyer is paid."""

    code = "counsel-payee-missing"
    message = _("Say once where you are paid: name, country and account.")


class NotByUs(DomainError):
    """A transfer to that country would show itself to those who must not see it."""

    code = "no-transfer-there"
    message = _("We send nothing to an account in that country. Please speak to your coordinator.")


@dataclass(frozen=True)
class PaidAt:
    """Where a lawyer is paid; sealed under the payee's own key as soon as it is kept."""

    name: str
    country: str
    iban: str


@action("portal.claimed")
def claim_through_portal(
    *,
    representation: Representation,
    amount_minor: int,
    invoiced_on: datetime.date,
    voucher_kind: VoucherKind,
    voucher: Cleaned,
    number: str = "",
    paid_at: PaidAt | None = None,
    by: User,
    at: datetime.datetime,
) -> Claim:
    """Claim a part of the agreed fee, in the currency it was agreed in.

    ``paid_at`` is needed once, with the first claim; a colleague checks that payee before anything is paid,
    and a later change takes two people at the desk. In the books the amount is worth what the agreement made
    of it. Raises NotYours, NoFeeHere, BoundToSilence, PayeeMissing, NotByUs, and of treasury WrongIban,
    WrongAmount, ClaimedBefore.
    """
    lawyer, commitment = representation.lawyer, portal.claimable(representation)
    if lawyer is None or lawyer.user_id != by.pk or not lawyer.is_active:
        raise NotYours()
    if commitment is None:
        raise NoFeeHere()
    if is_silenced(representation.case):
        raise BoundToSilence()
    touch(representation.pk)
    return enter_case_claim(
        case=representation.case,
        payee=_payee(lawyer, paid_at, by=by, at=at),
        category=Category(commitment.category),
        amount_minor=amount_minor,
        currency=commitment.agreed_currency,
        base_minor=_in_books(commitment, amount_minor),
        invoiced_on=invoiced_on,
        voucher_kind=voucher_kind,
        representation=representation,
        number=number,
        voucher=voucher,
        sure=True,
        by=by,
        at=at,
    )


def _payee(lawyer: Lawyer, paid_at: PaidAt | None, *, by: User, at: datetime.datetime) -> Payee:
    known = CounselPayee.objects.filter(lawyer=lawyer).select_related("payee").first()
    if known is not None:
        return known.payee
    if paid_at is None:
        raise PayeeMissing()
    if paid_at.country.upper() in settings.RISK_COUNTRIES:
        raise NotByUs()
    payee: Payee = add_payee(
        kind=PayeeKind.COUNSEL,
        name=paid_at.name,
        country=paid_at.country,
        iban=paid_at.iban,
        by=by,
        at=at,
    )
    CounselPayee(lawyer=lawyer, payee=payee, known_at=at, recorded_by=by.actor_id).save()
    return payee


def _in_books(commitment: Commitment, amount_minor: int) -> int | None:
    """At the rate of the agreement, at least one unit; None where it is the currency of the books."""
    if commitment.agreed_currency == commitment.currency:
        return None
    return max(amount_minor * commitment.amount_minor // commitment.agreed_minor, 1)
