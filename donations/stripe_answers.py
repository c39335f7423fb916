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
    subscription_id: str | None = None
    invoice_id: str | None = None


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
    disputed: bool = False
    # Only for telling two mandates apart when a giver asks us to stop one; never stored.
    last_four: str = ""


@dataclass(frozen=True, slots=True)
class Refund:
    """`status`: pending, requires_action, succeeded, failed, canceled.

    `entry` is the balance transaction that took the money, `returned` the one that brought it back when the
    refund failed; both None until they exist. `reference` is what we gave with it.
    """

    id: str
    status: str
    amount_minor: int
    currency: str
    charge_id: str | None
    payment_intent_id: str | None
    balance_transaction_id: str | None
    entry: BalanceTransaction | None = None
    returned: BalanceTransaction | None = None
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Dispute:
    """A giver's bank contests a payment. `status` beginning with "warning" is an inquiry: no money moves.

    `entries` are none, one (taken) or two (taken and given back) balance transactions.
    """

    id: str
    status: str
    amount_minor: int
    currency: str
    charge_id: str | None
    payment_intent_id: str | None
    entries: tuple[BalanceTransaction, ...]
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Payout:
    """`status`: pending, in_transit, paid, failed, canceled. Only automatic ones name what they pay."""

    id: str
    status: str
    amount_minor: int
    currency: str
    automatic: bool
    balance_transaction_id: str | None
    failure_transaction_id: str | None
    created_at: datetime
    arrives_on: date


@dataclass(frozen=True, slots=True)
class Subscription:
    """`status`: incomplete, incomplete_expired, trialing, active, past_due, canceled, unpaid, paused.

    `paused` says that no payment is collected now, until `resumes_on` if that is set.
    """

    id: str
    status: str
    amount_minor: int
    currency: str
    paused: bool
    resumes_on: date | None
    next_on: date | None
    ended_at: datetime | None
    reference: str
    item_id: str
    product_id: str


@dataclass(frozen=True, slots=True)
class Invoice:
    """One month of a recurring gift. `status`: draft, open, paid, uncollectible, void.

    `attempts` counts tries to take the money; `next_try_at` is None after the last one. `reference` is what
    we gave with the subscription.
    """

    id: str
    status: str
    first: bool
    subscription_id: str | None
    reference: str
    amount_due_minor: int
    amount_paid_minor: int
    currency: str
    attempts: int
    next_try_at: datetime | None
    payment_intent_id: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class EventHint:
    """Something changed: which object, not how. `object_id` is "" for the few objects without an id."""

    id: str
    type: str
    object_id: str
    livemode: bool
    created_at: datetime
