"""What the donor does on the hosted page, and what the bank answers, now or days later."""

from typing import Literal

from donations.sandbox import charging, refunding, subscribing
from donations.sandbox.instruments import INSTRUMENTS, Instrument, used_for
from donations.sandbox.methods import DONOR, attach, new_customer, new_method
from donations.sandbox.refusals import Json, Refused, not_found
from donations.sandbox.resources import payments
from donations.sandbox.resources.checkout import KIND, close
from donations.sandbox.world import World

Step = Literal["paid", "processing", "refused", "authentication"]


class SessionClosed(Exception):
    """The session is already complete or expired; the page says so and offers the way back."""


def open_session(world: World, session_id: str) -> Json:
    """The session if it can still be paid. Raises Refused (404) or SessionClosed."""
    session = world.find(KIND, session_id)
    if session is None:
        raise not_found("checkout.session", session_id, "session")
    if session["status"] == "open" and session["expires_at"] <= world.now():
        session = close(world, session)
    if session["status"] != "open":
        raise SessionClosed(session["status"])
    return session


def intent_of(world: World, session: Json) -> Json | None:
    """The payment intent of a session once the donor has tried to pay."""
    named = world.store.get("intent_of", session["id"])
    return world.find("payment_intent", named["intent"]) if named else None


def pay(world: World, session_id: str, instrument_name: str) -> Step:
    """Try to pay with one instrument; a refused try leaves the session open for another."""
    session = open_session(world, session_id)
    instrument = _instrument(session, instrument_name)
    intent = intent_of(world, session) or _new_intent(world, session)
    method = new_method(world, instrument)
    match instrument.outcome:
        case "refused":
            charge = payments.new_charge(world, intent, instrument, "failed", method)
            charging.refuse(world, intent, instrument, charge)
        case "authentication":
            charging.ask_bank(world, intent, method)
        case "processing":
            _charge, intent = charging.process(world, intent, instrument, method)
            _complete(world, session, intent, method)
        case "paid":
            _paid_by_card(world, session, intent, method)
    return instrument.outcome


def authenticate(world: World, session_id: str, *, approved: bool) -> Step:
    """The donor's answer at their bank, for an instrument that asked for it."""
    session = open_session(world, session_id)
    intent = intent_of(world, session)
    if intent is None or intent["status"] != "requires_action":
        raise Refused("This payment is not waiting for the bank's confirmation.")
    if approved:
        _paid_by_card(world, session, intent, world.need("payment_method", intent["payment_method"]))
        return "paid"
    charging.refuse(world, intent, INSTRUMENTS["authentication"], None)
    return "refused"


def _instrument(session: Json, name: str) -> Instrument:
    instrument = INSTRUMENTS.get(name)
    if instrument is None or instrument.method not in session["payment_method_types"]:
        raise Refused("This means of payment is not offered for this session.", param="card")
    return instrument


def _new_intent(world: World, session: Json) -> Json:
    extra = world.store.get("intent_data", session["id"]) or {}
    monthly = session["mode"] == "subscription"
    wanted = {
        "amount": session["amount_total"],
        "allowed_payment_method_types": session["allowed_payment_method_types"],
        "currency": session["currency"],
        "customer": _customer(world, session),
        "description": "Subscription creation" if monthly else extra.get("description"),
        "metadata": extra.get("metadata") or {},
        "payment_method_types": session["payment_method_types"],
        "setup_future_usage": "off_session" if monthly else None,
        "statement_descriptor": extra.get("statement_descriptor"),
        "statement_descriptor_suffix": extra.get("statement_descriptor_suffix"),
    }
    intent = payments.new_intent(world, wanted)
    world.store.put("intent_of", session["id"], {"intent": intent["id"]})
    world.store.put("session_of", intent["id"], {"session": session["id"]})
    if not monthly:
        world.keep(session | {"payment_intent": intent["id"]})
    return intent


def _customer(world: World, session: Json) -> str | None:
    """The customer this payment is for: the one given, or a new one where the session wants one."""
    if session["customer"]:
        return str(session["customer"])
    if session["mode"] != "subscription" and session["customer_creation"] != "always":
        return None
    email = session["customer_email"] or DONOR["email"]
    return str(new_customer(world, email=email, name=DONOR["name"])["id"])


def _paid_by_card(world: World, session: Json, intent: Json, method: Json) -> None:
    instrument = INSTRUMENTS[(world.store.get("instrument_of", method["id"]) or {})["name"]]
    charge, intent = charging.succeed(world, intent, instrument, method)
    _complete(world, session, intent, method)
    charging.finish(world, charge, instrument)


def _complete(world: World, session: Json, intent: Json, method: Json) -> None:
    changed = {
        "customer": intent["customer"],
        "customer_details": {
            **payments.customer_details(),
            "email": session["customer_email"] or DONOR["email"],
        },
        "payment_status": "paid" if intent["status"] == "succeeded" else "unpaid",
        "status": "complete",
        "url": None,
    }
    if session["mode"] == "subscription":
        method = attach(world, method, intent["customer"])
        subscription, invoice = subscribing.start(world, session, intent, method)
        changed |= {"subscription": subscription["id"], "invoice": invoice["id"]}
    session = world.need(KIND, session["id"])
    world.emit("checkout.session.completed", world.keep(session | changed))


# -- the banks -----------------------------------------------------------------------------------------------


def settle(world: World) -> int:
    """Let the banks answer: every pending debit succeeds or fails, late balances and refunds are decided."""
    count = 0
    for charge in world.store.every("charge"):
        if charge["status"] == "pending":
            answer_debit(world, charge)
            count += 1
        elif charge["status"] == "succeeded" and charge["balance_transaction"] is None:
            charging.book(world, charge)
            count += 1
    return count + refunding.settle(world)


def answer_debit(world: World, charge: Json, *, fails: bool | None = None) -> None:
    """The bank's answer to one direct debit; without `fails` as its instrument stands for.

    Raises Refused when it does not wait for one.
    """
    if charge["status"] != "pending":
        raise Refused(f"This payment is {charge['status']}, not pending.", param="payment")
    refused = used_for(charge).later_fails if fails is None else fails
    if refused:
        intent = charging.debit_failed(world, charge, INSTRUMENTS["sepa_fails"])
    else:
        intent = charging.debit_paid(world, charge)
    _tell_session(world, intent, paid=not refused)
    subscribing.debit_answered(world, intent)
    if not refused:
        charging.book(world, world.need("charge", charge["id"]))


def _tell_session(world: World, intent: Json, *, paid: bool) -> None:
    """A session hears only of its first answer: later tries belong to the invoice."""
    named = world.store.get("session_of", intent["id"])
    session = world.find(KIND, named["session"]) if named else None
    if session is None or session["payment_status"] == "paid":
        return
    if paid:
        session = world.keep(session | {"payment_status": "paid"})
    happened = "succeeded" if paid else "failed"
    world.emit(f"checkout.session.async_payment_{happened}", session)
