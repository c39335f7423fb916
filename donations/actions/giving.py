"""From the decision to give to the payment page."""

import datetime
import secrets

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.outbox import posting
from audit.actions import DomainError, action, fact, touch
from audit.actors import Actor
from donations import codes, donors, fallbacks, quotas
from donations.actions.receipts import LETTER
from donations.models import Attempt, Donation, Donor, Fact, RecurringDonation
from donations.models.gifts import WITH_ADDRESS, Level
from donations.noting import Notes
from donations.stripe_answers import CheckoutSession
from treasury.models import Fund

CURRENCIES = ("EUR", "USD", "PLN")
# Below this the fee eats the gift, and card testers like small amounts. Above it we ask who gives.
LEAST_MINOR = int(settings.DONATION_LEAST_MINOR)
MOST_MINOR = int(settings.DONATION_MOST_MINOR)
PAGE_LASTS = datetime.timedelta(minutes=40)
FALLBACK = fallbacks.SAME_CAUSE


class AmountOutside(DomainError):
    code = "amount-outside"
    message = _("Please give between %(least)s and %(most)s. For more, write to us first.")


class FundClosed(DomainError):
    code = "fund-closed"
    message = _("This campaign has ended. Your gift can go to the general fund instead.")


class NoAddress(DomainError):
    code = "no-address"
    message = _("Write the address that the receipt's letter should go to, or choose to leave none.")


def refuse_amount(amount_minor: int, currency: str) -> None:
    """Raise AmountOutside for what is too little or too much to give."""
    if not LEAST_MINOR <= amount_minor <= MOST_MINOR:
        raise AmountOutside(least=f"{LEAST_MINOR // 100} {currency}", most=f"{MOST_MINOR // 100} {currency}")


@action("gift.begun")
def begin_gift(
    *,
    fund: Fund,
    amount_minor: int,
    currency: str,
    level: str,
    language: str,
    monthly: bool = False,
    address: str = "",
    by: Actor,
    at: datetime.datetime,
) -> tuple[Donation, str]:
    """A gift that somebody decided on, and its code ("" when they want none). No money has moved.

    With ``monthly`` it is the first of a recurring donation, which its code controls too. ``address`` is
    where the receipt's letter goes; it is sealed at once, and kept only by those who stay in touch.

    Raises AmountOutside, FundClosed, NoAddress, TooManyAtOnce, AboveCeiling; ValueError for a currency that
    is not offered.
    """
    if currency not in CURRENCIES:
        raise ValueError(currency)
    refuse_amount(amount_minor, currency)
    if fallbacks.has_ended(fund, at.date()):
        raise FundClosed()
    quotas.refuse_nameless(level, amount_minor, currency)
    quotas.refuse_many(fund, at)
    donor = _donor(level, address, language, at)
    mandate = _mandate(fund, amount_minor, currency, level, language, donor, at) if monthly else None
    code = codes.new_code() if level == Level.CODE else ""
    donation = Donation.objects.create(
        fund=fund,
        amount_minor=amount_minor,
        currency=currency,
        level=level,
        language=language,
        fallback=FALLBACK,
        code_digest=codes.digest(code) if code else "",
        given_on=at.date(),
        recurring=mandate,
        donor=donor,
    )
    if donor is not None:
        _hold_letter(donation, donor, address, at)
    touch(donation.pk, fund.pk)
    return donation, code


def _donor(level: str, address: str, language: str, at: datetime.datetime) -> Donor | None:
    if level not in WITH_ADDRESS:
        return None
    if not address.strip():
        raise NoAddress()
    return donors.donor_for(address, level, language, at)


def _hold_letter(donation: Donation, donor: Donor, address: str, at: datetime.datetime) -> None:
    """The one letter that the address is used for: it leaves when the receipt is there."""
    posting.post(
        letter=LETTER,
        language=donation.language,
        address=address.strip(),
        about_id=donor.pk,
        occasion_id=donation.pk,
        held=True,
        at=at,
    )


def _mandate(  # noqa: PLR0917  the words of the gift itself
    fund: Fund,
    amount_minor: int,
    currency: str,
    level: str,
    language: str,
    donor: Donor | None,
    at: datetime.datetime,
) -> RecurringDonation:
    return RecurringDonation.objects.create(
        fund=fund,
        amount_minor=amount_minor,
        currency=currency,
        level=level,
        language=language,
        fallback=FALLBACK,
        begun_at=at,
        donor=donor,
    )


@action("gift.attempt_begun")
def begin_attempt(*, donation: Donation, by: Actor, at: datetime.datetime) -> Attempt:
    """Store the key of a call to Stripe before it is made, so that it can be repeated safely."""
    touch(donation.pk)
    return Attempt.objects.create(
        donation=donation,
        idempotency_key=f"checkout-{secrets.token_hex(16)}",
        opened_at=at,
        expires_at=at + PAGE_LASTS,
    )


@action("gift.attempt_opened")
def record_opened(
    *, attempt: Attempt, session: CheckoutSession, by: Actor, at: datetime.datetime
) -> Donation:
    """Keep the id of the payment page that Stripe opened for the attempt."""
    if attempt.session_id != session.id:
        attempt.session_id = session.id
        attempt.save()
    donation = Donation.objects.select_for_update().get(pk=attempt.donation_id)
    notes = Notes(donation, at)
    notes.add(Fact.Kind.OPENED, session.id)
    notes.write()
    touch(donation.pk)
    fact(session=session.id)
    return donation
