"""Rates of exchange as the books know them: entered by a human, with day and source."""

import datetime
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext_lazy as _

from audit.actions import DomainError
from treasury import chart
from treasury.currencies import exponent
from treasury.kinds import RateRule
from treasury.models import Exchange, Grant

# From the rate used before, either way; beyond it a human has to say that it is right.
FARTHEST = Decimal("0.5")


class RateMissing(DomainError):
    """An amount in another currency came without what it is in the currency of the books."""

    code = "claim-rate-missing"
    message = _("This is in %(currency)s. Say what it is in %(books)s, by the rate of the day.")


class RateLooksWrong(DomainError):
    """The rate is far from the one used before; ``before`` is that rate."""

    code = "claim-rate-looks-wrong"
    message = _("One %(currency)s was worth %(before)s before. Look at both amounts again.")


def last(currency: str, on: datetime.date | None = None) -> Decimal | None:
    """What one of the currency was worth in the books', as last entered for a day up to ``on``."""
    known = Exchange.objects.filter(currency=currency)
    if on is not None:
        known = known.filter(rate_on__lte=on)
    found = known.order_by("-rate_on", "-journal__number").values_list("rate", flat=True).first()
    return None if found is None else Decimal(found)


def in_books(amount_minor: int, currency: str | None, base_minor: int | None, *, sure: bool = False) -> int:
    """The amount in the currency of the books. Raises RateMissing, and RateLooksWrong unless ``sure``."""
    books = chart.base_currency()
    if currency is None or currency == books:
        return base_minor or amount_minor
    if not base_minor:
        raise RateMissing(currency=currency, books=books)
    shift = exponent(currency) - exponent(books)
    rate, before = Decimal(base_minor).scaleb(shift) / amount_minor, last(currency)
    if before is not None and not sure and abs(rate / before - 1) > FARTHEST:
        raise RateLooksWrong(currency=currency, before=f"{before.normalize():f}")
    return base_minor


def for_funder(grant: Grant, on: datetime.date) -> Decimal | None:
    """The rate at which the grant is told to its funder on a day: books' currency for one of theirs.

    None while it is not known: no instalment has come, or nobody has entered a rate.
    """
    if not grant.agreed_currency:
        return Decimal(1)
    if grant.rate_rule == RateRule.FIXED:
        return Decimal(grant.fixed_rate)
    if grant.rate_rule == RateRule.KNOWN:
        return last(grant.agreed_currency, on)
    came = [row for row in grant.instalments.all() if row.received_on and row.received_on <= on]
    theirs = sum(row.agreed_minor or 0 for row in came)
    if not theirs:
        return None
    shift = exponent(grant.agreed_currency) - exponent(chart.base_currency())
    return Decimal(sum(row.received_minor for row in came)).scaleb(shift) / theirs


def told(grant: Grant, base_minor: int, rate: Decimal | None) -> int | None:
    """An amount of the books in the funder's currency, rounded half up."""
    if rate is None:
        return None
    shift = exponent(grant.agreed_currency or chart.base_currency()) - exponent(chart.base_currency())
    return int((Decimal(base_minor).scaleb(shift) / rate).to_integral_value(ROUND_HALF_UP))
