"""Receipts: random numbers, one valid for each gift, replaced or void after money went back."""

import datetime
import io
import re

import pytest
from django.db import IntegrityError, connection, transaction
from pypdf import PdfReader

from audit.actors import PUBLIC, WORKER
from donations import aftercare, receipts
from donations.actions.receipts import keep_receipt
from donations.models import Donation, Receipt
from donations.sandbox.server import Sandbox
from donations.stripe_gateway import Gateway
from reports import receipts as papers
from tests.donations import gifts
from tests.treasury.test_races import at_once
from treasury.models import Fund

pytestmark = pytest.mark.django_db


def states(donation: Donation) -> list[tuple[str, int]]:
    rows = Receipt.objects.filter(donation=donation).order_by("issued_at", "-state")
    return list(rows.values_list("state", "amount_minor"))


def test_a_receipt_follows_its_gift(sandbox: Sandbox, gateway: Gateway, fund: Fund) -> None:
    gift = gifts.paid(fund, gateway, sandbox, level="receipt", address="juniper@example.org")
    later = gifts.AT + datetime.timedelta(minutes=1)
    assert aftercare.look_after(at=gifts.AT) == 1
    assert aftercare.look_after(at=gifts.AT, all_of_it=True) == 0, "made once"
    first = Receipt.objects.get()
    assert re.fullmatch(r"([2-9A-HJKMNP-Z]{3}-){2}[2-9A-HJKMNP-Z]{3}", first.number)
    payment = gifts.payment_of(gift)
    sandbox.control("refund", payment=payment, amount=2_000)
    gifts.hear(sandbox, gateway)
    assert aftercare.look_after(at=later, all_of_it=True) == 1
    assert sorted(states(gift)) == [("replaced", 5_000), ("valid", 3_000)]
    sandbox.control("refund", payment=payment)
    gifts.hear(sandbox, gateway)
    assert aftercare.look_after(at=later, all_of_it=True) == 1
    assert sorted(states(gift)) == [("replaced", 5_000), ("void", 3_000)]
    assert not Receipt.objects.filter(state="valid").exists()
    assert keep_receipt(donation=gift, by=PUBLIC, at=later) is None
    assert receipts.due(gifts.now(gift)) is None


def test_the_database_keeps_one_valid_receipt(sandbox: Sandbox, gateway: Gateway, fund: Fund) -> None:
    gift = gifts.paid(fund, gateway, sandbox, level="code")
    receipt = keep_receipt(donation=gift, by=PUBLIC, at=gifts.AT)
    assert receipt is not None
    with connection.cursor() as cursor:
        cursor.execute("select * from donations_receipt")
        columns = [column[0] for column in cursor.description or ()]
        row = dict(zip(columns, cursor.fetchone(), strict=True))
    second = {**row, "id": "0" * 32 if connection.vendor == "sqlite" else str(gift.pk), "number": "AAA"}
    places = ", ".join(["%s"] * len(second))
    insert = f"insert into donations_receipt ({', '.join(second)}) values ({places})"
    for wrong in (second, {**second, "state": "void"}, {**second, "number": row["number"], "state": "void"}):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(insert, list(wrong.values()))


@pytest.mark.django_db(transaction=True)
def test_fifty_receipts_at_once_are_fifty_numbers_and_none_twice(
    sandbox: Sandbox, gateway: Gateway, fund: Fund
) -> None:
    given = [gifts.give(fund, gateway, level="code")[0] for _ in range(10)]
    for gift in given:
        sandbox.pay(gifts.session_of(gift))
    gifts.hear(sandbox, gateway)

    def ask(gift: Donation) -> None:
        keep_receipt(donation=gift, by=WORKER, at=gifts.AT)

    outcomes = at_once(*[lambda gift=gift: ask(gift) for gift in given for _ in range(5)])
    assert outcomes == {"done": 50}
    numbers = list(Receipt.objects.values_list("number", flat=True))
    assert len(numbers) == len(set(numbers)) == len(given)
    assert set(Receipt.objects.values_list("state", flat=True)) == {"valid"}


@pytest.mark.parametrize(("language", "word"), [("en", "Receipt"), ("be", "Квітанцыя"), ("ru", "Квитанция")])
def test_the_paper_speaks_the_language_and_names_no_cause(language: str, word: str) -> None:
    line = papers.Line(datetime.date(2026, 3, 2), "ABC-DEF-GHJ", 123_456, "EUR")
    made = papers.receipt(line, issued_on=line.on, ended="", language=language)
    reader = PdfReader(io.BytesIO(made))
    text = reader.pages[0].extract_text().replace("\N{NO-BREAK SPACE}", " ")
    assert word in text
    assert "ABC-DEF-GHJ" in text
    assert ("1 234.56 EUR" if language == "en" else "1 234,56 EUR") in text
    fonts = {str(font.get_object()["/BaseFont"]) for font in reader.pages[0]["/Resources"]["/Font"].values()}  # type: ignore[index]
    assert all("DejaVu" in font for font in fonts)
    about = " ".join(str(value) for value in (reader.metadata or {}).values())
    for name in ("Abarona", "abarona", "General"):
        assert name not in text + about
    assert made == papers.receipt(line, issued_on=line.on, ended="", language=language)


def test_a_statement_adds_up_by_currency_over_many_pages() -> None:
    day = datetime.date(2026, 1, 5)
    lines = [papers.Line(day, f"NO-{n}", 1_000, "EUR") for n in range(60)] + [
        papers.Line(day, "", 500, "USD")
    ]
    reader = PdfReader(io.BytesIO(papers.statement(2026, lines, made_on=day, language="en")))
    text = "".join(page.extract_text() for page in reader.pages)
    assert len(reader.pages) > 1
    assert "600.00 EUR" in text
    assert text.count("10.00 EUR") == 60
    assert "5.00 USD" in text
