"""Subscriptions: begun on the payment page, renewed by time, retried, changed, paused, ended."""

from collections import Counter
from typing import Any

import pytest
import stripe

from donations.sandbox.periods import step
from donations.sandbox.server import Sandbox
from tests.sandbox.gifts import open_monthly

DAY = 86_400
MONTH = 32 * DAY


def begin(sandbox: Sandbox, sdk: stripe.StripeClient, card: str = "ok") -> stripe.Subscription:
    """A monthly gift whose first payment has been tried with this card."""
    session = open_monthly(sandbox)
    sandbox.pay(session.id, card)
    done = sdk.v1.checkout.sessions.retrieve(session.id, {"expand": ["subscription"]})
    assert isinstance(done.subscription, stripe.Subscription)
    return done.subscription


def invoices(sdk: stripe.StripeClient, subscription: stripe.Subscription) -> list[Any]:
    """Oldest first, with their payments."""
    params: Any = {"subscription": subscription.id, "expand": ["data.payments"]}
    return list(sdk.v1.invoices.list(params).data)[::-1]


def told(sandbox: Sandbox, since: int = 0) -> Counter[str]:
    return Counter(event["type"] for event in sandbox.events()[since:])


def test_first_payment_makes_customer_subscription_and_paid_invoice(
    sandbox: Sandbox, sdk: stripe.StripeClient
) -> None:
    session = open_monthly(sandbox)
    assert (session.mode, session.subscription, session.payment_intent) == ("subscription", None, None)
    assert sandbox.pay(session.id, "declined") == "refused"
    assert sdk.v1.checkout.sessions.retrieve(session.id).status == "open"
    assert sandbox.pay(session.id, "ok") == "paid"
    done = sdk.v1.checkout.sessions.retrieve(
        session.id, {"expand": ["customer", "invoice.payments.data.payment.payment_intent", "subscription"]}
    )
    made, invoice = done.subscription, done.invoice
    assert isinstance(made, stripe.Subscription)
    assert isinstance(invoice, stripe.Invoice)
    assert (done.payment_status, done.payment_intent, made.status) == ("paid", None, "active")
    assert made["items"]["data"][0].price.unit_amount == 2000
    assert made.metadata.to_dict() == {"gift": "opaque-1"}
    assert (invoice.status, invoice.billing_reason, invoice.amount_paid) == (
        "paid",
        "subscription_create",
        2000,
    )
    assert invoice.parent.subscription_details.subscription == made.id  # type: ignore[union-attr]
    assert invoice.payments is not None
    payment = invoice.payments.data[0]
    intent: Any = payment.payment.payment_intent
    assert (payment.status, intent.status, intent.customer) == ("paid", "succeeded", done.customer.id)  # type: ignore[union-attr]
    asked: Any = {"payment": {"type": "payment_intent", "payment_intent": intent.id}}
    assert sdk.v1.invoice_payments.list(asked).data[0].invoice == invoice.id
    charge = sdk.v1.charges.retrieve(intent.latest_charge, {"expand": ["balance_transaction"]})
    assert charge.balance_transaction.net == 2000 - 55  # type: ignore[union-attr]
    counts = told(sandbox)
    for kind in (
        "customer.created",
        "customer.subscription.created",
        "invoice.created",
        "invoice.finalized",
        "invoice.paid",
        "invoice.payment_succeeded",
        "invoice_payment.paid",
        "payment_method.attached",
        "checkout.session.completed",
    ):
        assert counts[kind] == 1, kind


def test_a_year_passes_in_one_leap(sandbox: Sandbox, sdk: stripe.StripeClient) -> None:
    made = begin(sandbox, sdk)
    sandbox.advance(366 * DAY)
    every = list(sdk.v1.invoices.list({"subscription": made.id, "limit": 100}).auto_paging_iter())[::-1]
    assert [i.status for i in every] == ["paid"] * 13
    begins = [step(made.billing_cycle_anchor, "month", 1, number) for number in range(13)]
    assert [i.lines.data[0].period.start for i in every] == begins
    assert [i.status_transitions.finalized_at for i in every[1:]] == [b + 3600 for b in begins[1:]]
    intents = {
        sdk.v1.invoice_payments.list({"invoice": i.id or ""}).data[0].payment.payment_intent for i in every
    }
    assert len(intents) == 13
    entries = list(sdk.v1.balance_transactions.list({"type": "charge", "limit": 5}).auto_paging_iter())
    assert [e.net for e in entries] == [1945] * 13
    moments = [event["created"] for event in sandbox.events()]
    assert moments == sorted(moments)


def test_refused_renewal_is_tried_again_and_given_up(sandbox: Sandbox, sdk: stripe.StripeClient) -> None:
    made = begin(sandbox, sdk, "renewal_refused")
    sandbox.advance(MONTH)
    due = invoices(sdk, made)[-1]
    assert (due.status, due.attempt_count, due.amount_remaining) == ("open", 1, 2000)
    assert due.next_payment_attempt is not None
    assert sdk.v1.subscriptions.retrieve(made.id).status == "past_due"
    with pytest.raises(stripe.CardError) as refused:
        sdk.v1.invoices.pay(due.id)
    assert refused.value.code == "card_declined"
    sandbox.advance(30 * DAY)
    ended = sdk.v1.subscriptions.retrieve(made.id)
    assert (ended.status, ended.cancellation_details.reason) == ("canceled", "payment_failed")  # type: ignore[union-attr]
    last = invoices(sdk, made)[-1]
    assert (last.status, last.attempt_count, last.next_payment_attempt) == ("open", 4, None)
    counts = told(sandbox)
    assert (counts["invoice.payment_failed"], counts["customer.subscription.deleted"]) == (4, 1)
    assert len({p.payment.payment_intent for p in last.payments.data}) == 1


def test_new_card_pays_what_was_refused(sandbox: Sandbox, sdk: stripe.StripeClient) -> None:
    made = begin(sandbox, sdk, "renewal_authentication")
    sandbox.advance(MONTH)
    assert told(sandbox)["invoice.payment_action_required"] == 1
    sandbox.control("change_card", subscription=made.id, card="ok")
    assert sdk.v1.invoices.pay(invoices(sdk, made)[-1].id).status == "paid"
    assert sdk.v1.subscriptions.retrieve(made.id).status == "active"
    sandbox.control("renewals", subscription=made.id, outcome="refused")
    sandbox.advance(MONTH)
    sandbox.control("renewals", subscription=made.id, outcome="paid")
    sandbox.advance(4 * DAY)
    assert [i.status for i in invoices(sdk, made)] == ["paid"] * 3


def test_direct_debit_each_month(sandbox: Sandbox, sdk: stripe.StripeClient) -> None:
    made = begin(sandbox, sdk, "sepa")
    assert (made.status, invoices(sdk, made)[0].status) == ("active", "open")
    sandbox.settle()
    assert invoices(sdk, made)[0].status == "paid"
    assert told(sandbox)["checkout.session.async_payment_succeeded"] == 1
    sandbox.advance(MONTH)
    due = invoices(sdk, made)[-1]
    assert due.status == "open"
    sandbox.control("answer_debit", payment=due.payments.data[0].payment.payment_intent, outcome="failed")
    assert sdk.v1.subscriptions.retrieve(made.id).status == "past_due"
    sandbox.advance(3 * DAY)
    sandbox.settle()
    assert [i.status for i in invoices(sdk, made)] == ["paid", "paid"]
    assert told(sandbox)["checkout.session.async_payment_failed"] == 0
    method = sdk.v1.payment_methods.list({"customer": str(made.customer)}).data[0]
    charge = sdk.v1.charges.list({"customer": str(made.customer)}).data[0]
    mandate = sdk.v1.mandates.retrieve(charge.payment_method_details.sepa_debit.mandate)  # type: ignore[union-attr,arg-type]
    assert (mandate.status, mandate.payment_method) == ("active", method.id)
    sdk.v1.payment_methods.detach(method.id)
    assert sdk.v1.mandates.retrieve(mandate.id).status == "inactive"


def test_amount_changes_from_the_next_month_on(sandbox: Sandbox, sdk: stripe.StripeClient) -> None:
    made = begin(sandbox, sdk)
    item = made["items"]["data"][0]
    price = {
        "currency": "eur",
        "product": item.price.product,
        "unit_amount": 3000,
        "recurring": {"interval": "month"},
    }
    change: Any = {"items": [{"id": item.id, "price_data": price}]}
    with pytest.raises(stripe.InvalidRequestError, match="proration"):
        sdk.v1.subscriptions.update(made.id, change)
    sdk.v1.subscriptions.update(made.id, change | {"proration_behavior": "none", "metadata": {"gift": ""}})
    sandbox.advance(MONTH)
    assert [i.amount_paid for i in invoices(sdk, made)] == [2000, 3000]
    assert sdk.v1.subscriptions.retrieve(made.id).metadata.to_dict() == {}


@pytest.mark.parametrize(
    ("behavior", "status"),
    [("void", "void"), ("keep_as_draft", "draft"), ("mark_uncollectible", "uncollectible")],
)
def test_pause_takes_nothing_and_ends_by_itself(
    sandbox: Sandbox, sdk: stripe.StripeClient, behavior: Any, status: str
) -> None:
    made = begin(sandbox, sdk)
    resumes_at = made["items"]["data"][0].current_period_end + 5 * DAY
    sdk.v1.subscriptions.update(
        made.id, {"pause_collection": {"behavior": behavior, "resumes_at": resumes_at}}
    )
    sandbox.advance(2 * MONTH)
    assert [i.status for i in invoices(sdk, made)] == ["paid", status, "paid"]
    assert sdk.v1.subscriptions.retrieve(made.id).pause_collection is None
    assert len(sdk.v1.charges.list().data) == 2


def test_nothing_is_taken_after_the_end(sandbox: Sandbox, sdk: stripe.StripeClient) -> None:
    now, later = begin(sandbox, sdk), begin(sandbox, sdk)
    assert sdk.v1.subscriptions.cancel(now.id).status == "canceled"
    asked = sdk.v1.subscriptions.update(later.id, {"cancel_at_period_end": True})
    assert asked.cancel_at == later["items"]["data"][0].current_period_end
    assert [s.id for s in sdk.v1.subscriptions.list().data] == [later.id]
    sandbox.advance(3 * MONTH)
    assert sdk.v1.subscriptions.list().data == []
    assert {s.id for s in sdk.v1.subscriptions.list({"status": "canceled"}).data} == {now.id, later.id}
    assert len(sdk.v1.charges.list().data) == 2
    with pytest.raises(stripe.InvalidRequestError):
        sdk.v1.subscriptions.cancel(now.id)
    with pytest.raises(stripe.InvalidRequestError):
        sdk.v1.subscriptions.update(now.id, {"cancel_at_period_end": False})


def test_cancelling_in_the_hour_of_the_draft(sandbox: Sandbox, sdk: stripe.StripeClient) -> None:
    made = begin(sandbox, sdk)
    sandbox.advance(made["items"]["data"][0].current_period_end - made.created + 60)
    assert [i.status for i in invoices(sdk, made)] == ["paid", "draft"]
    sdk.v1.subscriptions.cancel(made.id)
    sandbox.advance(MONTH)
    assert [i.status for i in invoices(sdk, made)] == ["paid", "draft"]


def test_deleted_customer_ends_subscriptions(sandbox: Sandbox, sdk: stripe.StripeClient) -> None:
    made = begin(sandbox, sdk)
    assert sdk.v1.customers.delete(str(made.customer)).deleted
    assert sdk.v1.customers.retrieve(str(made.customer)).deleted
    assert sdk.v1.subscriptions.retrieve(made.id).status == "canceled"
    assert sdk.v1.customers.list().data == []
