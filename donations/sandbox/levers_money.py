"""Levers for what happens to money outside the API: in the dashboard, at the banks, at Stripe."""

from donations.sandbox import balance, disputing, methods, paying, refunding, standing
from donations.sandbox.instruments import INSTRUMENTS
from donations.sandbox.orders import flag, named, whole, word
from donations.sandbox.refusals import Json, Refused, not_found
from donations.sandbox.resources import payouts
from donations.sandbox.webhooks import Webhooks
from donations.sandbox.world import World


def settle(world: World, hooks: Webhooks, order: Json) -> Json:
    """The banks answer everything that waits for them."""
    return {"settled": paying.settle(world)}


def answer_debit(world: World, hooks: Webhooks, order: Json) -> Json:
    """The bank answers one direct debit."""
    outcome = word(order, "outcome", "succeeded", ("succeeded", "failed"))
    charge = _charge(world, order)
    paying.answer_debit(world, charge, fails=outcome == "failed")
    return {"charge": charge["id"]}


def refund(world: World, hooks: Webhooks, order: Json) -> Json:
    """A refund made in the dashboard."""
    status = word(order, "status", "", ("", "succeeded", "pending"))
    made = refunding.refund(
        world,
        _charge(world, order),
        amount=whole(order, "amount", 0) or None,
        reason=word(order, "reason", "", ("", *REFUND_REASONS)) or None,
        status=status or None,
    )
    return {"refund": made["id"]}


def settle_refund(world: World, hooks: Webhooks, order: Json) -> Json:
    """A refund arrives or comes back."""
    made = named(world, "refund", order)
    if word(order, "outcome", "succeeded", ("succeeded", "failed")) == "succeeded":
        refunding.succeed(world, made)
    else:
        refunding.fail(world, made, str(order.get("reason", "expired_or_canceled_card")))
    return {"refund": made["id"]}


def open_dispute(world: World, hooks: Webhooks, order: Json) -> Json:
    """A donor's bank disputes a payment, or inquires about it."""
    charge = _charge(world, order)
    debit = charge["payment_method_details"]["type"] == "sepa_debit"
    made = disputing.open_dispute(
        world,
        charge,
        amount=whole(order, "amount", 0) or None,
        kind=word(order, "kind", "chargeback", ("chargeback", "inquiry")),
        reason=str(order.get("reason", "debit_not_authorized" if debit else "fraudulent")),
    )
    return {"dispute": made["id"]}


def settle_dispute(world: World, hooks: Webhooks, order: Json) -> Json:
    """The bank decides a dispute."""
    outcome = word(order, "outcome", "lost", ("won", "lost", "closed", "escalated"))
    made = named(world, "dispute", order)
    disputing.settle(world, made, outcome)
    return {"dispute": made["id"]}


def pay_out(world: World, hooks: Webhooks, order: Json) -> Json:
    """Stripe's automatic payout, now."""
    return {"payouts": [payout["id"] for payout in payouts.pay_out_all(world)]}


def fail_payout(world: World, hooks: Webhooks, order: Json) -> Json:
    """The organisation's bank refuses a payout."""
    payout = named(world, "payout", order)
    payouts.fail(world, payout, str(order.get("code", "account_closed")))
    return {"payout": payout["id"]}


def add_fee(world: World, hooks: Webhooks, order: Json) -> Json:
    """A fee of its own, or with `to_next_charge` a part of the next charge's fee; `type` may be unknown."""
    amount = whole(order, "amount", 100)
    kind, text = str(order.get("type", "stripe_fee")), str(order.get("description", "Fee"))
    currency = str(order.get("currency", "eur")).lower()
    if flag(order, "to_next_charge"):
        world.switches.next_fee = balance.fee_part(amount, currency, text, kind)
        return {}
    source = {"id": None, "currency": currency, "description": text}
    entry = balance.book(world, kind=kind, source=source, amount=-amount)
    return {"balance_transaction": entry["id"]}


def convert(world: World, hooks: Webhooks, order: Json) -> Json:
    """From now on payments in `currency` are converted to euro at `rate`; 0 keeps them as they are."""
    currency = str(order.get("currency", "usd")).lower()
    try:
        rate = float(order.get("rate", 0))
    except (TypeError, ValueError) as error:
        raise Refused("Invalid rate", param="rate") from error
    world.switches.rates.pop(currency, None)
    if rate > 0 and currency != "eur":
        world.switches.rates[currency] = rate
    return {}


def change_card(world: World, hooks: Webhooks, order: Json) -> Json:
    """The donor has given another card or account for a subscription, as in Stripe's portal."""
    made = named(world, "subscription", order)
    card = word(order, "card", "ok", tuple(INSTRUMENTS))
    method = methods.attach(world, methods.new_method(world, INSTRUMENTS[card]), made["customer"])
    standing.change(world, made, default_payment_method=method["id"])
    return {"payment_method": method["id"]}


def renewals(world: World, hooks: Webhooks, order: Json) -> Json:
    """What the card of a subscription does from now on when the donor is not there."""
    made = named(world, "subscription", order)
    outcome = word(order, "outcome", "refused", ("paid", "refused", "authentication"))
    world.store.put("renewals", made["default_payment_method"], {"outcome": outcome})
    return {"subscription": made["id"]}


def _charge(world: World, order: Json) -> Json:
    """The charge named by `payment`: its own id, that of its payment intent or of its session."""
    key = str(order.get("payment", ""))
    session = world.find("checkout.session", key)
    intent = world.find("payment_intent", session["payment_intent"] if session else key)
    found = world.find("charge", intent["latest_charge"] if intent else key)
    if found is None:
        raise not_found("payment", key, "payment")
    return found


REFUND_REASONS = ("duplicate", "fraudulent", "requested_by_customer")
LEVERS = {
    "settle": settle,
    "answer_debit": answer_debit,
    "refund": refund,
    "settle_refund": settle_refund,
    "open_dispute": open_dispute,
    "settle_dispute": settle_dispute,
    "pay_out": pay_out,
    "fail_payout": fail_payout,
    "add_fee": add_fee,
    "convert": convert,
    "change_card": change_card,
    "renewals": renewals,
}
