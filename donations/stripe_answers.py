"""What the gateway answers: plain frozen records, never objects of Stripe's SDK.

Amounts are integer minor units, currencies ISO codes in capitals, moments aware and in UTC. Statuses and
kinds are Stripe's own words. Nothing here holds a donor's name or address.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class CheckoutSession:
    """`status`: open, complete, expired. `payment_status`: paid, unpaid, no_payment_required.

    `payment_intent_id` is None until the donor first tries to pay; `url` is None once the session is closed.
    """

    id: str
    url: str | None
    status: str
    payment_status: str
    payment_intent_id: str | None
    amount_total_minor: int
    currency: str
    client_reference: str | None
    created_at: datetime
    expires_at: datetime
    livemode: bool


@dataclass(frozen=True, slots=True)
class BalanceTransaction:
    """The only record money is booked from. Gross, fee and net are in the currency of the Stripe balance.

    `kind`: charge, payment (direct debit), refund, payment_refund, payout, adjustment, … Money that leaves is
    negative. `exchange_rate` is None without conversion. `source_id` names the charge, refund or payout.
    """

    id: str
    kind: str
    source_id: str | None
    gross_minor: int
    fee_minor: int
    net_minor: int
    currency: str
    exchange_rate: Decimal | None
    created_at: datetime
    available_on: date


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment intent with its latest charge.

    `status`: requires_payment_method, requires_action, processing, succeeded, canceled. `method`: card,
    sepa_debit, … `card_country` is the country of the card or bank account, two letters. The balance
    transaction may come some time after `succeeded`: None means ask again, not zero.
    """

    id: str
    status: str
    amount_minor: int
    received_minor: int
    refunded_minor: int
    currency: str
    charge_id: str | None
    method: str | None
    card_country: str | None
    failure_code: str | None
    balance_transaction: BalanceTransaction | None
    livemode: bool


@dataclass(frozen=True, slots=True)
class Refund:
    """`status`: pending, requires_action, succeeded, failed, canceled."""

    id: str
    status: str
    amount_minor: int
    currency: str
    charge_id: str | None
    payment_intent_id: str | None
    balance_transaction_id: str | None


@dataclass(frozen=True, slots=True)
class EventHint:
    """Something changed: which object, not how. `object_id` is "" for the few objects without an id."""

    id: str
    type: str
    object_id: str
    livemode: bool
    created_at: datetime
