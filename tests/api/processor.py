"""A gift with everything a processor may show: monthly, from a risk country, refunded, paid out."""

import datetime

from audit.actors import PUBLIC, WORKER
from donations.actions.giving import begin_attempt, begin_gift, record_opened
from donations.actions.payments import observe_payment
from donations.actions.payouts import observe_payout
from donations.actions.refunds import ask_refund
from donations.stripe_answers import BalanceTransaction, CheckoutSession, Payment, Payout
from treasury.models import Fund


def fill(fund: Fund, at: datetime.datetime) -> None:
    """A monthly gift, its alarm, a refund that waits, and the payout that took it along."""
    gift, _code = begin_gift(
        fund=fund, amount_minor=5_000, currency="EUR", level="code", language="en", monthly=True,
        by=PUBLIC, at=at,
    )  # fmt: skip
    attempt = begin_attempt(donation=gift, by=PUBLIC, at=at)
    entry = _entry("txn_1", "charge", 5_000, 100, at)
    payment = Payment("pi_1", "succeeded", 5_000, 5_000, 0, "EUR", "ch_1", "card", "BY", None, entry, False)
    session = CheckoutSession(
        "cs_1", None, "complete", "paid", "pi_1", 5_000, "EUR", str(gift.pk), at, at, False
    )
    record_opened(attempt=attempt, session=session, by=PUBLIC, at=at)
    observe_payment(attempt=attempt, session=session, payment=payment, by=WORKER, at=at)
    ask_refund(donation=gift, amount_minor=1_000, by=WORKER, at=at)
    seen = Payout("po_1", "in_transit", 4_900, "EUR", True, "txn_2", None, at, at.date())
    out = _entry("txn_2", "payout", -4_900, 0, at)
    observe_payout(seen=seen, entries=[entry], own=[out], by=WORKER, at=at)


def _entry(key: str, kind: str, gross: int, fee: int, at: datetime.datetime) -> BalanceTransaction:
    source = "po_1" if kind == "payout" else "ch_1"
    return BalanceTransaction(key, kind, source, gross, fee, gross - fee, "EUR", None, at, at.date())
