"""A donor's calendar year: what came, what stayed of it, and whatever changed that, each with its event.

A gift that went back does not leave the statement: it stands there with what happened, when, and why.
"""

import datetime
import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from audit.models import Event
from donations.models import Donation, Donor, Fact, Receipt

BACK = (
    Fact.Kind.REFUNDED,
    Fact.Kind.REFUND_RETURNED,
    Fact.Kind.DISPUTE_TAKEN,
    Fact.Kind.DISPUTE_RETURNED,
)


@dataclass(frozen=True)
class Change:
    """Something that changed what stayed of a gift: ``amount_minor`` is negative where money left us.

    ``seq`` is the number of the log's event that holds it.
    """

    on: datetime.date
    kind: str
    amount_minor: int
    currency: str
    seq: int | None


@dataclass(frozen=True)
class YearLine:
    """One gift in minor units of ``currency``: what came before fees, and what stayed of it."""

    gift: Donation
    number: str
    came_minor: int
    currency: str
    seq: int | None
    changes: tuple[Change, ...]

    @property
    def stayed_minor(self) -> int:
        """What a receipt over the gift says now."""
        return self.came_minor + sum(change.amount_minor for change in self.changes)


def year_of(donor: Donor, year: int) -> list[YearLine]:
    """Every gift of the year that reached the books, oldest first, those that went back too."""
    gifts = list(
        Donation.objects.settled()
        .filter(donor=donor, given_on__year=year)
        .select_related("fund__campaign_page")
        .order_by("given_on", "pk")
    )
    facts = list(Fact.objects.filter(donation__in=gifts, kind__in=(Fact.Kind.SETTLED, *BACK)))
    events = Event.objects.filter(action_id__in={fact.action_id for fact in facts})
    seqs = dict(events.values_list("action_id", "seq"))
    valid = Receipt.objects.filter(donation__in=gifts, state=Receipt.State.VALID)
    numbers = dict(valid.values_list("donation_id", "number"))
    of: dict[uuid.UUID, list[Fact]] = defaultdict(list)
    for fact in facts:
        of[fact.donation_id].append(fact)
    lines = (_line(gift, of[gift.pk], numbers.get(gift.pk, ""), seqs) for gift in gifts)
    return [line for line in lines if line is not None]


def totals(lines: Iterable[YearLine]) -> dict[str, int]:
    """What stayed, by currency."""
    sums: dict[str, int] = defaultdict(int)
    for line in lines:
        sums[line.currency] += line.stayed_minor
    return dict(sorted(sums.items()))


def _line(gift: Donation, facts: list[Fact], number: str, seqs: dict[uuid.UUID, int]) -> YearLine | None:
    settled = next((fact for fact in facts if fact.kind == Fact.Kind.SETTLED), None)
    if settled is None or settled.gross_minor is None:
        return None
    changes = tuple(
        Change(
            fact.recorded_at.date(),
            fact.kind,
            fact.gross_minor or 0,
            fact.currency,
            seqs.get(fact.action_id),
        )
        for fact in facts
        if fact.kind in BACK
    )
    return YearLine(gift, number, settled.gross_minor, settled.currency, seqs.get(settled.action_id), changes)
