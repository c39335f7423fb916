"""Giving back: decided here, by a second person above a limit; sent to Stripe after it is stored."""

import datetime
import secrets
from typing import Any

from django.conf import settings
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from audit.actions import DomainError, action, fact, touch
from audit.actors import Actor
from donations import arrived, held, noting
from donations.models import Alarm, Attempt, Donation, Fact, Refund
from donations.stripe_answers import Refund as RefundSeen
from treasury.currencies import amount_text
from treasury.second import second_person

# Above this much one person alone gives nothing back.
ALONE_MINOR = int(settings.REFUND_ALONE_MINOR)
Kind = Fact.Kind


class NothingToReturn(DomainError):
    """More is asked than is left of the gift; ``left`` says how much is."""

    code = "nothing-to-return"
    message = _("%(left)s of this gift can still be given back. Choose that or less.")


class Contested(DomainError):
    """While a dispute is open a refund would pay the giver twice."""

    code = "contested"
    message = _("The giver’s bank contests this payment and holds the money. Wait for the outcome.")


class RefundOnItsWay(DomainError):
    code = "refund-on-its-way"
    message = _("A refund of this gift has not been answered yet. Wait a minute and look again.")


def refundable_minor(donation: Donation) -> int:
    """What is left of a gift that can be given back, in minor units of the gift's currency."""
    came = arrived.of(donation)
    if came is None:
        return 0
    asked = Refund.objects.standing().filter(donation=donation).aggregate(total=Sum("amount_minor"))
    return max(0, came.paid_minor - (asked["total"] or 0) - came.as_paid(donation.disputed_minor))


def refund_terms(*, donation: Donation, amount_minor: int) -> dict[str, Any]:
    """The payload a second officer approves (kind "refund", object: the gift)."""
    return {"donation": str(donation.pk), "amount_minor": amount_minor, "currency": donation.currency}


def takes_two(donation: Donation, amount_minor: int) -> bool:
    """Whether a second person has to agree: all of a gift's refunds count together, so none is split."""
    ours = Refund.objects.standing().filter(donation=donation).exclude(asked_by="")
    before = ours.aggregate(total=Sum("amount_minor"))["total"] or 0
    return amount_minor + int(before) > ALONE_MINOR


@action("refund.asked")
def ask_refund(
    *, donation: Donation, amount_minor: int, alarm: Alarm | None = None, by: Actor, at: datetime.datetime
) -> Refund:
    """Decide to give back part or all of a gift. Nothing is sent yet: see donations/refunding.py.

    Raises NothingToReturn, Contested, RefundOnItsWay; above the limit NeedsSecondPerson.
    """
    row: Donation = Donation.objects.select_for_update().get(pk=donation.pk)
    left = refundable_minor(row)
    if not 0 < amount_minor <= left:
        raise NothingToReturn(left=amount_text(left, row.currency))
    if _is_contested(row):
        raise Contested()
    if Refund.objects.unsent().filter(donation=row).exists():
        raise RefundOnItsWay()
    second = ""
    if takes_two(row, amount_minor):
        terms = refund_terms(donation=row, amount_minor=amount_minor)
        second = second_person("refund", row.pk, terms, by=by, at=at)
    if alarm is not None:
        close_alarm(alarm, Alarm.Decision.REFUND, by=by, at=at)
    touch(row.pk)
    fact(amount_minor=amount_minor, second=second)
    return Refund.objects.create(
        donation=row,
        amount_minor=amount_minor,
        currency=row.currency,
        idempotency_key=new_key(),
        asked_at=at,
        asked_by=by.actor_id,
        second_by=second,
    )


def new_key() -> str:
    """A key for one call to Stripe."""
    return f"refund-{secrets.token_hex(16)}"


def _is_contested(donation: Donation) -> bool:
    kinds = (Kind.DISPUTED, Kind.DISPUTE_WON, Kind.DISPUTE_LOST, Kind.INQUIRY_CLOSED)
    facts = donation.facts.filter(kind__in=kinds).values_list("kind", "object_id")
    over = {object_id for kind, object_id in facts if kind != Kind.DISPUTED}
    return any(kind == Kind.DISPUTED and object_id not in over for kind, object_id in facts)


def close_alarm(alarm: Alarm, decision: str, *, by: Actor, at: datetime.datetime) -> None:
    """Inside an action: write down what was decided, once."""
    row = Alarm.objects.select_for_update().get(pk=alarm.pk)
    if row.decided_at is None:
        row.decision, row.decided_by, row.decided_at = decision, by.actor_id, at
        row.save()
        touch(row.pk)


@action("refund.sent")
def record_sent(*, refund: Refund, seen: RefundSeen | None, by: Actor, at: datetime.datetime) -> Refund:
    """Stripe has answered: with a refund, or (None) by refusing it. A later hint brings the money facts."""
    row: Refund = Refund.objects.select_for_update().get(pk=refund.pk)
    touch(row.donation_id)
    if row.state == Refund.State.ASKED:
        row.state = Refund.State.PENDING if seen is not None else Refund.State.REFUSED
        row.refund_id = seen.id if seen is not None else None
        row.save()
    fact(state=row.state)
    if row.state == Refund.State.REFUSED:
        _ask_again(row, at)
        held.keep_in_step(row.donation, by=by, at=at)
    return row


def _ask_again(refund: Refund, at: datetime.datetime) -> None:
    """A gift somebody decided to give back did not go: it stays held until they decide anew."""
    decided = Alarm.objects.filter(donation=refund.donation, kind__in=held.KINDS)
    if decided.filter(decision=Alarm.Decision.REFUND).exists():
        noting.raise_alarm(
            Alarm.Kind.REFUND_FAILED,
            str(refund.pk),
            at=at,
            donation=refund.donation,
            amount_minor=refund.amount_minor,
            currency=refund.currency,
        )


@action("refund.asked_anew")
def renew_key(*, refund: Refund, by: Actor, at: datetime.datetime) -> Refund:
    """Stripe has no such refund and its key has run out: store a new one before it is asked again."""
    row: Refund = Refund.objects.select_for_update().get(pk=refund.pk)
    touch(row.donation_id)
    row.idempotency_key, row.asked_at = new_key(), at
    row.save()
    return row


def payment_of(donation: Donation) -> str:
    """The payment that brought the gift; "" if none did."""
    paid = Attempt.objects.filter(donation=donation).exclude(payment_intent_id="")
    return paid.values_list("payment_intent_id", flat=True).first() or ""
