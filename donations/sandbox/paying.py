"""What the donor does on the hosted page, and what the bank answers, now or days later."""

from typing import Literal

from donations.sandbox import balance
from donations.sandbox.instruments import INSTRUMENTS, Instrument
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


def pay(world: World, session_id: str, instrument_name: str) -> Step:
    """Try to pay with one instrument; a refused try leaves the session open for another."""
    session = open_session(world, session_id)
    instrument = _instrument(session, instrument_name)
    intent = _intent_of(world, session)
    match instrument.outcome:
        case "refused":
            _refuse(world, intent, instrument, payments.new_charge(world, intent, instrument, "failed"))
        case "authentication":
            _ask_bank(world, intent, instrument)
        case "processing":
            _process(world, session, intent, instrument)
        case "paid":
            _succeed_by_card(world, session, intent, instrument)
    return instrument.outcome


def authenticate(world: World, session_id: str, *, approved: bool) -> Step:
    """The donor's answer at their bank, for an instrument that asked for it."""
    session = open_session(world, session_id)
    intent = world.find("payment_intent", session["payment_intent"])
    if intent is None or intent["status"] != "requires_action":
        raise Refused("This payment is not waiting for the bank's confirmation.")
    instrument = INSTRUMENTS["authentication"]
    if approved:
        _succeed_by_card(world, session, intent, instrument)
        return "paid"
    _refuse(world, intent, instrument, None)
    return "refused"


def _instrument(session: Json, name: str) -> Instrument:
    instrument = INSTRUMENTS.get(name)
    if instrument is None or instrument.method not in session["payment_method_types"]:
        raise Refused("This means of payment is not offered for this session.", param="card")
    return instrument


def _intent_of(world: World, session: Json) -> Json:
    found = world.find("payment_intent", session["payment_intent"])
    if found is None:
        found = payments.new_intent(world, session)
        world.keep(session | {"payment_intent": found["id"]})
    return found


def _refuse(world: World, intent: Json, instrument: Instrument, charge: Json | None) -> None:
    if charge is not None:
        world.emit("charge.failed", charge)
    changed = {
        "status": "requires_payment_method",
        "last_payment_error": payments.payment_error(instrument, charge),
        "latest_charge": charge["id"] if charge else intent["latest_charge"],
        "payment_method": None,
        "next_action": None,
    }
    world.emit("payment_intent.payment_failed", world.keep(intent | changed))


def _ask_bank(world: World, intent: Json, instrument: Instrument) -> None:
    action = {"type": "use_stripe_sdk", "use_stripe_sdk": {"type": "three_d_secure_redirect"}}
    asked = world.keep(intent | {"status": "requires_action", "next_action": action})
    world.emit("payment_intent.requires_action", asked)


def _process(world: World, session: Json, intent: Json, instrument: Instrument) -> None:
    charge = payments.new_charge(world, intent, instrument, "pending")
    world.store.put("later", charge["id"], {"instrument": instrument.name})
    world.emit("charge.pending", charge)
    changed = {
        "status": "processing",
        "latest_charge": charge["id"],
        "payment_method": charge["payment_method"],
    }
    intent = world.keep(intent | changed)
    world.emit("payment_intent.processing", intent)
    _complete(world, session["id"], intent, payment_status="unpaid")


def _succeed_by_card(world: World, session: Json, intent: Json, instrument: Instrument) -> None:
    charge = payments.new_charge(world, intent, instrument, "succeeded")
    world.emit("charge.succeeded", charge)
    intent = _received(world, intent, charge)
    _complete(world, session["id"], intent, payment_status="paid")
    if not world.switches.late_balance:
        book_charge(world, charge)


def _received(world: World, intent: Json, charge: Json) -> Json:
    changed = {
        "status": "succeeded",
        "amount_received": charge["amount"],
        "latest_charge": charge["id"],
        "payment_method": charge["payment_method"],
        "last_payment_error": None,
        "next_action": None,
    }
    paid = world.keep(intent | changed)
    world.emit("payment_intent.succeeded", paid)
    return paid


def _complete(world: World, session_id: str, intent: Json, *, payment_status: str) -> None:
    session = world.need(KIND, session_id)
    changed = {
        "status": "complete",
        "payment_status": payment_status,
        "payment_intent": intent["id"],
        "customer_details": {
            **payments.DONOR,
            "address": None,
            "phone": None,
            "tax_exempt": "none",
            "tax_ids": [],
        },
        "url": None,
    }
    world.emit("checkout.session.completed", world.keep(session | changed))


def book_charge(world: World, charge: Json) -> None:
    """Give a paid charge its balance transaction; Stripe does this moments after the payment."""
    details = charge["payment_method_details"]
    method = details["type"]
    amount = charge["amount"]
    fee = world.fees.fee(amount_minor=amount, method=method, country=details[method]["country"])
    kind = "charge" if method == "card" else "payment"
    entry = balance.book(world, kind=kind, source=charge, amount=amount, fee=fee)
    booked = world.keep(charge | {"balance_transaction": entry["id"]})
    world.emit("charge.updated", booked, previous={"balance_transaction": None})


def settle(world: World) -> int:
    """Let the banks answer: every pending debit succeeds or fails, every late balance is booked."""
    count = 0
    for charge in world.store.every("charge"):
        if charge["status"] == "pending":
            _answer(world, charge)
            count += 1
        elif charge["status"] == "succeeded" and charge["balance_transaction"] is None:
            book_charge(world, charge)
            count += 1
    return count


def _answer(world: World, charge: Json) -> None:
    later = world.store.get("later", charge["id"]) or {}
    instrument = INSTRUMENTS[later["instrument"]]
    intent = world.need("payment_intent", charge["payment_intent"])
    session = next(s for s in world.store.every(KIND) if s["payment_intent"] == intent["id"])
    if instrument.later_fails:
        changed = {
            "status": "failed",
            "failure_code": instrument.code,
            "failure_message": instrument.message,
        }
        _refuse(world, intent, instrument, world.keep(charge | changed))
        world.emit("checkout.session.async_payment_failed", session)
        return
    charge = world.keep(charge | {"status": "succeeded", "paid": True})
    world.emit("charge.succeeded", charge)
    _received(world, intent, charge)
    world.emit("checkout.session.async_payment_succeeded", world.keep(session | {"payment_status": "paid"}))
    book_charge(world, charge)
