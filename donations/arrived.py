"""What came of a gift, in its own currency and in that of the books: they differ where Stripe converted it.

Refunds are asked for in the gift's currency; facts about money, and so ``refunded_minor`` and
``disputed_minor``, are in the books'.
"""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from donations.models import Donation, Fact
from treasury.currencies import exponent


@dataclass(frozen=True)
class Arrived:
    """Minor units: ``paid`` as the giver paid it, in ``currency``; ``gross`` as it came, in ``books``."""

    paid_minor: int
    currency: str
    gross_minor: int
    books: str

    @property
    def rate(self) -> Decimal:
        """What one of the giver's currency became; 1 without conversion."""
        if self.currency == self.books:
            return Decimal(1)
        shift = exponent(self.currency) - exponent(self.books)
        return Decimal(self.gross_minor).scaleb(shift) / self.paid_minor

    def as_paid(self, books_minor: int) -> int:
        """An amount of the books in the giver's currency, rounded up."""
        if self.currency == self.books:
            return books_minor
        return -(-books_minor * self.paid_minor // self.gross_minor)


# What is to be known of each fact: its kind, gross amount and currency.
Told = tuple[str, int | None, str]
TOLD = ("kind", "gross_minor", "currency")
TELLING = (Fact.Kind.SETTLED, Fact.Kind.DIFFERS)


def of(donation: Donation) -> Arrived | None:
    """All that came for a gift; None while nothing is booked. Several payments count together."""
    facts = donation.facts.filter(kind__in=TELLING).order_by().values_list(*TOLD)
    return by(list(facts), donation.currency, donation.amount_minor)


def by(facts: Collection[Told], currency: str, amount_minor: int) -> Arrived | None:
    """The same from its facts, and from what was asked for."""
    settled = [(gross or 0, books) for kind, gross, books in facts if kind == Fact.Kind.SETTLED]
    if not settled:
        return None
    gross, books = sum(gross for gross, _books in settled), settled[0][1] or currency
    if books == currency:
        return Arrived(gross, currency, gross, books)
    differs = [gross for kind, gross, _currency in facts if kind == Fact.Kind.DIFFERS and gross]
    each = max(differs, default=amount_minor)
    return Arrived(each * len(settled), currency, gross, books)
