"""Receipts: random numbers, one valid for each gift, replaced or void after money went back."""

import datetime
import io
import re
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from pypdf import PdfReader

from audit.actions import action
from audit.actors import PUBLIC, WORKER, Actor
from donations import aftercare, codes, donors, receipts
from donations.actions.receipts import keep_receipt
from donations.models import Donation, Donor, Fact, Receipt
from donations.sandbox.server import Sandbox
from donations.stripe_gateway import Gateway
from reports import receipts as papers
from tests.donations import gifts
from tests.treasury.test_races import at_once
from treasury.actions.gifts import Gift, book_gifts
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
def test_fifty_receipts_at_once_are_fifty_numbers_and_none_twice(fund: Fund, settings: Any) -> None:
    """Thirty asked for over HTTP, each twice at the same moment, while two workers make twenty more."""
    settings.RECEIPT_ISSUER = "NORTHERN SERVICES"
    donor = _donor(by=WORKER, at=gifts.AT)
    codes_of = _given(fund=fund, count=30, by=WORKER, at=gifts.AT)
    _given(fund=fund, count=20, donor=donor, by=WORKER, at=gifts.AT)
    papers_of: dict[str, list[bytes]] = {code: [] for code in codes_of}

    def ask(some: list[str]) -> None:
        for code in some:
            answer = Client().post(f"/en/gift/{code}/", {"do": "receipt"})
            assert answer.status_code == 200
            papers_of[code].append(answer.content)

    def work() -> None:
        aftercare.look_after(at=gifts.AT)

    asking = [lambda some=codes_of[start::5]: ask(some) for start in range(5)] * 2
    assert at_once(*asking, work, work) == {"done": 12}
    numbers = list(Receipt.objects.values_list("number", flat=True))
    assert len(numbers) == len(set(numbers)) == 50
    assert Receipt.objects.values("donation").distinct().count() == 50
    assert set(Receipt.objects.values_list("state", flat=True)) == {"valid"}
    assert all(len(made) == 2 and made[0] == made[1] for made in papers_of.values())


@action("test.gifts")
def _given(
    *, fund: Fund, count: int, donor: Donor | None = None, by: Actor, at: datetime.datetime
) -> list[str]:
    """Gifts as they stand once they are booked, with the codes that open them."""
    words = {"currency": "EUR", "language": "en", "fallback": "same-cause", "given_on": at.date()}
    kept = {"level": "receipt", "donor": donor} if donor else {"level": "code"}
    opening = ["" if donor else codes.new_code() for _ in range(count)]
    made = [
        Donation.objects.create(
            fund=fund, amount_minor=5_000, status="settled",
            code_digest=codes.digest(code) if code else "", **words, **kept,
        )
        for code in opening
    ]  # fmt: skip
    came = [(fund, Gift(f"txn_{gift.pk}", 5_000, 100, 4_900)) for gift in made]
    batches = book_gifts(gifts=came, by=by, at=at)
    for gift in made:
        Fact(
            donation=gift, kind="settled", object_id=f"txn_{gift.pk}", recorded_at=at, currency="EUR",
            gross_minor=5_000, fee_minor=100, net_minor=4_900, batch=batches[f"txn_{gift.pk}"],
        ).save()  # fmt: skip
    return [code.replace("-", "") for code in opening]


@action("test.donor")
def _donor(*, by: Actor, at: datetime.datetime) -> Donor:
    return donors.donor_for("juniper@example.org", "receipt", "en", at)


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
