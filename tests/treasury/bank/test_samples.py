"""Files of real banks that nobody here wrote. The figures were added up by hand from the files' own text."""

import datetime
from pathlib import Path

import pytest

from tests.treasury.bank.camt_files import read
from treasury.bank.shape import Line, Statement

SAMPLES = Path(__file__).resolve().parents[4] / "shared" / "samples" / "bank"
pytestmark = pytest.mark.skipif(
    not SAMPLES.is_dir(), reason="the folder of outside samples is not beside the checkout"
)

# File -> for each statement: account, currency, opening, closing, lines, money in, money out, off.
FIGURES: dict[str, list[tuple[object, ...]]] = {
    "camt.053.001.02.xml": [
        ("50000000054910000003", "SEK", 50_000_000, 43_567_850, 3, 13_567_850, 20_000_000, 0)
    ],
    "camt053-duplicate_same_day.xml": [("DE89370400440532013000", "EUR", None, None, 2, 0, 900, 0)],
    "camt053-multicurrency.xml": [
        ("DE89370400440532013000", "EUR", 1_000_000, 1_075_025, 2, 125_050, 50_025, 0),
        ("US-ACCT-0099", "USD", 250_000, 240_001, 1, 0, 9_999, 0),
    ],
    # These were cut and made anonymous by whoever published them: some do not add up, and we say so.
    "mt940-abnamro.sta": [
        ("517852257", "EUR", 323_628, 87_684, 8, 0, 32_144, -203_800),
        ("517852257", "EUR", 287_684, 184_975, 2, 0, 2_449, -100_260),
    ],
    "mt940-ing.sta": [("0001234567", "EUR", 0, 347, 7, 468, 5_027, 4_906)],
    "mt940-mbank.sta": [("PL29114010810000267002001002", "PLN", 40, 43, 3, 3, 0, 0)],
    "mt940-postfinance.sta": [
        ("123456789", "CHF", 0, 22_920, 2, 22_920, 0, 0),
        ("123456789", "CHF", 22_920, 15_960, 2, 1_010, 7_990, 20),
    ],
    "mt940-rabobank-iban.sta": [
        ("NL71RABO0123456789", "EUR", 100_000, 96_500, 2, 0, 3_500, 0),
        ("NL71RABO0123456789", "EUR", 96_500, 93_000, 2, 0, 3_500, 0),
    ],
    "mt940-triodos.sta": [("TRIODOSBANK/0390123456", "EUR", 497_509, 437_079, 2, 0, 71_570, 11_140)],
}


def of(name: str) -> list[Statement]:
    return read((SAMPLES / name).read_bytes())


@pytest.mark.parametrize("name", sorted(FIGURES))
def test_figures_of_each_file(name: str) -> None:
    found = [
        (
            *(s.account, s.currency, s.opening_minor, s.closing_minor),
            *(len(s.lines), s.credit_minor, s.debit_minor, s.off_minor),
        )
        for s in of(name)
    ]
    assert found == FIGURES[name]


def test_every_sample_is_in_the_table() -> None:
    assert {path.name for path in SAMPLES.iterdir()} == set(FIGURES)


def line(name: str, statement: int, place: int) -> Line:
    return of(name)[statement].lines[place]


def test_what_dutch_polish_swiss_and_german_style_words_say() -> None:
    rabo = line("mt940-rabobank-iban.sta", 0, 0)
    assert (rabo.name, rabo.iban) == ("CONTRA ACCOUNT HOLDER", "NL70ABNA0987654321")
    assert rabo.end_to_end == "01-01-2013 12:00 0030000987654321"
    assert line("mt940-rabobank-iban.sta", 1, 1).text == "Reference 201301234"
    mbank = line("mt940-mbank.sta", 0, 2)
    assert (mbank.iban, mbank.text) == ("PL56114010810000267002001001", "PRZELEW SRODKOW")
    assert mbank.name.startswith("JAN NOWAK")
    assert line("mt940-postfinance.sta", 0, 0).name == "JANE DOE EXAMPLESTRASSE 10 1234 XXXX"
    assert line("mt940-triodos.sta", 0, 1).text == "HUUR KANTOOR - FEB 2010"


def test_days_batches_and_foreign_money() -> None:
    abn = line("mt940-abnamro.sta", 0, 1)
    assert (abn.value_on, abn.booked_on) == (datetime.date(2011, 5, 21), datetime.date(2011, 5, 23))
    batch = line("camt.053.001.02.xml", 0, 1)
    assert (batch.batch_count, batch.batch_reference) == (20, "FINP-0055/001")
    fx = line("camt.053.001.02.xml", 0, 2)
    assert (fx.original_minor, fx.original_currency, fx.rate) == (325_500, "EUR", "0.1085")
    coffee = of("camt053-duplicate_same_day.xml")[0].lines
    assert coffee[0] == coffee[1]
