"""Taking over the gifts of an earlier system: settled long ago, without their givers."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from audit.actions import action, fact, touch
from audit.actors import Actor
from donations.actions.giving import FALLBACK
from donations.models import Donation, Fact
from donations.models.gifts import Level, Status
from treasury.actions.past_gifts import Booked, book_past_gifts
from treasury.models import Fund


@dataclass(frozen=True)
class PastGift:
    """One gift of a list: its number there, gross and fee in minor units of the fund's currency."""

    source_id: str
    gross_minor: int
    fee_minor: int


@action("gifts.taken_over")
def record_past_gifts(
    *, fund: Fund, gifts: Sequence[PastGift], on: datetime.date, by: Actor, at: datetime.datetime
) -> int:
    """Record many gifts of one day and fund at once: quiet, settled, one journal; how many.

    Raises treasury's AlreadyBooked for a list that was taken over before.
    """
    if not gifts:
        return 0
    booked = book_past_gifts(
        fund=fund,
        gifts=[Booked(gift.source_id, gift.gross_minor, gift.fee_minor) for gift in gifts],
        on=on,
        by=by,
        at=at,
    )
    rows = [
        Donation(
            fund=fund,
            amount_minor=gift.gross_minor,
            currency=fund.currency,
            level=Level.QUIET,
            language="en",
            fallback=FALLBACK,
            status=Status.SETTLED,
            given_on=on,
        )
        for gift in gifts
    ]
    Donation.objects.insert_many(rows)
    Fact.insert_many(
        [
            Fact(
                donation=row,
                kind=Fact.Kind.SETTLED,
                object_id=f"past:{gift.source_id}",
                recorded_at=at,
                gross_minor=gift.gross_minor,
                fee_minor=gift.fee_minor,
                net_minor=gift.gross_minor - gift.fee_minor,
                currency=fund.currency,
                batch=booked,
            )
            for row, gift in zip(rows, gifts, strict=True)
        ]
    )
    touch(fund.pk)
    fact(gifts=len(gifts))
    return len(gifts)
