"""Looking by ourselves, in case a webhook never came."""

import datetime
import logging

from audit.actors import SYSTEM
from donations import inbox
from donations.models import Attempt
from donations.models.gifts import Status
from donations.stripe_gateway import Gateway, GatewayError

log = logging.getLogger("donations.sweeps")
# Fresh attempts are left to the webhook; a bank may take two weeks over a direct debit.
QUIET = datetime.timedelta(minutes=5)
OLDEST = datetime.timedelta(days=21)
UNDECIDED = [Status.OPEN, Status.PROCESSING, Status.PAID]


def observe_open_attempts(gateway: Gateway, *, at: datetime.datetime) -> int:
    """Fetch every attempt that is not decided; how many were looked at. What cannot be reached waits."""
    looked = 0
    due = Attempt.objects.filter(
        donation__status__in=UNDECIDED, opened_at__range=(at - OLDEST, at - QUIET), session_id__isnull=False
    )
    for attempt in due.select_related("donation"):
        try:
            inbox.observe(attempt, gateway, at=at, by=SYSTEM)
        except GatewayError:
            log.warning("sweep: attempt %s could not be looked at", attempt.pk)
            continue
        looked += 1
    return looked
