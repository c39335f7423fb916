"""Deciding what a human was asked to look at."""

import datetime

from django.utils.translation import gettext_lazy as _

from audit.actions import DomainError, action, fact, touch
from audit.actors import Actor
from donations import held
from donations.actions.refunds import close_alarm
from donations.models import Alarm, Movement
from treasury.actions.allocation import cover_loss
from treasury.actions.clearing import settle_suspense
from treasury.models import Fund

Kind, Decision = Alarm.Kind, Alarm.Decision
# What may be decided about each; giving back has an action of its own.
OFFERS: dict[str, tuple[str, ...]] = {
    Kind.DIFFERS: (Decision.KEEP, Decision.REFUND),
    Kind.RISK_COUNTRY: (Decision.REFUND, Decision.KEEP),
    Kind.FOREIGN: (Decision.SEEN,),
    Kind.UNKNOWN: (Decision.FEE,),
    Kind.STRAY: (Decision.FEE, Decision.SEEN),
    Kind.LOSS: (Decision.COVERED, Decision.SEEN),
    Kind.DISPUTE: (Decision.SEEN,),
    Kind.REFUND_FAILED: (Decision.REFUND, Decision.SEEN),
    Kind.PAYOUT_FAILED: (Decision.SEEN,),
    Kind.PAYOUT_DIFFERS: (Decision.SEEN,),
    Kind.AFTER_STOP: (Decision.REFUND, Decision.KEEP),
    Kind.LARGE: (Decision.KEEP, Decision.REFUND),
    Kind.DECLINES: (Decision.SEEN,),
    Kind.FUND_CLOSED: (Decision.REFUND, Decision.KEEP),
}


class NotOffered(DomainError):
    """This decision does not answer this alarm, or it needs a fund that was not named."""

    code = "not-offered"
    message = _("This was decided already, or it cannot be decided in this way. Reload the page.")


@action("alarm.decided")
def decide_alarm(*, alarm: Alarm, decision: str, by: Actor, at: datetime.datetime) -> Alarm:
    """Write down that a human looked and leaves things as they are; what was held may be used.

    Raises NotOffered.
    """
    _refuse(alarm, decision, (Decision.KEEP, Decision.SEEN))
    close_alarm(alarm, decision, by=by, at=at)
    if alarm.donation is not None:
        held.keep_in_step(alarm.donation, by=by, at=at)
    fact(alarm=alarm.kind, decision=decision)
    return Alarm.objects.get(pk=alarm.pk)


@action("alarm.booked")
def book_alarm(*, alarm: Alarm, fund: Fund, by: Actor, at: datetime.datetime) -> Alarm:
    """A movement in suspense was a fee of this fund, or its gain. Raises NotOffered."""
    _refuse(alarm, Decision.FEE, (Decision.FEE,))
    movement = Movement.objects.filter(pk=alarm.object_id, booked_as=Movement.BookedAs.SUSPENSE).first()
    if movement is None:
        raise NotOffered()
    settle_suspense(source_id=movement.pk, amount_minor=movement.net_minor, fund=fund, by=by, at=at)
    close_alarm(alarm, Decision.FEE, by=by, at=at)
    touch(fund.pk)
    fact(alarm=alarm.kind, decision=Decision.FEE)
    return Alarm.objects.get(pk=alarm.pk)


@action("alarm.covered")
def cover_alarm(*, alarm: Alarm, fund: Fund, note: str = "", by: Actor, at: datetime.datetime) -> Alarm:
    """Let a fund, normally the reserve, bear this loss; two people, see treasury's ``cover_terms``.

    Raises NotOffered, and what ``cover_loss`` raises.
    """
    _refuse(alarm, Decision.COVERED, (Decision.COVERED,))
    cover_loss(
        fund=fund, amount_minor=alarm.amount_minor, note=note, loss_source_id=alarm.object_id, by=by, at=at
    )
    close_alarm(alarm, Decision.COVERED, by=by, at=at)
    fact(alarm=alarm.kind, decision=Decision.COVERED)
    return Alarm.objects.get(pk=alarm.pk)


def _refuse(alarm: Alarm, decision: str, among: tuple[str, ...]) -> None:
    if alarm.decided_at is not None or decision not in OFFERS[alarm.kind] or decision not in among:
        raise NotOffered()
