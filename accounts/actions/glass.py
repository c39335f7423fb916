"""Break-glass: somebody opens a case to themselves, for a short time, and a colleague looks at it after."""

import datetime
import uuid
from typing import Any, cast

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.actions.access import NoReason, open_to
from accounts.models import GlassReview, Grant, User
from accounts.outbox import posting
from audit.actions import DomainError, action, fact, touch

REVIEWS = "glass.review"
LEADS = ("responsible", "deputy")


class OpenAlready(DomainError):
    code = "open-already"
    message = _("This is open to you already; there is no glass to break.")


class OwnGlass(DomainError):
    code = "own-glass"
    message = _("You broke this glass yourself. A colleague has to look at it.")


class ReviewedAlready(DomainError):
    code = "reviewed-already"
    message = _("A colleague has looked at this already.")


@action("access.glass_broken")
def break_glass(
    *, object_kind: str, object_id: uuid.UUID, reason: str, by: User, at: datetime.datetime
) -> Grant:
    """Open one thing to oneself, now, for ``GLASS_HOURS``; it waits for a review from then on.

    Who may review it is told that something waits: second officers, and whose case it is.
    Raises NoReason, OpenAlready (never in the place of a longer grant).
    """
    if not reason.strip():
        raise NoReason()
    if Grant.objects.live(at).filter(user=by, object_kind=object_kind, object_id=object_id).exists():
        raise OpenAlready()
    until = at + datetime.timedelta(hours=settings.GLASS_HOURS)
    grant = open_to(by, object_kind, object_id, "glass", reason.strip(), until, at)
    GlassReview.objects.create(grant=grant, holder=by, broken_at=at)
    posting.tell_room(REVIEWS, but=[by.pk], at=at)
    # Whoever breaks the glass holds no other grant on the thing, so is never among them.
    held = Grant.objects.live(at).filter(object_kind=object_kind, object_id=object_id, kind__in=LEADS)
    posting.tell_staff(list(held.values_list("user_id", flat=True)), at=at)
    return grant


@action("access.glass_reviewed")
def review_glass(
    *, review: GlassReview, verdict: str, words: str = "", by: User, at: datetime.datetime
) -> GlassReview:
    """Say whether it was in order. What was not in order needs words, and closes the case to that person.

    Raises OwnGlass, ReviewedAlready, NoReason.
    """
    if review.reviewed_by_id is not None:
        raise ReviewedAlready()
    if review.holder_id == by.pk:
        raise OwnGlass()
    bad = GlassReview.Verdict(verdict) is GlassReview.Verdict.NOT_IN_ORDER
    if bad and not words.strip():
        raise NoReason()
    review.verdict, review.reviewed_by, review.reviewed_at = verdict, by, at
    review.words = cast(Any, words.strip() or None)
    review.save()
    grant = review.grant
    if bad and grant.ended_at is None:
        grant.ended_at = at
        grant.save()
    touch(review.holder_id, grant.object_id)
    fact(in_order=not bad)
    return review
