"""How figures and moments are written in each language; pure functions, no settings of the host."""

import datetime
from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language

NBSP = "\u00a0"
MINUS = "\u2212"

# ISO 4217 minor units that are not two.
EXPONENTS = {
    **dict.fromkeys(["BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND"], 0),
    **dict.fromkeys(["VUV", "XAF", "XOF", "XPF"], 0),
    **dict.fromkeys(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"], 3),
}
SIGNS = {"EUR": "€", "GBP": "£", "USD": "US$"}


@dataclass(frozen=True)
class Style:
    """One language's signs and orders; ``day`` and ``short`` are Django date formats."""

    group: str = NBSP
    decimal: str = ","
    sign_first: bool = False
    day: str = "j E Y"
    short: str = "d.m.Y"


STYLES = {
    "en": Style(group=",", decimal=".", sign_first=True, day="j F Y", short="j M Y"),
    "lt": Style(day=r"Y \m. E j \d.", short="Y-m-d"),
}
OTHER = Style()


def style() -> Style:
    """The style of the language that is active now."""
    return STYLES.get((get_language() or "en").split("-")[0], OTHER)


def write_money(minor: int, currency: str, *, whole: bool = False) -> str:
    """An amount of minor units as people write it: no breaking space inside, a true minus.

    ``whole`` drops the minor units towards zero, so that a public total never says more than there is.
    """
    exponent = EXPONENTS.get(currency, 2)
    units, rest = divmod(abs(minor), 10**exponent)
    figure = write_number(units)
    if exponent and not whole:
        figure += f"{style().decimal}{rest:0{exponent}d}"
    minus = MINUS if minor < 0 and not (whole and units == 0) else ""
    sign = SIGNS.get(currency, currency)
    if not style().sign_first:
        return f"{minus}{figure}{NBSP}{sign}"
    return f"{minus}{sign}{'' if currency in SIGNS else NBSP}{figure}"


def write_amount(minor: int, currency: str) -> str:
    """The same without the currency's sign, for columns whose head names it."""
    exponent = EXPONENTS.get(currency, 2)
    units, rest = divmod(abs(minor), 10**exponent)
    figure = write_number(units) + (f"{style().decimal}{rest:0{exponent}d}" if exponent else "")
    return f"{MINUS}{figure}" if minor < 0 else figure


def write_number(number: int) -> str:
    """A whole number with its groups of three, a true minus before it."""
    grouped = f"{abs(number):,}".replace(",", style().group)
    return f"{MINUS}{grouped}" if number < 0 else grouped


def write_moment(moment: datetime.date, *, short: bool = False, weekday: bool = False) -> str:
    """A date, or a moment in the zone of the reader, as people write it."""
    order = style().short if short else style().day
    words = date_format(in_zone(moment), f"D {order}" if weekday else order)
    if isinstance(moment, datetime.datetime):
        words += ", " + date_format(in_zone(moment), "H:i")
    return words.replace(" ", NBSP) if short else words


def in_zone(moment: datetime.date) -> datetime.date:
    """The same moment in the active zone; plain dates and zoneless moments stay as they are."""
    if isinstance(moment, datetime.datetime) and timezone.is_aware(moment):
        return timezone.localtime(moment)
    return moment
