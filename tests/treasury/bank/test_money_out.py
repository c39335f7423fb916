"""Payment files, and gifts that two people saw."""

import datetime
from hashlib import sha256
from typing import Any

import pytest
from defusedxml.ElementTree import fromstring

from accounts.approvals import NeedsSecondPerson, decide_approval, request_approval
from tests.treasury.bank.banking import NOW, Bank
from tests.treasury.bank.camt_files import Entry
from tests.treasury.world import free, totals
from treasury import advances, payment_files
from treasury.actions import other_gifts, payments
from treasury.actions.payees import add_payee, check_payee
from treasury.bank.booking import undo_match
from treasury.bank.models import BankAccount, PaymentFile, PaymentOrder
from treasury.kinds import AccountKind, ClaimStatus, PayeeKind, ReasonCode
from treasury.models import Claim
from treasury.payment_files import AlreadyOrdered, make_payment_file, why_not, withdraw_payment_file
from vault.reading import NoReader, reading

DAY = datetime.date(2026, 5, 4)
SPACE = "{urn:iso:std:iso:20022:tech:xsd:pain.001.001.03}"


def claim_of(
    bank: Bank, amount: int, country: str = "DE", iban: str = "DE02120300000000202051", **more: Any
) -> Claim:
    payee = add_payee(
        kind=PayeeKind.COUNSEL,
        name="Invented Лоер",
        country=country,
        iban=iban,
        by=bank.world.treasurer,
        at=NOW,
    )
    return bank.approved_claim(amount, payee=check_payee(payee=payee, by=bank.world.second, at=NOW), **more)


def made(bank: Bank, *claims: Claim) -> payment_files.Made:
    account = BankAccount.objects.get(code="main")
    with reading(bank.world.treasurer.actor_id, "test"):
        return make_payment_file(
            claims=claims, account=account, execute_on=DAY, by=bank.world.treasurer, at=NOW
        )


def test_a_file_pays_and_its_own_reference_reconciles_without_a_human(bank: Bank) -> None:
    claims = [claim_of(bank, 10_000), claim_of(bank, 20_000)]
    file = made(bank, *claims)
    tree = fromstring(file.content)
    assert [row.text for row in tree.iter(f"{SPACE}InstdAmt")] in (["100.00", "200.00"], ["200.00", "100.00"])
    assert {row.text for row in tree.iter(f"{SPACE}CtrlSum")} == {"300.00"}
    orders = dict(PaymentOrder.objects.values_list("claim_id", "end_to_end"))
    assert {row.text for row in tree.iter(f"{SPACE}EndToEndId")} == set(orders.values())
    assert {row.text for row in tree.iter(f"{SPACE}Ustrd")} == set(orders.values())
    record = PaymentFile.objects.get()
    assert record.file_sha256 == sha256(file.content).hexdigest()
    assert record.total_minor == 30_000
    with pytest.raises(AlreadyOrdered):
        made(bank, claims[0])
    report = bank.send(
        Entry("2026-05-04", -10_000, end_to_end=orders[claims[0].pk]),
        Entry("2026-05-04", -20_000, f"/EREF/{orders[claims[1].pk]}/"),
    )
    assert report.accepted == 2
    assert set(Claim.objects.values_list("status", flat=True)) == {ClaimStatus.RECONCILED}


def test_a_right_reference_with_another_amount_waits_for_a_human(bank: Bank) -> None:
    claim = claim_of(bank, 10_000)
    made(bank, claim)
    code = PaymentOrder.objects.get().end_to_end
    assert bank.send(Entry("2026-05-04", -9_900, end_to_end=code)).accepted == 0
    claim.refresh_from_db()
    assert claim.status == ClaimStatus.APPROVED


def test_a_file_that_was_not_sent_is_withdrawn(bank: Bank) -> None:
    claim = claim_of(bank, 10_000)
    file = made(bank, claim)
    withdraw_payment_file(file=file.record, by=bank.world.treasurer, at=NOW)
    with pytest.raises(payment_files.WithdrawnBefore):
        withdraw_payment_file(file=file.record, by=bank.world.treasurer, at=NOW)
    assert made(bank, claim).record.order_count == 1


def test_accounts_of_many_people_leave_by_two(bank: Bank, settings: Any) -> None:
    """Exactly the claims that a colleague agreed to; files of one day count together."""
    settings.EXPORT_ALONE_PEOPLE = 2
    claims = [claim_of(bank, 1_000) for _n in range(3)]
    with pytest.raises(NeedsSecondPerson):
        made(bank, *claims)
    made(bank, *claims[:2])
    with pytest.raises(NeedsSecondPerson):  # cut into two files it holds as many
        made(bank, claims[2])
    asked = request_approval(
        kind="bulk-export", object_id=bank.account.pk, payload=payment_files.export_terms(claims[2:]),
        by=bank.world.treasurer, at=NOW,
    )  # fmt: skip
    decide_approval(approval=asked, agrees=True, by=bank.world.second, at=NOW)
    more = claim_of(bank, 1_000)
    with pytest.raises(NeedsSecondPerson):
        made(bank, claims[2], more)
    assert made(bank, claims[2]).record.order_count == 1
    assert payment_files.takes_two([more], bank.world.treasurer, NOW)
    assert not payment_files.takes_two([more], bank.world.treasurer, NOW + datetime.timedelta(days=1))


@pytest.mark.parametrize(
    ("country", "reason"),
    [("BY", "No direct transfer"), ("RU", "No direct transfer"), ("GE", "Outside SEPA")],
)
def test_where_a_transfer_is_not_lawful_there_is_no_file(bank: Bank, country: str, reason: str) -> None:
    claim = claim_of(bank, 10_000, country=country, iban="")
    assert reason in str(why_not(claim))
    with pytest.raises(payment_files.NothingToPay):
        made(bank, claim)


def test_an_account_in_a_risk_country_is_refused_whatever_the_payee_says(bank: Bank) -> None:
    claim = claim_of(bank, 10_000, iban="BY13NBRB3600900000002Z00AB00")
    assert why_not(claim) == ""
    with pytest.raises(payment_files.FileNotValid):
        made(bank, claim)
    assert not PaymentFile.objects.exists()


def test_accounts_open_only_for_somebody_who_reads(bank: Bank) -> None:
    claim = claim_of(bank, 10_000)
    with pytest.raises(NoReader):
        make_payment_file(
            claims=[claim], account=BankAccount.objects.get(), execute_on=DAY, by=bank.world.treasurer, at=NOW
        )


def test_a_gift_in_cash_takes_two_people(bank: Bank) -> None:
    gift: dict[str, Any] = {
        "fund": bank.world.general, "amount_minor": 4_000, "place": AccountKind.CASH,
        "received_on": DAY, "evidence": "counted by two, slip 7",
    }  # fmt: skip
    with pytest.raises(NeedsSecondPerson):
        other_gifts.book_other_gift(**gift, by=bank.world.treasurer, at=NOW)
    terms = other_gifts.other_gift_terms(**gift)
    bank.world.approve("other-gift", bank.world.general.pk, terms)
    with pytest.raises(NeedsSecondPerson):
        other_gifts.book_other_gift(**{**gift, "amount_minor": 5_000}, by=bank.world.treasurer, at=NOW)
    before = free(bank.world.general)
    from tests.treasury.world import AT

    journal = other_gifts.book_other_gift(**gift, by=bank.world.treasurer, at=AT)
    assert (free(bank.world.general) - before, totals("cash:main")[0]) == (4_000, 4_000)
    with reading("staff:test", "test"):
        assert type(journal).objects.get(pk=journal.pk).note == "counted by two, slip 7"


def test_a_large_payment_goes_into_no_file_before_a_colleague_agreed(bank: Bank, settings: Any) -> None:
    settings.PAYMENT_ALONE_MINOR = 9_999
    claim = claim_of(bank, 10_000)
    with pytest.raises(NeedsSecondPerson):
        made(bank, claim)
    asked = request_approval(
        kind="payment",
        object_id=claim.id,
        payload=payments.payment_terms(claim),
        by=bank.world.treasurer,
        at=NOW,
    )
    decide_approval(approval=asked, agrees=True, by=bank.world.second, at=NOW)
    assert made(bank, claim).record.order_count == 1
    code = PaymentOrder.objects.get().end_to_end
    assert bank.send(Entry("2026-05-04", -10_000, end_to_end=code)).accepted == 1
    claim.refresh_from_db()
    assert claim.status == ClaimStatus.RECONCILED


def test_what_comes_back_of_an_advance_is_suggested_and_undone(bank: Bank) -> None:
    iban = "DE02120300000000202051"
    payee = claim_of(bank, 1, iban=iban).payee
    claim = bank.world.approved(bank.world.advance(10_000, payee=payee))
    bank.send(Entry("2026-05-04", -10_000, name="Invented", iban=iban))
    assert bank.accept_best(bank.line()).kind == "claim"
    claim.refresh_from_db()
    assert claim.status == ClaimStatus.RECONCILED
    bank.send(Entry("2026-05-11", 4_000, "change", name="Invented", iban=iban))
    line = bank.line()
    match = bank.accept_best(line)
    assert (match.kind, match.amount_minor, bank.open_minor(line)) == ("advance", 4_000, 0)
    assert advances.left_minor(claim) == 6_000
    undo_match(match=match, reason_code=ReasonCode.OTHER, by=bank.world.treasurer, at=NOW)
    assert advances.left_minor(claim) == 10_000
    bank.send(Entry("2026-05-12", 10_000, "cash at the counter"))
    best = bank.suggestions(bank.line())[0]
    assert (best.candidate.kind, best.candidate.key) == ("advance", str(claim.pk)), "the very sum"
    bank.accept_best(bank.line())
    assert not advances.outstanding().exists()
    bank.send(Entry("2026-05-13", 3_000, name="Invented", iban=iban))
    assert not [one for one in bank.suggestions(bank.line()) if one.candidate.kind == "advance"]
