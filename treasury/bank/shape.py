"""One shape for every bank's statement, whatever format it came in. Pure: no Django models, no queries."""

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from audit.actions import DomainError
from treasury.currencies import exponent

MOST_LINES = 50_000
_GAPS = re.compile(r"\s+")
_AMOUNT = re.compile(r"\d{1,15}(\.\d{0,6})?")


class UnreadableStatement(DomainError):
    """The file is no statement, or a hostile one; ``why`` names the fault, never what was in the file."""

    code = "unreadable-statement"
    message = _("This file cannot be read as a bank statement: %(why)s Export it from the bank anew.")


@dataclass(frozen=True)
class Line:
    """One movement. ``amount_minor`` is signed: money in is positive, also where it undoes money out.

    ``part`` counts the pieces of a batch entry that was split (0: not split); ``batch_count`` is what the
    bank says is in a batch whose pieces it does not show.
    """

    amount_minor: int
    currency: str
    booked_on: datetime.date
    value_on: datetime.date
    reversal: bool = False
    bank_reference: str = ""
    end_to_end: str = ""
    batch_reference: str = ""
    batch_count: int = 0
    part: int = 0
    text: str = ""
    name: str = ""
    iban: str = ""
    original_minor: int | None = None
    original_currency: str = ""
    rate: str = ""


@dataclass(frozen=True)
class Statement:
    """A statement of one account. Balances are None where the file has none."""

    account: str
    currency: str
    number: str
    opening_minor: int | None
    opening_on: datetime.date | None
    closing_minor: int | None
    closing_on: datetime.date | None
    lines: Sequence[Line]
    pending: int = 0

    @property
    def off_minor(self) -> int:
        """Closing less opening less all lines: 0 in a whole statement."""
        if self.opening_minor is None or self.closing_minor is None:
            return 0
        return self.closing_minor - self.opening_minor - sum(line.amount_minor for line in self.lines)

    @property
    def credit_minor(self) -> int:
        return sum(line.amount_minor for line in self.lines if line.amount_minor > 0)

    @property
    def debit_minor(self) -> int:
        return -sum(line.amount_minor for line in self.lines if line.amount_minor < 0)


def minor(amount: str, currency: str) -> int:
    """Minor units of an unsigned amount as banks write it. Raises UnreadableStatement."""
    if not _AMOUNT.fullmatch(amount):
        raise UnreadableStatement(why=_("an amount is no number."))
    value = Decimal(amount).scaleb(exponent(currency))
    whole = int(value)
    if value != whole:
        raise UnreadableStatement(why=_("an amount has decimals its currency does not have."))
    return whole


def one_line(text: str, most: int = 500) -> str:
    """Text without line breaks and double spaces, cut to a length."""
    return _GAPS.sub(" ", text).strip()[:most]


def compact(text: str) -> str:
    """An account number without spaces, in capitals."""
    return _GAPS.sub("", text).upper()[:40]
