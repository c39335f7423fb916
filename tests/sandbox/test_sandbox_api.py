"""What Stripe refuses is refused, in Stripe's shape; the same key gives the same answer."""

import json
from typing import Any

import pytest
import stripe

from donations.sandbox.server import Sandbox
from donations.sandbox.world import API_VERSION
from donations.stripe_gateway import Gateway, GatewayRefused
from tests.sandbox.browsing import browse
from tests.sandbox.gifts import open_checkout

GIFT: dict[str, Any] = {
    "mode": "payment",
    "success_url": "http://127.0.0.1:9/thanks",
    "line_items": [
        {
            "price_data": {"currency": "eur", "unit_amount": 500, "product_data": {"name": "Gift"}},
            "quantity": 1,
        }
    ],
}


def create(sdk: stripe.StripeClient, key: str | None = None, **changes: Any) -> stripe.checkout.Session:
    params: Any = {name: value for name, value in (GIFT | changes).items() if value is not None}
    return sdk.v1.checkout.sessions.create(params, {"idempotency_key": key} if key else {})


def test_speaks_the_version_the_sdk_pins() -> None:
    assert API_VERSION == "2026-10-28.endive"


@pytest.mark.parametrize(
    ("changes", "param", "code"),
    [
        ({"payment_method_types": ["card"]}, "payment_method_types", "parameter_unknown"),
        ({"idempotency_key": "in the body"}, "idempotency_key", "parameter_unknown"),
        ({"line_items": [{"amount": 5}]}, "line_items[0][amount]", "parameter_unknown"),
        ({"ui_mode": "hosted"}, "ui_mode", None),
        ({"locale": "be"}, "locale", None),
        ({"locale": "uk"}, "locale", None),
        ({"allowed_payment_method_types": ["bitcoin"]}, "allowed_payment_method_types[0]", None),
        ({"expires_at": "tomorrow"}, "expires_at", "parameter_invalid_integer"),
        ({"expires_at": 1}, "expires_at", None),
        ({"mode": None}, "mode", "parameter_missing"),
        ({"success_url": None}, "success_url", "parameter_missing"),
        ({"line_items": None}, "line_items", "parameter_missing"),
        ({"line_items": "one gift"}, "line_items", None),
        ({"success_url": "javascript:alert(1)"}, "success_url", "url_invalid"),
        ({"success_url": ""}, "success_url", "parameter_invalid_empty"),
        ({"client_reference_id": "x" * 201}, "client_reference_id", None),
        ({"metadata": {"k" * 41: "v"}}, "metadata", None),
        ({"adaptive_pricing": {"enabled": "perhaps"}}, "adaptive_pricing[enabled]", None),
        ({"mode": "setup"}, "mode", "sandbox_not_modelled"),
        ({"mode": "subscription"}, "line_items", None),
        ({"discounts": [{"coupon": "c"}]}, "discounts", "sandbox_not_modelled"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_wrong_parameters_are_refused(
    sdk: stripe.StripeClient, sandbox: Sandbox, changes: dict[str, Any], param: str, code: str | None
) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        create(sdk, **changes)
    assert (refused.value.param, refused.value.code, refused.value.http_status) == (param, code, 400)
    assert refused.value.request_id
    assert sandbox.world.store.every("checkout.session") == []


def test_unknown_parameter_in_stripes_words(sdk: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        create(sdk, payment_method_types=["card"])
    assert refused.value.user_message == "Received unknown parameter: payment_method_types"
    assert create(sdk, allowed_payment_method_types=["card"]).payment_method_types == ["card"]
    assert create(sdk, ui_mode="hosted_page").ui_mode == "hosted_page"


@pytest.mark.parametrize(
    ("amount", "currency", "code"),
    [(49, "eur", "amount_too_small"), (199, "pln", "amount_too_small"), (10**8, "eur", "amount_too_large")],
)
def test_amount_limits(sdk: stripe.StripeClient, amount: int, currency: str, code: str) -> None:
    price = {"currency": currency, "unit_amount": amount, "product_data": {"name": "Gift"}}
    with pytest.raises(stripe.InvalidRequestError) as refused:
        create(sdk, line_items=[{"price_data": price, "quantity": 1}])
    assert refused.value.code == code


def test_unknown_ids_are_404(sdk: stripe.StripeClient) -> None:
    calls: list[Any] = [
        lambda: sdk.v1.checkout.sessions.retrieve("cs_test_none"),
        lambda: sdk.v1.payment_intents.retrieve("pi_none"),
        lambda: sdk.v1.charges.retrieve("ch_none"),
        lambda: sdk.v1.balance_transactions.retrieve("txn_none"),
        lambda: sdk.v1.refunds.retrieve("re_none"),
        lambda: sdk.v1.events.retrieve("evt_none"),
        lambda: sdk.v1.payouts.retrieve("po_none"),
        lambda: sdk.v1.customers.retrieve("cus_none"),
    ]
    for call in calls:
        with pytest.raises(stripe.InvalidRequestError) as refused:
            call()
        assert refused.value.http_status == 404


def test_expansion(sdk: stripe.StripeClient, sandbox: Sandbox) -> None:
    session = create(sdk)
    assert session.line_items is None
    sandbox.pay(session.id)
    deep = ["line_items", "payment_intent.latest_charge.balance_transaction.source"]
    whole: Any = sdk.v1.checkout.sessions.retrieve(session.id, {"expand": deep})
    assert whole.line_items.data[0].description == "Gift"
    charge = whole.payment_intent.latest_charge
    assert charge.balance_transaction.source.id == charge.id
    listed: Any = sdk.v1.checkout.sessions.list({"expand": ["data.payment_intent"]})
    assert listed.data[0].payment_intent.id == whole.payment_intent.id
    for wrong in ("amount_total", "nothing", "a.b.c.d.e.f"):
        with pytest.raises(stripe.InvalidRequestError):
            sdk.v1.checkout.sessions.retrieve(session.id, {"expand": [wrong]})


def test_lists_page_both_ways(sdk: stripe.StripeClient) -> None:
    made = [create(sdk).id for _ in range(5)][::-1]
    first = sdk.v1.checkout.sessions.list({"limit": 2})
    assert ([s.id for s in first.data], first.has_more) == (made[:2], True)
    rest = sdk.v1.checkout.sessions.list({"limit": 3, "starting_after": made[1]})
    assert ([s.id for s in rest.data], rest.has_more) == (made[2:], False)
    back = sdk.v1.checkout.sessions.list({"limit": 2, "ending_before": made[3]})
    assert ([s.id for s in back.data], back.has_more) == (made[1:3], True)
    assert [s.id for s in sdk.v1.checkout.sessions.list({"limit": 2}).auto_paging_iter()] == made
    for wrong in ({"limit": 0}, {"limit": 101}, {"starting_after": "cs_test_none"}):
        with pytest.raises(stripe.InvalidRequestError):
            sdk.v1.checkout.sessions.list(wrong)  # type: ignore[arg-type]


def test_payout_by_hand_within_the_balance(sdk: stripe.StripeClient, sandbox: Sandbox) -> None:
    sandbox.pay(create(sdk).id)
    with pytest.raises(stripe.InvalidRequestError) as refused:
        sdk.v1.payouts.create({"amount": 100, "currency": "eur"})
    assert refused.value.code == "balance_insufficient"
    sandbox.advance(3 * 86_400)
    payout = sdk.v1.payouts.create({"amount": 100, "currency": "eur"})
    assert (payout.status, payout.automatic, payout.amount) == ("in_transit", False, 100)
    assert [p.id for p in sdk.v1.payouts.list().data] == [payout.id]
    with pytest.raises(stripe.InvalidRequestError):
        sdk.v1.balance_transactions.list({"payout": payout.id})


def test_same_key_same_values_is_one_session(sdk: stripe.StripeClient, sandbox: Sandbox) -> None:
    first, second = create(sdk, "k"), create(sdk, "k")
    assert first.id == second.id
    assert len(sandbox.world.store.every("checkout.session")) == 1
    answer: Any = second.last_response
    assert answer.headers["Idempotent-Replayed"] == "true"
    assert create(sdk, "other").id != first.id


def test_same_key_other_values_is_an_error(sdk: stripe.StripeClient, gateway: Gateway) -> None:
    create(sdk, "k")
    with pytest.raises(stripe.IdempotencyError):
        create(sdk, "k", client_reference_id="another")
    with pytest.raises(stripe.IdempotencyError, match="same endpoint"):
        sdk.v1.payouts.create({"amount": 100, "currency": "eur"}, {"idempotency_key": "k"})
    with pytest.raises(GatewayRefused) as refused:
        open_checkout(gateway, idempotency_key="k")
    assert refused.value.code == "idempotency_error"


def test_an_error_is_replayed_too(sdk: stripe.StripeClient, sandbox: Sandbox) -> None:
    params: Any = {"amount": 100, "currency": "eur"}
    for replayed in (None, "true"):
        with pytest.raises(stripe.InvalidRequestError) as refused:
            sdk.v1.payouts.create(params, {"idempotency_key": "k"})
        assert refused.value.code == "balance_insufficient"
        assert (refused.value.headers or {}).get("Idempotent-Replayed") == replayed
    sandbox.pay(create(sdk).id)
    sandbox.advance(3 * 86_400)
    assert sdk.v1.payouts.create(params, {"idempotency_key": "fresh"}).amount == 100


def test_refused_parameters_do_not_use_up_the_key(sdk: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        create(sdk, "k", ui_mode="hosted")
    assert create(sdk, "k").id


def test_keys_are_forgotten_after_a_day(sdk: stripe.StripeClient, sandbox: Sandbox) -> None:
    first = create(sdk, "k")
    sandbox.advance(24 * 3600 + 1)
    assert create(sdk, "k").id != first.id


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"Authorization": "Bearer sk_live_x"}, 401),
        ({"Authorization": "Basic sk_test_x"}, 401),
        ({"Authorization": "Bearer sk_test_x", "Stripe-Version": "2020-08-27"}, 400),
        ({"Authorization": "Bearer sk_test_x", "Host": "evil.example"}, 403),
        ({"Authorization": "Bearer sk_test_x", "Origin": "http://evil.example"}, 403),
        ({"Authorization": "Bearer sk_test_x"}, 200),
    ],
)
def test_key_version_and_host(sandbox: Sandbox, headers: dict[str, str], status: int) -> None:
    got = browse(f"{sandbox.base_url}/v1/events", headers=headers)
    assert got.status == status
    assert "sk_live_x" not in got.body


def test_odd_bodies_are_refused_not_fatal(sandbox: Sandbox) -> None:
    for body in (b"a[=1", b"[x]=1", b"a[b][c]=1&a[b]=2", b"%ff=%fe", b"a" + b"[b]" * 50 + b"=1", b"\x00"):
        key = {"Authorization": "Bearer sk_test_x"}
        got = browse(f"{sandbox.base_url}/v1/checkout/sessions", body, key)
        assert (got.status, "error" in json.loads(got.body)) == (400, True)


def test_listens_on_this_machine_only(sandbox: Sandbox) -> None:
    assert sandbox._listener is not None
    assert sandbox._listener.server_address[0] == "127.0.0.1"
