"""The money of a gift that waits for a human is held in the books until it is decided.

Called at the end of every action that books a gift or decides about one, so the two stay in step whatever
came first.
"""

import datetime

from audit.actors import Actor
from donations.models import Alarm, Donation, Fact, Refund
from treasury import books, holding
from treasury.actions.holding import hold_gift, let_gift_go

# What was to go back and came back to us waits as well.
KINDS = (*Alarm.HOLDS, Alarm.Kind.REFUND_FAILED)
_ON_ITS_WAY = (Refund.State.ASKED, Refund.State.PENDING)


def keep_in_step(donation: Donation, *, by: Actor, at: datetime.datetime) -> None:
    """Inside an action: hold what is left of a gift somebody has to decide about; let go what is decided.

    What is to be given back stays held until it has gone. The gift's status and overlays are up to date.
    """
    alarms = Alarm.objects.filter(donation=donation, kind__in=KINDS)
    if not alarms.exists():
        return
    books.lock()
    # Somebody else may have decided about it meanwhile.
    donation.refresh_from_db(fields=["refunded_minor", "disputed_minor"])
    waits = alarms.open().exists()
    if not waits and Refund.objects.filter(donation=donation, state__in=_ON_ITS_WAY).exists():
        return
    left = _left_minor(donation)
    for source_id, net_minor in _booked(donation):
        if waits:
            hold_gift(source_id=source_id, upto_minor=min(net_minor, left), by=by, at=at)
        else:
            let_gift_go(source_id=source_id, by=by, at=at)
        left -= min(net_minor, left)


def held_minor(donation: Donation) -> int:
    """What of this gift is held in the books, in minor units of their currency."""
    return sum(holding.held_minor(source_id) for source_id, _net in _booked(donation))


def _booked(donation: Donation) -> list[tuple[str, int]]:
    """(balance transaction, net) of each payment that is in the books."""
    settled = Fact.objects.filter(donation=donation, kind=Fact.Kind.SETTLED)
    return [(key, net or 0) for key, net in settled.values_list("object_id", "net_minor")]


def _left_minor(donation: Donation) -> int:
    net = sum(net for _key, net in _booked(donation))
    return max(0, net - donation.refunded_minor - donation.disputed_minor)
