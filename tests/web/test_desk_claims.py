"""Payees and claims: from a voucher to its payment."""

import copy
from typing import Any

import pytest
from django.core.cache import cache
from django.urls import reverse

from accounts.models import Approval
from audit.models import Event, ReadSubject
from tests.plugins.databases import require_money_laws
from tests.treasury.world import AT
from tests.web.desk import Desk, send, signed_in, status, words
from treasury.models import Claim, Payee


@pytest.fixture
def desk(desk_made: Desk, db: None) -> Desk:
    cache.clear()
    return copy.deepcopy(desk_made)


def agree(desk: Desk) -> Approval:
    """The second officer agrees to what was asked last, on the page of approvals."""
    asked = Approval.objects.filter(state="asked").latest("asked_at")
    answer = send(signed_in(desk.second), "desk:approval-decide", asked.pk, answer="yes")
    assert "You agreed." in words(answer)
    asked.refresh_from_db()
    assert asked.state == "approved"
    return asked


# Payees

IBAN = "LT601010012345678901"


def test_a_payee_is_sealed_until_somebody_asks(desk: Desk) -> None:
    client = signed_in(desk.treasurer)
    page = send(
        client, "desk:payee-add", kind="counsel", name="Invented Name", country="lt", iban=IBAN, address=""
    )
    payee = Payee.objects.get()
    assert "The payee is added." in words(page)
    assert "Invented Name" not in words(page)
    before = ReadSubject.objects.filter(subject_id=payee.pk).count()
    opened = client.get(reverse("desk:payee", args=[payee.pk]) + "?open=payee")
    assert "Invented Name" in words(opened)
    assert IBAN in words(opened)
    assert ReadSubject.objects.filter(subject_id=payee.pk).count() == before + 1
    listed = client.get(reverse("desk:payees") + "?names=1")
    assert "Invented Name" in words(listed)
    auditor = signed_in(desk.auditor)
    assert "Invented Name" not in words(auditor.get(reverse("desk:payees") + "?names=1"))
    assert "Invented Name" not in words(auditor.get(reverse("desk:payee", args=[payee.pk]) + "?open=payee"))


def test_a_wrong_account_number_is_refused(desk: Desk) -> None:
    page = send(
        signed_in(desk.treasurer),
        "desk:payee-add",
        kind="counsel",
        name="X",
        country="LT",
        iban="LT61" + IBAN[4:],
    )
    assert "This is no valid IBAN." in words(page)
    assert not Payee.objects.exists()


def test_a_route_changes_by_two_people_and_its_number_is_not_kept_with_the_request(desk: Desk) -> None:
    payee = desk.world.payee()
    client = signed_in(desk.treasurer)
    send(client, "desk:payee-route", payee.pk, country="LT", iban=IBAN)
    waiting = words(signed_in(desk.second).get(reverse("desk:approvals")))
    assert "LT60 … 8901" in waiting
    assert IBAN not in waiting
    asked = agree(desk)
    link = reverse("desk:payee-route", args=[payee.pk]) + f"?approval={asked.pk}"
    assert IBAN not in client.get(link).content.decode()
    done = client.post(link, {"country": "LT", "iban": IBAN, "once": "route-of-a-test-1"}, follow=True)
    assert "The route is changed." in words(done)
    payee.refresh_from_db()
    assert payee.checked_on is None
    checked = send(signed_in(desk.second), "desk:payee-check", payee.pk)
    assert "The check is recorded." in words(checked)
    payee.refresh_from_db()
    assert payee.checked_by == desk.second.actor_id


def test_a_coordinator_sees_only_payees_they_added(desk: Desk) -> None:
    known = desk.world.payee()
    client = signed_in(desk.coordinator)
    send(client, "desk:payee-add", kind="relative", name="A Sister", country="PL", iban="", address="")
    own = Payee.objects.exclude(pk=known.pk).get()
    assert status(desk.coordinator, "desk:payee", own.pk) == 200
    assert status(desk.coordinator, "desk:payee", known.pk) == 404
    offered = client.get(reverse("desk:claim-enter")).context["form"].fields["payee"].queryset
    assert list(offered) == [own]


# Claims


def claim_fields(desk: Desk, **more: Any) -> dict[str, Any]:
    return {
        "payee": str(desk.world.payee().pk),
        "case": desk.case.reference,
        "category": "fee",
        "amount": "100",
        "currency": "EUR",
        "voucher_kind": "invoice",
        "number": "A-1",
        "invoiced_on": "2026-03-01",
        **more,
    }


def test_a_claim_goes_from_entry_to_payment(desk: Desk) -> None:
    coordinator, treasurer, second = map(signed_in, (desk.coordinator, desk.treasurer, desk.second))
    page = send(treasurer, "desk:claim-enter", **claim_fields(desk))
    claim = Claim.objects.get()
    assert "The claim is entered." in words(page)
    assert desk.case.reference in words(page)
    refused = send(second, "desk:claim-approve", claim.pk)
    assert "This is not yours to approve." in words(refused)
    asked = send(coordinator, "desk:claim-ask", claim.pk)
    assert "Asked. It can be approved once a colleague agrees." in words(asked)
    seen = second.get(reverse("desk:claim", args=[claim.pk]))
    assert seen.context["decision"].may_decide
    assert "You agreed." in words(send(second, "desk:claim-agree", claim.pk, answer="yes"))
    own = signed_in(desk.second).get(reverse("desk:claim", args=[claim.pk]))
    assert not own.context["decision"].may_approve
    approved = send(coordinator, "desk:claim-approve", claim.pk)
    assert "The claim is approved" in words(approved)
    claim.refresh_from_db()
    assert (claim.approved_by, claim.second_by) == (desk.coordinator.actor_id, desk.second.actor_id)
    assert "1 approved claim" in words(treasurer.get(reverse("desk:payments")))
    paid = send(treasurer, "desk:pay", claim.pk, on="2026-03-05", bank="main")
    assert "The payment is booked." in words(paid)
    assert "general #1" in words(paid)
    again = send(treasurer, "desk:pay", claim.pk, on="2026-03-05", bank="main")
    assert "This claim was decided already" in words(again)
    require_money_laws()


def test_a_claim_within_the_tariff_takes_one_second_officer_and_another_payer(desk: Desk) -> None:
    from treasury.kinds import Category

    desk.world.tariff((Category.FEE, "", 20_000))
    claim = desk.world.claim(10_000)
    treasurer, second = signed_in(desk.treasurer), signed_in(desk.second)
    assert "not yours to approve" in words(send(treasurer, "desk:claim-approve", claim.pk))
    assert "The claim is approved" in words(send(second, "desk:claim-approve", claim.pk))
    assert second.get(reverse("desk:pay", args=[claim.pk])).status_code == 404
    assert "The payment is booked." in words(
        send(treasurer, "desk:pay", claim.pk, on="2026-03-05", bank="main", final="on")
    )


def test_the_same_voucher_is_refused_a_second_time(desk: Desk) -> None:
    client = signed_in(desk.treasurer)
    fields = claim_fields(desk)
    send(client, "desk:claim-enter", **fields)
    page = send(client, "desk:claim-enter", **fields)
    assert "This voucher was claimed before." in words(page)
    assert Claim.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"category": "rent"}, "case costs need a case, running costs have none"),
        ({"case": "BY-1999-0001"}, "There is no such case"),
        ({"currency": "BYN"}, "Say what it is in the currency of the books"),
        ({"payee": ""}, "Choose an answer: Payee"),
    ],
    ids=["category", "case", "currency", "payee"],
)
def test_a_claim_that_does_not_fit_is_refused(desk: Desk, wrong: dict[str, str], says: str) -> None:
    page = send(signed_in(desk.treasurer), "desk:claim-enter", **claim_fields(desk, **wrong))
    assert says in words(page)
    assert not Claim.objects.exists()


def test_a_coordinator_enters_no_claim_for_a_case_of_others(desk: Desk) -> None:
    from accounts.actions.access import end_access
    from accounts.models import Grant as Access

    client = signed_in(desk.coordinator)
    send(client, "desk:payee-add", kind="relative", name="A Sister", country="PL", iban="", address="")
    fields = claim_fields(desk, payee=str(Payee.objects.get().pk))
    fields["payee"] = str(Payee.objects.filter(kind="relative").get().pk)
    for access in Access.objects.filter(user=desk.coordinator):
        end_access(grant=access, reason="no longer needed", by=desk.second, at=AT)
    assert "There is no such case" in words(send(client, "desk:claim-enter", **fields))


def test_a_refusal_for_want_of_money_says_what_can_be_done(desk: Desk) -> None:
    from treasury.kinds import Category

    desk.world.tariff((Category.FEE, "", 90_000))
    claim = desk.world.claim(80_000)
    page = send(signed_in(desk.second), "desk:claim-approve", claim.pk)
    assert "The approved ceiling of this case is 200.00 EUR too low." in words(page)
    assert "Ask a second officer to raise the ceiling by 200.00 EUR." in words(page)


def test_a_claim_is_rejected_with_a_reason(desk: Desk) -> None:
    claim = desk.world.claim(10_000)
    page = send(
        signed_in(desk.second), "desk:claim-reject", claim.pk, reason_code="no_voucher", note="blurred photo"
    )
    assert "The claim is rejected." in words(page)
    assert "blurred photo" in words(page)
    assert "Voucher missing" in words(page)
    again = send(signed_in(desk.second), "desk:claim-reject", claim.pk, reason_code="other")
    assert "This claim was decided already" in words(again)


def test_claims_are_filtered(desk: Desk) -> None:
    first = desk.world.claim(10_000)
    desk.world.claim(20_000, category="travel")
    client = signed_in(desk.auditor)
    assert "2" in words(client.get(reverse("desk:money")))
    for query, found in [
        ("category=fee", 1), ("status=paid", 0), (f"case={desk.case.reference.lower()}", 2),
        ("case=BY-1999-0001", 0), ("since=2030-01-01", 0), ("status=entered", 2),
    ]:  # fmt: skip
        page = client.get(reverse("desk:claims") + f"?{query}")
        assert len(page.context["page"].rows) == found, query
    assert str(first.pk)[:8] in words(client.get(reverse("desk:claims") + "?category=fee"))


def test_events_name_nobody(desk: Desk) -> None:
    client = signed_in(desk.treasurer)
    send(
        client,
        "desk:payee-add",
        kind="counsel",
        name="Unmistakable Name",
        country="LT",
        iban=IBAN,
        address="",
    )
    send(client, "desk:claim-enter", **claim_fields(desk, number="UNMISTAKABLE-7"))
    assert not Event.objects.filter(body__contains="Unmistakable").exists()
    assert not Event.objects.filter(body__contains="UNMISTAKABLE-7").exists()
