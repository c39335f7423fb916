"""Journals, periods and laws: the books as the pages show and change them."""

import copy
import datetime

import pytest
from django.core.cache import cache
from django.urls import reverse

from tests.treasury.world import AT, free
from tests.web.desk import Desk, send, signed_in, words
from treasury.actions.payments import pay_claim
from treasury.models import Period


@pytest.fixture
def desk(desk_made: Desk, db: None) -> Desk:
    cache.clear()
    return copy.deepcopy(desk_made)


# Journals, periods, laws


def test_a_payment_is_reversed_with_a_reason(desk: Desk) -> None:
    claim = desk.world.approved(desk.world.claim(10_000))
    journal = pay_claim(claim=claim, by=desk.treasurer, at=AT)
    client = signed_in(desk.treasurer)
    empty = send(client, "desk:journal-reverse", journal.pk, reason_code="returned")
    assert "Fill in: In words" in words(empty)
    page = send(client, "desk:journal-reverse", journal.pk, reason_code="returned", note="account closed")
    assert "The journal is reversed." in words(page)
    assert "account closed" in words(page)
    claim.refresh_from_db()
    assert claim.status == "approved"
    again = send(client, "desk:journal-reverse", journal.pk, reason_code="returned", note="twice")
    assert "This journal cannot be reversed." in words(again)
    assert desk.who_enters("desk:journal-reverse", journal.pk) == {"treasurer"}


def test_a_running_cost_is_booked_once(desk: Desk) -> None:
    client = signed_in(desk.treasurer)
    fields = {
        "category": "rent", "amount_minor": "150", "on": "2026-03-01", "source_id": "B/7",
        "voucher_kind": "bank_note", "bank": "main",
    }  # fmt: skip
    assert "The cost is booked." in words(send(client, "desk:running-cost", **fields))
    assert "This is in the books already" in words(send(client, "desk:running-cost", **fields))
    assert free(desk.world.general) == 85_000


def test_a_period_is_closed_by_the_treasurer_only(desk: Desk) -> None:
    for user in (desk.auditor, desk.second):
        assert signed_in(user).post(reverse("desk:periods"), {"ends_on": "2026-03-31"}).status_code == 404
    client = signed_in(desk.treasurer)
    assert "The period is closed." in words(send(client, "desk:periods", ends_on="2026-03-31"))
    assert Period.objects.get().ends_on == datetime.date(2026, 3, 31)
    assert "Close the books up to a day that has passed" in words(
        send(client, "desk:periods", ends_on="2026-02-01")
    )
    late = send(
        client, "desk:running-cost", category="rent", amount_minor="1", on="2026-03-30", source_id="B/8",
        voucher_kind="bank_note", bank="main",
    )  # fmt: skip
    assert "The books are closed up to 2026-03-31." in words(late)


def test_the_overview_says_that_the_books_are_whole(desk: Desk) -> None:
    assert "The books are whole" in words(signed_in(desk.auditor).get(reverse("desk:money")))


@pytest.mark.broken_books("a law is broken to see that the page says so")
def test_the_overview_says_which_law_is_broken(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from treasury import laws

    monkeypatch.setitem(laws.LAWS, "debits-are-credits", lambda: 4_200)
    page = words(signed_in(desk.auditor).get(reverse("desk:money")))
    assert "The books break a law" in page
    assert "debits-are-credits : €42.00" in page
    assert "Broken" in words(signed_in(desk.auditor).get(reverse("desk:money-laws")))
