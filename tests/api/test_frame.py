"""Problems, conditions, pages, strict input, tokens, throttles."""

import datetime
import json
from typing import Any

import pytest
from django.db import OperationalError
from django.utils import timezone

from accounts.actions.access import end_token, issue_token
from accounts.actions.people import close_account
from api.throttles import TokenThrottle
from audit import reads
from audit.models import ReadRecord
from tests.api.world import NAME, World, caller, get, key, post, tag
from treasury.actions.funds import open_fund
from treasury.kinds import FundKind
from treasury.models import Fund
from vault import reading

pytestmark = pytest.mark.django_db
FUND = {"code": "winter", "name": "Winter", "kind": "general"}


def is_problem(answer: Any, status: int, code: str) -> dict[str, Any]:
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert (body["status"], body["code"], body["type"]) == (status, code, f"/problems/{code}")
    assert body["title"]
    assert body["detail"]
    return body


def test_every_kind_of_error_is_a_problem(people: World) -> None:
    client, at = people.client(people.treasurer), people.at
    fund = open_fund(code="general", name="General", kind=FundKind.GENERAL, by=people.treasurer, at=at)
    assert is_problem(get(caller(None), "funds/"), 401, "not-signed-in")
    assert get(caller(None), "funds/")["WWW-Authenticate"] == "Bearer"
    is_problem(get(client, "cases/"), 403, "not-allowed")
    is_problem(get(client, f"funds/{people.stranger.pk}/"), 404, "not-found")
    is_problem(get(client, "no/such/address/"), 404, "not-found")
    is_problem(client.delete(f"/api/v1/funds/{fund.pk}/"), 405, "method-not-allowed")
    is_problem(client.get("/api/v1/funds/", headers={"Accept": "text/html"}), 406, "not-acceptable")
    is_problem(
        client.post("/api/v1/funds/", "a=b", content_type="text/plain", headers=key()), 415, "not-json"
    )
    is_problem(
        client.post("/api/v1/funds/", "{", content_type="application/json", headers=key()), 400, "malformed"
    )
    deep = "[" * 100_000
    is_problem(
        client.post("/api/v1/funds/", deep, content_type="application/json", headers=key()), 400, "malformed"
    )
    large = json.dumps({"name": "x" * 1_100_000})
    is_problem(
        client.post("/api/v1/funds/", large, content_type="application/json", headers=key()), 413, "too-large"
    )
    is_problem(post(client, f"funds/{fund.pk}/close/"), 428, "if-match-missing")
    is_problem(post(client, f"funds/{fund.pk}/close/", **{"If-Match": '"7"'}), 412, "changed-meanwhile")
    is_problem(post(client, "funds/", {**FUND, "code": "general"}), 409, "fund-code-taken")


def test_fields_are_named_and_values_never_repeated(people: World) -> None:
    client = people.client(people.coordinator)
    body = {
        "name": NAME, "urgency": NAME, "is_minor": NAME, "born": {"first": NAME}, "client": NAME,
        "hearing": {"starts_at": NAME}, "stages": [{"stage": NAME}], "court": NAME, "articles": NAME,
        "languages": NAME, NAME: NAME, "unheard_of": 1,
    }  # fmt: skip
    answer = post(client, "cases/", body)
    found = is_problem(answer, 400, "invalid")
    places = {row["pointer"] for row in found["errors"]}
    assert {"#/urgency", "#/is_minor", "#/born/first", "#/client", "#/hearing/starts_at"} <= places
    assert {"#/stages/0/stage", "#/court", "#/articles", "#/languages", "#/unheard_of"} <= places
    assert NAME not in answer.content.decode()
    assert "\\u041a" not in answer.content.decode()
    query = get(client, "cases/", status=NAME, code_name="x" * 99, nothing="x", limit="0")
    listed = is_problem(query, 400, "invalid")["errors"]
    assert {row["parameter"] for row in listed} <= {"status", "code_name", "nothing", "limit", ""}
    assert NAME not in query.content.decode()


@pytest.mark.parametrize(
    "change",
    [
        {"goal_minor": "500"}, {"goal_minor": 5.5}, {"goal_minor": True}, {"goal_minor": 0},
        {"goal_minor": 10**13}, {"name": 7}, {"name": ["x"]}, {"kind": "gold"}, {"kind": 1},
        {"starts_on": "01.02.2026"}, {"starts_on": "2026-02-30"}, {"starts_on": 20260201},
        {"case_ids": ["x"]}, {"case_ids": [7]}, {"categories": "fee"}, {"extra": 1}, {"code": "Has Spaces"},
        {"starts_on": "2026-05-01", "ends_on": "2026-04-01"},
    ],
    ids=str,
)  # fmt: skip
def test_input_is_taken_by_the_letter(people: World, change: dict[str, Any]) -> None:
    answer = post(people.client(people.treasurer), "funds/", {**FUND, **change})
    is_problem(answer, 400, "invalid")
    assert not Fund.objects.exists()


@pytest.mark.parametrize("body", [[], "text", 7, None], ids=str)
def test_a_body_is_an_object(people: World, body: Any) -> None:
    client = people.client(people.treasurer)
    answer = client.post("/api/v1/funds/", json.dumps(body), content_type="application/json", headers=key())
    assert answer.status_code == 400


def test_pages_stay_right_while_rows_come_and_go(people: World) -> None:
    by, at, client = people.treasurer, people.at, people.client(people.treasurer)

    def add(code: str) -> None:
        open_fund(code=code, name=code, kind=FundKind.GENERAL, by=by, at=at)

    for code in ("b", "d", "f", "h", "k"):
        add(code)
    first = get(client, "funds/", limit=2).json()
    assert [row["code"] for row in first["results"]] == ["b", "d"]
    for code in ("a", "c", "e", "m"):  # before the place, at it, and behind it
        add(code)
    second = get(client, "funds/", limit=2, cursor=first["next"]).json()
    assert [row["code"] for row in second["results"]] == ["e", "f"]
    rest = get(client, "funds/", limit=200, cursor=second["next"]).json()
    assert [row["code"] for row in rest["results"]] == ["h", "k", "m"]
    assert rest["next"] is None


def test_equal_moments_are_split_between_pages_without_loss(world: World) -> None:
    client, seen, cursor = world.client(world.auditor), [], None
    for _page in range(50):
        query = {"limit": 1, **({"cursor": cursor} if cursor else {})}
        page = get(client, "claims/", **query).json()
        seen += [row["id"] for row in page["results"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert sorted(seen) == sorted({row["id"] for row in get(client, "claims/").json()["results"]})
    assert len(seen) >= 4


@pytest.mark.parametrize("cursor", ["x", "WzFd:abc:def", "🂡"], ids=ascii)
def test_a_cursor_cannot_be_made_up(people: World, cursor: str) -> None:
    is_problem(get(people.client(people.treasurer), "funds/", cursor=cursor), 400, "bad-cursor")


def test_a_cursor_belongs_to_its_list(world: World) -> None:
    client = world.client(world.auditor)
    # Both are ordered by a moment and an id: only the signature tells their places apart.
    cursor = get(client, "snapshots/", limit=1).json()["next"]
    is_problem(get(client, "report-files/", cursor=cursor), 400, "bad-cursor")


def test_change_only_what_was_seen(world: World) -> None:
    client = world.client(world.treasurer)
    seen = get(client, f"funds/{world.fund.pk}/")
    assert seen["ETag"] == f'"{seen.json()["version"]}"'
    match = {"If-Match": seen["ETag"]}
    done = post(client, f"funds/{world.fund.pk}/close/", **match)
    assert done.status_code == 200
    assert done["ETag"] != seen["ETag"]
    is_problem(post(client, f"funds/{world.fund.pk}/close/", **match), 412, "changed-meanwhile")
    is_problem(post(client, f"funds/{world.fund.pk}/close/", **{"If-Match": "*"}), 428, "if-match-missing")
    assert post(client, f"funds/{world.fund.pk}/close/", **tag(world.fund)).status_code == 200


def test_nothing_is_shown_that_could_not_be_recorded(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    client = world.client(world.coordinator)

    def unwritable(_opened: Any) -> None:
        raise OperationalError("disk full")

    before = ReadRecord.objects.count()
    reading.set_recorder(unwritable)
    try:
        answer = get(client, f"cases/{world.case.pk}/", names="true")
        closed = get(client, f"cases/{world.case.pk}/")
    finally:
        reading.set_recorder(reads.record)
    is_problem(answer, 503, "unavailable")
    assert NAME not in answer.content.decode()
    assert closed.status_code == 200, "what opens nothing needs no record"
    assert ReadRecord.objects.count() == before


def test_opening_names_is_recorded_under_the_reader(world: World) -> None:
    client = world.client(world.coordinator)
    before = ReadRecord.objects.count()
    assert get(client, f"cases/{world.case.pk}/").json()["name"] is None
    assert ReadRecord.objects.count() == before
    assert get(client, f"cases/{world.case.pk}/", names="true").json()["name"] == NAME
    record = ReadRecord.objects.get(
        pk__gt=0, subjects__subject_id=world.case.client_id, purpose="api:one-case"
    )
    assert record.actor_id == world.coordinator.actor_id
    assert "client.name" in record.subjects.get().fields


def test_a_cookie_signs_nobody_in(people: World) -> None:
    client = caller(None)
    client.force_login(people.treasurer, backend="allauth.account.auth_backends.AuthenticationBackend")
    is_problem(get(client, "funds/"), 401, "not-signed-in")


def test_dead_tokens(people: World) -> None:
    by, now = people.treasurer, timezone.now()

    def fresh(**more: Any) -> tuple[Any, str]:
        return issue_token(user=by, scopes=["money.see"], by=by, at=now, **more)

    token, text = fresh()
    assert get(caller(text), "funds/").status_code == 200
    for wrong in (
        text[:-1],
        text + "x",
        text.upper(),
        f"{text} ",
        "abarona__",
        "é",
        text.replace("abarona", "other"),
    ):
        assert get(caller(wrong), "funds/").status_code == 401
    end_token(token=token, by=by, at=now)
    assert get(caller(text), "funds/").status_code == 401
    _token, old = fresh(expires_at=now - datetime.timedelta(seconds=1))
    assert get(caller(old), "funds/").status_code == 401
    _token, third = fresh()
    close_account(user=by, by=people.administrator, at=now)
    assert get(caller(third), "funds/").status_code == 401


def test_a_token_that_calls_too_often_waits_and_others_do_not(
    people: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(TokenThrottle, "READS", "3/min")
    client, other = people.client(people.treasurer), people.client(people.auditor)
    statuses = [get(client, "funds/").status_code for _ in range(4)]
    assert statuses == [200, 200, 200, 429]
    slow = get(client, "funds/")
    is_problem(slow, 429, "too-often")
    assert int(slow["Retry-After"]) > 0
    assert get(other, "funds/").status_code == 200
    assert post(client, "funds/", FUND).status_code == 201, "changes are counted apart"


def test_words_are_in_the_readers_language(people: World) -> None:
    from django.utils.translation import override

    client = people.client(people.treasurer)
    with override("en"):
        english = post(client, "running-costs/", {}, **{"Accept-Language": "en"})
    assert english["Content-Language"] == "en"
    assert get(client, "funds/")["Cache-Control"] == "no-store"


def test_an_error_nobody_foresaw_says_nothing(people: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from api.endpoints import Collection

    def breaks(*_args: Any, **_more: Any) -> None:
        raise RuntimeError(NAME)

    monkeypatch.setattr(Collection, "get", breaks)
    answer = get(people.client(people.treasurer), "funds/")
    is_problem(answer, 500, "unexpected")
    assert NAME not in answer.content.decode()
