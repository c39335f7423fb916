"""A bad line between us and Stripe: nothing is made twice, nothing is lost."""

import threading

import pytest
import stripe

from donations.sandbox.refusals import Refused
from donations.sandbox.server import Sandbox
from donations.stripe_gateway import Gateway, GatewayUnavailable
from tests.sandbox.gifts import open_checkout


def sessions(sandbox: Sandbox) -> int:
    return len(sandbox.world.store.every("checkout.session"))


@pytest.mark.parametrize("how", ["drop", "error_500", "error_409", "hang", "garbage"])
@pytest.mark.parametrize(("when", "acted"), [("before", 0), ("after", 1)])
def test_no_answer_then_the_same_key_is_one_session(
    gateway: Gateway, sandbox: Sandbox, how: str, when: str, acted: int
) -> None:
    sandbox.control("fail_calls", how=how, when=when, seconds=2)
    with pytest.raises(GatewayUnavailable):
        open_checkout(gateway)
    assert sessions(sandbox) == acted
    found = open_checkout(gateway)
    assert sessions(sandbox) == 1
    assert gateway.fetch_checkout(found.id).id == found.id


@pytest.mark.parametrize("how", ["drop", "error_500", "error_409", "hang"])
def test_the_client_itself_tries_again(patient: Gateway, sandbox: Sandbox, how: str) -> None:
    sandbox.control("fail_calls", how=how, when="after", seconds=2, times=2)
    assert open_checkout(patient).status == "open"
    assert sessions(sandbox) == 1


def test_too_many_requests_is_not_tried_again(patient: Gateway, sandbox: Sandbox) -> None:
    sandbox.control("fail_calls", how="error_429")
    with pytest.raises(GatewayUnavailable) as failed:
        open_checkout(patient)
    assert failed.value.reason == "HTTP 429"
    assert sessions(sandbox) == 0


def test_lost_refund_is_not_given_twice(gateway: Gateway, sandbox: Sandbox) -> None:
    session = open_checkout(gateway)
    sandbox.pay(session.id)
    intent = gateway.fetch_checkout(session.id).payment_intent_id or ""
    sandbox.control("fail_calls", how="drop", when="after", path="/v1/refunds")
    with pytest.raises(GatewayUnavailable):
        gateway.create_refund(payment_intent_id=intent, amount_minor=1000, idempotency_key="r")
    gateway.create_refund(payment_intent_id=intent, amount_minor=1000, idempotency_key="r")
    assert gateway.fetch_payment(intent).refunded_minor == 1000


def test_fault_hits_only_its_path_and_can_be_called_off(gateway: Gateway, sandbox: Sandbox) -> None:
    sandbox.control("fail_calls", how="error_500", path="/v1/refunds")
    sandbox.control("fail_calls", how="error_500", path="/v1/checkout", times=5)
    with pytest.raises(GatewayUnavailable):
        open_checkout(gateway)
    sandbox.control("clear_faults")
    assert open_checkout(gateway).status == "open"


@pytest.mark.parametrize(
    "wrong", [{"how": "explode"}, {"how": "drop", "when": "never"}, {"how": "drop", "times": 0}]
)
def test_unknown_faults_are_refused(sandbox: Sandbox, wrong: dict[str, object]) -> None:
    with pytest.raises(Refused):
        sandbox.control("fail_calls", **wrong)


def test_nobody_there(receiver: object) -> None:
    sandbox = Sandbox().start()
    gateway = Gateway("sk_test_x", sandbox.base_url, timeout=0.5, max_network_retries=0)
    sandbox.stop()
    sandbox.stop()
    with pytest.raises(GatewayUnavailable) as failed:
        open_checkout(gateway)
    gateway.close()
    assert failed.value.reason == "no connection"


def test_many_at_once_with_one_key_make_one_session(sandbox: Sandbox) -> None:
    found: list[str] = []
    patient = Gateway("sk_test_x", sandbox.base_url, timeout=60)  # eight wait for one another
    jobs = [threading.Thread(target=lambda: found.append(open_checkout(patient).id)) for _ in range(8)]
    for job in jobs:
        job.start()
    for job in jobs:
        job.join()
    patient.close()
    assert (len(found), len(set(found)), sessions(sandbox)) == (8, 1, 1)


def test_errors_hold_nothing_of_the_body(gateway: Gateway, sandbox: Sandbox) -> None:
    sandbox.control("fail_calls", how="garbage")
    with pytest.raises(GatewayUnavailable) as failed:
        open_checkout(gateway, client_reference="opaque-mark")
    assert failed.value.__cause__ is None
    assert failed.value.__context__ is None
    assert "Bad Gateway" not in str(failed.value)
    assert not isinstance(failed.value, stripe.StripeError)
