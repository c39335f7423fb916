"""Legal holds: put and lifted by two people each."""

import datetime
import uuid
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts import approvals
from accounts.erasing import registry
from accounts.erasing.obstacles import ErasedAlready
from accounts.models import Erasure, LegalHold
from audit.actions import DomainError, action, fact, touch
from audit.actors import Actor
from vault import keys

PUT, LIFT = "hold.put", "hold.lift"
REVIEW_AFTER = datetime.timedelta(days=180)


class HeldAlready(DomainError):
    code = "held-already"
    message = _("A legal hold is on this person already.")


class NotHeld(DomainError):
    code = "not-held"
    message = _("This hold was lifted already.")


def hold_terms() -> dict[str, Any]:
    """The payload a second person approves (kinds "hold.put", "hold.lift", object: the person)."""
    return {}


@action("hold.put")
def put_hold(*, subject_id: uuid.UUID, reason: str, by: Actor, at: datetime.datetime) -> LegalHold:
    """Keep everything about a person until two people lift it; to be looked at again in half a year.

    Raises NobodyToErase, ErasedAlready, HeldAlready, NeedsSecondPerson.
    """
    registry.find(subject_id)
    if Erasure.objects.filter(subject_id=subject_id).exists():
        raise ErasedAlready()
    if LegalHold.objects.live().on(subject_id).exists():
        raise HeldAlready()
    approvals.use_approval(kind=PUT, object_id=subject_id, payload=hold_terms(), by=by, at=at)
    hold_id = uuid.uuid4()
    keys.new_key(hold_id)
    touch(subject_id, hold_id)
    return LegalHold.objects.create(
        id=hold_id,
        subject_id=subject_id,
        reason=reason,
        put_at=at,
        put_by=by.actor_id,
        review_on=(at + REVIEW_AFTER).date(),
    )


@action("hold.lifted")
def lift_hold(*, hold: LegalHold, by: Actor, at: datetime.datetime) -> LegalHold:
    """Let retention and erasure go on. Raises NotHeld, NeedsSecondPerson."""
    hold.refresh_from_db()
    if hold.lifted_at is not None:
        raise NotHeld()
    approvals.use_approval(kind=LIFT, object_id=hold.subject_id, payload=hold_terms(), by=by, at=at)
    hold.lifted_at, hold.lifted_by = at, by.actor_id
    hold.save()
    touch(hold.subject_id, hold.pk)
    fact(held_days=(at - hold.put_at).days)
    return hold
