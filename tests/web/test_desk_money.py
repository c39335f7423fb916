"""The money room: who enters, what each form does, what a refusal says."""

import copy
import datetime
import uuid
from typing import Any

import pytest
from django.core.cache import cache
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Approval
from tests.treasury.world import AT, free
from tests.web.desk import Desk, send, signed_in, status, words
from treasury.actions.gifts import book_refund
from treasury.kinds import FundKind
from treasury.models import Fund, Grant, Journal, StandingAuthority, Tariff

MONEY = {"treasurer", "second-officer", "auditor"}


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


def carry_out(client: Any, asked: Approval) -> Any:
    """Go on from the page of approvals: what was typed stands in hidden fields."""
    listed = client.get(reverse("desk:approvals"))
    link = next(row.page for row in listed.context["mine"] if row.approval.pk == asked.pk)
    page = client.get(link)
    assert "A colleague has agreed to exactly this" in words(page)
    fields = {bound.html_name: bound.value() or "" for bound in page.context["form"]}
    return client.post(link, fields, follow=True)


def moving(desk: Desk, target: Fund) -> dict[str, str]:
    """Money from the general fund, without an amount."""
    source = str(desk.world.general.pk)
    return {"source": source, "target": str(target.pk), "reason_code": "other", "note": "x"}


# Who enters

LISTS = ["money", "money-laws", "funds", "claims", "payments", "payees", "journals", "tariffs", "periods"]


@pytest.mark.parametrize("name", LISTS)
def test_the_lists_are_for_those_who_may_see_money(desk: Desk, name: str) -> None:
    assert desk.who_enters(f"desk:{name}") == MONEY


def test_gifts_are_seen_by_treasurer_and_auditor(desk: Desk) -> None:
    assert desk.who_enters("desk:donations") == {"treasurer", "auditor"}


@pytest.mark.parametrize("name", ["fund-open", "grant-open", "allocate", "cover-loss", "running-cost"])
def test_booking_is_for_the_treasurer(desk: Desk, name: str) -> None:
    assert desk.who_enters(f"desk:{name}") == {"treasurer"}


def test_things_are_seen_by_those_who_may_see_money(desk: Desk) -> None:
    claim = desk.world.claim(10_000)
    batch = desk.world.general.batches.get()
    for name, key in [
        ("fund", desk.world.general.pk),
        ("batch", batch.pk),
        ("journal", Journal.objects.first().pk),
        ("payee", claim.payee_id),
    ]:
        assert desk.who_enters(f"desk:{name}", key) >= MONEY
        assert status(desk.stranger, f"desk:{name}", key) == 404
        assert status(desk.treasurer, f"desk:{name}", uuid.uuid4()) == 404


def test_a_coordinator_sees_a_claim_of_a_case_they_hold_and_no_other(desk: Desk) -> None:
    other = desk.world.claim(10_000, case_id=uuid.uuid4())
    own = desk.world.claim(10_000)
    assert status(desk.coordinator, "desk:claim", own.pk) == 200
    assert status(desk.coordinator, "desk:claim", other.pk) == 404
    assert status(desk.administrator, "desk:claim", own.pk) == 404


# Funds and grants


def test_a_fund_is_opened_and_a_taken_code_is_refused(desk: Desk) -> None:
    client = signed_in(desk.treasurer)
    fields = {"name": "Doctors", "code": "doctors", "kind": "group", "cases": desk.case.reference}
    page = send(client, "desk:fund-open", categories=["fee", "visit"], **fields)
    assert "The fund is open." in words(page)
    fund = Fund.objects.get(code="doctors")
    assert (fund.kind, fund.categories) == (FundKind.GROUP, ["fee", "visit"])
    assert fund.cases.get().case_id == desk.case.pk
    assert desk.case.reference in words(page)
    again = send(client, "desk:fund-open", **fields)
    assert "Another fund has this code." in words(again)
    unknown = send(client, "desk:fund-open", **{**fields, "code": "d2", "cases": "BY-1999-0001"})
    assert "There is no case BY-1999-0001" in words(unknown)


def test_the_same_form_sent_twice_takes_effect_once(desk: Desk) -> None:
    client = signed_in(desk.treasurer)
    fields = {"amount_minor": "250.50", "on": "2026-01-01", "once": "sent-twice-by-a-bad-line"}
    fund = desk.world.fund("second", FundKind.GENERAL)
    send(client, "desk:fund-opening", fund.pk, **fields)
    again = send(client, "desk:fund-opening", fund.pk, **fields)
    assert "This was done already." in words(again)
    assert free(fund) == 25_050


@pytest.mark.parametrize(
    ("typed", "minor"),
    [("1240", 124_000), ("1 240,50", 124_050), ("1,240.50", 124_050), ("0.01", 1)],
    ids=["plain", "comma", "grouped", "cent"],
)
def test_amounts_are_read_as_people_write_them(desk: Desk, typed: str, minor: int) -> None:
    fund = desk.world.fund("second", FundKind.GENERAL)
    send(signed_in(desk.treasurer), "desk:fund-opening", fund.pk, amount_minor=typed, on="2026-01-01")
    assert free(fund) == minor


@pytest.mark.parametrize(
    "typed", ["1,240", "1.240", "0", "-5", "ten", "1e5", "12.3456"],
    ids=["thousand", "point", "zero", "minus", "word", "power", "long"],
)  # fmt: skip
def test_amounts_that_could_mean_two_things_are_refused(desk: Desk, typed: str) -> None:
    fund = desk.world.fund("second", FundKind.GENERAL)
    page = send(signed_in(desk.treasurer), "desk:fund-opening", fund.pk, amount_minor=typed, on="2026-01-01")
    assert "There is a problem" in words(page)
    assert free(fund) == 0


def grant_fields(**more: str) -> dict[str, str]:
    return {
        "name": "Northlight grant",
        "code": "northlight",
        "funder": "Northlight Foundation",
        "agreement_ref": "NL-7",
        "amount_minor": "1000",
        "starts_on": "2026-01-01",
        "ends_on": "2026-12-31",
        "indirect": "7.5",
        "line_1": "Legal fees",
        "line_1_minor": "800",
        "line_3": "Running the office",
        "line_3_minor": "200",
        "counts_fee": "1",
        "counts_travel": "1",
        "counts_rent": "3",
        "due_1": "2026-02-01",
        "due_1_minor": "600",
        "due_2": "2026-08-01",
        "due_2_minor": "400",
        **more,
    }


def test_a_grant_is_recorded_received_and_followed(desk: Desk) -> None:
    client = signed_in(desk.treasurer)
    page = send(client, "desk:grant-open", **grant_fields())
    grant = Grant.objects.get()
    assert "The grant is recorded." in words(page)
    assert grant.indirect_basis_points == 750
    assert [(line.title, line.categories) for line in grant.lines.all()] == [
        ("Legal fees", ["fee", "travel"]),
        ("Running the office", ["rent"]),
    ]
    first = grant.instalments.first()
    received = send(client, "desk:instalment", first.pk, amount_minor="590", received_on="2026-02-03")
    assert "The instalment is booked." in words(received)
    assert "590.00" in words(received)
    desk.world.commit(30_000)
    send(
        client, "desk:running-cost", category="rent", amount_minor="100", on="2026-03-01",
        source_id="B-1", voucher_kind="bank_note", bank="main",
    )  # fmt: skip
    shown = signed_in(desk.auditor).get(reverse("desk:grant", args=[grant.pk]))
    lines = [line for line, _words in shown.context["lines"]]
    assert [(line.actual_minor, line.committed_minor, line.remaining_minor) for line in lines] == [
        (0, 30_000, 50_000),
        (10_000, 0, 10_000),
    ]
    assert desk.who_enters("desk:grant", grant.pk) == MONEY


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"line_1_minor": "700"}, "must each add up to the grant"),
        ({"line_3_minor": ""}, "Fill in both parts of row 3"),
        ({"counts_rent": ""}, "Say below which costs count to line 3"),
        ({"counts_visit": "5"}, "Line 5 is empty"),
        ({"ends_on": "2025-01-01"}, "It ends before it begins"),
    ],
    ids=["sum", "half", "idle", "empty", "days"],
)
def test_a_grant_that_does_not_add_up_is_refused(desk: Desk, wrong: dict[str, str], says: str) -> None:
    page = send(signed_in(desk.treasurer), "desk:grant-open", **grant_fields(**wrong))
    assert says in words(page)
    assert not Grant.objects.exists()


def test_a_closed_fund_takes_no_more_commitments(desk: Desk) -> None:
    page = send(signed_in(desk.treasurer), "desk:fund-close", desk.world.general.pk)
    assert "The fund is closed." in words(page)
    desk.world.general.refresh_from_db()
    assert desk.world.general.closed_on is not None
    assert status(desk.treasurer, "desk:fund-opening", desk.world.general.pk) == 404


# Two people


def test_money_moves_between_funds_after_a_colleague_agreed(desk: Desk) -> None:
    client = signed_in(desk.treasurer)
    reserve = desk.world.fund("reserve", FundKind.RESERVE)
    fields = {
        "source": str(desk.world.general.pk),
        "target": str(reserve.pk),
        "amount_minor": "100",
        "reason_code": "other",
        "note": "for bad days",
    }
    page = send(client, "desk:allocate", **fields)
    assert "Asked. It can go on once a colleague agrees" in words(page)
    assert free(reserve) == 0
    waiting = signed_in(desk.second).get(reverse("desk:approvals"))
    assert "General fund" in words(waiting)
    assert "for bad days" in words(waiting)
    assert "Amount €100.00" in words(waiting)
    asked = agree(desk)
    done = carry_out(client, asked)
    assert "The money is moved." in words(done)
    assert free(reserve) == 10_000
    asked.refresh_from_db()
    assert asked.state == "used"


def test_another_amount_than_agreed_asks_anew(desk: Desk) -> None:
    client = signed_in(desk.treasurer)
    reserve = desk.world.fund("reserve", FundKind.RESERVE)
    fields = {
        "source": str(desk.world.general.pk),
        "target": str(reserve.pk),
        "reason_code": "other",
        "note": "x",
    }
    send(client, "desk:allocate", amount_minor="100", **fields)
    asked = agree(desk)
    send(client, "desk:allocate", query=f"?approval={asked.pk}", amount_minor="900", **fields)
    assert free(reserve) == 0
    assert Approval.objects.filter(state="asked").count() == 1


def test_nobody_opens_the_request_of_a_colleague_to_carry_it_out(desk: Desk) -> None:
    reserve = desk.world.fund("reserve", FundKind.RESERVE)
    fields = {
        "source": str(desk.world.general.pk),
        "target": str(reserve.pk),
        "reason_code": "other",
        "note": "x",
    }
    send(signed_in(desk.treasurer), "desk:allocate", amount_minor="100", **fields)
    asked = agree(desk)
    from tests import people

    other = people.treasurer("chestnut")
    page = signed_in(other).get(reverse("desk:allocate") + f"?approval={asked.pk}")
    assert page.status_code == 404
    assert signed_in(desk.treasurer).get(reverse("desk:allocate") + "?approval=nonsense").status_code == 404


def test_who_asked_cannot_decide(desk: Desk) -> None:
    reserve = desk.world.fund("reserve", FundKind.RESERVE)
    fields = {
        "source": str(desk.world.general.pk),
        "target": str(reserve.pk),
        "reason_code": "other",
        "note": "x",
    }
    client = signed_in(desk.treasurer)
    send(client, "desk:allocate", amount_minor="100", **fields)
    asked = Approval.objects.get(state="asked")
    assert client.post(reverse("desk:approval-decide", args=[asked.pk]), {"answer": "yes"}).status_code == 404


def test_a_loss_is_covered_by_two_people(desk: Desk) -> None:
    reserve = desk.world.fund("reserve", FundKind.RESERVE, 20_000)
    fund = desk.world.fund("spent", FundKind.CAMPAIGN, case_ids=[desk.case.pk])
    desk.world.gift(5_000, fund=fund, source_id="txn_lost")
    desk.world.commit(5_000)
    book_refund(source_id="re_1", gift_source_id="txn_lost", amount_minor=5_000, by=desk.treasurer, at=AT)
    client = signed_in(desk.treasurer)
    assert "Losses that no fund has covered yet" in words(client.get(reverse("desk:money")))
    send(client, "desk:cover-loss", fund=str(reserve.pk), amount_minor="50", note="lost dispute")
    done = carry_out(client, agree(desk))
    assert "The loss is covered." in words(done)
    assert free(reserve) == 15_000
    assert "Losses that no fund has covered yet" not in words(client.get(reverse("desk:money")))


def test_a_tariff_and_an_authority_come_into_force_by_two_people(desk: Desk) -> None:
    client = signed_in(desk.treasurer)
    day = timezone.localdate().isoformat()
    empty = send(client, "desk:tariff-propose", name="Fees 2026", valid_from=day)
    assert "Fill in the most for at least one cost." in words(empty)
    send(client, "desk:tariff-propose", name="Fees 2026", valid_from=day, most_fee="300", most_visit="45.50")
    assert not Tariff.objects.exists()
    carry_out(client, agree(desk))
    tariff = Tariff.objects.get()
    assert {line.category: line.amount_minor for line in tariff.lines.all()} == {
        "fee": 30_000,
        "visit": 4_550,
    }
    end = (timezone.localdate() + datetime.timedelta(days=30)).isoformat()
    send(client, "desk:authority-propose", tariff.pk, monthly_minor="900", valid_from=day, valid_until=end)
    carry_out(client, agree(desk))
    authority = StandingAuthority.objects.get()
    assert authority.monthly_minor == 90_000
    ended = send(client, "desk:authority-end", authority.pk)
    assert "The authority has ended." in words(ended)
    authority.refresh_from_db()
    assert authority.ended_on is not None
    assert desk.who_enters("desk:tariff-propose") == {"treasurer", "second-officer"}
    assert desk.who_enters("desk:authority-propose", tariff.pk) == {"treasurer", "second-officer"}


# Cost of the pages


@pytest.mark.parametrize(
    ("name", "most"),
    [("money", 50), ("funds", 12), ("claims", 14), ("payments", 14), ("payees", 12), ("journals", 12)],
    ids=["money", "funds", "claims", "payments", "payees", "journals"],
)
def test_lists_cost_the_same_however_long(desk: Desk, name: str, most: int, settings: Any) -> None:
    from django.db import connection

    client = signed_in(desk.auditor)
    client.get(reverse(f"desk:{name}"))

    def count() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            client.get(reverse(f"desk:{name}"))
        return len(seen)

    desk.world.approved(desk.world.claim(1_000))
    client.get(reverse(f"desk:{name}"))
    few = count()
    for number in range(4):
        desk.world.approved(desk.world.claim(1_000))
        desk.world.fund(f"fund-{number}", FundKind.GENERAL)
    client.get(reverse(f"desk:{name}"))
    assert count() == few
    assert few <= most, few
