"""From Stripe's objects to our plain records; the objects are not dicts and have no ``get``."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from donations.stripe_answers import (
    BalanceTransaction,
    CheckoutSession,
    Dispute,
    Invoice,
    Payment,
    Payout,
    Refund,
    Subscription,
)


def since(moment: datetime) -> dict[str, int]:
    """A lower bound for ``created``."""
    return {"gte": int(moment.timestamp())}


def id_of(field: Any) -> str | None:
    """The id of an expandable field, expanded or not."""
    return field if field is None or isinstance(field, str) else str(field.id)


def checkout(session: Any) -> CheckoutSession:
    """A session of the payment page."""
    return CheckoutSession(
        id=session.id,
        url=session.url,
        status=session.status or "",
        payment_status=session.payment_status,
        payment_intent_id=id_of(session.payment_intent),
        amount_total_minor=session.amount_total or 0,
        currency=(session.currency or "").upper(),
        client_reference=session.client_reference_id,
        created_at=_moment(session.created),
        expires_at=_moment(session.expires_at),
        livemode=session.livemode,
        subscription_id=id_of(session.subscription),
        invoice_id=id_of(session.invoice),
    )


def payment(intent: Any) -> Payment:
    """A payment intent whose latest charge and its balance transaction are expanded."""
    charge: Any = intent.latest_charge
    entry: Any = charge.balance_transaction if charge else None
    details = _details(charge)
    error = intent.last_payment_error
    return Payment(
        id=intent.id,
        status=intent.status,
        amount_minor=intent.amount,
        received_minor=intent.amount_received,
        refunded_minor=charge.amount_refunded if charge else 0,
        currency=intent.currency.upper(),
        charge_id=charge.id if charge else None,
        method=details.get("type"),
        card_country=_of_means(details, "country"),
        failure_code=error.code if error else None,
        balance_transaction=balance(entry) if entry else None,
        livemode=intent.livemode,
        disputed=bool(charge.disputed) if charge else False,
        last_four=_of_means(details, "last4") or "",
    )


def _details(charge: Any) -> dict[str, Any]:
    found: dict[str, Any] = charge.payment_method_details.to_dict() if charge else {}
    return found


def _of_means(details: dict[str, Any], name: str) -> str | None:
    method = details.get("type")
    return (details.get(method) or {}).get(name) if method else None


def balance(entry: Any) -> BalanceTransaction:
    """One movement of the balance."""
    rate = entry.exchange_rate
    return BalanceTransaction(
        id=entry.id,
        kind=entry.type,
        source_id=id_of(entry.source),
        gross_minor=entry.amount,
        fee_minor=entry.fee,
        net_minor=entry.net,
        currency=entry.currency.upper(),
        exchange_rate=None if rate is None else Decimal(str(rate)),
        created_at=_moment(entry.created),
        available_on=_moment(entry.available_on).date(),
    )


def refund(found: Any) -> Refund:
    """A refund, with what it moved where that was expanded."""
    metadata = found.metadata.to_dict() if found.metadata else {}
    return Refund(
        id=found.id,
        status=found.status or "",
        amount_minor=found.amount,
        currency=found.currency.upper(),
        charge_id=id_of(found.charge),
        payment_intent_id=id_of(found.payment_intent),
        balance_transaction_id=id_of(found.balance_transaction),
        entry=_expanded(found.balance_transaction),
        returned=_expanded(found.failure_balance_transaction),
        reference=str(metadata.get("reference", "")),
    )


def _expanded(field: Any) -> BalanceTransaction | None:
    return None if field is None or isinstance(field, str) else balance(field)


def dispute(found: Any) -> Dispute:
    """A dispute with its zero to two balance transactions."""
    return Dispute(
        id=found.id,
        status=found.status,
        amount_minor=found.amount,
        currency=found.currency.upper(),
        charge_id=id_of(found.charge),
        payment_intent_id=id_of(found.payment_intent),
        entries=tuple(balance(entry) for entry in found.balance_transactions),
        created_at=_moment(found.created),
    )


def payout(found: Any) -> Payout:
    """A payout."""
    return Payout(
        id=found.id,
        status=found.status,
        amount_minor=found.amount,
        currency=found.currency.upper(),
        automatic=found.automatic,
        balance_transaction_id=id_of(found.balance_transaction),
        failure_transaction_id=id_of(found.failure_balance_transaction),
        created_at=_moment(found.created),
        arrives_on=_moment(found.arrival_date).date(),
    )


def subscription(found: Any) -> Subscription:
    """A subscription of one item."""
    item = found["items"].data[0]  # ``items`` is a method of the SDK's objects
    pause = found.pause_collection
    resumes = pause.resumes_at if pause else None
    metadata = found.metadata.to_dict() if found.metadata else {}
    period_end = item.current_period_end
    return Subscription(
        id=found.id,
        status=found.status,
        amount_minor=(item.price.unit_amount or 0) * (item.quantity or 1),
        currency=item.price.currency.upper(),
        paused=pause is not None,
        resumes_on=_moment(resumes).date() if resumes else None,
        next_on=_moment(period_end).date() if period_end else None,
        ended_at=_moment(found.ended_at) if found.ended_at else None,
        reference=str(metadata.get("reference", "")),
        item_id=item.id,
        product_id=id_of(item.price.product) or "",
    )


def invoice(found: Any) -> Invoice:
    """An invoice of a subscription, its payments expanded."""
    details = found.parent.subscription_details if found.parent else None
    metadata = details.metadata.to_dict() if details and details.metadata else {}
    next_try = found.next_payment_attempt
    return Invoice(
        id=found.id,
        status=found.status or "",
        first=found.billing_reason == "subscription_create",
        subscription_id=id_of(details.subscription) if details else None,
        reference=str(metadata.get("reference", "")),
        amount_due_minor=found.amount_due,
        amount_paid_minor=found.amount_paid,
        currency=found.currency.upper(),
        attempts=found.attempt_count,
        next_try_at=_moment(next_try) if next_try else None,
        payment_intent_id=_payment_of(found),
        created_at=_moment(found.created),
    )


def _payment_of(found: Any) -> str | None:
    """The payment intent of the invoice: the paid one if there are several."""
    payments = list(found.payments.data) if found.payments else []
    payments.sort(key=lambda each: each.status != "paid")
    intents = [id_of(each.payment.payment_intent) for each in payments if each.payment.payment_intent]
    return intents[0] if intents else None


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
