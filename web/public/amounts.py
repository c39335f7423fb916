"""Amounts to choose from, and reading the one that somebody wrote."""

import re
from decimal import Decimal, InvalidOperation

from donations.actions.giving import CURRENCIES

TILES: dict[str, tuple[int, ...]] = {
    "EUR": (20, 50, 100, 250),
    "USD": (20, 50, 100, 250),
    "PLN": (50, 100, 200, 500),
}
_SIGNS = re.compile(r"€|\$|EUR|USD|PLN|zł|\s", re.IGNORECASE)


def currency_of(text: str) -> str:
    """One of the currencies that gifts are taken in; euros for anything else."""
    return text if text in CURRENCIES else CURRENCIES[0]


def read_minor(text: str) -> int | None:
    """ "35", "35,50", "1 000.00 €" as minor units; None for what is no amount. All have two decimals."""
    plain = _SIGNS.sub("", text)
    # "1,000" is a thousand to one reader and one to another: only two signs after a comma are cents.
    if not re.fullmatch(r"[0-9]{1,9}([.,][0-9]{1,2})?", plain):
        return None
    try:
        return int(Decimal(plain.replace(",", ".")) * 100)
    except InvalidOperation:
        return None
