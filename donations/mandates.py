"""Recurring gifts between our rows and Stripe: looking at them, changing them, stopping them."""

import datetime
import logging
from collections.abc import Callable

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.actions import DomainError
from audit.actors import WORKER, Actor
from donations import looking
from donations.actions import recurring as actions
from donations.actions.giving import refuse_amount
from donations.models import Attempt, Donation, RecurringDonation
from donations.references import read_uuid
from donations.stripe_answers import Invoice, Subscription
from donations.stripe_gateway import Gateway, GatewayError, GatewayRefused

log = logging.getLogger("donations.mandates")
State, Reason = RecurringDonation.State, RecurringDonation.StopReason
Clock = Callable[[], datetime.datetime]
LONGEST_PAUSE = datetime.timedelta(days=366)


class NotRunning(DomainError):
    """The mandate is over, or was never confirmed."""

    code = "mandate-not-running"
    message = _("This monthly gift is not running any more. Nothing will be taken. A new one can be begun.")


class PauseTooLong(DomainError):
    code = "pause-too-long"
    message = _("A pause ends within a year. Stop the monthly gift instead; a new one can be begun any time.")


def look(
    mandate: RecurringDonation, subscription_id: str, gateway: Gateway, *, at: datetime.datetime, by: Actor
) -> RecurringDonation:
    """Fetch a mandate's subscription and record it. One that is to stop and still runs is stopped now."""
    fetched_at = timezone.now()
    seen = gateway.fetch_subscription(subscription_id)
    found = _take_over(mandate, seen, fetched_at, at=at, by=by)
    if found.stop_asked_at is not None and found.state != State.STOPPED:
        return _tell_stripe(found, gateway, at=at, by=by)
    return found


def look_at_subscription(
    subscription_id: str, gateway: Gateway, *, at: datetime.datetime, by: Actor = WORKER
) -> bool:
    """Look at the mandate behind a subscription; false when it is none of ours."""
    mandate = RecurringDonation.objects.filter(subscription_id=subscription_id).first()
    if mandate is None:
        reference = read_uuid(gateway.fetch_subscription(subscription_id).reference)
        mandate = RecurringDonation.objects.filter(pk=reference).first() if reference else None
    if mandate is None:
        return False
    look(mandate, subscription_id, gateway, at=at, by=by)
    return True


def look_at_invoice(invoice_id: str, gateway: Gateway, *, at: datetime.datetime, by: Actor = WORKER) -> bool:
    """Look at one month: a paid one is a gift of its own, one that failed is noted. False: not ours."""
    invoice = gateway.fetch_invoice(invoice_id)
    mandate = mandate_of(invoice)
    if mandate is None:
        return False
    if invoice.subscription_id:
        mandate = look(mandate, invoice.subscription_id, gateway, at=at, by=by)
    if invoice.first:
        return _look_at_first(mandate, gateway, at=at, by=by)
    if invoice.status == "paid" and invoice.amount_paid_minor > 0:
        known = looking.ATTEMPTS.filter(invoice_id=invoice.id).first()
        attempt = known or actions.begin_month(mandate=mandate, invoice=invoice, by=by, at=at)
        looking.observe(looking.ATTEMPTS.get(pk=attempt.pk), gateway, at=at, by=by)
    elif invoice.attempts > mandate.failed_tries and invoice.status in ("open", "uncollectible"):
        actions.record_failed_try(mandate=mandate, invoice=invoice, by=by, at=at)
    return True


def mandate_of(invoice: Invoice) -> RecurringDonation | None:
    """Whose month this is: by the subscription, or by the reference we gave with it."""
    known = RecurringDonation.objects.filter(subscription_id=invoice.subscription_id or "").first()
    reference = read_uuid(invoice.reference)
    if known is None and reference is not None:
        known = RecurringDonation.objects.filter(pk=reference).first()
    return known


def _look_at_first(mandate: RecurringDonation, gateway: Gateway, *, at: datetime.datetime, by: Actor) -> bool:
    """The first month was paid on the page: its gift is the one that began the mandate."""
    begun = looking.ATTEMPTS.filter(donation__recurring=mandate, session_id__isnull=False)
    for attempt in begun:
        looking.observe(attempt, gateway, at=at, by=by)
    return begun.exists()


# -- what the giver, or we, want ---------------------------------------------------------------------------


def change_amount(
    mandate: RecurringDonation, amount_minor: int, gateway: Gateway, *, at: datetime.datetime, by: Actor
) -> RecurringDonation:
    """Another amount from the next month on. Raises NotRunning, AmountOutside, GatewayError."""
    refuse_amount(amount_minor, mandate.currency)
    subscription_id = _running(mandate)
    fetched_at = timezone.now()
    seen = gateway.change_amount(gateway.fetch_subscription(subscription_id), amount_minor)
    return _take_over(mandate, seen, fetched_at, at=at, by=by)


def pause(
    mandate: RecurringDonation,
    until: datetime.date | None,
    gateway: Gateway,
    *,
    at: datetime.datetime,
    by: Actor,
) -> RecurringDonation:
    """Take nothing until a day, or until resumed. Raises NotRunning, PauseTooLong, GatewayError."""
    subscription_id = _running(mandate)
    moment = None
    if until is not None:
        moment = datetime.datetime.combine(until, datetime.time(6), datetime.UTC)
        if not at < moment <= at + LONGEST_PAUSE:
            raise PauseTooLong()
    fetched_at = timezone.now()
    return _take_over(mandate, gateway.pause(subscription_id, moment), fetched_at, at=at, by=by)


def resume(
    mandate: RecurringDonation, gateway: Gateway, *, at: datetime.datetime, by: Actor
) -> RecurringDonation:
    """Take the gift again from the next month on. Raises NotRunning, GatewayError."""
    subscription_id = _running(mandate)
    fetched_at = timezone.now()
    return _take_over(mandate, gateway.resume(subscription_id), fetched_at, at=at, by=by)


def stop(
    mandate: RecurringDonation, reason: str, gateway: Gateway, *, at: datetime.datetime, by: Actor
) -> RecurringDonation:
    """End a mandate for ever. It is noted first; if Stripe cannot be reached now, a sweep tells it later."""
    asked = actions.ask_stop(mandate=mandate, reason=reason, by=by, at=at)
    if asked.state == State.STOPPED:
        return asked
    try:
        return finish_stop(asked, gateway, at=at, by=by)
    except GatewayError as error:
        log.warning("mandate %s: to be stopped, Stripe not reached: %s", mandate.pk, error)
        return asked


def finish_stop(
    mandate: RecurringDonation, gateway: Gateway, *, at: datetime.datetime, by: Actor
) -> RecurringDonation:
    """Tell Stripe about a mandate that is to stop; close its page if it was not confirmed yet.

    Raises GatewayError.
    """
    if mandate.subscription_id is not None:
        return _tell_stripe(mandate, gateway, at=at, by=by)
    for attempt in Attempt.objects.filter(donation__recurring=mandate, session_id__isnull=False):
        session = gateway.fetch_checkout(attempt.session_id or "")
        if session.subscription_id:
            return look(mandate, session.subscription_id, gateway, at=at, by=by)
        if session.status == "open":
            gateway.expire_checkout(session.id)
    return actions.close_unbegun(mandate=mandate, by=by, at=at)


def _tell_stripe(
    mandate: RecurringDonation, gateway: Gateway, *, at: datetime.datetime, by: Actor
) -> RecurringDonation:
    fetched_at = timezone.now()
    try:
        seen = gateway.stop(mandate.subscription_id or "")
    except GatewayRefused as refused:
        if refused.code != "resource_missing":
            raise
        seen = gateway.fetch_subscription(mandate.subscription_id or "")  # over already
    return _take_over(mandate, seen, fetched_at, at=at, by=by)


def _take_over(
    mandate: RecurringDonation,
    seen: Subscription,
    fetched_at: datetime.datetime,
    *,
    at: datetime.datetime,
    by: Actor,
) -> RecurringDonation:
    fresh = RecurringDonation.objects.get(pk=mandate.pk)
    if not actions.shows_news(fresh, seen):
        return fresh
    return actions.observe_subscription(mandate=fresh, seen=seen, fetched_at=fetched_at, by=by, at=at)


def _running(mandate: RecurringDonation) -> str:
    if mandate.subscription_id is None or mandate.state == State.STOPPED or mandate.stop_asked_at:
        raise NotRunning()
    return mandate.subscription_id


def find(
    *, amount_minor: int, on: datetime.date, last_four: str, gateway: Gateway
) -> list[RecurringDonation]:
    """The mandates a giver may mean who knows amount, day and the last four digits of card or account.

    The digits are compared at Stripe and never stored. Raises GatewayError.
    """
    days = (on - datetime.timedelta(days=1), on + datetime.timedelta(days=1))
    gifts = Donation.objects.filter(
        recurring__isnull=False, given_on__range=days, amount_minor=amount_minor
    ).select_related("recurring")
    found = {}
    for attempt in Attempt.objects.filter(donation__in=gifts).exclude(payment_intent_id=""):
        payment = gateway.fetch_payment(attempt.payment_intent_id)
        if payment.last_four == last_four:
            mandate = RecurringDonation.objects.get(donations__attempts=attempt)
            found[mandate.pk] = mandate
    return list(found.values())
