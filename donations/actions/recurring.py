"""Recurring gifts: what Stripe shows about a mandate, and what its giver or we want of it."""

import datetime
import logging

from audit.actions import action, fact, touch
from audit.actors import Actor
from donations import aftercare
from donations.models import Attempt, Donation, RecurringDonation
from donations.stripe_answers import Invoice, Subscription

log = logging.getLogger("donations.recurring")
State, Reason = RecurringDonation.State, RecurringDonation.StopReason
_OVER = ("canceled", "incomplete_expired")
_FAILING = ("past_due", "unpaid")


def state_of(seen: Subscription) -> str:
    """The state of a mandate that a subscription shows."""
    if seen.status in _OVER:
        return State.STOPPED
    if seen.status == "incomplete":
        return State.BEGUN
    if seen.paused:
        return State.PAUSED
    return State.FAILING if seen.status in _FAILING else State.ACTIVE


def shows_news(mandate: RecurringDonation, seen: Subscription) -> bool:
    """Whether the subscription shows something else than we have."""
    if mandate.state == State.STOPPED:
        return False
    ours = (mandate.subscription_id, mandate.state, mandate.amount_minor, mandate.next_on)
    theirs = (seen.id, state_of(seen), seen.amount_minor, seen.next_on)
    return ours != theirs or mandate.paused_until_on != seen.resumes_on


@action("recurring.observed")
def observe_subscription(
    *,
    mandate: RecurringDonation,
    seen: Subscription,
    fetched_at: datetime.datetime,
    by: Actor,
    at: datetime.datetime,
) -> RecurringDonation:
    """Take over what a fetched subscription shows. An end is final; an older answer changes nothing."""
    row = RecurringDonation.objects.select_for_update().get(pk=mandate.pk)
    touch(row.pk)
    if row.state == State.STOPPED or (row.seen_at is not None and fetched_at < row.seen_at):
        return row
    row.subscription_id, row.seen_at, row.state = seen.id, fetched_at, state_of(seen)
    if seen.amount_minor != row.amount_minor:
        row.former_minor, row.amount_minor = row.amount_minor, seen.amount_minor
    row.next_on, row.paused_until_on = seen.next_on, seen.resumes_on
    if row.state == State.ACTIVE:
        row.failed_tries = 0
    if row.state == State.STOPPED:
        failing = Reason.PAYMENTS_FAILED if row.failed_tries else Reason.PROCESSOR
        row.stop_reason = row.stop_reason or failing
        row.stopped_at, row.next_on = seen.ended_at or at, None
    row.save()
    fact(state=row.state)
    return row


@action("recurring.stop_asked")
def ask_stop(
    *, mandate: RecurringDonation, reason: str, by: Actor, at: datetime.datetime
) -> RecurringDonation:
    """Note that a mandate is to end, before Stripe is told; asking again changes nothing.

    One that never reached Stripe is over at once.
    """
    row = RecurringDonation.objects.select_for_update().get(pk=mandate.pk)
    touch(row.pk)
    if row.stop_asked_at is None and row.state != State.STOPPED:
        row.stop_asked_at, row.stop_reason = at, reason
        row.save()
    fact(reason=row.stop_reason)
    return row


@action("recurring.never_began")
def close_unbegun(*, mandate: RecurringDonation, by: Actor, at: datetime.datetime) -> RecurringDonation:
    """A mandate to be stopped whose payment page is over: nothing of it exists at Stripe."""
    row = RecurringDonation.objects.select_for_update().get(pk=mandate.pk)
    touch(row.pk)
    if row.state == State.BEGUN and row.subscription_id is None:
        row.state, row.stopped_at = State.STOPPED, at
        row.stop_reason = row.stop_reason or Reason.PROCESSOR
        row.save()
    return row


@action("recurring.payment_failed")
def record_failed_try(
    *, mandate: RecurringDonation, invoice: Invoice, by: Actor, at: datetime.datetime
) -> RecurringDonation:
    """A month could not be collected; ``notice`` in the event says whether it is the first or last try.

    The giver is to hear of those two and of none between; of none if they wanted quiet.
    """
    row = RecurringDonation.objects.select_for_update().get(pk=mandate.pk)
    touch(row.pk)
    if row.state == State.STOPPED or row.failed_tries >= invoice.attempts:
        return row
    last = invoice.next_try_at is None
    row.failed_tries = invoice.attempts
    row.state = State.FAILING
    row.save()
    notice = "last" if last else "first" if invoice.attempts == 1 else ""
    if notice:
        aftercare.tell_of_failed_month(row, at)
    fact(tries=invoice.attempts, notice="" if row.level == "quiet" else notice)
    return row


@action("gift.by_mandate")
def begin_month(*, mandate: RecurringDonation, invoice: Invoice, by: Actor, at: datetime.datetime) -> Attempt:
    """The gift of one paid month and its attempt; the same invoice again gives the same."""
    row = RecurringDonation.objects.select_for_update().get(pk=mandate.pk)
    known = Attempt.objects.filter(invoice_id=invoice.id).first()
    if known is not None:
        return known
    asked = row.amount_minor
    if invoice.amount_due_minor == row.former_minor:
        asked = row.former_minor  # made before the amount was changed
    donation = Donation.objects.create(
        fund=row.fund,
        amount_minor=asked,
        currency=row.currency,
        level=row.level,
        language=row.language,
        fallback=row.fallback,
        given_on=invoice.created_at.date(),
        recurring=row,
        donor_id=row.donor_id,
    )
    touch(row.pk, donation.pk)
    return Attempt.objects.create(
        donation=donation,
        idempotency_key=f"invoice-{invoice.id}"[:64],
        invoice_id=invoice.id,
        payment_intent_id=invoice.payment_intent_id or "",
        opened_at=at,
        expires_at=at,
    )
