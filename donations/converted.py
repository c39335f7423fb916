"""Gifts in another currency than the books': what Stripe made of them, and what lies there as it is."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import QuerySet, Sum

from donations import arrived
from donations.arrived import Arrived
from donations.models import Donation, Fact, Movement
from treasury import chart, rates
from treasury.currencies import exponent


@dataclass(frozen=True)
class Conversion:
    """One gift that Stripe converted, beside the rate that the books last knew on that day.

    ``known`` is None where nobody entered a rate; then ``difference_minor`` is too. It is what came less
    what that rate would have brought, in minor units of the books' currency.
    """

    gift: Donation
    came: Arrived
    known: Decimal | None
    difference_minor: int | None


@dataclass(frozen=True)
class Lying:
    """What lies at Stripe in one currency and is in no books, in its minor units."""

    currency: str
    gifts: int
    net_minor: int
    went_minor: int

    @property
    def left_minor(self) -> int:
        """Gifts less what went out."""
        return self.net_minor + self.went_minor


def gifts() -> QuerySet[Donation]:
    """Booked gifts that were given in another currency."""
    return Donation.objects.settled().exclude(currency=chart.base_currency()).select_related("fund")


def conversion(gift: Donation) -> Conversion:
    """What became of one of :func:`gifts`."""
    came = arrived.of(gift)
    if came is None:
        raise ValueError("a gift that is not booked was not converted")
    known = rates.last(gift.currency, gift.given_on)
    return Conversion(gift, came, known, None if known is None else difference_minor(came, known))


def difference_minor(came: Arrived, known: Decimal) -> int:
    """What came less what a rate would have brought, in minor units of the books' currency."""
    shift = exponent(came.books) - exponent(came.currency)
    expected = (Decimal(came.paid_minor).scaleb(shift) * known).to_integral_value(ROUND_HALF_UP)
    return came.gross_minor - int(expected)


def lying() -> list[Lying]:
    """By currency: gifts that came as they were, less payouts and all else that moved there."""
    moved = Movement.objects.exclude(currency=chart.base_currency()).order_by().values_list("currency")
    went = dict(moved.annotate(total=Sum("net_minor")))
    rows: dict[str, tuple[int, int]] = {}
    came = Fact.objects.filter(kind=Fact.Kind.FOREIGN).order_by().values_list("currency", "net_minor")
    for currency, net in came:
        count, total = rows.get(currency, (0, 0))
        rows[currency] = (count + ((net or 0) > 0), total + (net or 0))
    return [
        Lying(currency, *rows.get(currency, (0, 0)), went.get(currency, 0))
        for currency in sorted({*rows, *went})
    ]
