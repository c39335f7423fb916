"""Handing over all of somebody's cases, in two acts."""

import datetime

from django.utils.translation import gettext_lazy as _

from accounts.models import Grant, User
from audit.actions import DomainError, action, fact, touch
from audit.actors import Actor
from cases.actions.intake import refuse_idle
from cases.actions.office import hand_over
from cases.models import HandOver
from cases.models.case_lists import GRANT_KIND


class NothingToHandOver(DomainError):
    code = "nothing-to-hand-over"
    message = _("Nobody but they can be named: they are responsible for no case now.")


class ToOneself(DomainError):
    code = "to-oneself"
    message = _("Choose a colleague who is to take the cases.")


class WaitsAlready(DomainError):
    code = "waits-already"
    message = _("A colleague was asked already. Drop that first.")


class NotForYou(DomainError):
    code = "not-for-you"
    message = _("Only the colleague who was asked can take these cases.")


class HandedAlready(DomainError):
    code = "handed-already"
    message = _("This was taken or dropped already.")


@action("handover.proposed")
def propose_hand_over(*, giver: User, taker: User, by: Actor, at: datetime.datetime) -> HandOver:
    """Ask a colleague to take all cases of somebody, who may be away.

    Raises ToOneself, WaitsAlready, NothingToHandOver, intake.NotACoordinator.
    """
    if giver == taker:
        raise ToOneself()
    refuse_idle(taker)
    if HandOver.objects.waiting().filter(giver=giver).exists():
        raise WaitsAlready()
    held = Grant.objects.filter(
        user=giver, object_kind=GRANT_KIND, kind="responsible", ended_at=None, until__gt=at
    ).count()
    if not held:
        raise NothingToHandOver()
    row = HandOver(giver=giver, taker=taker, proposed_at=at, proposed_by=by.actor_id, cases=held)
    row.save()
    touch(row.id, giver.pk, taker.pk)
    fact(cases=held)
    return row


@action("handover.taken")
def take_hand_over(*, handover: HandOver, by: Actor, at: datetime.datetime) -> HandOver:
    """Become responsible for all of it, open tasks included. Raises HandedAlready, NotForYou."""
    _refuse_over(handover)
    if by != handover.taker:
        raise NotForYou()
    handover.handed = hand_over(giver=handover.giver, taker=handover.taker, by=by, at=at)
    handover.taken_at = at
    handover.save()
    touch(handover.id)
    return handover


@action("handover.dropped")
def drop_hand_over(*, handover: HandOver, by: Actor, at: datetime.datetime) -> HandOver:
    """The colleague declined, or it is not needed any more. Raises HandedAlready."""
    _refuse_over(handover)
    handover.dropped_at = at
    handover.save()
    touch(handover.id, handover.giver_id, handover.taker_id)
    return handover


def _refuse_over(handover: HandOver) -> None:
    if handover.taken_at is not None or handover.dropped_at is not None:
        raise HandedAlready()
