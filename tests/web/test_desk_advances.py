"""Advances over the desk's pages: asked for, paid, vouched for, given back; and the late ones named."""

import copy
import datetime
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.treasury.world import AT
from tests.vault.test_cleaning import marked_jpeg
from tests.web.desk import Desk, send, signed_in, status, today, words
from treasury import advances
from treasury.actions import payments
from treasury.actions.claims import approve_claim
from treasury.kinds import Category
from treasury.models import Claim, VoucherFile


@pytest.fixture
def desk(desk_made: Desk, db: None, tmp_path: Any, settings: Any) -> Desk:
    settings.FILES_DIR = tmp_path / "files"
    cache.clear()
    found = copy.deepcopy(desk_made)
    found.world.tariff((Category.FEE, "", 20_000), (Category.TRAVEL, "", 20_000))
    return found


def late(desk: Desk) -> Claim:
    """An advance whose vouchers were due in spring."""
    claim = approve_claim(claim=desk.world.advance(6_000), by=desk.second, at=AT)
    payments.pay_claim(claim=claim, by=desk.treasurer, at=AT)
    return Claim.objects.get(pk=claim.pk)


def test_an_advance_from_asking_to_its_last_voucher(desk: Desk) -> None:
    coordinator, treasurer, second = map(signed_in, (desk.coordinator, desk.treasurer, desk.second))
    send(coordinator, "desk:payee-add", kind="relative", name="A Sister", country="LT", iban="", address="")
    payee = coordinator.get(reverse("desk:advance-enter")).context["form"].fields["payee"].queryset.get()
    asked: dict[str, Any] = {
        "payee": str(payee.pk),
        "case": desk.case.reference,
        "category": "travel",
        "amount_minor": "80",
        "vouchers_due_on": "2026-01-01",
    }
    assert "vouchers cannot be due before today" in words(send(coordinator, "desk:advance-enter", **asked))
    due = today() + datetime.timedelta(days=3)
    page = words(send(coordinator, "desk:advance-enter", **{**asked, "vouchers_due_on": due.isoformat()}))
    assert "Advance of €80.00" in page
    assert "its payee owes vouchers by" in page
    claim = Claim.objects.get()
    here = (claim.pk,)
    for name in ("desk:advance-voucher", "desk:advance-return"):
        assert status(desk.treasurer, name, *here) == 404, "not before it is paid"
    assert "It can be paid." in words(send(second, "desk:claim-approve", *here))
    send(second, "desk:payee-check", payee.pk)
    send(treasurer, "desk:pay", *here, on=today().isoformat(), bank="main")
    listed = words(treasurer.get(reverse("desk:advances")))
    assert "1 is open, €80.00 not accounted for." in listed
    for client in (coordinator, treasurer):
        assert "Advances without their vouchers" in words(client.get(reverse("desk:worklist")))
    assert "Advances without" not in words(signed_in(desk.administrator).get(reverse("desk:worklist")))
    _accounted_for(desk, claim)


def _accounted_for(desk: Desk, claim: Claim) -> None:
    """Thirty by a voucher, twenty given back, the rest by a voucher above it."""
    coordinator, treasurer, second = map(signed_in, (desk.coordinator, desk.treasurer, desk.second))
    here = (claim.pk,)
    voucher: dict[str, Any] = {
        "amount": "30",
        "currency": "EUR",
        "voucher_kind": "invoice",
        "number": "T-1",
        "invoiced_on": today().isoformat(),
        "voucher": SimpleUploadedFile("ticket.jpg", marked_jpeg(), "image/jpeg"),
    }
    page = words(send(coordinator, "desk:advance-voucher", *here, **voucher))
    assert "It counts once a second officer has accepted it." in page
    entered = Claim.objects.get(closes=claim)
    assert VoucherFile.objects.get().claim_id == entered.pk
    assert "This voucher was claimed before." in words(
        send(coordinator, "desk:advance-voucher", *here, **{**voucher, "voucher": ""})
    )
    shown = words(second.get(reverse("desk:claim", args=[entered.pk])))
    assert "Accept €30.00 of the advance" in shown
    assert "Within the advance" in shown
    accepted = words(send(second, "desk:claim-approve", entered.pk))
    assert "that part of the advance is a cost now" in accepted
    assert "What paid it" in accepted
    open_page = words(treasurer.get(reverse("desk:claim", args=here)))
    assert "Left €50.00" in open_page
    assert "Counted" in open_page
    assert "Of this advance 50.00 EUR are left." in words(
        send(treasurer, "desk:advance-return", *here, amount_minor="51", on=today().isoformat(), bank="main")
    )
    back = {"amount_minor": "20", "on": today().isoformat(), "bank": "main"}
    assert "free of it again" in words(send(treasurer, "desk:advance-return", *here, **back))
    send(
        treasurer,
        "desk:advance-voucher",
        *here,
        **{**voucher, "number": "T-2", "amount": "45", "voucher": ""},
    )
    last = Claim.objects.get(closes=claim, status="entered")
    assert "Counts for what is left of the advance" in words(
        second.get(reverse("desk:claim", args=[last.pk]))
    )
    send(second, "desk:claim-approve", last.pk)
    assert "Closed: all of it is accounted for." in words(treasurer.get(reverse("desk:claim", args=here)))
    assert "No advance is open." in words(treasurer.get(reverse("desk:advances")))
    assert not advances.outstanding().exists()


def test_a_late_one_is_named_and_two_people_agree_to_the_next(desk: Desk) -> None:
    first = late(desk)
    treasurer, second = signed_in(desk.treasurer), signed_in(desk.second)
    assert "advances without vouchers 1" in words(treasurer.get(reverse("desk:money")))
    assert "The vouchers of 1 advance are late." in words(treasurer.get(reverse("desk:advances")))
    assert "late" in words(treasurer.get(reverse("desk:claim", args=[first.pk])))
    soon = today() + datetime.timedelta(days=9)
    following = desk.world.advance(1_000, payee=first.payee, due_on=soon)
    page = words(second.get(reverse("desk:claim", args=[following.pk])))
    assert "An earlier advance of this payee is late" in page
    assert "Two people decide this" in page
    refused = words(send(second, "desk:claim-approve", following.pk))
    assert "This is not yours to approve." in refused
    assert "Asked." in words(send(treasurer, "desk:claim-ask", following.pk))
    assert "You agreed." in words(send(second, "desk:claim-agree", following.pk, answer="yes"))
    assert "It can be paid." in words(send(treasurer, "desk:claim-approve", following.pk))


def test_who_enters(desk: Desk) -> None:
    claim = late(desk)
    assert desk.who_enters("desk:advances") == {"treasurer", "second-officer", "auditor"}
    assert desk.who_enters("desk:advance-enter") == {"treasurer", "coordinator"}
    assert desk.who_enters("desk:advance-voucher", claim.pk) == {"treasurer", "coordinator"}
    assert desk.who_enters("desk:advance-return", claim.pk) == {"treasurer"}
