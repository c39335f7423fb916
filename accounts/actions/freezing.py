"""Freezing somebody's reading outside their grants, and lifting it."""

import datetime
from typing import Any, cast

from django.utils.translation import gettext_lazy as _

from accounts.actions.access import NoReason
from accounts.models import Grant, ReadingFreeze, User
from accounts.outbox import posting
from audit.actions import DomainError, action, fact, touch
from audit.actors import Actor

LIFTS = "glass.review"


class OwnFreeze(DomainError):
    code = "own-freeze"
    message = _("This is your own reading. A second officer has to lift it.")


class LiftedAlready(DomainError):
    code = "lifted-already"
    message = _("A colleague has lifted this already.")


@action("reading.frozen")
def freeze_reading(*, user: User, subjects: int, by: Actor, at: datetime.datetime) -> ReadingFreeze:
    """Nobody outside their own grants opens to this person until a colleague lifts it.

    Their broken glass closes, so that lists show what is theirs and stay open. Who may lift it is told.
    """
    for grant in Grant.objects.live(at).of(user).filter(kind="glass"):
        grant.ended_at = at
        grant.save()
    touch(user.pk)
    fact(subjects=subjects)
    posting.tell_room(LIFTS, but=[user.pk], at=at)
    return ReadingFreeze.objects.create(user=user, frozen_at=at, subjects=subjects)


@action("reading.lifted")
def lift_freeze(*, freeze: ReadingFreeze, reason: str, by: User, at: datetime.datetime) -> ReadingFreeze:
    """Let them read again; the count begins anew. Raises OwnFreeze, LiftedAlready, access.NoReason."""
    if freeze.lifted_at is not None:
        raise LiftedAlready()
    if freeze.user_id == by.pk:
        raise OwnFreeze()
    if not reason.strip():
        raise NoReason()
    freeze.lifted_by, freeze.lifted_at, freeze.reason = by, at, cast(Any, reason.strip())
    freeze.save()
    touch(freeze.user_id)
    return freeze
