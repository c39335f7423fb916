"""Walking camt.053 by local names, so that the version in the namespace does not matter."""

import datetime
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from treasury.bank.shape import UnreadableStatement, minor

_SIGNS = {"CRDT": 1, "DBIT": -1}


def local(element: Any) -> str:
    """The name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def children(element: Any, name: str) -> Iterator[Any]:
    """The direct children of this name."""
    for found in element if element is not None else ():
        if local(found) == name:
            yield found


def child(element: Any, *names: str) -> Any:
    """The first element at this path, or None."""
    for name in names:
        element = next(children(element, name), None)
        if element is None:
            return None
    return element


def at(element: Any, *names: str) -> str:
    """The text at this path, or nothing."""
    found = child(element, *names)
    return (found.text or "").strip() if found is not None else ""


def text_at(element: Any, name: str) -> str:
    """The text of a direct child, or nothing."""
    return at(element, name)


def sign_of(element: Any) -> int:
    """+1 for money in, -1 for money out. A reversal keeps the sign of what it does now."""
    try:
        return _SIGNS[at(element, "CdtDbtInd")]
    except KeyError:
        raise UnreadableStatement(why=_("an amount does not say whether it is credit or debit.")) from None


def money_of(element: Any, *names: str) -> tuple[int, str] | None:
    """Unsigned minor units and currency of the amount at this path."""
    found = child(element, *names)
    if found is None:
        return None
    currency = found.get("Ccy", "")
    return minor((found.text or "").strip(), currency), currency


def signed_minor(element: Any) -> int:
    """The amount directly under an entry or a balance, signed."""
    found = money_of(element, "Amt")
    if found is None:
        raise UnreadableStatement(why=_("an entry has no amount."))
    return sign_of(element) * found[0]


def day_at(element: Any, name: str) -> datetime.date | None:
    """The day under ``name``, given as a date or as a moment."""
    written = at(element, name, "Dt") or at(element, name, "DtTm")
    try:
        return datetime.date.fromisoformat(written[:10]) if written else None
    except ValueError:
        raise UnreadableStatement(why=_("a date is no date.")) from None


def rate_text(written: str) -> str:
    """A rate of exchange without trailing zeros, or nothing."""
    if not re.fullmatch(r"\d{1,10}(\.\d{1,10})?", written):
        return ""
    value = Decimal(written).normalize()
    return f"{value:f}" if value else ""
