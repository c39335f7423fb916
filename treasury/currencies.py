"""Minor units as people read them. Exponents from ISO 4217; two where nothing else is said."""

_EXPONENTS = {
    "BHD": 3,
    "BIF": 0,
    "CLP": 0,
    "GNF": 0,
    "ISK": 0,
    "JOD": 3,
    "JPY": 0,
    "KRW": 0,
    "KWD": 3,
    "OMR": 3,
    "PYG": 0,
    "TND": 3,
    "UGX": 0,
    "VND": 0,
    "XAF": 0,
    "XOF": 0,
}


def exponent(currency: str) -> int:
    """How many decimals the currency has."""
    return _EXPONENTS.get(currency, 2)


def decimal_text(minor: int, currency: str) -> str:
    """The amount with a point and no grouping, such as ``-1234.05``."""
    places = exponent(currency)
    whole, part = divmod(abs(minor), 10**places)
    sign = "-" if minor < 0 else ""
    return f"{sign}{whole}.{part:0{places}d}" if places else f"{sign}{whole}"


def amount_text(minor: int, currency: str) -> str:
    """The amount with its currency, for a sentence."""
    return f"{decimal_text(minor, currency)} {currency}"
