"""Amounts, counts and days as people and machines read them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.render import figures

MONEY = [
    (148_000, "EUR", "en", "1,480.00"),
    (148_000, "EUR", "be", "1\u00a0480,00"),
    (-148_005, "EUR", "ru", "−1\u00a0480,05"),
    (-5, "EUR", "en", "−0.05"),
    (0, "EUR", "be", "0,00"),
    (1480, "JPY", "en", "1,480"),
    (1_234_567, "KWD", "be", "1\u00a0234,567"),
    (123_456_789_012, "EUR", "en-gb", "1,234,567,890.12"),
]


@pytest.mark.parametrize(("minor", "currency", "language", "text"), MONEY)
def test_an_amount_reads_as_its_language_writes_it(
    minor: int, currency: str, language: str, text: str
) -> None:
    assert figures.amount(minor, currency, language) == text


def test_money_names_its_currency() -> None:
    assert figures.money(-148_000, "EUR", "en") == "−€1,480.00"
    assert figures.money(-148_000, "EUR", "be") == "−1\u00a0480,00\u00a0€"
    assert figures.money(148_000, "PLN", "en") == "1,480.00\u00a0PLN"


def test_days() -> None:
    day = date(2026, 7, 1)
    assert figures.short_day(day, "en") == "1 Jul 2026"
    assert figures.short_day(day, "be") == "01.07.2026"
    assert figures.short_day(day, "lt") == "2026-07-01"
    assert figures.long_day(day, "be") == "1\u00a0ліпеня\u00a02026"


@given(st.integers(-(10**17), 10**17), st.sampled_from(["EUR", "JPY", "KWD", None]))
def test_a_machine_amount_is_exact_both_ways(minor: int, currency: str | None) -> None:
    text = figures.machine_amount(minor, currency)
    assert text.isascii()
    assert figures.parse_amount(text, currency) == minor


@pytest.mark.parametrize(
    "text", ["", "1", "1.0", "1.000", "1,00", "+1.00", "--1.00", "1.0x", "١.٠٠", " 1.00"]
)
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not an amount"):
        figures.parse_amount(text, "EUR")
