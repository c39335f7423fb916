"""A donor's year names the event behind each figure, and what changed it, with the reason."""

import datetime
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pypdf import PdfReader

from audit.models import Event
from donations import aftercare, receipts, yearly
from donations.models import Donation, Donor
from donations.sandbox.server import Sandbox
from donations.stripe_gateway import Gateway
from reports import yearly_paper
from tests.donations import gifts
from treasury.models import Fund

pytestmark = pytest.mark.django_db
ADDRESS = "juniper@example.org"


def giving(sandbox: Sandbox, gateway: Gateway, fund: Fund) -> list[Donation]:
    """Three gifts of one donor: whole, half given back, wholly given back."""
    made = [gifts.paid(fund, gateway, sandbox, level="receipt", address=ADDRESS) for _number in range(3)]
    for gift, amount in ((made[1], 2_000), (made[2], 5_000)):
        sandbox.control("refund", payment=gifts.payment_of(gift), amount=amount)
        gifts.hear(sandbox, gateway)
    aftercare.look_after(at=gifts.AT + datetime.timedelta(minutes=1), all_of_it=True)
    return made


def test_a_year_hides_nothing_and_names_its_events(
    sandbox: Sandbox, gateway: Gateway, fund: Fund, settings: Any, tmp_path: Path
) -> None:
    settings.RECEIPT_ISSUER = "NORTHERN SERVICES"
    made = giving(sandbox, gateway, fund)
    donor, year = Donor.objects.get(), gifts.AT.year
    by_gift = {line.gift.pk: line for line in yearly.year_of(donor, year)}
    lines = [by_gift[gift.pk] for gift in made]
    assert [(line.came_minor, line.stayed_minor) for line in lines] == [
        (5_000, 5_000),
        (5_000, 3_000),
        (5_000, 0),
    ]
    for line in lines:
        due = receipts.due(gifts.now(line.gift))
        assert (due.amount_minor if due else 0) == line.stayed_minor
        assert Event.objects.get(seq=line.seq).kind.startswith("gift")
    assert [[change.kind for change in line.changes] for line in lines] == [[], ["refunded"], ["refunded"]]
    [change] = lines[1].changes
    assert change.amount_minor == -2_000
    assert change.seq is not None
    assert change.seq > (lines[1].seq or 0)
    # Receipts know only what stayed: a gift that went back whole is gone from them, not from the year.
    assert len(aftercare.gifts_of_year(donor, year)) == 2
    assert yearly.totals(lines) == {"EUR": 8_000}
    told = yearly_paper.plain(year, lines)
    assert told["gifts"][1]["changes"][0]["event"] == change.seq
    text = pages(yearly_paper.paper(year, lines, made_on=gifts.AT.date(), language="en"))
    assert f"given back to you, −20.00 EUR · Record {change.seq}" in text
    assert f"Record {lines[0].seq}" in text
    assert "80.00 EUR" in text
    assert "вернута вам" in pages(yearly_paper.paper(year, lines, made_on=gifts.AT.date(), language="be"))
    the_command_writes_the_same(donor, year, tmp_path)


def pages(paper: bytes) -> str:
    text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(paper)).pages)
    return text.replace("\N{NO-BREAK SPACE}", " ")


def the_command_writes_the_same(donor: Donor, year: int, folder: Path) -> None:
    def command(name: str, wanted: int, **more: Any) -> Path:
        out = folder / name
        call_command("donor_statement", str(donor.pk), year=wanted, out=out, stdout=io.StringIO(), **more)
        return out

    told = json.loads(command("year.json", year, format="json").read_text())
    assert told["stayed_minor"] == {"EUR": 8_000}
    assert b"%PDF" in command("year.pdf", year, language="ru").read_bytes()[:8]
    with pytest.raises(CommandError) as refused:
        command("none.pdf", 1999)
    assert refused.value.returncode == 2
