"""Amounts, counts and days as people read them, and amounts as machines read them.

Amounts are integer minor units; how many digits follow the point comes from ISO 4217. No-break spaces keep a
figure on one line, and a negative figure carries a true minus (U+2212).
"""

from collections.abc import Callable
from datetime import date
from functools import lru_cache

NO_BREAK = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"

NO_DECIMALS = frozenset(
    {"BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF"}
    | {"XOF", "XPF"}
)
THREE_DECIMALS = frozenset({"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"})
SYMBOLS = {"EUR": "€", "USD": "$", "GBP": "£"}

MONTHS = {
    "en": "January February March April May June July August September October November December",
    "be": "студзеня лютага сакавіка красавіка мая чэрвеня ліпеня жніўня верасня кастрычніка лістапада снежня",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "uk": "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
    "pl": "stycznia lutego marca kwietnia maja czerwca "
    "lipca sierpnia września października listopada grudnia",
}

# By themselves, where the language has another form for that.
MONTHS_ALONE = {
    "en": MONTHS["en"],
    "be": "Студзень Люты Сакавік Красавік Май Чэрвень Ліпень Жнівень Верасень Кастрычнік Лістапад Снежань",
    "ru": "Январь Февраль Март Апрель Май Июнь Июль Август Сентябрь Октябрь Ноябрь Декабрь",
    "uk": "Січень Лютий Березень Квітень Травень Червень Липень Серпень Вересень Жовтень Листопад Грудень",
    "pl": "Styczeń Luty Marzec Kwiecień Maj Czerwiec Lipiec Sierpień Wrzesień Październik Listopad Grudzień",
}


def decimals(currency: str | None) -> int:
    """Digits after the point; 2 where ISO 4217 says nothing else."""
    if currency in NO_DECIMALS:
        return 0
    return 3 if currency in THREE_DECIMALS else 2


def amount(minor: int, currency: str | None, language: str) -> str:
    """`1,480.00` in English, `1 480,00` elsewhere, without the name of the currency."""
    return amount_writer(currency, language)(minor)


@lru_cache(maxsize=256)
def amount_writer(currency: str | None, language: str) -> Callable[[int], str]:
    """`amount` for one currency and language, for long columns."""
    places, comma, point = decimals(currency), *_separators(language)
    unit = 10**places

    def write(minor: int) -> str:
        if minor < 0:
            return MINUS + write(-minor)
        whole, part = divmod(minor, unit)
        grouped = f"{whole:,}" if comma == "," else f"{whole:,}".replace(",", comma)
        return f"{grouped}{point}{part:0{places}d}" if places else grouped

    return write


def money(minor: int, currency: str, language: str) -> str:
    """An amount with its currency: `€1,480.00`, `1 480,00 €`; the ISO code where there is no symbol."""
    symbol = SYMBOLS.get(currency)
    figure = amount(abs(minor), currency, language)
    sign = MINUS if minor < 0 else ""
    if symbol and _english(language):
        return f"{sign}{symbol}{figure}"
    return f"{sign}{figure}{NO_BREAK}{symbol or currency}"


def count(number: int, language: str) -> str:
    """A whole number with its thousands apart."""
    comma, _point = _separators(language)
    return (MINUS if number < 0 else "") + f"{abs(number):,}".replace(",", comma)


def short_day(day: date, language: str) -> str:
    """A day for a table: `1 Jul 2026`, `01.07.2026`, or ISO 8601 in a language unknown here."""
    base = language.partition("-")[0]
    if base == "en":
        return f"{day.day} {MONTHS['en'].split()[day.month - 1][:3]} {day.year:04d}"
    return f"{day:%d.%m.}{day.year:04d}" if base in MONTHS else day.isoformat()


def long_day(day: date, language: str) -> str:
    """A day for a sentence: `1 July 2026`."""
    names = MONTHS.get(language.partition("-")[0])
    if names is None:
        return day.isoformat()
    return f"{day.day}{NO_BREAK}{names.split()[day.month - 1]}{NO_BREAK}{day.year}"


def month_name(day: date, language: str) -> str:
    """The month of a day: `July 2026`; `2026-07` in a language unknown here."""
    names = MONTHS_ALONE.get(language.partition("-")[0])
    return f"{day:%Y-%m}" if names is None else f"{names.split()[day.month - 1]}{NO_BREAK}{day.year}"


def machine_amount(minor: int, currency: str | None) -> str:
    """`-1480.00`: ASCII minus and point, no grouping; exact."""
    places = decimals(currency)
    whole, part = divmod(abs(minor), 10**places)
    sign = "-" if minor < 0 else ""
    return f"{sign}{whole}.{part:0{places}d}" if places else f"{sign}{whole}"


def parse_amount(text: str, currency: str | None) -> int:
    """The minor units of `machine_amount`. Raises ValueError when the digits do not fit the currency."""
    places = decimals(currency)
    whole, point, part = text.removeprefix("-").partition(".")
    if not (whole.isascii() and whole.isdigit() and len(part) == places and bool(point) == bool(places)):
        raise ValueError("not an amount of this currency")
    if part and not (part.isascii() and part.isdigit()):
        raise ValueError("not an amount of this currency")
    minor = int(whole + part)
    return -minor if text.startswith("-") else minor


def _english(language: str) -> bool:
    return language.partition("-")[0] == "en"


def _separators(language: str) -> tuple[str, str]:
    return (",", ".") if _english(language) else (NO_BREAK, ",")
