"""Every object the sandbox makes has the fields and types the pinned SDK's classes name."""

import types
import typing
from decimal import Decimal
from typing import Any

import pytest
import stripe
from stripe._stripe_object import UntypedStripeObject as Untyped
from typing_extensions import is_typeddict

from donations.sandbox import api, forms, parameters
from donations.sandbox.endpoints import Endpoint
from donations.sandbox.refusals import Refused
from donations.sandbox.server import Sandbox
from donations.sandbox.shapes import WrongShape, annotations, optional, shaped
from donations.stripe_gateway import Gateway
from tests.sandbox.gifts import open_checkout, open_monthly

MODELS: dict[str, type] = {
    "checkout.session": stripe.checkout.Session,
    "payment_intent": stripe.PaymentIntent,
    "charge": stripe.Charge,
    "balance_transaction": stripe.BalanceTransaction,
    "refund": stripe.Refund,
    "payout": stripe.Payout,
    "dispute": stripe.Dispute,
    "product": stripe.Product,
    "price": stripe.Price,
    "payment_method": stripe.PaymentMethod,
    "mandate": stripe.Mandate,
    "customer": stripe.Customer,
    "subscription": stripe.Subscription,
    "invoice": stripe.Invoice,
    "invoice_payment": stripe.InvoicePayment,
    "billing_portal.session": stripe.billing_portal.Session,
    "test_helpers.test_clock": stripe.test_helpers.TestClock,
    "webhook_endpoint": stripe.WebhookEndpoint,
    "event": stripe.Event,
}
UNIONS = (typing.Union, types.UnionType)


def faults(value: Any, hint: Any, path: str) -> list[str]:
    """Where a JSON value is not what the SDK's annotation says; a `Literal | str` counts as closed."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in UNIONS:
        return union_faults(value, arguments, path)
    if origin is list and isinstance(value, list):
        return [fault for i, each in enumerate(value) for fault in faults(each, arguments[0], f"{path}[{i}]")]
    model = origin or hint
    if model is stripe.ListObject:
        return list_faults(value, arguments[0], path)
    if isinstance(model, type) and issubclass(model, stripe.StripeObject) and model is not Untyped:
        return object_faults(value, model, path)
    return [] if fits(value, hint) else [f"{path}: {value!r} is no {hint}"]


def list_faults(value: Any, hint: Any, path: str) -> list[str]:
    if not isinstance(value, dict) or value.keys() != {"object", "data", "has_more", "url"}:
        return [f"{path}: no list"]
    name = getattr(hint, "__forward_arg__", None)
    model = getattr(stripe, name) if name else hint
    return [fault for each in value["data"] for fault in faults(each, model, f"{path}[]")]


def fits(value: Any, hint: Any) -> bool:
    if typing.get_origin(hint) is typing.Literal:
        return value in typing.get_args(hint)
    if isinstance(hint, (typing.ForwardRef, str)):
        return isinstance(value, (str, dict))
    if typing.get_origin(hint) is Untyped:
        return isinstance(value, dict)
    if hint is Decimal:
        return isinstance(value, str) and Decimal(value).is_finite()
    if hint is float:
        return type(value) in (int, float)
    # By exact type: True is an int for isinstance, not for Stripe.
    return type(value) is hint


def union_faults(value: Any, arguments: tuple[Any, ...], path: str) -> list[str]:
    if value is None:
        return [] if type(None) in arguments else [f"{path}: null"]
    literals = [a for a in arguments if typing.get_origin(a) is typing.Literal]
    if literals and isinstance(value, str):
        return faults(value, literals[0], path)
    found = [faults(value, a, path) for a in arguments if a is not type(None)]
    return min(found, key=len)


def object_faults(value: Any, model: type, path: str) -> list[str]:
    if not isinstance(value, dict):
        return [f"{path}: no object"]
    known = annotations(model)
    extra = [f"{path}.{name}: unknown" for name in value if name not in known]
    absent = [f"{path}.{n}: absent" for n, hint in known.items() if n not in value and not optional(hint)]
    return (
        extra
        + absent
        + [f for n, v in value.items() if n in known for f in faults(v, known[n], f"{path}.{n}")]
    )


@pytest.fixture
def lived(gateway: Gateway, sandbox: Sandbox, sdk: stripe.StripeClient) -> Sandbox:
    """A sandbox in which everything has happened once."""
    cards = ["ok", "ok_us", "declined", "insufficient", "authentication", "risk_by", "sepa", "sepa_fails"]
    for card in cards:
        sandbox.pay(open_checkout(gateway, idempotency_key=card).id, card, bank=True)
    waiting = open_checkout(gateway, idempotency_key="waiting")
    sandbox.pay(waiting.id, "authentication")
    gateway.expire_checkout(open_checkout(gateway, idempotency_key="expired").id)
    sandbox.settle()
    paid = next(
        s for s in gateway.list_checkouts(waiting.created_at.replace(year=2000)) if s.payment_status == "paid"
    )
    gateway.create_refund(
        payment_intent_id=paid.payment_intent_id or "", amount_minor=100, idempotency_key="r"
    )
    for card in ("disputed", "inquiry"):
        sandbox.pay(open_checkout(gateway, idempotency_key=card).id, card)
    for card in ("ok", "sepa", "renewal_refused"):
        sandbox.pay(open_monthly(sandbox).id, card)
    params: Any = {"customer": sandbox.world.store.every("customer")[0]["id"]}
    sdk.v1.billing_portal.sessions.create(params)
    sdk.v1.test_helpers.test_clocks.create({"frozen_time": int(waiting.created_at.timestamp())})
    sandbox.settle()
    sandbox.advance(40 * 86_400)
    sandbox.settle()
    sandbox.control("pay_out")
    sandbox.advance(3 * 86_400)
    sandbox.control("fail_payout")
    sandbox.control("pay_out")
    return sandbox


def test_every_object_is_as_the_sdk_describes_it(lived: Sandbox) -> None:
    found = []
    for kind, model in MODELS.items():
        things = lived.world.store.every(kind)
        assert things, kind
        for thing in things:
            assert thing.keys() == annotations(model).keys()
            found += object_faults(thing, model, kind)
    for event in lived.world.store.every("event"):
        inner = event["data"]["object"]
        found += object_faults(inner, MODELS[inner["object"]], event["type"])
    assert found == []


def test_balance_is_the_sum_of_what_happened(lived: Sandbox) -> None:
    entries = lived.world.store.every("balance_transaction")
    assert all(
        e["net"] == e["amount"] - e["fee"] == e["amount"] - sum(d["amount"] for d in e["fee_details"])
        for e in entries
    )
    assert sum(e["net"] for e in entries) == 0
    charges = [c for c in lived.world.store.every("charge") if c["paid"]]
    assert sorted(e["source"] for e in entries if e["type"] in ("charge", "payment")) == sorted(
        c["id"] for c in charges
    )


def test_checker_sees_a_wrong_object(lived: Sandbox) -> None:
    good = lived.world.store.every("charge")[0]
    for wrong in (
        {"amount": "5"},
        {"status": "done"},
        {"paid": 1},
        {"odd": 1},
        {"created": None},
        {"outcome": {"x": 1}},
    ):
        assert object_faults(good | wrong, stripe.Charge, "charge"), wrong


def test_the_sandbox_cannot_make_a_wrong_object() -> None:
    with pytest.raises(WrongShape, match="has no"):
        shaped(stripe.Refund, nonsense=1)
    with pytest.raises(WrongShape, match="needs"):
        shaped(stripe.Refund, id="re_1")


@pytest.mark.parametrize("endpoint", api.ENDPOINTS, ids=lambda e: f"{e.method} {e.path}")
def test_parameters_resolve_and_modelled_ones_exist(endpoint: Endpoint) -> None:
    known = parameters.fields(endpoint.shape)
    assert "idempotency_key" not in known
    assert endpoint.modelled <= known.keys()
    waiting, seen = [endpoint.shape], set()
    while waiting:
        shape = waiting.pop()
        if shape in seen:
            continue
        seen.add(shape)
        for hint in parameters.fields(shape).values():
            waiting += nested_shapes(hint)


def nested_shapes(hint: Any) -> list[Any]:
    assert not isinstance(hint, (str, typing.ForwardRef)), hint
    if is_typeddict(hint):
        return [hint]
    return [
        shape for each in typing.get_args(hint) if not isinstance(each, str) for shape in nested_shapes(each)
    ]


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("", {}),
        ("a=1&b=", {"a": "1", "b": ""}),
        ("a[b][c]=1&a[b][d]=2", {"a": {"b": {"c": "1", "d": "2"}}}),
        ("a[0]=x&a[1]=y", {"a": {"0": "x", "1": "y"}}),
        ("a[]=x&a[]=y", {"a": {"0": "x", "1": "y"}}),
        ("a%5Bb%5D=%D1%8B+%2B", {"a": {"b": "ы +"}}),
    ],
)
def test_nested_forms(text: str, tree: Any) -> None:
    assert forms.decode(text) == tree


@pytest.mark.parametrize(
    "text", ["a[=1", "[a]=1", "a=1&a[b]=2", "a[b]=1&a=2", "a" + "[b]" * 20 + "=1", "&".join(["a=1"] * 2001)]
)
def test_odd_forms_are_refused(text: str) -> None:
    with pytest.raises(Refused):
        forms.decode(text)
