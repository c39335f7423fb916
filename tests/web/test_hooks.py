"""The door for webhooks: only what Stripe signed now comes in, and nothing that came in is lost."""

from typing import Any

import pytest
from django.test import Client
from django_tasks_db.models import DBTaskResult

from donations import inbox
from donations.models import Hint
from tests.web import visitors
from tests.web.visitors import HOOK, post_event

pytestmark = pytest.mark.django_db
EVENT: dict[str, Any] = {
    "id": "evt_1",
    "object": "event",
    "type": "checkout.session.completed",
    "created": int(visitors.NOW.timestamp()),
    "livemode": False,
    "data": {
        "object": {
            "id": "cs_1",
            "object": "checkout.session",
            "customer_details": {"email": "plum@a.example"},
        }
    },
}


def test_a_signed_event_is_stored_before_it_is_answered_and_its_body_is_not_kept(client: Client) -> None:
    response = post_event(client, EVENT)
    assert response.status_code == 200
    assert not response.content
    hint = Hint.objects.get()
    assert (hint.id, hint.object_id, hint.state) == ("evt_1", "cs_1", Hint.State.NEW)
    assert "plum" not in str(Hint.objects.values().get())
    task = DBTaskResult.objects.get()
    assert task.task_path == "donations.tasks.drain_inbox"
    assert "cs_1" not in str(task.args_kwargs)


def test_an_event_that_comes_twice_is_stored_once(client: Client) -> None:
    assert [post_event(client, EVENT).status_code for _ in range(3)] == [200, 200, 200]
    assert Hint.objects.count() == 1
    assert DBTaskResult.objects.count() == 1


@pytest.mark.parametrize(
    ("secrets", "late"),
    [(("whsec_other",), 0), (("whsec_sandbox",), -301), (("whsec_sandbox",), 302), ((), 0)],
    ids=["forged", "old", "future", "unsigned"],
)
def test_what_stripe_did_not_sign_now_is_refused(client: Client, secrets: tuple[str, ...], late: int) -> None:
    assert post_event(client, EVENT, secrets=secrets, late=late).status_code == 400
    assert not Hint.objects.exists()


@pytest.mark.parametrize("late", [-290, 290])
def test_a_clock_may_be_a_little_wrong(client: Client, late: int) -> None:
    assert post_event(client, EVENT, late=late).status_code == 200


def test_a_changed_body_is_refused(client: Client) -> None:
    from donations.sandbox.webhooks import sign

    stamp = int(visitors.NOW.timestamp())
    signature = sign(b'{"id": "evt_1"}', ["whsec_sandbox"], stamp)
    for header in (signature, "", "t=,v1=", "t=1e3,v1=é", f"t={stamp}"):
        response = client.post(
            HOOK, b'{"id": "evt_2"}', content_type="application/json", headers={"Stripe-Signature": header}
        )
        assert response.status_code == 400
    assert not Hint.objects.exists()


def test_both_secrets_hold_while_one_is_rotated(client: Client, settings: Any) -> None:
    settings.STRIPE_WEBHOOK_SECRETS = ["whsec_new", "whsec_old"]
    for number, secrets in enumerate((("whsec_old",), ("whsec_new",), ("whsec_new", "whsec_old"))):
        assert post_event(client, {**EVENT, "id": f"evt_{number}"}, secrets=secrets).status_code == 200
    settings.STRIPE_WEBHOOK_SECRETS = ["whsec_new"]
    assert post_event(client, {**EVENT, "id": "evt_9"}, secrets=("whsec_old",)).status_code == 400
    assert Hint.objects.count() == 3


def test_without_a_secret_nobody_is_believed(client: Client, settings: Any) -> None:
    settings.STRIPE_WEBHOOK_SECRETS = [""]
    assert post_event(client, EVENT, secrets=("",)).status_code == 400


@pytest.mark.parametrize("live", [True, False])
def test_events_of_the_other_mode_are_refused(client: Client, settings: Any, live: bool) -> None:
    settings.STRIPE_LIVE = live
    assert post_event(client, {**EVENT, "livemode": not live}).status_code == 400
    assert not Hint.objects.exists()
    assert post_event(client, {**EVENT, "livemode": live}).status_code == 200


def test_an_unknown_type_is_taken_and_ignored(client: Client) -> None:
    assert post_event(client, {**EVENT, "type": "radar.early_fraud_warning.created"}).status_code == 200
    assert Hint.objects.get().state == Hint.State.IGNORED


@pytest.mark.parametrize("body", [b"[]", b"null", b"{}", b'{"object": "event"}', b"\xff", b"[" * 100_000])
def test_a_signed_body_that_is_no_event_is_refused(client: Client, body: bytes) -> None:
    assert post_event(client, body).status_code == 400
    assert not Hint.objects.exists()


@pytest.mark.parametrize("method", ["get", "put", "delete", "head"])
def test_only_post_is_answered(client: Client, method: str) -> None:
    assert getattr(client, method)(HOOK).status_code == 405


def test_if_nothing_could_be_stored_stripe_is_not_told_otherwise(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> bool:
        raise OSError("disk full")

    monkeypatch.setattr(inbox, "store", full)
    client.raise_request_exception = False
    assert post_event(client, EVENT).status_code == 500


def test_the_hook_needs_no_cookie_and_leaves_none(client: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    response = post_event(strict, EVENT)
    assert response.status_code == 200
    assert not response.cookies
