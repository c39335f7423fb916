"""Signed webhooks: what is believed, what is not, and what a bad line does to them."""

import json
import time
from datetime import UTC, datetime, timedelta

import pytest
import stripe

from donations.sandbox.refusals import Refused
from donations.sandbox.server import Sandbox
from donations.sandbox.webhooks import RETRIES, sign
from donations.stripe_gateway import BadSignature, Gateway, verify_webhook
from tests.sandbox.conftest import Receiver
from tests.sandbox.gifts import open_checkout

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
STAMP = int(NOW.timestamp())
SECRET = "whsec_right"
PAID_BY_CARD = [
    "payment_intent.created",
    "charge.succeeded",
    "payment_intent.succeeded",
    "checkout.session.completed",
    "charge.updated",
]


def event(**changes: object) -> bytes:
    whole = {
        "id": "evt_1",
        "object": "event",
        "type": "charge.refunded",
        "created": STAMP,
        "livemode": False,
        "data": {"object": {"id": "ch_1", "object": "charge"}},
    }
    return json.dumps(whole | changes).encode()


def test_good_signature_gives_a_hint() -> None:
    hint = verify_webhook(event(), sign(event(), [SECRET], STAMP), [SECRET], NOW)
    assert (hint.id, hint.type, hint.object_id, hint.livemode) == ("evt_1", "charge.refunded", "ch_1", False)
    assert hint.created_at == NOW


def test_agrees_with_the_sdks_own_signature() -> None:
    header = stripe.WebhookSignature.generate_signature_header(event().decode(), SECRET, STAMP)
    assert header == sign(event(), [SECRET], STAMP)
    assert verify_webhook(event(), header, [SECRET], NOW).id == "evt_1"


def test_either_secret_during_rotation() -> None:
    header = sign(event(), ["whsec_old"], STAMP)
    assert verify_webhook(event(), header, [SECRET, "whsec_old"], NOW).id == "evt_1"
    both = sign(event(), [SECRET, "whsec_old"], STAMP)
    assert verify_webhook(event(), both, ["whsec_old"], NOW).id == "evt_1"
    with pytest.raises(BadSignature):
        verify_webhook(event(), header, [SECRET], NOW)


@pytest.mark.parametrize("seconds", [-301, 301, -86_400, 86_400])
def test_too_old_or_from_the_future(seconds: int) -> None:
    header = sign(event(), [SECRET], STAMP + seconds)
    with pytest.raises(BadSignature, match="time"):
        verify_webhook(event(), header, [SECRET], NOW)


@pytest.mark.parametrize("seconds", [-300, 0, 300])
def test_within_five_minutes(seconds: int) -> None:
    header = sign(event(), [SECRET], STAMP + seconds)
    assert verify_webhook(event(), header, [SECRET], NOW).id == "evt_1"


GOOD = sign(event(), [SECRET], STAMP)


@pytest.mark.parametrize(
    "header",
    [
        "",
        "zzz",
        f"t={STAMP}",
        f"t={STAMP},v1=",
        f"t={STAMP},v1=00",
        f"t={STAMP},v1={'0' * 64}",
        f"t={STAMP},v0={GOOD[-64:]}",
        f"t={STAMP},{GOOD}",
        GOOD.replace(str(STAMP), f" {STAMP}"),
        GOOD.replace(str(STAMP), f"+{STAMP}"),
        GOOD.replace(str(STAMP), "9" * 400),
        GOOD.replace(str(STAMP), "".join(chr(0x0660 + int(d)) for d in str(STAMP))),
        GOOD.replace(str(STAMP), str(STAMP + 1)),
        f"t={STAMP},v1=ы",
        GOOD.upper(),
    ],
)
def test_forged_and_malformed_headers(header: str) -> None:
    with pytest.raises(BadSignature):
        verify_webhook(event(), header, [SECRET], NOW)


def test_empty_secret_proves_nothing() -> None:
    header = sign(event(), [""], STAMP)
    for secrets in ([], [""], ["  "]):
        with pytest.raises(BadSignature):
            verify_webhook(event(), header, secrets, NOW)


@pytest.mark.parametrize(
    "body",
    [
        b"\xff\xfe",
        b"[]",
        b"null",
        b"{}",
        event(object="charge"),
        event(livemode="no"),
        event(data=None),
        event(created="soon"),
        event(created=10**30),
        b"[" * 100_000,
    ],
    ids=range(10),
)
def test_signed_but_not_an_event(body: bytes) -> None:
    with pytest.raises(BadSignature) as refused:
        verify_webhook(body, sign(body, [SECRET], STAMP), [SECRET], NOW)
    assert refused.value.__cause__ is None


def test_too_large_a_body_is_not_even_read() -> None:
    large = event(padding="x" * 1_000_000)
    with pytest.raises(BadSignature, match="too large"):
        verify_webhook(large, sign(large, [SECRET], STAMP), [SECRET], NOW)


def test_object_without_an_id_is_still_a_hint() -> None:
    body = event(type="balance.available", data={"object": {"object": "balance"}})
    assert verify_webhook(body, sign(body, [SECRET], STAMP), [SECRET], NOW).object_id == ""


# -- delivered by the sandbox --------------------------------------------------------------------------


def believed(receiver: Receiver, sandbox: Sandbox) -> list[str]:
    """Types of what came and proved genuine, in order of arrival."""
    types = []
    for body, header in receiver.letters:
        try:
            types.append(verify_webhook(body, header, sandbox.webhooks.secrets, datetime.now(UTC)).type)
        except BadSignature:
            types.append("refused")
    return types


def pay(gateway: Gateway, sandbox: Sandbox) -> str:
    session = open_checkout(gateway)
    sandbox.pay(session.id)
    return session.id


def test_everything_arrives_signed(gateway: Gateway, sandbox: Sandbox, receiver: Receiver) -> None:
    session_id = pay(gateway, sandbox)
    assert receiver.letters == []
    assert all(attempt.accepted for attempt in sandbox.deliver())
    assert believed(receiver, sandbox) == PAID_BY_CARD
    body, header = receiver.letters[3]
    hint = verify_webhook(body, header, [sandbox.secret], datetime.now(UTC))
    assert hint.object_id == session_id
    assert gateway.fetch_event(hint.id) == hint
    assert sandbox.deliver() == []


def test_refused_webhook_comes_again(gateway: Gateway, sandbox: Sandbox, receiver: Receiver) -> None:
    receiver.status = 500
    pay(gateway, sandbox)
    assert not any(attempt.accepted for attempt in sandbox.deliver())
    assert sandbox.deliver() == []
    receiver.status = 200
    sandbox.advance(RETRIES[0])
    assert all(attempt.accepted for attempt in sandbox.deliver())
    assert believed(receiver, sandbox) == PAID_BY_CARD * 2


def test_endpoint_down_for_four_days_is_given_up(
    gateway: Gateway, sandbox: Sandbox, receiver: Receiver
) -> None:
    receiver.status = 302
    pay(gateway, sandbox)
    for _ in range(len(RETRIES) + 3):
        sandbox.deliver()
        sandbox.advance(86_400)
    assert len(receiver.letters) == len(PAID_BY_CARD) * (len(RETRIES) + 1)
    assert sandbox.control("state")["webhooks_waiting"] == 0
    since = datetime.now(UTC) - timedelta(minutes=1)
    assert [e.type for e in gateway.list_events(since, PAID_BY_CARD)] == PAID_BY_CARD


def test_dropped(gateway: Gateway, sandbox: Sandbox, receiver: Receiver) -> None:
    sandbox.control("spoil_webhooks", how="drop", times=4)
    pay(gateway, sandbox)
    sandbox.deliver()
    assert believed(receiver, sandbox) == ["charge.updated"]
    sandbox.control("resend")
    sandbox.deliver()
    assert believed(receiver, sandbox) == ["charge.updated", *PAID_BY_CARD]


def test_doubled(gateway: Gateway, sandbox: Sandbox, receiver: Receiver) -> None:
    sandbox.control("spoil_webhooks", how="double")
    pay(gateway, sandbox)
    sandbox.deliver()
    assert believed(receiver, sandbox) == [PAID_BY_CARD[0], *PAID_BY_CARD]


def test_delayed(gateway: Gateway, sandbox: Sandbox, receiver: Receiver) -> None:
    sandbox.control("spoil_webhooks", how="delay", seconds=600)
    pay(gateway, sandbox)
    sandbox.deliver()
    assert believed(receiver, sandbox) == PAID_BY_CARD[1:]
    sandbox.advance(600)
    sandbox.deliver()
    assert believed(receiver, sandbox) == [*PAID_BY_CARD[1:], PAID_BY_CARD[0]]


def test_reordered(gateway: Gateway, sandbox: Sandbox, receiver: Receiver) -> None:
    sandbox.control("spoil_webhooks", how="reorder", times=5)
    pay(gateway, sandbox)
    sandbox.deliver()
    assert believed(receiver, sandbox) == PAID_BY_CARD[::-1]


def test_held_for_reordering_can_be_released(gateway: Gateway, sandbox: Sandbox, receiver: Receiver) -> None:
    sandbox.control("spoil_webhooks", how="reorder", times=50)
    pay(gateway, sandbox)
    assert sandbox.deliver() == []
    assert sandbox.control("release_held")["released"] == 5
    sandbox.deliver()
    assert believed(receiver, sandbox) == PAID_BY_CARD[::-1]


@pytest.mark.parametrize("how", ["corrupt", "forge", "stale", "future"])
def test_spoiled_letter_is_refused_and_the_retry_is_good(
    gateway: Gateway, sandbox: Sandbox, receiver: Receiver, how: str
) -> None:
    sandbox.control("spoil_webhooks", how=how)
    receiver.status = 400
    pay(gateway, sandbox)
    sandbox.deliver()
    assert believed(receiver, sandbox) == ["refused", *PAID_BY_CARD[1:]]
    receiver.letters.clear()
    sandbox.advance(RETRIES[0])
    sandbox.deliver()
    assert believed(receiver, sandbox) == PAID_BY_CARD


def test_rotation_signs_with_both(gateway: Gateway, sandbox: Sandbox, receiver: Receiver) -> None:
    old = sandbox.secret
    sandbox.control("rotate_secret", secret="whsec_new")
    pay(gateway, sandbox)
    sandbox.deliver()
    body, header = receiver.letters[0]
    for secret in (old, "whsec_new"):
        assert verify_webhook(body, header, [secret], datetime.now(UTC)).type == PAID_BY_CARD[0]
    sandbox.control("rotate_secret", secret="whsec_newest", keep_old=False)
    sandbox.control("resend", event=sandbox.events()[0]["id"])
    sandbox.deliver()
    body, header = receiver.letters[-1]
    with pytest.raises(BadSignature):
        verify_webhook(body, header, [old, "whsec_new"], datetime.now(UTC))


def test_only_this_machine_gets_webhooks(sandbox: Sandbox) -> None:
    for url in ("http://198.51.100.7/", "https://example.org/hooks/", "file:///etc/hosts", ""):
        with pytest.raises(Refused):
            sandbox.control("aim_webhooks", url=url)
    with pytest.raises(Refused):
        Sandbox(webhook_url="http://example.org/")


def test_in_the_background_they_go_by_themselves(receiver: Receiver) -> None:
    with Sandbox(webhook_url=receiver.url, background=True) as sandbox:
        gateway = Gateway("sk_test_x", sandbox.base_url)
        pay(gateway, sandbox)
        gateway.close()
        end = time.monotonic() + 20
        while sandbox.control("state")["webhooks_waiting"] and time.monotonic() < end:
            time.sleep(0.02)
        assert sorted(believed(receiver, sandbox)) == sorted(PAID_BY_CARD)


def test_events_name_the_call_that_caused_them(gateway: Gateway, sandbox: Sandbox) -> None:
    session = open_checkout(gateway)
    gateway.expire_checkout(session.id)
    [expired] = sandbox.events("checkout.session.expired")
    assert expired["request"]["id"].startswith("req_")
    assert expired["data"]["object"]["status"] == "expired"
