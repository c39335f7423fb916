"""What is rarely asked of the books, and refused or done right all the same."""

import datetime
import hashlib
import uuid
from decimal import Decimal
from typing import Any

import pytest

from accounts.erasing.registry import kind_of, subject_of
from accounts.models import Erasure
from accounts.retention.registry import Moment
from tests.treasury.test_agreements import limit, received, signed
from tests.treasury.world import AT, TODAY, WORKER, World, free, totals
from treasury import erasing, lines, rates, retention, vouchers
from treasury.actions import agreements, claims, clearing, gifts, grants, other_gifts, returns
from treasury.actions.commitments import WrongAmount
from treasury.actions.vouchers import FileTwice, NoVoucherNeeded, TooManyFiles, add_voucher_file
from treasury.bank import accounts as bank_accounts
from treasury.books import AlreadyBooked
from treasury.eligible import NotEnoughMoney
from treasury.kinds import AccountKind, Category, PayeeKind, RateRule, ReasonCode, ReportKind
from treasury.models import Grant, Journal, VoucherFile
from vault import files, keys
from vault.cleaning.kinds import FileType

pytestmark = pytest.mark.django_db
ON = {"by": WORKER, "at": AT}


def paper(text: str) -> files.Cleaned:
    raw = text.encode()
    digest = hashlib.sha256(raw).hexdigest()
    return files.Cleaned(FileType.TEXT, raw, digest, digest)


@pytest.fixture(autouse=True)
def _folder(tmp_path: Any, settings: Any) -> None:
    settings.FILES_DIR = tmp_path / "files"


def test_files_of_a_claim(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each once, so many, sealed for its payee, gone with them, and none for what was turned down."""
    claim = world.claim(1_000, voucher=paper("one"))
    first = VoucherFile.objects.get()
    assert first.file.subject_id == claim.payee_id == vouchers.subject_of(claim)
    with pytest.raises(FileTwice):
        add_voucher_file(claim=claim, content=paper("one"), **ON)
    monkeypatch.setattr("treasury.actions.vouchers.MOST_FILES", 2)
    add_voucher_file(claim=claim, content=paper("two"), **ON)
    with pytest.raises(TooManyFiles):
        add_voucher_file(claim=claim, content=paper("three"), **ON)
    other = world.claim(1_000)
    claims.reject_claim(claim=other, reason_code=ReasonCode.OTHER, by=world.second, at=AT)
    with pytest.raises(NoVoucherNeeded):
        add_voucher_file(claim=other, content=paper("four"), **ON)

    assert [one.code for one in retention.obstacles(claim.payee_id, AT)] == ["unpaid-claims"]
    assert list(retention.obstacles(other.payee_id, AT)) == []
    subject = subject_of(kind_of(retention.KIND), claim.payee_id, AT)
    assert erasing.drop_files(subject) == 2
    assert not files.is_there(VoucherFile.objects.select_related("file")[0].file)
    keys.destroy_key(claim.payee_id)
    with pytest.raises(NoVoucherNeeded):
        add_voucher_file(claim=claim, content=paper("five"), **ON)


def test_the_organisations_own_papers_stay(world: World) -> None:
    payee = world.payee()
    payee.kind = PayeeKind.COURT
    claim = world.claim(1_000)
    claim.payee.kind = PayeeKind.COURT
    assert vouchers.subject_of(claim) == keys.ORGANISATION


def moment(before: datetime.datetime, held: frozenset[uuid.UUID] = frozenset()) -> Moment:
    return Moment(before=before, at=before, by=WORKER, held=held)


def test_payees_long_unpaid_are_found_by_their_last_claim(world: World) -> None:
    claim = world.claim(1_000)
    later = AT + datetime.timedelta(days=1)
    assert list(retention.long_unpaid(moment(later))) == [claim.payee_id]
    assert list(retention.long_unpaid(moment(AT))) == []
    held = frozenset({claim.payee_id})
    assert list(retention.long_unpaid(moment(later, held))) == []
    assert retention._called(claim.payee) == str(claim.payee_id)[:8]
    assert not Erasure.objects.exists()


# Gifts and what came back


def test_several_gifts_at_once_are_all_booked_or_none(world: World) -> None:
    good = gifts.Gift("txn_many_1", 1_000, 30, 970)
    before = free(world.general)
    with pytest.raises(gifts.AmountsDiffer):
        gifts.book_gifts(gifts=[(world.general, good), (world.general, gifts.Gift("txn_0", 30, 30, 0))], **ON)
    assert free(world.general) == before
    found = gifts.book_gifts(gifts=[(world.general, good)], **ON)
    assert set(found) == {"txn_many_1"}
    with pytest.raises(AlreadyBooked):
        gifts.book_gifts(gifts=[(world.general, good)], **ON)
    assert free(world.general) == before + 970


def test_fees_of_the_processor_come_and_go(world: World) -> None:
    before = free(world.general)
    clearing.book_processor_fee(source_id="fee_1", amount_minor=500, **ON)
    assert free(world.general) == before - 500
    clearing.book_processor_fee(source_id="fee_2", amount_minor=-200, **ON)
    assert free(world.general) == before - 300


def test_what_nobody_knows_the_meaning_of_waits_in_suspense(world: World) -> None:
    before, stripe = free(world.general), totals("clearing:stripe")[0]
    for source, amount in (("odd_1", 700), ("odd_2", -400), ("odd_3", 90)):
        clearing.book_suspense(source_id=source, amount_minor=amount, **ON)
    assert free(world.general) == before
    clearing.settle_suspense(source_id="odd_1", amount_minor=700, fund=world.general, **ON)
    clearing.settle_suspense(source_id="odd_2", amount_minor=-400, fund=world.general, **ON)
    assert free(world.general) == before + 300
    clearing.release_suspense(source_id="odd_3", **ON)
    with pytest.raises(AlreadyBooked):
        clearing.release_suspense(source_id="odd_3", **ON)
    assert totals("clearing:stripe")[0] == stripe + 790


def test_money_that_came_back_needs_its_gift(world: World) -> None:
    with pytest.raises(gifts.GiftUnknown):
        returns.book_return(source_id="re_0", gift_source_id="txn_none", amount_minor=100, **ON)
    world.gift(1_000, source_id="txn_back")
    before = free(world.general)
    returns.book_return(source_id="re_1", gift_source_id="txn_back", amount_minor=100, fee_minor=15, **ON)
    assert free(world.general) == before + 115
    assert not Journal.objects.filter(key="returned:re_0").exists()


# Grants and claims


def test_a_grant_refuses_amounts_that_are_none(world: World) -> None:
    grant = signed(world)
    received(world, grant)
    for amount in (0, -1):
        with pytest.raises(WrongAmount):
            agreements.take_indirect(grant=grant, amount_minor=amount, target=world.general, **ON)
        with pytest.raises(WrongAmount):
            agreements.return_unspent(grant=grant, amount_minor=amount, on=TODAY, **ON)
    limit(world, grant, 1_000)
    with pytest.raises(WrongAmount):  # the very same limit again changes nothing
        limit(world, grant, 1_000)
    with pytest.raises(NotEnoughMoney) as short:
        agreements._refuse_short(500, 200)
    assert short.value.params["missing_minor"] == 300
    agreements._refuse_short(200, 200)


def test_a_report_is_due_after_what_it_covers(world: World) -> None:
    early = grants.ReportDue(ReportKind.FINANCIAL, TODAY, TODAY - datetime.timedelta(days=1))
    with pytest.raises(grants.ReportTooEarly):
        signed(world, reports=[early])
    assert not Grant.objects.exists()


def test_a_gift_that_two_saw_is_more_than_nothing(world: World) -> None:
    gift: dict[str, Any] = {"fund": world.general, "received_on": TODAY, "evidence": "slip", **ON}
    for place, amount in ((AccountKind.CASH, 0), (AccountKind.FEES, 100)):
        with pytest.raises(WrongAmount):
            other_gifts.book_other_gift(place=place, amount_minor=amount, **gift)


def test_a_rate_far_from_the_last_is_looked_at_again(monkeypatch: pytest.MonkeyPatch) -> None:
    assert rates.in_books(500, "USD", 460) == 460
    monkeypatch.setattr(rates, "last", lambda *_a: Decimal("0.5"))
    with pytest.raises(rates.RateLooksWrong):
        rates.in_books(500, "USD", 460)
    assert rates.in_books(500, "USD", 460, sure=True) == 460
    assert rates.for_funder(Grant(agreed_currency=""), TODAY) == 1
    grant = Grant(agreed_currency="USD", rate_rule=RateRule.FIXED, fixed_rate="0.92")
    assert rates.for_funder(grant, TODAY) == Decimal("0.92")


def test_nothing_is_booked_by_a_rate_of_nothing() -> None:
    with pytest.raises(bank_accounts.RateLooksWrong):
        bank_accounts._refuse_absurd("USD", Decimal(0), sure=True)


def test_a_line_is_read_once_for_a_category(world: World) -> None:
    grant = signed(world)
    rooms = lines.Rooms(Category.FEE)
    assert rooms.account(grant.fund) is rooms.account(grant.fund)
    assert rooms.free(world.general) is None
