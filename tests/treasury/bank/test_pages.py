"""The treasurer's Monday, page by page: a statement, the queue, the file, cash, bank beside books."""

import copy
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import Approval
from audit.models import ReadSubject
from tests.treasury.bank.banking import Bank
from tests.treasury.bank.camt_files import Entry, document
from tests.treasury.bank.test_money_out import claim_of
from tests.treasury.world import AT
from tests.web.desk import Desk, send, signed_in, words
from treasury.actions.payees import add_payee, check_payee
from treasury.bank.models import BankAccount, BankLine, Match, PaymentFile, TransferReference
from treasury.kinds import PayeeKind
from web.templatetags.staff import short


@pytest.fixture
def desk(desk_made: Desk, db: None) -> Desk:
    return copy.deepcopy(desk_made)


def line_of(amount: int) -> BankLine:
    return BankLine.objects.select_related("left").filter(amount_minor=amount).latest("booked_on", "number")


def test_a_monday(desk: Desk) -> None:
    client = signed_in(desk.treasurer)
    content = document(
        [Entry("2026-03-05", -450, "BANK FEE"), Entry("2026-03-06", 2_500, "from Zyxwolf", name="Zyxwolf")]
    )
    taken = send(client, "desk:bank-upload", file=SimpleUploadedFile("a.xml", content))
    assert "2 lines in the file, 2 of them new" in words(taken)
    assert "Zyxwolf" not in words(taken)
    again = send(client, "desk:bank-upload", file=SimpleUploadedFile("a.xml", content))
    assert "2 lines in the file, 0 of them new" in words(again)
    wrong = send(client, "desk:bank-upload", file=SimpleUploadedFile("a.xml", b"<html></html>"))
    assert "camt.053 from 001.02 to 001.13" in words(wrong)
    account = BankAccount.objects.get()
    assert "is not connected with the books" in words(client.get(reverse("desk:bank")))
    assert "The account is connected" in words(send(client, "desk:bank-connect", account.pk, code="main"))
    queue = client.get(reverse("desk:bank"))
    assert "Running cost: Bank fees" in words(queue)
    fee, gift = line_of(-450), line_of(2_500)
    accepted = send(
        client, "desk:bank-accept", fee.pk, kind="cost", key="bank_fee", score="65", **{"from": "queue"}
    )
    assert "The line is booked." in words(accepted)
    before = ReadSubject.objects.filter(subject_id=gift.subject_id).count()
    assert "Zyxwolf" not in words(client.get(reverse("desk:bank-line", args=[gift.pk])))
    assert "Zyxwolf" in words(client.get(reverse("desk:bank-line", args=[gift.pk]) + "?open=words"))
    assert ReadSubject.objects.filter(subject_id=gift.subject_id).count() == before + 1
    assert "Choose the fund" in words(send(client, "desk:bank-book", gift.pk, kind="gift"))
    fund = str(desk.world.general.pk)
    booked = send(client, "desk:bank-book", gift.pk, kind="gift", fund=fund, amount_minor="20")
    assert "Gift by bank transfer" in words(booked)
    match = Match.objects.get(line=gift)
    undone = send(client, "desk:bank-undo", match.pk, reason_code="wrong_fund", note="another fund")
    assert "The match is undone" in words(undone)
    assert "Not explained 0.00" in words(client.get(reverse("desk:reconciliation")))
    assert "Not explained 0.00" in words(client.get(reverse("desk:reconciliation") + "?on=2026-10-31"))
    made = send(client, "desk:bank-references", fund=fund)
    code = TransferReference.objects.get().code
    assert f"{code[:4]}-{code[4:8]}-{code[8:]}" in words(made)
    for name in ("bank-statements", "bank-accounts"):
        assert "main" in words(client.get(reverse(f"desk:{name}")))
    assert "LT601010012345678901" in words(client.get(reverse("desk:bank-accounts") + "?open=numbers"))
    assert desk.who_enters("desk:bank") == {"treasurer", "auditor", "second-officer"}
    assert desk.who_enters("desk:bank-book", gift.pk) == {"treasurer"}
    assert "Zyxwolf" not in words(
        signed_in(desk.auditor).get(reverse("desk:bank-line", args=[gift.pk]) + "?open=words")
    )


def test_the_file_is_handed_out_once_under_a_neutral_name(desk: Desk) -> None:
    bank = Bank.opened(desk.world)
    bank._ceiling = True  # the desk's case has one
    payee = add_payee(
        kind=PayeeKind.COUNSEL, name="Invented", country="DE", iban="DE02120300000000202051",
        by=desk.treasurer, at=AT,
    )  # fmt: skip
    claim = bank.approved_claim(10_000, payee=check_payee(payee=payee, by=desk.second, at=AT))
    client = signed_in(desk.treasurer)
    page = client.get(reverse("desk:payment-file"))
    once = re.search(r'name="once" value="([^"]+)"', page.content.decode())
    assert once is not None
    fields = {
        "once": once[1], "claim": [str(claim.pk)], "account": str(bank.account.pk),
        "execute_on": "2099-01-04",
    }  # fmt: skip
    answer = client.post(reverse("desk:payment-file"), fields)
    assert answer["Content-Disposition"] == 'attachment; filename="payments-2099-01-04.xml"'
    assert b"DE02120300000000202051" in answer.content
    assert ReadSubject.objects.filter(subject_id=payee.id).exists()
    again = client.post(reverse("desk:payment-file"), fields)
    assert again["Content-Type"].startswith("text/html")
    assert PaymentFile.objects.count() == 1
    gone = send(client, "desk:payment-file-withdraw", PaymentFile.objects.get().pk)
    assert "The file is withdrawn" in words(gone)


def test_a_file_with_many_accounts_asks_a_colleague_first(desk: Desk, settings: Any) -> None:
    settings.EXPORT_ALONE_PEOPLE = 1
    bank = Bank.opened(desk.world)
    bank._ceiling = True
    *claims, other = [claim_of(bank, minor) for minor in (1_000, 1_100, 1_200)]
    treasurer, second = signed_in(desk.treasurer), signed_in(desk.second)
    chosen: dict[str, Any] = {"claim": [str(claim.pk) for claim in claims], "account": str(bank.account.pk)}
    asked = send(treasurer, "desk:payment-file", **chosen, execute_on="2099-01-04")
    assert "Asked. It can go on once a colleague agrees" in words(asked)
    assert not PaymentFile.objects.exists()
    told = words(second.get(reverse("desk:approvals")))
    assert "Take many payees' accounts out in a file" in told
    assert "Payees in the file 2 In all €21.00" in told
    for claim, amount in zip(claims, ("€10.00", "€11.00"), strict=True):
        assert f"Claim {short(claim.pk)} {amount}" in told
    assert short(other.pk) not in told
    approval = Approval.objects.get(kind="bulk-export")
    send(second, "desk:approval-decide", approval.pk, answer="yes")
    page = treasurer.get(reverse("desk:payment-file"), {"approval": approval.pk}).content.decode()
    ticked = re.findall(r'value="([0-9a-f-]{36})"\s+id="claim-\d+"\s+checked>', page)
    assert set(ticked) == set(chosen["claim"])
    assert 'value="2099-01-04"' in page
    answer = send(treasurer, "desk:payment-file", **chosen, execute_on="2099-01-04")
    assert answer["Content-Type"] == "application/xml"
    assert PaymentFile.objects.get().order_count == 2


def test_cash_takes_two_people_at_the_desk(desk: Desk) -> None:
    fields = {
        "fund": str(desk.world.general.pk), "amount_minor": "40", "place": "cash",
        "received_on": "2026-03-02", "evidence": "counted by two",
    }  # fmt: skip
    page = send(signed_in(desk.treasurer), "desk:other-gift", **fields)
    assert "It can go on once a colleague agrees" in words(page)


def test_a_rate_is_entered_on_its_page(desk: Desk) -> None:
    client = signed_in(desk.treasurer)
    content = document([Entry("2026-03-06", 2_500)], currency="USD")
    send(client, "desk:bank-upload", file=SimpleUploadedFile("a.xml", content))
    send(client, "desk:bank-connect", BankAccount.objects.get().pk, code="usd")
    line = line_of(2_500)
    assert "Enter the rate" in words(client.get(reverse("desk:bank-line", args=[line.pk])))
    page = send(client, "desk:bank-rate", line.pk, rate="0.92", rate_on="2026-03-06", source="ecb")
    assert "The rate is kept." in words(page)
    assert "€23.00" in words(page)
