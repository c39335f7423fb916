"""The main jobs, from the first call to the last, as machines would do them."""

import datetime
import io
from typing import Any

import pytest
from django.urls import resolve

from accounts.models import Grant
from audit.models import Event
from cases.models import Case, Representation
from reports.copies import digest_without_mark
from reports.models import Download, IssuedFile
from tests.api.world import NAME, World, caller, get, key, post, tag
from treasury.models import Claim, Commitment, Instalment, Journal
from vault import reading

pytestmark = pytest.mark.django_db


def test_from_intake_to_an_accepted_offer_with_its_fee(world: World) -> None:
    client = world.client(world.coordinator)
    body = {
        "name": "Вынаходка Ганна", "contacts": "a friend, by message", "articles": "342 part 1",
        "court": "by-homel-city-tsentralny", "detained": {"first": "2026-02-01", "precision": "month"},
        "hearing": {"starts_at": world.at.replace(microsecond=0).isoformat().replace("+00:00", "Z")},
    }  # fmt: skip
    made = post(client, "cases/", body)
    assert made.status_code == 201, made.json()
    assert made.json()["name"] is None, "an answer to an act opens nothing"
    assert "Вынаходка" not in made.content.decode()
    case = Case.objects.get(pk=made.json()["id"])
    place = f"cases/{case.pk}/"
    for step in ("eligible", "seeking-counsel"):
        moved = post(client, f"{place}status/", {"to": step}, **tag(case))
        assert moved.json()["status"] == step, moved.json()
    backwards = post(client, f"{place}status/", {"to": "closed"}, **tag(case))
    assert (backwards.status_code, backwards.json()["code"]) == (409, "not-a-next-step")
    offered = post(client, f"{place}offers/", {"lawyer": str(world.panel[2].pk)})
    assert offered.status_code == 201, offered.json()
    episode = Representation.objects.get(pk=offered.json()["id"])
    fee = {"amount_minor": 30_000, "authority": str(world.authority.pk)}
    accepted = post(client, f"representations/{episode.pk}/accept/", {"fee": fee}, **tag(episode))
    assert accepted.status_code == 200, accepted.json()
    assert accepted.json()["state"] == "accepted"
    assert Commitment.objects.get(pk=accepted.json()["commitment"]).amount_minor == 30_000
    costs = get(client, f"{place}costs/").json()
    assert (costs["committed_minor"], costs["ceiling_minor"]) == (30_000, 30_000)
    assert get(client, place, names="true").json()["name"] == "Вынаходка Ганна"


def test_missing_money_is_told_with_ways_out(world: World) -> None:
    client = world.client(world.coordinator)
    episode = Representation.objects.get(case=world.case, state="offered")
    body = {"fee": {"amount_minor": 95_000}}
    refused = post(client, f"representations/{episode.pk}/accept/", body, **tag(episode))
    assert (refused.status_code, refused.json()["code"]) == (409, "ceiling-short")
    facts = refused.json()["facts"]
    assert facts["missing_minor"] == 5_000
    assert {way["code"] for way in facts["ways_out"]} == {"raise-ceiling", "lower-amount"}
    episode.refresh_from_db()
    assert episode.state == "offered"
    assert not Commitment.objects.filter(case_id=world.case.pk).exists()


def test_a_refusal_for_conflict_excludes(world: World) -> None:
    client = world.client(world.coordinator)
    episode = Representation.objects.get(case=world.case, state="offered")
    done = post(client, f"representations/{episode.pk}/decline/", {"reason": "conflict"}, **tag(episode))
    assert done.json()["state"] == "declined"
    again = post(client, f"cases/{world.case.pk}/offers/", {"lawyer": str(episode.lawyer_id)})
    assert (again.status_code, again.json()["code"]) == (409, "excluded")


def test_a_claim_takes_two_people_and_a_checked_payee(world: World) -> None:
    treasurer, second = world.client(world.treasurer), world.client(world.second)
    body = {
        "payee": str(world.payee.pk), "voucher_kind": "invoice", "invoiced_on": "2026-03-01",
        "amount_minor": 90_000, "category": "rent", "number": "R-7",
    }  # fmt: skip
    entered = post(treasurer, "claims/", body)
    assert entered.status_code == 201, entered.json()
    claim = Claim.objects.get(pk=entered.json()["id"])
    place = f"claims/{claim.pk}/"
    alone = post(treasurer, f"{place}approve/", **tag(claim))
    assert (alone.status_code, alone.json()["code"]) == (409, "needs-second-person")
    asked = post(treasurer, f"{place}approve/ask/")
    assert asked.status_code == 201, asked.json()
    decide = f"approvals/{asked.json()['id']}/decide/"
    match = {"If-Match": asked["ETag"]}
    assert post(treasurer, decide, {"agrees": True}, **match).status_code == 403
    assert post(second, decide, {"agrees": True}, **match).json()["state"] == "approved"
    assert post(treasurer, f"{place}approve/", **tag(claim)).json()["status"] == "approved"
    unchecked = post(treasurer, f"{place}pay/", **tag(claim))
    assert (unchecked.status_code, unchecked.json()["code"]) == (409, "payee-unchecked")
    assert post(second, f"payees/{world.payee.pk}/check/", **tag(world.payee)).status_code == 200
    paid = post(treasurer, f"{place}pay/", {"final": True}, **tag(claim))
    assert paid.status_code == 200, paid.json()
    assert paid.json()["kind"] == "payment"
    assert get(treasurer, place).json()["status"] == "paid"
    sources = get(treasurer, f"{place}sources/").json()
    assert sum(row["amount_minor"] for row in sources) == 90_000
    twice = post(treasurer, f"{place}pay/", **tag(claim))
    assert (twice.status_code, twice.json()["code"]) == (409, "claim-not-open")


def test_an_advance_from_a_case_to_its_close(world: World) -> None:
    coordinator, treasurer, second = map(world.client, (world.coordinator, world.treasurer, world.second))
    body = {
        "payee": str(world.payee.pk), "category": "fee", "amount_minor": 3_000,
        "vouchers_due_on": (world.at + datetime.timedelta(days=30)).date().isoformat(),
    }  # fmt: skip
    assert post(treasurer, f"cases/{world.case.pk}/advances/", body).status_code == 404
    entered = post(coordinator, f"cases/{world.case.pk}/advances/", body)
    assert entered.status_code == 201, entered.json()
    assert (entered.json()["case_id"], entered.json()["left_minor"]) == (str(world.case.pk), None)
    claim = Claim.objects.get(pk=entered.json()["id"])
    here = f"advances/{claim.pk}/"
    voucher = {"voucher_kind": "invoice", "invoiced_on": "2026-03-01", "amount_minor": 2_000, "number": "V-1"}
    early = post(coordinator, f"{here}vouchers/", voucher)
    assert (early.status_code, early.json()["code"]) == (409, "claim-not-open")
    assert post(second, f"claims/{claim.pk}/approve/", **tag(claim)).json()["status"] == "approved"
    assert post(second, f"payees/{world.payee.pk}/check/", **tag(world.payee)).status_code == 200
    claim.refresh_from_db()
    assert post(treasurer, f"claims/{claim.pk}/pay/", **tag(claim)).status_code == 200
    listed = get(treasurer, "advances/", open="true", payee=str(world.payee.pk)).json()["results"]
    assert [(row["id"], row["left_minor"]) for row in listed] == [(str(claim.pk), 3_000)]
    proved = post(coordinator, f"{here}vouchers/", voucher)
    assert (proved.status_code, proved.json()["closes"]) == (201, str(claim.pk)), proved.json()
    one = Claim.objects.get(pk=proved.json()["id"])
    assert post(second, f"claims/{one.pk}/approve/", **tag(one)).json()["status"] == "paid"
    claim.refresh_from_db()
    back = {"amount_minor": 1_001, "on": world.at.date().isoformat()}
    above = post(treasurer, f"{here}return/", back, **tag(claim))
    assert (above.status_code, above.json()["code"], above.json()["facts"]["left_minor"]) == (
        409,
        "above-advance",
        1_000,
    )
    done = post(treasurer, f"{here}return/", {**back, "amount_minor": 1_000}, **tag(claim))
    assert (done.status_code, done.json()["kind"]) == (200, "advance_returned"), done.json()
    assert get(treasurer, here).json()["left_minor"] == 0
    assert get(treasurer, "advances/", open="true").json()["results"] == []


def test_within_the_tariff_one_second_officer_is_enough_and_a_treasurer_is_not(world: World) -> None:
    place = f"claims/{world.claim.pk}/approve/"
    assert post(world.client(world.treasurer), place, **tag(world.claim)).status_code == 403
    done = post(world.client(world.second), place, **tag(world.claim))
    assert done.json()["status"] == "approved", done.json()


def test_an_act_leaves_one_event_of_the_tokens_owner(world: World) -> None:
    client = world.client(world.coordinator)
    before = Event.objects.count()
    post(client, f"cases/{world.case.pk}/notes/", {"text": "Неверагодна"})
    event = Event.objects.get(seq=before)
    assert (event.kind, event.actor_id) == ("note.added", world.coordinator.actor_id)
    assert "Неверагодна" not in event.body


def test_a_grant_instalment_and_its_journal(world: World) -> None:
    client = world.client(world.treasurer)
    instalment = Instalment.objects.get(grant=world.grant, number=1)
    body = {"amount_minor": 59_900, "received_on": world.at.date().isoformat()}
    place = f"grants/instalments/{instalment.pk}/receive/"
    done = post(client, place, body, **tag(instalment))
    assert done.status_code == 200, done.json()
    assert {row["amount_minor"] for row in done.json()["transfers"]} == {59_900}
    again = post(client, place, body, **tag(instalment))
    assert (again.status_code, again.json()["code"]) == (409, "instalment-received")
    fund = get(client, "funds/", code="grant-one").json()["results"][0]
    assert fund["free_minor"] == 59_900


def test_running_costs_and_their_reversal(world: World) -> None:
    client, day = world.client(world.treasurer), world.at.date().isoformat()
    body = {
        "source_id": "BANK-1", "category": "rent", "amount_minor": 7_000,
        "voucher_kind": "bank_note", "on": day,
    }  # fmt: skip
    booked = post(client, "running-costs/", body)
    assert booked.status_code == 201, booked.json()
    assert post(client, "running-costs/", body).json()["code"] == "already-booked"
    undo = post(client, f"journals/{booked.json()['id']}/reverse/", {"reason_code": "wrong_amount"})
    assert undo.status_code == 201, undo.json()
    assert undo.json()["reverses"] == booked.json()["id"]


def test_payees_stay_closed_but_for_who_pays(world: World) -> None:
    place = f"payees/{world.payee.pk}/"
    assert get(world.client(world.treasurer), place).json()["name"] is None
    assert get(world.client(world.treasurer), place, names="true").json()["name"] == "Invented Landlord"
    for user in (world.coordinator, world.second, world.auditor):
        assert get(world.client(user), place, names="true").json()["name"] is None
    narrow = world.client(world.treasurer, "money.see")
    assert get(narrow, place, names="true").json()["name"] is None


def test_taking_a_report_is_recorded(world: World) -> None:
    client = world.client(world.auditor)
    snapshot = get(client, "snapshots/").json()["results"][0]
    for row in snapshot["files"]:
        before = Download.objects.count()
        answer = get(client, f"report-files/{row['id']}/content/")
        content = answer.getvalue()
        assert len(content) > row["size"], "each copy bears its recipient's mark behind the file"
        assert digest_without_mark(io.BytesIO(content))[0] == row["sha256"]
        assert Download.objects.count() == before + 1
    assert Download.objects.first().taken_by == world.auditor.actor_id
    assert IssuedFile.objects.count() == 4


def test_asking_for_a_report_queues_it(world: World) -> None:
    from django_tasks_db.models import DBTaskResult

    body = {"type": "trial-balance", "starts_on": "2026-01-01", "ends_on": "2026-03-31", "formats": ["csv"]}
    asked = post(world.client(world.auditor), "reports/", body)
    assert asked.status_code == 201, asked.json()
    assert DBTaskResult.objects.filter(args_kwargs__args=[asked.json()["id"]]).count() == 1
    reversed_days = post(world.client(world.auditor), "reports/", {**body, "ends_on": "2025-01-01"})
    assert (reversed_days.status_code, reversed_days.json()["code"]) == (422, "period-reversed")


def test_access_is_given_by_who_holds_the_case(world: World) -> None:
    second, coordinator = world.client(world.second), world.client(world.coordinator)
    body = {"user": str(world.second.pk), "reason": "a colleague helps"}
    given = post(coordinator, f"cases/{world.case.pk}/access/", body)
    assert given.status_code == 201, given.json()
    assert get(second, f"cases/{world.case.pk}/", names="true").json()["name"] == NAME
    grant = Grant.objects.get(pk=given.json()["id"])
    ended = post(coordinator, f"access/{grant.pk}/end/", {"reason": "no longer needed"}, **tag(grant))
    assert ended.json()["ended_at"] is not None
    assert get(second, f"cases/{world.case.pk}/", names="true").json()["name"] is None


def test_a_client_is_renamed_and_only_by_who_may(world: World) -> None:
    place = f"clients/{world.case.client_id}/change/"
    client = world.client(world.coordinator)
    seen = get(client, f"clients/{world.case.client_id}/")
    done = post(client, place, {"alias": "Птушка"}, **{"If-Match": seen["ETag"]})
    assert done.status_code == 200, done.json()
    assert done.json()["alias"] is None
    opened = get(client, f"clients/{world.case.client_id}/", names="true").json()
    assert (opened["name"], opened["alias"]) == (NAME, "Птушка")
    assert post(world.client(world.second), place, {"alias": "x"}, **tag(world.case)).status_code == 404


def test_a_match_run_and_a_decision(cases: World) -> None:
    client = cases.client(cases.coordinator)
    ran = post(client, "matches/")
    assert ran.status_code == 201, ran.json()
    proposals = get(client, "proposals/", run=ran.json()["id"]).json()["results"]
    assert proposals
    open_one = next(row for row in proposals if row["lawyer"])
    body, match = {"decision": "accepted"}, {"If-Match": f'"{open_one["version"]}"'}
    decided = post(client, f"proposals/{open_one['id']}/decide/", body, **match)
    assert decided.json()["decision"] == "accepted", decided.json()


def test_a_lawyer_abroad_sees_their_own_episodes_only(cases: World) -> None:
    from audit.actions import action

    @action("lawyer.portal_opened")
    def link(*, lawyer: Any, user: Any, by: Any, at: Any) -> None:
        lawyer.user, lawyer.channel = user, "portal"
        lawyer.save()

    link(lawyer=cases.panel[0], user=cases.lawyer_user, by=cases.coordinator, at=cases.at)
    client = cases.client(cases.lawyer_user)
    rows = get(client, "representations/", names="true").json()["results"]
    assert [row["case"] for row in rows] == [str(cases.case.pk)]
    assert get(client, "cases/").status_code == 403


def test_gifts_carry_nothing_about_a_giver(world: World) -> None:
    rows = get(world.client(world.auditor), "donations/").json()["results"]
    assert len(rows) >= 3
    assert set(rows[0]) == {
        "id", "fund", "amount_minor", "currency", "status", "given_on", "gross_minor", "fee_minor",
        "net_minor", "batch",
    }  # fmt: skip
    settled = next(row for row in rows if row["net_minor"] is not None)
    assert settled["net_minor"] == settled["gross_minor"] - settled["fee_minor"]


def test_the_public_part_needs_no_token_and_shows_what_is_published(world: World) -> None:
    from audit import log

    anybody = caller(None)
    assert get(anybody, "public/campaigns/").json() == [], "drafts are nobody's business"
    assert get(anybody, "public/totals/").json()["shown_minor"] == 0, "an open batch is not shown"
    size, root = log.head()
    assert get(anybody, "public/log/").json() == {"size": size, "root_hex": root.hex()}
    assert get(anybody, "public/coverage/").status_code == 404, "too few trials to say anything safely"
    assert get(caller("abarona_not_a_token"), "public/log/").status_code == 200


def test_nothing_is_read_under_a_wrong_name(world: World) -> None:
    with reading.reading("public", "") as opened:
        assert opened.actor_id == "public"
    match = resolve(f"/api/v1/cases/{world.case.pk}/")
    assert match.view_name == "api:one-case", "what the readings say, never the address"


def test_batches_and_what_became_of_them(world: World) -> None:
    client = world.client(world.auditor)
    kinds = {row["kind"] for row in get(client, "batches/").json()["results"]}
    assert kinds == {"opening", "gifts", "grant"}
    first = get(client, "batches/", kind="opening").json()["results"][0]
    uses = get(client, f"batches/{first['id']}/use/").json()
    assert {use["category"] for use in uses} <= {"bank_fee", "rent"}, "no case was paid for yet"
    assert Journal.objects.count() == len(get(client, "journals/", limit=200).json()["results"])
    assert key()["Idempotency-Key"] != key()["Idempotency-Key"]
