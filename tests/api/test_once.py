"""A POST happens once: replays, changed bodies, two at a time, crashes in every gap."""

import threading
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from api import idempotency
from api.models import Answer
from audit.models import Event
from tests.api.world import World, get, key, post
from treasury.models import Fund

BODY = {"code": "winter", "name": "Winter", "kind": "general"}


@pytest.mark.django_db
def test_the_same_again_repeats_the_answer(people: World) -> None:
    client, same = people.client(people.treasurer), key()
    first = post(client, "funds/", BODY, **same)
    before = Event.objects.count()
    again = post(client, "funds/", BODY, **same)
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert again["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first
    assert again["ETag"] == first["ETag"]
    assert Fund.objects.filter(code="winter").count() == 1
    assert Event.objects.count() == before


@pytest.mark.django_db
def test_another_body_with_the_same_key_is_refused(people: World) -> None:
    client, same = people.client(people.treasurer), key()
    post(client, "funds/", BODY, **same)
    other = post(client, "funds/", {**BODY, "code": "summer"}, **same)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency-key-reused")
    assert not Fund.objects.filter(code="summer").exists()


@pytest.mark.django_db
def test_keys_of_two_people_are_two_keys(people: World) -> None:
    same = key()
    one = post(
        people.client(people.coordinator),
        "tasks/",
        {"owner": str(people.coordinator.pk), "text": "x"},
        **same,
    )
    two = post(people.client(people.second), "tasks/", {"owner": str(people.second.pk), "text": "y"}, **same)
    assert (one.status_code, two.status_code) == (201, 201)


@pytest.mark.django_db
@pytest.mark.parametrize("given", ["", "short", "has a space in it!", "x" * 65])
def test_a_key_is_required(people: World, given: str) -> None:
    answer = post(people.client(people.treasurer), "funds/", BODY, **{"Idempotency-Key": given})
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency-key-missing")
    assert not Fund.objects.exists()


@pytest.mark.django_db
def test_a_refusal_frees_the_key(people: World) -> None:
    client, same = people.client(people.treasurer), key()
    post(client, "funds/", BODY)
    refused = post(client, "funds/", BODY, **same)
    assert (refused.status_code, refused.json()["code"]) == (409, "fund-code-taken")
    assert Answer.objects.count() == 1
    assert post(client, "funds/", {**BODY, "code": "summer"}, **same).status_code == 201


@pytest.mark.django_db
def test_a_crash_before_the_answer_was_kept_does_not_act_twice(
    people: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, same = people.client(people.treasurer), key()

    def dies(*_args: Any) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(idempotency.Ask, "keep", dies)
        with pytest.raises(SystemExit):
            post(client, "funds/", BODY, **same)
    assert Fund.objects.filter(code="winter").count() == 1
    # At once: it may still be at work. Later: it was done, and is not done again.
    soon = post(client, "funds/", BODY, **same)
    assert (soon.status_code, soon.json()["code"]) == (409, "in-progress")
    assert int(soon["Retry-After"]) > 0
    Answer.objects.update(begun_at=timezone.now() - 2 * idempotency.LEASE)
    later = post(client, "funds/", BODY, **same)
    assert (later.status_code, later.json()["code"]) == (409, "already-done")
    assert Fund.objects.filter(code="winter").count() == 1


@pytest.mark.django_db
def test_a_crash_before_the_act_leaves_the_way_open(people: World) -> None:
    client, same = people.client(people.treasurer), key()
    done = post(client, "funds/", BODY, **same)
    Fund.objects.get(code="winter")
    kept = Answer.objects.get()
    Answer.objects.all().delete()
    # The row as a process leaves it that died between noting the key and the act.
    other = key()
    at = timezone.now() - 2 * idempotency.LEASE
    body = {**BODY, "code": "spring"}
    post(client, "funds/", body, **other)
    digest = Answer.objects.get().pk
    Answer.objects.update(sealed="", begun_at=at)
    from audit.models import SpentKey

    SpentKey.objects.all().delete()
    again = post(client, "funds/", body, **other)
    assert (again.status_code, again.json()["code"]) == (409, "fund-code-taken"), "the act itself was tried"
    assert not Answer.objects.filter(pk=digest).exists()
    assert done.status_code == 201
    assert kept.sealed


@pytest.mark.django_db
def test_kept_answers_are_sealed_and_end(people: World) -> None:
    client = people.client(people.treasurer)
    post(client, "funds/", BODY)
    row = Answer.objects.get()
    assert "winter" not in row.sealed
    assert row.sealed.startswith("s1.")
    assert idempotency.forget_old(timezone.now()) == 0
    assert idempotency.forget_old(timezone.now() + 2 * idempotency.KEPT) == 1


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_act_once(transactional_db: None) -> None:
    from tests.api import world as building

    people = building.make()
    people.client(people.treasurer)
    same, answers = key(), []
    barrier = threading.Barrier(8)

    def send() -> None:
        try:
            client = people.client(people.treasurer)
            barrier.wait()
            answers.append(post(client, "funds/", BODY, **same))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    statuses = sorted(answer.status_code for answer in answers)
    assert len(statuses) == 8
    assert statuses[0] == 201
    assert set(statuses) <= {201, 409}
    refused = {answer.json()["code"] for answer in answers if answer.status_code == 409}
    assert refused <= {"in-progress"}
    fresh = [a for a in answers if a.status_code == 201 and "Idempotency-Replayed" not in a]
    assert len(fresh) == 1
    assert Fund.objects.filter(code="winter").count() == 1
    assert Event.objects.filter(kind="fund.opened").count() == 1


@pytest.mark.django_db
def test_a_replay_needs_the_permission_still(people: World) -> None:
    client, same = people.client(people.treasurer), key()
    assert post(client, "funds/", BODY, **same).status_code == 201
    narrow = people.client(people.treasurer, "money.see")
    assert post(narrow, "funds/", BODY, **same).status_code == 403
    assert get(narrow, "funds/").status_code == 200
