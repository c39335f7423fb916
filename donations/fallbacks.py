"""Where a gift goes when what it was for has ended; the giver agreed to it by the version of a text."""

import datetime

from treasury.kinds import FundKind
from treasury.models import Fund

SAME_CAUSE = "same-cause-2026-1"  # other political trials, where it is needed most
GENERAL = "general-2026-1"
GIVE_BACK = "give-back-2026-1"


def has_ended(fund: Fund, on: datetime.date) -> bool:
    """Whether the fund takes no more gifts on this day."""
    return fund.closed_on is not None or (fund.ends_on is not None and fund.ends_on < on)


def fund_now(fund: Fund, fallback: str, on: datetime.date) -> Fund:
    """The fund that a gift to this one goes to on this day.

    Money that is to be given back waits in the general fund until a human has done so. Without an open
    general fund it stays where it was meant to go: what arrived is booked.
    """
    if not has_ended(fund, on):
        return fund
    general = Fund.objects.open().filter(kind=FundKind.GENERAL, currency=fund.currency)
    return general.order_by("opened_on", "code").first() or fund


def wants_money_back(fund: Fund, fallback: str, on: datetime.date) -> bool:
    """Whether the giver asked for the money back rather than for another use of it."""
    return fallback == GIVE_BACK and has_ended(fund, on)
