"""What a receipt says now, and which receipts are to be made or replaced."""

import datetime
import secrets
from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery

from donations.codes import ALPHABET
from donations.models import Donation, Fact, Receipt
from donations.models.gifts import WITH_ADDRESS

# A direct debit is settled after three weeks at most; older gifts have their receipt.
LOOKED_BACK = datetime.timedelta(days=60)


@dataclass(frozen=True)
class Due:
    """What reached us and stayed: minor units, before fees."""

    amount_minor: int
    currency: str


def new_number() -> str:
    """Random, so that it says neither how many gifts there were nor when: 31^9 numbers."""
    signs = "".join(secrets.choice(ALPHABET) for _ in range(9))
    return f"{signs[:3]}-{signs[3:6]}-{signs[6:]}"


def due(gift: Donation) -> Due | None:
    """What a receipt for the gift would say; None while it is not booked, or when all of it went back."""
    settled = gift.facts.filter(kind=Fact.Kind.SETTLED).first()
    if settled is None or settled.gross_minor is None:
        return None
    left = settled.gross_minor - gift.refunded_minor - gift.disputed_minor
    return Due(left, settled.currency) if left > 0 else None


def missing(on: datetime.date) -> "QuerySet[Donation]":
    """Booked gifts of people who asked for a receipt and have none; not those that wait for a human."""
    valid = Receipt.objects.filter(donation=OuterRef("pk"), state=Receipt.State.VALID)
    held = Donation.objects.held().filter(pk=OuterRef("pk"))
    gifts = Donation.objects.settled().filter(level__in=WITH_ADDRESS, given_on__gte=on - LOOKED_BACK)
    left = gifts.annotate(gross=_gross("pk")).filter(gross__gt=F("refunded_minor") + F("disputed_minor"))
    return left.filter(~Exists(valid), ~Exists(held))


def _gross(gift: str) -> Subquery:
    """What was booked of a gift, in the books' currency, in which its refunds and disputes are kept too."""
    settled = Fact.objects.filter(donation=OuterRef(gift), kind=Fact.Kind.SETTLED)
    return Subquery(settled.order_by("recorded_at", "id").values("gross_minor")[:1])


def outdated() -> "QuerySet[Donation]":
    """Gifts whose valid receipt says another amount than is left of them."""
    valid = Receipt.objects.filter(state=Receipt.State.VALID).annotate(gross=_gross("donation"))
    left = F("gross") - F("donation__refunded_minor") - F("donation__disputed_minor")
    wrong = valid.exclude(amount_minor=left)
    return Donation.objects.filter(pk__in=wrong.values("donation"))
