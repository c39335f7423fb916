"""What a payment company does after the gifts: payouts, refunds, an inquiry, monthly gifts."""

import datetime
import secrets

from audit.actors import PUBLIC, WORKER
from config.demo.world import World
from donations.actions.giving import begin_attempt, begin_gift, record_opened
from donations.actions.payments import observe_payment
from donations.actions.payouts import mark_paid_out, observe_payout
from donations.actions.recurring import begin_month, observe_subscription
from donations.models import Attempt, Donation, Fact, PayoutEntry
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

MONTHLY = 12


def payouts(world: World) -> None:
    """One payout for each full month of gifts: it names its transactions and is their sum."""
    known = PayoutEntry.objects.values("transaction_id")
    settled = Fact.objects.filter(kind=Fact.Kind.SETTLED).exclude(object_id__startswith="past:")
    waiting = list(settled.exclude(object_id__in=known).order_by("recorded_at"))
    for start in range(0, len(waiting) - 10, 40):
        part = waiting[start : start + 40]
        at = part[-1].recorded_at + datetime.timedelta(days=3)
        if at > world.now:
            return
        entries = [
            _entry("charge", fact.gross_minor or 0, fact.fee_minor or 0, fact.recorded_at, fact.object_id)
            for fact in part
        ]
        total = sum(entry.net_minor for entry in entries)
        key = f"po_{secrets.token_hex(8)}"
        out = _entry("payout", -total, 0, at, source=key)
        seen = Payout(key, "paid", total, "EUR", True, out.id, None, at, at.date())
        payout = observe_payout(seen=seen, entries=entries, own=[out], by=WORKER, at=at)
        mark_paid_out(payout=payout, transactions=[entry.id for entry in entries], by=WORKER, at=at)


def after_gifts(world: World) -> None:
    """A refund that arrived, one made on the dashboard, an inquiry, a card of a risk country."""
    settled = Fact.objects.filter(kind=Fact.Kind.SETTLED).exclude(object_id__startswith="past:")
    gifts = [fact.donation_id for fact in settled.order_by("-recorded_at")[:12]]
    for number, gift in enumerate(gifts[::4]):
        attempt = Attempt.objects.select_related("donation__fund").get(donation=gift)
        at = min(attempt.opened_at + datetime.timedelta(days=4), world.now)
        _look_again(attempt, number, at)


def _look_again(attempt: Attempt, number: int, at: datetime.datetime) -> None:
    donation = attempt.donation
    settled = donation.facts.get(kind=Fact.Kind.SETTLED)
    gross, fee = settled.gross_minor or 0, settled.fee_minor or 0
    entry = _entry("charge", gross, fee, attempt.opened_at, settled.object_id)
    country = "BY" if number == 0 else "DE"
    payment, session = _paid(attempt, entry, country)
    refunds, disputes = [], []
    if number == 1:
        refunds = [_half(payment, gross, at)]
    if number == 2:
        key = f"dp_{secrets.token_hex(8)}"
        disputes = [
            Dispute(key, "warning_needs_response", gross, "EUR", payment.charge_id, payment.id, (), at)
        ]
    observe_payment(
        attempt=attempt,
        session=session,
        payment=payment,
        refunds=refunds,
        disputes=disputes,
        by=WORKER,
        at=at,
    )


def give_half_back(gift: Donation, at: datetime.datetime) -> None:
    """Half of a booked gift goes back to its giver."""
    attempt = Attempt.objects.get(donation=gift)
    settled = gift.facts.get(kind=Fact.Kind.SETTLED)
    gross = settled.gross_minor or 0
    entry = _entry("charge", gross, settled.fee_minor or 0, attempt.opened_at, settled.object_id)
    payment, session = _paid(attempt, entry, "DE")
    refunds = [_half(payment, gross, at)]
    observe_payment(attempt=attempt, session=session, payment=payment, refunds=refunds, by=WORKER, at=at)


def _half(payment: Payment, gross_minor: int, at: datetime.datetime) -> Refund:
    back = _entry("refund", -(gross_minor // 2), 0, at)
    amount, charge = gross_minor // 2, payment.charge_id
    return Refund(f"re_{back.id}", "succeeded", amount, "EUR", charge, payment.id, back.id, back)


def monthly(world: World) -> None:
    """A dozen monthly gifts: most run, one is paused, one fails, one was stopped."""
    for number in range(MONTHLY):
        at = world.moment(120 - 9 * number)
        fund = world.funds["general" if number % 3 else "medical-staff"]
        amount = (1_000, 2_000, 3_000, 5_000)[number % 4]
        gift, _code = begin_gift(
            fund=fund, amount_minor=amount, currency="EUR", level="code", language="be", monthly=True,
            by=PUBLIC, at=at,
        )  # fmt: skip
        attempt = begin_attempt(donation=gift, by=PUBLIC, at=at)
        key = f"sub_{secrets.token_hex(8)}"
        _pay(attempt, amount, at, subscription_id=key)
        mandate = gift.recurring
        if mandate is None:
            raise RuntimeError("a monthly gift without its mandate")
        months = (world.now - at).days // 30
        for month in range(1, months + 1):
            then = at + datetime.timedelta(days=30 * month)
            mark = secrets.token_hex(8)
            invoice = Invoice(
                f"in_{mark}", "paid", False, key, str(mandate.pk), amount, amount, "EUR", 1, None,
                f"pi_{mark}", then,
            )  # fmt: skip
            _pay(
                begin_month(mandate=mandate, invoice=invoice, by=WORKER, at=then),
                amount,
                then,
                invoice=invoice,
            )
        status, paused = _state(number)
        ended = world.now if status == "canceled" else None
        next_on = (at + datetime.timedelta(days=30 * (months + 1))).date()
        seen = Subscription(
            key, status, amount, "EUR", paused, None, next_on, ended, str(mandate.pk), "si_1", "prod_1"
        )
        observe_subscription(mandate=mandate, seen=seen, fetched_at=world.now, by=WORKER, at=world.now)


def _state(number: int) -> tuple[str, bool]:
    return {3: ("active", True), 5: ("past_due", False), 8: ("canceled", False)}.get(
        number, ("active", False)
    )


def _pay(
    attempt: Attempt,
    amount: int,
    at: datetime.datetime,
    *,
    subscription_id: str | None = None,
    invoice: Invoice | None = None,
) -> None:
    entry = _entry("charge", amount, amount * 15 // 1_000 + 25, at)
    payment, session = _paid(attempt, entry, "DE", subscription_id)
    if invoice is None:
        record_opened(attempt=attempt, session=session, by=PUBLIC, at=at)
    observe_payment(
        attempt=attempt,
        session=session if invoice is None else None,
        payment=payment,
        invoice=invoice,
        by=WORKER,
        at=at,
    )


def _paid(
    attempt: Attempt, entry: BalanceTransaction, country: str, subscription_id: str | None = None
) -> tuple[Payment, CheckoutSession]:
    gross = entry.gross_minor
    charge = attempt.charge_id or f"ch_{secrets.token_hex(8)}"
    intent = attempt.payment_intent_id or f"pi_{secrets.token_hex(8)}"
    payment = Payment(
        intent, "succeeded", gross, gross, 0, "EUR", charge, "card", country, None, entry, False
    )
    session = CheckoutSession(
        attempt.session_id or f"cs_{secrets.token_hex(8)}", None, "complete", "paid", intent, gross, "EUR",
        str(attempt.donation_id), attempt.opened_at, attempt.expires_at, False, subscription_id,
    )  # fmt: skip
    return payment, session


def _entry(  # noqa: PLR0917  as short as a line of a statement
    kind: str, gross: int, fee: int, at: datetime.datetime, key: str = "", source: str = ""
) -> BalanceTransaction:
    key = key or f"txn_{secrets.token_hex(8)}"
    return BalanceTransaction(
        key, kind, source or f"src_{key}", gross, fee, gross - fee, "EUR", None, at, at.date()
    )
