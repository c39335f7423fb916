"""Against card testing: a limit for each fund, never one for all that a single attacker could use up.

Nothing about a browser or its address is looked at: attempts are counted, not people.
"""

import datetime

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from audit.actions import DomainError
from donations.models import Attempt, Hint
from donations.models.gifts import Level, Status
from treasury.models import Fund

HOUR = datetime.timedelta(hours=1)
_LED_TO_NOTHING = (Status.DRAFT, Status.OPEN, Status.FAILED, Status.EXPIRED, Status.ABANDONED)
# Of so many cards tried in an hour, this share declined: people mistype less often than that.
DECLINES_FROM = 20
DECLINED_SHARE = 0.6


class TooManyAtOnce(DomainError):
    code = "too-many-at-once"
    message = _(
        "Very many gifts to this purpose are being begun at this moment. Nothing was charged. Choose another"
        " purpose, or try again in an hour."
    )


class AboveCeiling(DomainError):
    """``most`` is the ceiling for gifts without identity, in words."""

    code = "above-ceiling"
    message = _(
        "Above %(most)s we must be able to ask who gives. Leave an address to stay in touch, or give less."
    )


def refuse_many(fund: Fund, at: datetime.datetime) -> None:
    """Raises TooManyAtOnce once too many pages were opened for a fund in an hour and not paid."""
    begun = Attempt.objects.filter(
        donation__fund=fund, donation__status__in=_LED_TO_NOTHING, opened_at__gt=at - HOUR
    )
    if begun.count() >= settings.DONATION_UNPAID_QUOTA:
        raise TooManyAtOnce()


def refuse_nameless(level: str, amount_minor: int, currency: str) -> None:
    """Raises AboveCeiling for a large gift from somebody whom we could not ask."""
    if amount_minor > settings.DONATION_CEILING_MINOR and level != Level.IN_TOUCH:
        raise AboveCeiling(most=f"{settings.DONATION_CEILING_MINOR // 100} {currency}")


def declines(at: datetime.datetime) -> tuple[int, int]:
    """Cards declined and cards paid in the last hour, by what Stripe told us."""
    heard = Hint.objects.filter(received_at__gt=at - HOUR)
    return heard.filter(type="charge.failed").count(), heard.filter(type="charge.succeeded").count()


def declines_stand_out(declined: int, paid: int) -> bool:
    """Whether that looks like somebody testing stolen cards."""
    return declined >= DECLINES_FROM and declined >= DECLINED_SHARE * (declined + paid)
