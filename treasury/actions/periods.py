"""Closing the books up to a day."""

import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit.actions import DomainError, action, fact, touch
from audit.actors import Actor
from audit.checkpoints import signing
from treasury import books, standing
from treasury.models import Journal, Period


class WrongPeriod(DomainError):
    """The period has not ended, or overlaps a closed one, or nothing was booked before it ends."""

    code = "wrong-period"
    message = _("Close the books up to a day that has passed and that lies after the last closed period.")


@action("period.closed")
def close_period(*, ends_on: datetime.date, by: Actor, at: datetime.datetime) -> Period:
    """Close everything from the last closed period to this day, and keep its control figures.

    From then on the database refuses transfers dated inside it. Raises WrongPeriod.
    """
    books.lock()
    starts_on = _begins()
    if starts_on is None or starts_on > ends_on or ends_on >= at.date():
        raise WrongPeriod()
    journals, posted_minor = standing.control_figures(starts_on, ends_on)
    period = Period(
        starts_on=starts_on,
        ends_on=ends_on,
        closed_at=at,
        closed_by=by.actor_id,
        journals=journals,
        posted_minor=posted_minor,
    )
    period.save()
    touch(period.id)
    fact(ends_on=ends_on.isoformat(), journals=journals, posted_minor=posted_minor)
    # Robust: the period is closed all the same, and the clock signs within the minute.
    transaction.on_commit(lambda: signing.checkpoint_now(by=by, at=at), robust=True)
    return period


def _begins() -> datetime.date | None:
    last = Period.objects.last()
    if last is not None:
        return last.ends_on + datetime.timedelta(days=1)
    first = Journal.objects.order_by("booked_on").first()
    return first.booked_on if first else None
