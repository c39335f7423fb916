"""One try to take money for a payment intent, with what the bank says, and the entry in the balance."""

from donations.sandbox import balance, disputing
from donations.sandbox.instruments import Instrument
from donations.sandbox.refusals import Json
from donations.sandbox.resources import payments
from donations.sandbox.world import World


def refuse(world: World, intent: Json, instrument: Instrument, charge: Json | None) -> Json:
    """The try has failed; without a charge when the bank was never asked."""
    if charge is not None:
        world.emit("charge.failed", charge)
    changed = {
        "status": "requires_payment_method",
        "last_payment_error": payments.payment_error(instrument, charge),
        "latest_charge": charge["id"] if charge else intent["latest_charge"],
        "payment_method": None,
        "next_action": None,
    }
    refused = world.keep(intent | changed)
    world.emit("payment_intent.payment_failed", refused)
    return refused


def ask_bank(world: World, intent: Json, method: Json) -> Json:
    """The bank wants the donor's confirmation."""
    action = {"type": "use_stripe_sdk", "use_stripe_sdk": {"type": "three_d_secure_redirect"}}
    changed = {"status": "requires_action", "next_action": action, "payment_method": method["id"]}
    asked = world.keep(intent | changed)
    world.emit("payment_intent.requires_action", asked)
    return asked


def process(world: World, intent: Json, instrument: Instrument, method: Json) -> tuple[Json, Json]:
    """A direct debit is on its way: charge and intent while the banks are silent."""
    charge = payments.new_charge(world, intent, instrument, "pending", method)
    world.emit("charge.pending", charge)
    changed = {"status": "processing", "latest_charge": charge["id"], "payment_method": method["id"]}
    intent = world.keep(intent | changed)
    world.emit("payment_intent.processing", intent)
    return charge, intent


def succeed(world: World, intent: Json, instrument: Instrument, method: Json) -> tuple[Json, Json]:
    """A card has paid: charge and intent."""
    charge = payments.new_charge(world, intent, instrument, "succeeded", method)
    world.emit("charge.succeeded", charge)
    return charge, received(world, intent, charge)


def received(world: World, intent: Json, charge: Json) -> Json:
    """The intent of a charge that has succeeded."""
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


def finish(world: World, charge: Json, instrument: Instrument) -> None:
    """What follows moments after a card payment."""
    if not world.switches.late_balance:
        book(world, charge)
    if instrument.dispute:
        disputing.open_dispute(world, world.need("charge", charge["id"]), kind=instrument.dispute)


def book(world: World, charge: Json) -> None:
    """Give a paid charge its balance transaction; Stripe does this moments after the payment."""
    details = charge["payment_method_details"]
    method = details["type"]
    amount = charge["amount"]
    currency, _rate = world.switches.kept_currency(charge["currency"])
    kept = world.switches.converted(amount, charge["currency"])
    fee = world.fees.fee(amount_minor=kept, method=method, country=details[method]["country"])
    fees = [balance.fee_part(fee, currency)]
    if world.switches.next_fee is not None:
        fees.append(world.switches.next_fee | {"currency": currency})
        world.switches.next_fee = None
    kind = "charge" if method == "card" else "payment"
    entry = balance.book(world, kind=kind, source=charge, amount=amount, fees=fees)
    booked = world.keep(charge | {"balance_transaction": entry["id"]})
    world.emit("charge.updated", booked, previous={"balance_transaction": None})


def debit_failed(world: World, charge: Json, instrument: Instrument) -> Json:
    """The donor's bank has refused a direct debit, days later; answers the intent."""
    failure = {"failure_code": instrument.code, "failure_message": instrument.message}
    failed = world.keep(charge | failure | {"status": "failed"})
    intent = refuse(world, world.need("payment_intent", charge["payment_intent"]), instrument, failed)
    if world.fees.failed_debit_minor:
        source = {"id": charge["id"], "currency": charge["currency"], "description": "Failed direct debit"}
        balance.book(world, kind="stripe_fee", source=source, amount=-world.fees.failed_debit_minor)
    return intent


def debit_paid(world: World, charge: Json) -> Json:
    """A direct debit has arrived; answers the intent. The balance is booked apart, by `book`."""
    charge = world.keep(charge | {"status": "succeeded", "paid": True})
    world.emit("charge.succeeded", charge)
    return received(world, world.need("payment_intent", charge["payment_intent"]), charge)
