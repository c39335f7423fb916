"""What people outside wrote, records of one person that were two, and filters of one's own, by API."""

from typing import Any

import pytest

from accounts.actions.access import end_access, grant_access
from accounts.models import Approval, Grant
from audit.models import Event, ReadRecord
from cases.models import Case, Client, Feedback, FeedbackCode, HelpRequest, RelatedParty, SavedFilter
from tests.api.world import NAME, WORDS, World, get, post, tag
from vault import reading
from vault.keys import destroy_key
from web.desk.cases.filters import CaseFilter, as_query

pytestmark = pytest.mark.django_db


def test_requests_for_help_are_read_taken_refused_and_asked_back(cases: World) -> None:
    client = cases.client(cases.coordinator)
    rows = get(client, "help-requests/", decided="false").json()["results"]
    assert [(row["unread"], row["words"], row["notes"][0]["text"]) for row in rows] == [(1, None, None)] * 2
    before = ReadRecord.objects.count()
    opened = get(client, "help-requests/", names="true").json()["results"]
    assert ReadRecord.objects.count() > before, "what somebody wrote is opened in the caller's name"
    assert {(row["name"], row["words"], row["notes"][0]["text"]) for row in opened} == {
        (NAME, WORDS, "More, 0"), (NAME, WORDS, "More, 1"),
    }  # fmt: skip
    first, second = (HelpRequest.objects.get(pk=row["id"]) for row in rows)
    place = f"help-requests/{first.pk}/"
    read = post(client, f"{place}notes-read/", **tag(first))
    assert (read.status_code, read.json()["unread"]) == (200, 0)
    wrong = post(client, f"{place}ask-back/", {"answer": "full"}, **tag(first))
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (400, "#/answer")
    asked = post(client, f"{place}ask-back/", {"answer": "more"}, **tag(first))
    assert (asked.json()["state"], asked.json()["words"]) == ("asked", None)
    body = {"name": "Вынаходка Ганна", "contacts": "by message", "summary": "taken on Sunday"}
    made = post(client, f"{place}take/", body)
    assert (made.status_code, made.json()["status"]) == (201, "received"), made.json()
    taken = get(client, place).json()
    assert (taken["state"], taken["case"]) == ("taken", made.json()["id"])
    again = post(client, f"{place}take/", body)
    assert (again.status_code, again.json()["code"]) == (409, "decided-already")
    assert Case.objects.filter(client__code_name=made.json()["code_name"]).count() == 1
    refused = post(client, f"help-requests/{second.pk}/refuse/", {"answer": "not-ours"}, **tag(second))
    assert refused.json()["state"] == "refused"
    destroy_key(second.pk)
    gone = get(client, f"help-requests/{second.pk}/", names="true").json()
    assert (gone["words"], gone["notes"][0]["text"]) == ("erased", "erased")


def test_feedback_goes_past_who_is_responsible_and_is_answered_before_it_is_closed(cases: World) -> None:
    second, coordinator = cases.client(cases.second), cases.client(cases.coordinator)
    row = next(
        r for r in get(second, "feedback/", names="true").json()["results"] if r["kind"] == "complaint"
    )
    assert row["words"] == WORDS
    assert get(coordinator, "feedback/").status_code == 403
    complaint = Feedback.objects.get(pk=row["id"])
    place = f"feedback/{complaint.pk}/"
    early = post(second, f"{place}close/", **tag(complaint))
    assert (early.status_code, early.json()["code"]) == (409, "answer-first")
    answered = post(second, f"{place}answer/", {"answer": "We are sorry."}, **tag(complaint))
    assert (answered.status_code, answered.json()["answer"]) == (200, None)
    assert "sorry" not in Event.objects.latest("seq").body
    assert post(second, f"{place}close/", **tag(complaint)).json()["closed_at"]
    ended = post(coordinator, f"cases/{cases.case.pk}/feedback-codes/end/", **tag(cases.case))
    assert ended.status_code == 200, ended.json()
    assert not FeedbackCode.objects.filter(ended_at=None).exists()
    grant_access(
        user=cases.second, object_kind="case", object_id=cases.case.pk, kind="deputy", reason="helps",
        by=cases.coordinator, at=cases.at,
    )  # fmt: skip
    assert get(second, place).status_code == 404, "about one's own work it is somebody else's to read"


def test_two_records_are_joined_and_taken_apart_by_two_people(cases: World) -> None:
    client, second = cases.client(cases.coordinator), cases.client(cases.second)
    stands = Client.objects.get(pk=cases.case.client_id)
    case = cases.receive("Каваленка Алёна", seeking=False)
    merged, body = case.client, {"merged": str(case.client_id)}
    place = f"clients/{stands.pk}/"
    alone = post(client, f"{place}merge/", body, **tag(stands))
    assert (alone.status_code, alone.json()["code"]) == (409, "needs-second-person")
    itself = post(client, f"{place}merge/ask/", {"merged": str(stands.pk)})
    assert (itself.status_code, itself.json()["code"]) == (409, "one-person-only"), "before anybody is asked"
    _agree(client, second, f"{place}merge/ask/", body, [stands.code_name, merged.code_name])
    joined = post(client, f"{place}merge/", body, **tag(stands))
    assert (joined.status_code, joined.json()["merged"]) == (200, [str(merged.pk)]), joined.json()
    case.refresh_from_db()
    assert case.client_id == stands.pk
    back = {"cases": [str(case.pk)], "back_to": str(merged.pk)}
    _agree(client, second, f"{place}split/ask/", back, [stands.code_name, case.reference, merged.code_name])
    apart = post(client, f"{place}split/", back)
    assert (apart.status_code, apart.json()["id"]) == (201, str(merged.pk)), apart.json()
    assert get(client, place).json()["merged"] == []
    held = Grant.objects.get(object_id=case.pk, user=cases.coordinator)
    end_access(grant=held, reason="handed on", by=cases.coordinator, at=cases.at)
    hidden = post(client, f"{place}merge/ask/", body)
    assert (hidden.status_code, hidden.json()["errors"][0]["code"]) == (400, "unknown"), "not theirs to join"


def _agree(client: Any, second: Any, address: str, body: Any, told: list[str]) -> None:
    """Ask for it, see that the colleague reads whom it is about, and let the colleague agree."""
    asked = post(client, address, body)
    assert asked.status_code == 201, asked.json()
    row = get(second, f"approvals/{asked.json()['id']}/", names="true").json()
    with reading.reading("test", ""):
        said = " ".join(words for _what, words in Approval.objects.get(pk=row["id"]).summary["said"])
    assert all(word in said for word in told), said
    agreed = post(second, f"approvals/{row['id']}/decide/", {"agrees": True}, **{"If-Match": asked["ETag"]})
    assert agreed.json()["state"] == "approved"


def test_a_related_person_is_recognised_among_ones_own(cases: World) -> None:
    client, second = cases.client(cases.coordinator), cases.client(cases.second)
    party = RelatedParty.objects.first()
    assert party is not None
    place = f"parties/{party.pk}/recognise/"
    other = str(cases.other_case.client_id)
    assert post(client, place, {"person": other}, **tag(party)).status_code == 200
    party.refresh_from_db()
    assert str(party.person_id) == other
    itself = post(client, place, {"person": str(party.client_id)}, **tag(party))
    assert (itself.status_code, itself.json()["code"]) == (409, "the-client")
    assert post(client, place, {"person": None}, **tag(party)).status_code == 200
    party.refresh_from_db()
    assert party.person_id is None
    assert post(second, place, {"person": other}).status_code == 404, "of a case that is not open to them"


def test_filters_are_kept_as_the_page_keeps_them(cases: World) -> None:
    client, auditor = cases.client(cases.coordinator), cases.client(cases.auditor)
    wanted = {"status": "seeking-counsel", "counsel": "none", "region": "homel", "order": "newest"}
    made = post(client, "saved-filters/", {"name": "Без адваката", "filters": wanted})
    assert (made.status_code, made.json()["filters"], made.json()["name"]) == (201, wanted, None), made.json()
    saved = SavedFilter.objects.get(pk=made.json()["id"])
    assert saved.query == as_query(CaseFilter(wanted)), "the page finds it as its own"
    place = f"saved-filters/{saved.pk}/"
    assert get(client, place, names="true").json()["name"] == "Без адваката"
    assert get(auditor, place).status_code == 404
    nothing = post(client, "saved-filters/", {"name": "All", "filters": {}})
    assert (nothing.status_code, nothing.json()["code"]) == (422, "no-filters")
    nowhere = post(client, "saved-filters/", {"name": "All", "filters": {"region": "nowhere"}})
    assert nowhere.status_code == 400
    headers = {"Idempotency-Key": "drop-it-once-0000001", **tag(saved)}
    for _time in range(2):
        dropped = post(client, f"{place}drop/", **headers)
        assert (dropped.status_code, dropped.content) == (204, b"")
    assert not SavedFilter.objects.filter(pk=saved.pk).exists()
