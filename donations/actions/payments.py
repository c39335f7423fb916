"""What Stripe shows about a payment, turned into facts and bookings."""

import datetime
import logging

from django.conf import settings

from audit.actions import action, fact, touch
from audit.actors import Actor
from donations.actions.giving import record
from donations.models import Attempt, Donation, Fact
from donations.stripe_answers import BalanceTransaction, CheckoutSession, Payment
from treasury.actions.gifts import book_gift
from treasury.models import Transfer

log = logging.getLogger("donations.payments")
RISK_COUNTRIES = frozenset(getattr(settings, "RISK_COUNTRIES", ("BY", "RU")))


@action("gift.observed")
def observe_payment(
    *,
    attempt: Attempt,
    session: CheckoutSession,
    payment: Payment | None,
    by: Actor,
    at: datetime.datetime,
) -> Donation:
    """Record all that the fetched session and payment show; what is known already changes nothing.

    Fetch first, then call this: no network happens while the gift's row is locked. Money is booked from
    the balance transaction alone, once.
    """
    donation = Donation.objects.select_for_update().get(pk=attempt.donation_id)
    touch(donation.pk)
    fact(session=session.id)
    _know_payment(attempt, payment)
    record(donation, Fact.Kind.OPENED, session.id, at)
    if payment is not None:
        _payment_facts(donation, session, payment, by, at)
    if session.status == "expired":
        record(donation, Fact.Kind.EXPIRED, session.id, at)
    return donation


def _know_payment(attempt: Attempt, payment: Payment | None) -> None:
    if payment is not None and attempt.payment_intent_id != payment.id:
        attempt.payment_intent_id = payment.id
        attempt.save()


def _payment_facts(
    donation: Donation, session: CheckoutSession, payment: Payment, by: Actor, at: datetime.datetime
) -> None:
    if payment.status == "processing":
        record(donation, Fact.Kind.PROCESSING, session.id, at)
    elif payment.status == "succeeded":
        record(donation, Fact.Kind.PAID, session.id, at)
        _flag(donation, session, payment, at)
        if payment.balance_transaction is not None:
            _settle(donation, payment.balance_transaction, by, at)
    elif payment.failure_code and session.status == "complete":
        # A declined card leaves the page open for another try; a failed direct debit is the end.
        record(donation, Fact.Kind.FAILED, session.id, at)


def _flag(donation: Donation, session: CheckoutSession, payment: Payment, at: datetime.datetime) -> None:
    asked = (donation.amount_minor, donation.currency)
    if (payment.received_minor, payment.currency) != asked or session.client_reference != str(donation.pk):
        log.warning("gift %s: what arrived differs from what was asked", donation.pk)
        record(donation, Fact.Kind.DIFFERS, payment.id, at)
    if payment.card_country in RISK_COUNTRIES:
        log.warning("gift %s: a card of a risk country; a human decides", donation.pk)
        record(donation, Fact.Kind.RISK_COUNTRY, payment.id, at)


def _settle(donation: Donation, entry: BalanceTransaction, by: Actor, at: datetime.datetime) -> None:
    if donation.facts.filter(kind=Fact.Kind.SETTLED, object_id=entry.id).exists():
        return
    journal = book_gift(
        source_id=entry.id,
        fund=donation.fund,
        gross_minor=entry.gross_minor,
        fee_minor=entry.fee_minor,
        net_minor=entry.net_minor,
        by=by,
        at=at,
    )
    batch_id = Transfer.objects.values_list("batch_id", flat=True).get(journal=journal, line=1)
    record(
        donation,
        Fact.Kind.SETTLED,
        entry.id,
        at,
        gross_minor=entry.gross_minor,
        fee_minor=entry.fee_minor,
        net_minor=entry.net_minor,
        currency=entry.currency,
        batch_id=batch_id,
    )
